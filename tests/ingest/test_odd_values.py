"""JSON exports whose values are not what they should be: messages, rejects or faults, never an error of the program."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from ingest.cases import CASES, Case

from chataudit.errors import Faults
from chataudit.ingest.detection import read_source
from chataudit.ingest.sources import Source
from chataudit.settings import Settings

ODD = (None, True, 0, -1, 1.5, 1e300, 10**30, "", "x", [], {}, [None], [{}], {"a": 1}, "\ud800")
TIMES = 12


def mutated(value: Any, share: float, chance: random.Random) -> Any:
    if chance.random() < share:
        return chance.choice(ODD)
    if isinstance(value, dict):
        return {key: mutated(one, share, chance) for key, one in value.items() if chance.random() > share / 3}
    return [mutated(one, share, chance) for one in value] if isinstance(value, list) else value


def documents(case: Case) -> list[Any]:
    whole = case.path.read_text(encoding="utf-8-sig")
    try:
        return [json.loads(whole)]
    except ValueError:
        return [json.loads(line) for line in whole.splitlines() if line.strip().endswith("}")]


def ending(data: bytes) -> str:
    try:
        return "unknown" if read_source(Source("x.json", content=data), Settings()) is None else "read"
    except Faults as error:
        return "faults" if error.said("zh") and error.said("en") else "unsaid"


@pytest.mark.parametrize("case", [case for case in CASES if case.form == "json"], ids=lambda case: case.layout)
def test_values_of_other_types(case: Case) -> None:
    chance = random.Random(case.layout)
    ends = []
    for share in (0.02, 0.08, 0.2):
        for _ in range(TIMES):
            made = [mutated(one, share, chance) for one in documents(case)]
            ends.append(ending("\n".join(json.dumps(one) for one in made).encode()))
    assert set(ends) <= {"read", "faults", "unknown"}
    assert "read" in ends


@pytest.mark.parametrize(
    "text",
    [
        '{"recordlist":[{"openid":"o","opercode":2003,"text":"a","time":1772416865,"worker":null}]}',
        '{"Messages":[{"Timestamp":1772416865,"From":"a","Messages":true},{"Type":"Text","Content":"a"}]}',
    ],
)
def test_values_that_broke_a_reader(text: str) -> None:
    assert ending(text.encode()) == "read"
