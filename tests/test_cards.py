"""The card engine: every outcome, the edges of every function, bounds, roll-up, persons' marks; counted by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from pydantic import ValidationError

from chataudit.audit import Audit, Request, audit
from chataudit.cards import load
from chataudit.cards.functions import banded, counted, rated, stepped
from chataudit.cards.marks import CODE
from chataudit.cards.model import Card, Item, PerCount, PerStep, Rating, grade_of
from chataudit.cards.model.bands import ranges_of
from chataudit.cards.scores import score
from chataudit.errors import Faults
from chataudit.settings import Settings

RULE = {"name": "规则", "name_en": "rule", "level": "red", "why": "test", "source": "test"}
PAIR = [{"hit": "A 坏话"}, {"ok": "A 好"}]
RULES: dict[str, Any] = {
    "bad": {**RULE, "find": {"phrases": ["坏话"]}, "examples": PAIR},
    "worse": {**RULE, "find": {"phrases": ["更坏"]}, "examples": [{"hit": "A 更坏"}, {"ok": "A 好"}]},
    "hello": {
        **RULE,
        "find": {"phrases": ["您好"]},
        "expect": "some",
        "window": {"first": 1},
        "examples": [{"hit": "A 在"}, {"ok": "A 您好"}],
    },
    "price": {
        **RULE,
        "anchor": {"who": "buyer", "phrases": ["多少钱"]},
        "find": {"phrases": ["元"]},
        "expect": "some",
        "examples": [{"hit": "B 多少钱\nA 好"}, {"ok": "B 多少钱\nA 9元"}],
    },
    "angry": {**RULE, "find": {"who": "buyer", "phrases": ["生气"]}, "examples": [{"hit": "B 生气"}, {"ok": "B 好"}]},
}
CARD: dict[str, Any] = {
    "name": "表",
    "name_en": "card",
    "source": "test",
    "subject": "conversation",
    "items": [
        {
            "id": "1",
            "name": "招呼",
            "name_en": "hello",
            "points": 10,
            "checklist": {"judge": "duty", "at": "opening", "must": "hello"},
        },
        {"id": "2", "name": "报价", "name_en": "price", "points": 20, "checklist": {"judge": "duty", "must": "price"}},
        {
            "id": "3",
            "name": "用语",
            "name_en": "words",
            "points": 30,
            "some": 12,
            "red": True,
            "checklist": {"judge": "prohibition", "must_not": ["bad", "worse"]},
        },
        {
            "id": "4",
            "name": "情绪",
            "name_en": "mood",
            "points": 40,
            "checklist": {"judge": "judgement", "signs": "angry"},
        },
    ],
    "grades": [{"name": "A", "from": 90}, {"name": "B", "from": 60}, {"name": "C"}],
}
TALK = """会话ID,店铺,买家,客服,发送方,时间,内容
s1,店,甲,小雨,买家,2026-03-02 10:00:00,多少钱
s1,店,甲,小雨,客服,2026-03-02 10:00:10,您好 9元
s2,店,乙,小雨,买家,2026-03-02 11:00:00,在吗
s2,店,乙,小雨,客服,2026-03-02 11:00:10,坏话
s3,店,丙,小何,买家,2026-03-02 12:00:00,多少钱 我生气
s3,店,丙,小何,客服,2026-03-02 12:00:10,坏话 更坏
"""


def lexicons(folder: Path, card: dict[str, Any]) -> Path:
    for kind, files in (("rules", RULES), ("cards", {"one": card}), ("words", {}), ("presets", {})):
        (folder / kind).mkdir(parents=True)
        for name, content in files.items():
            (folder / kind / f"{name}.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return folder


def audited(folder: Path, card: dict[str, Any] | None = None) -> Audit:
    (folder / "chat.csv").write_text(TALK, encoding="utf-8")
    own = lexicons(folder / "lexicons", card or CARD)
    return audit(Request((folder / "chat.csv",)), Settings(lexicons=own))


def marks_of(done: Audit, kind: str = "conversation") -> pd.DataFrame:
    return done.marks[done.marks["subject_kind"] == kind]


def test_every_outcome_and_its_points(tmp_path: Path) -> None:
    marks = marks_of(audited(tmp_path))
    got = {
        (row["subject"], row["item"]): (row["outcome"], row["points"])
        for row in marks.astype(object).where(marks.notna(), None).to_dict("records")
    }
    assert got == {
        ("s1", "1"): ("met", 10),
        ("s1", "2"): ("met", 20),
        ("s1", "3"): ("met", 30),
        ("s1", "4"): ("met", 40),
        ("s2", "1"): ("not_met", 0),
        ("s2", "2"): ("not_applicable", None),
        ("s2", "3"): ("partly", 12),
        ("s2", "4"): ("met", 40),
        ("s3", "1"): ("not_met", 0),
        ("s3", "2"): ("not_met", 0),
        ("s3", "3"): ("not_met", 0),
        ("s3", "4"): ("needs_review", None),
    }


def test_scores_bounds_grades_and_red_lines(tmp_path: Path) -> None:
    scores = audited(tmp_path).scores
    rows = {row["subject"]: row for row in scores.to_dict("records")}
    # s2: (0 + 12 + 40) / (10 + 30 + 40); s3: 0 of 60 decided, 40 open of 100.
    assert rows["s1"]["score"] == 100
    assert rows["s2"]["score"] == 65
    assert (rows["s3"]["score"], rows["s3"]["score_low"], rows["s3"]["score_high"]) == (0, 0, 40)
    assert [rows[one]["grade"] for one in ("s1", "s2", "s3")] == ["A", "B", "C"]
    assert [bool(rows[one]["provisional"]) for one in ("s1", "s2", "s3")] == [False, False, True]
    assert rows["s3"]["red_lines"] == "3 用语"
    assert rows["s2"]["applicable_share"] == 0.8
    assert (rows["小雨"]["score"], rows["小雨"]["sample_n"], rows["小雨"]["red_lines"]) == (82.5, 2, "3 用语 ×1")
    assert bool(rows["小雨"]["provisional"])  # one day is no month


def test_evidence_points_at_the_messages(tmp_path: Path) -> None:
    done = audited(tmp_path)
    marks = marks_of(done)
    texts = dict(zip(done.messages["message_id"], done.messages["text"], strict=True))
    row = marks[(marks["subject"] == "s3") & (marks["item"] == "3")].iloc[0]
    import json

    spans = {texts[one["message_id"]][one["start"] : one["end"]] for one in json.loads(row["evidence"])}
    assert spans == {"坏话", "更坏"}
    met = marks[(marks["subject"] == "s1") & (marks["item"] == "4")].iloc[0]
    assert json.loads(met["evidence"]) == {"messages_checked": 1}


def banding(bands: list[dict[str, float]], closed: str = "from") -> Item:
    return Item.model_validate(
        {"id": "1", "name": "项", "name_en": "item", "points": 10, "value": "x", "closed": closed, "bands": bands}
    )


@pytest.mark.parametrize(("value", "points"), [(90, 10), (89.999, 8), (80, 8), (79.999, 0), (1000, 10), (-1, 0)])
def test_bands_are_closed_below(value: float, points: float) -> None:
    item = banding([{"from": 90, "points": 10}, {"from": 80, "points": 8}, {"points": 0}])
    assert banded(ranges_of(item.bands), item.closed, value) == points
    other_way = banding([{"points": 0}, {"from": 80, "to": 90, "points": 8}, {"from": 90, "points": 10}])
    assert banded(ranges_of(other_way.bands), other_way.closed, value) == points


@pytest.mark.parametrize(
    "bands",
    [
        [{"from": 90, "points": 10}, {"to": 90, "points": 0}],
        [{"to": 90, "points": 0}, {"from": 90, "points": 10}],
        [{"points": 10}, {"to": 90, "points": 0}],
        [{"points": 0}, {"from": 90, "points": 10}],
    ],
)
def test_two_bands_are_written_from_either_end(bands: list[dict[str, float]]) -> None:
    assert ranges_of(banding(bands).bands) == [(None, 90, 0), (90, None, 10)]


@pytest.mark.parametrize(("value", "points"), [(15, 5), (15.001, 4), (30, 4), (30.001, 0)])
def test_bands_may_be_closed_above(value: float, points: float) -> None:
    item = banding([{"to": 15, "points": 5}, {"to": 30, "points": 4}, {"points": 0}], "to")
    assert banded(ranges_of(item.bands), item.closed, value) == points


@pytest.mark.parametrize(
    ("bands", "said"),
    [
        ([{"from": 90, "points": 1}], "below 90"),
        ([{"to": 90, "points": 1}], "above 90"),
        ([{"from": 80, "points": 1}, {"from": 90, "points": 2}, {"points": 0}], "overlap"),
        ([{"from": 80, "points": 1}, {"from": 80, "points": 2}, {"points": 0}], "empty"),
        ([{"from": 90, "points": 2}, {"from": 70, "to": 80, "points": 1}, {"points": 0}], "from 80 to 90"),
        ([{"from": 90, "points": 2}, {"from": 70, "to": 95, "points": 1}, {"points": 0}], "overlap at 90"),
        ([{"from": 90, "to": 100, "points": 2}, {"points": 0}], "above 100"),
        ([{"points": 2}, {"points": 0}], "overlap"),
    ],
)
def test_a_gap_or_overlap_between_bands_is_a_fault(bands: list[dict[str, float]], said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        banding(bands)
    assert said in caught.value.errors()[0]["ctx"]["error"].args[0].en


def test_steps_counts_and_ratings() -> None:
    step = PerStep(step=0.1, points=1)
    assert [stepped(step, value) for value in (0.0999, 0.1, 0.3, 2.5, -0.2)] == [0, 1, 3, 25, 0]
    assert stepped(PerStep(step=1, points=2, cap=5), 4) == 5
    assert [counted(PerCount(full=15, minus=5), value) for value in (0, 1, 3, 4)] == [15, 10, 0, 0]
    assert [rated(Rating(low=0, high=100), value, 15) for value in (0, 80, 100)] == [0, 12, 15]
    with pytest.raises(ValueError, match="outside 0–100"):
        rated(Rating(low=0, high=100), 101, 15)


def test_grades_are_closed_below() -> None:
    card = Card.model_validate(CARD)
    assert [grade_of(card.grades, value) for value in (90, 89.999, 60, 59.999, None)] == ["A", "B", "B", "C", None]


def test_nothing_applicable_gives_no_score() -> None:
    card = Card.model_validate(CARD)
    outcome = np.full((4, 1), CODE["not_applicable"])
    made = score(card, outcome, np.full((4, 1), np.nan))
    assert np.isnan(made.score[0])
    assert made.applicable[0] == 0
    zero = score(card.model_copy(update={"na": "zero"}), outcome, np.full((4, 1), np.nan))
    assert zero.score[0] == 0


def test_cards_say_all_faults_at_once(tmp_path: Path) -> None:
    wrong = {
        **CARD,
        "items": [
            *CARD["items"],
            {**CARD["items"][0], "id": "5", "name": "再招呼", "checklist": {"judge": "duty", "must": "helo"}},
        ],
    }
    with pytest.raises(Faults, match="Did you mean hello"):
        load(lexicons(tmp_path / "a", wrong), RULES)
    unquoted = {**CARD, "items": [{**CARD["items"][0], "id": 1.1}]}
    with pytest.raises(Faults, match="put it in quotes"):
        load(lexicons(tmp_path / "b", unquoted), RULES)


# --- Rules that are not for every session --------------------------------------------------------------------------


def test_a_prohibition_outside_its_population_does_not_apply(tmp_path: Path) -> None:
    own = lexicons(tmp_path / "lexicons", CARD)
    only = {**RULES["bad"], "only": {"shop": "另一家"}}
    only["examples"] = [{"hit": "A 坏话", "session": {"shop": "另一家"}}, {"ok": "A 好", "session": {"shop": "另一家"}}]
    (own / "rules" / "bad.yaml").write_text(yaml.safe_dump(only, allow_unicode=True), encoding="utf-8")
    card = {
        **CARD,
        "items": [{**CARD["items"][2], "some": None, "checklist": {"judge": "prohibition", "must_not": "bad"}}],
    }
    (own / "cards" / "one.yaml").write_text(yaml.safe_dump(card, allow_unicode=True), encoding="utf-8")
    (tmp_path / "chat.csv").write_text(TALK, encoding="utf-8")
    marks = marks_of(audit(Request((tmp_path / "chat.csv",)), Settings(lexicons=own)))
    assert set(marks["outcome"]) == {"not_applicable"} and marks["points"].isna().all()


def test_a_rule_without_its_data_is_no_data_and_never_a_pass(tmp_path: Path) -> None:
    own = lexicons(tmp_path / "lexicons", CARD)
    paid = {**RULES["bad"], "only": {"order": {"paid": ["never"]}}}
    paid["examples"] = [
        {"hit": "A 坏话", "order": {"ordered": "09:00:00"}},
        {"ok": "A 好", "order": {"ordered": "09:00:00"}},
    ]
    (own / "rules" / "bad.yaml").write_text(yaml.safe_dump(paid, allow_unicode=True), encoding="utf-8")
    (tmp_path / "chat.csv").write_text(TALK, encoding="utf-8")
    marks = marks_of(audit(Request((tmp_path / "chat.csv",)), Settings(lexicons=own)))
    words = marks[marks["item"] == "3"].set_index("subject")
    assert words.loc["s1", "outcome"] == "no_data" and "没有" in words.loc["s1", "reason"]
    assert words.loc["s3", "outcome"] in ("partly", "not_met")  # the other rule of the item was broken


def test_wrong_shape_and_wrong_names_are_said_together(tmp_path: Path) -> None:
    wrong = {
        "name": "表",
        "name_en": "card",
        "source": "test",
        "subject": "person",
        "params": {"底数": {"valu": 3}},
        "items": [
            {
                "id": "1",
                "name": "一",
                "name_en": "one",
                "points": 10,
                "value": "底数 * consulted",
                "each": {"points": 1},
            },
            {"id": "2", "name": "二", "name_en": "two", "points": 10, "value": 'hits("bed")', "eech": {"points": 1}},
        ],
    }
    with pytest.raises(Faults) as caught:
        load(lexicons(tmp_path, wrong), RULES)
    said = "\n".join(fault.said("en") for fault in caught.value.faults)
    for one in ("Did you mean value?", "Did you mean consulted_n?", "Did you mean bad?", "Unknown key 'eech'"):
        assert one in said, said
    assert all(fault.line for fault in caught.value.faults)
