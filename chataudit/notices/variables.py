"""``${NAME}`` in a channels file: values that come from the environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chataudit.errors import Fault, Words
from chataudit.settings import Document

VARIABLE = re.compile(r"\$\{([^}]*)\}")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# A fault shows the words of these, so a secret must not get there.
CLOSED = ("kind", "when", "tls")
Path = tuple[str | int, ...]


def filled(document: Document, environ: Mapping[str, str]) -> tuple[Document, tuple[Fault, ...]]:
    """Return the document with the variables' values, and a fault for each that is not set; these stay as they stand."""
    faults: list[Fault] = []

    def fill(value: Any, path: Path) -> Any:
        if isinstance(value, dict):
            return {key: one if key in CLOSED else fill(one, (*path, key)) for key, one in value.items()}
        if isinstance(value, list):
            return [fill(one, (*path, number)) for number, one in enumerate(value)]
        if not isinstance(value, str):
            return value
        faults.extend(document.fault(path, what) for name in VARIABLE.findall(value) if (what := _lack(name, environ)))
        return VARIABLE.sub(lambda found: environ.get(found[1], found[0]), value)

    return replace(document, data=fill(document.data, ())), tuple(faults)


def _lack(name: str, environ: Mapping[str, str]) -> Words | None:
    if not NAME.fullmatch(name):
        return Words(
            "${…} 里要写环境变量名，例如 ${DINGTALK_SECRET}。", "${…} takes a variable's name like ${DINGTALK_SECRET}."
        )
    if not environ.get(name):
        return Words(f"没有设置环境变量 {name}。", f"The environment variable {name} is not set.")
    return None
