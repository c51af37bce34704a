"""What buyers and agents of the made logs say; the wording and its grammar stand in `talk.yaml`."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

OWN = ("goods", "colour", "nick")
TOPICS = {
    "size": 16,
    "stock": 12,
    "ship": 15,
    "price": 12,
    "quality": 14,
    "choose": 6,
    "parcel": 10,
    "after": 9,
    "upset": 1,
    "order": 5,
}
WEIGHT = re.compile(r"^(\d+)\*")


@cache
def _banks() -> dict[str, str]:
    text = Path(__file__).with_name("talk.yaml").read_text(encoding="utf-8")
    return {str(name): str(ways) for name, ways in yaml.safe_load(text).items()}


@cache
def lines(bank: str) -> tuple[str, ...]:
    """Return the ways to say ``bank``, the likelier ones several times."""
    ways: list[str] = []
    for line in _banks()[bank].splitlines():
        found = WEIGHT.match(line)
        way = line[found.end() :] if found else line
        ways += [way.replace("⏎", "\n")] * (int(found[1]) if found else 1)
    return tuple(ways)


__all__ = ["OWN", "TOPICS", "lines"]
