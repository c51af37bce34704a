"""Libraries of a wanted size, for the question what more rules and phrases cost.

Three quarters of the rules are shipped ones, drawn evenly, so that their patterns, windows and anchors are real; the rest
look for words of the dictionary, in lists that bring the phrases to the number wanted. Both sizes get the same one card.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import yaml

from chataudit.rules import load
from chataudit.rules.resolve import conditions
from chataudit.segmenter import Segmenter
from chataudit.settings import lexicons_folder

SHIPPED = 0.75
HEAD = {"name": "词", "name_en": "words", "level": "info", "why": "bench", "source": "bench"}


def make(folder: Path, rules_n: int, phrases_n: int) -> Path:
    """Return ``folder`` made anew as lexicons with so many rules and phrases."""
    shutil.rmtree(folder, ignore_errors=True)
    home, library = lexicons_folder(), load(lexicons_folder())
    every = [name for name, rule in library.rules.items() if all(part.rule is None for _, part in conditions(rule))]
    wanted = min(round(rules_n * SHIPPED), len(every))
    drawn = [every[at * len(every) // wanted] for at in range(wanted)]
    lists = {name for rule in drawn for _, part in conditions(library.rules[rule]) for name in part.words}
    for kind, names in (("rules", drawn), ("words", sorted(lists))):
        for name in names:
            target = folder / kind / f"{name}.yaml"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(home / kind / f"{name}.yaml", target)
    for kind in ("presets", "conditions"):
        if (home / kind).is_dir():
            shutil.copytree(home / kind, folder / kind)
    said = sum(len(library.words[name].phrases) for name in lists)
    said += sum(len(part.phrases) for rule in drawn for _, part in conditions(library.rules[rule]))
    _fill(folder, rules_n - wanted, max(phrases_n - said, 0))
    _card(folder, drawn[0])
    return folder


def _fill(folder: Path, rules_n: int, phrases_n: int) -> None:
    """Write rules on words of the dictionary, drawn with a fixed seed."""
    known = [word for word in Segmenter().words() if 3 <= len(word) <= 4 and "一" <= word[0] <= "龥"]
    words = random.Random(20260302).sample(known, phrases_n)
    for number in range(rules_n):
        mine = words[number::rules_n] or ["凑数的词"]
        _write(folder / "words" / "filler" / f"{number:03d}.yaml", {"phrases": mine})
        examples = [{"hit": f"A {mine[0]}"}, {"ok": "A 。"}]
        rule = {**HEAD, "find": {"words": f"filler/{number:03d}"}, "examples": examples}
        _write(folder / "rules" / "filler" / f"{number:03d}.yaml", rule)


def _card(folder: Path, rule: str) -> None:
    checklist = {"judge": "prohibition", "must_not": [rule]}
    item = {"id": "1", "name": "项", "name_en": "item", "points": 100, "checklist": checklist}
    card = {"name": "表", "name_en": "card", "source": "bench", "subject": "conversation", "items": [item]}
    _write(folder / "cards" / "bench.yaml", card)


def _write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
