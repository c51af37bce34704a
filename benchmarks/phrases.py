"""The phrases that every contender looks for: those of the shipped word lists."""

from __future__ import annotations

from pathlib import Path

import yaml

WORDS = Path(__file__).resolve().parent.parent / "lexicons" / "words"
WANTED = 500


def phrases() -> list[str]:
    """Return the phrases of all shipped lists, each once, sorted; filled up to 500 with made ones if they are fewer."""
    found = {phrase for path in sorted(WORDS.rglob("*.yaml")) for phrase in _listed(path)}
    made = (f"凑数词{number:03d}" for number in range(WANTED))
    return sorted(found) + [next(made) for _ in range(WANTED - len(found))]


def _listed(path: Path) -> list[str]:
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return [str(phrase).lower() for phrase in data["phrases"]]


if __name__ == "__main__":
    print(len(phrases()))
