"""The page of the rule language: every block is a rule whose examples hold, and no operator is missing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from golden import ROOT

from chataudit.examples import run_examples
from chataudit.rules import load
from chataudit.rules.condition import Condition
from chataudit.rules.model import Rule
from chataudit.segmenter import Segmenter
from chataudit.settings import Settings

PAGE = (ROOT / "lexicons" / "LANGUAGE.md").read_text(encoding="utf-8")
PARTS = re.split(r"^### ", PAGE, flags=re.MULTILINE)[1:]
BLOCKS = [
    (f"{part.splitlines()[0]} {number}", body)
    for part in PARTS
    for number, body in enumerate(re.findall(r"^```yaml\n(.*?)^```$", part, re.MULTILINE | re.DOTALL), start=1)
]
HEAD = {"name": "规则", "name_en": "rule", "level": "minor", "why": "test", "source": "test"}
OTHERS = {
    "words/sample/polite": {"phrases": ["请您", "麻烦您"]},
    "conditions/sample/price-asked": {"who": "buyer", "pattern": "多少钱|什么价"},
    "rules/sample/late": {
        **HEAD,
        "find": {"wait": {"over": 180}},
        "examples": [{"hit": "B 10:00:00 在\nA 10:09:00 在"}, {"ok": "A 在"}],
    },
    "rules/sample/sorry": {**HEAD, "find": {"phrases": ["抱歉"]}, "examples": [{"hit": "A 抱歉"}, {"ok": "A 在"}]},
}
OPERATORS = {*range(1, 26), 28, *range(33, 37), *range(38, 51)}


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return Segmenter()


@pytest.mark.parametrize(("title", "body"), BLOCKS, ids=[title for title, _ in BLOCKS])
def test_a_block_does_what_it_shows(title: str, body: str, tmp_path: Path, segmenter: Segmenter) -> None:
    files: dict[str, Any] = {**OTHERS, "rules/block": {**HEAD, **yaml.safe_load(body)}}
    for name, content in files.items():
        path = tmp_path / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    outcomes = [one for one in run_examples(load(tmp_path), Settings(), segmenter) if one.rule == "block"]
    assert [one.real for one in outcomes] == [one.stated for one in outcomes]


def test_every_operator_has_a_block() -> None:
    told = {int(found.group()) for title, _ in BLOCKS if (found := re.match(r"\d+", title))}
    assert told == OPERATORS


def test_every_key_of_rules_and_conditions_is_told() -> None:
    told = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`]+)`", PAGE))))
    for model in (Rule, Condition):
        keys = {field.alias or name for name, field in model.model_fields.items()}
        assert keys - told - {"examples", "name", "name_en", "level", "why", "source", "say", "find"} == set()
