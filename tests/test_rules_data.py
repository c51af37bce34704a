"""What rules read beside the words: slots, orders, people; and what happens where these are not there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from openpyxl import Workbook

from chataudit.audit import Audit, Request, audit
from chataudit.errors import Faults
from chataudit.rules import load, read_slots
from chataudit.settings import lexicons_folder, read_settings

HEAD = {"name": "规则", "name_en": "rule", "level": "major", "why": "test", "source": "test"}
CHATS = "会话ID,买家,客服,发送方,时间,内容\n1,甲,小美,买家,{0},保温杯多少钱\n1,甲,小美,客服,{1},99元\n"
ORDERS = "订单编号,买家,下单时间,付款时间,实付金额\n100000000001,甲,2026-03-02 09:50:00,,99\n"
PEOPLE = "账号,姓名,小组,入职日期\n小美,王美,售前,2026-02-20\n"


def audited(folder: Path, rule: dict[str, Any], *, settings: str = "", timed: bool = True, **tables: str) -> Audit:
    """Return the audit of one small chat with a library of one rule and a card of one item."""
    item = {"id": "1", "name": "项", "name_en": "item", "points": 100}
    files: dict[str, Any] = {
        "lexicons/rules/one.yaml": {**HEAD, **rule},
        "lexicons/cards/card.yaml": {
            "name": "表",
            "name_en": "card",
            "source": "test",
            "subject": "conversation",
            "items": [{**item, "checklist": {"judge": "prohibition", "must_not": ["one"]}}],
        },
        "lexicons/presets/x.yaml": yaml.safe_load(
            (lexicons_folder() / "presets" / "jd" / "first_30s.yaml").read_text("utf-8")
        ),
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    clock = ("2026-03-02 10:00:00", "2026-03-02 10:00:10") if timed else ("", "")
    chats = CHATS.format(*clock)
    (folder / "chats.csv").write_text(chats if timed else _without(chats, 4), encoding="utf-8")
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "settings.yaml").write_text(f"lexicons: lexicons\n{settings}", encoding="utf-8")
    request = Request(
        (folder / "chats.csv",),
        orders=(folder / "orders.csv",) if "orders" in tables else (),
        people=folder / "people.csv" if "people" in tables else None,
    )
    return audit(request, read_settings(folder / "settings.yaml"))


def _without(table: str, column: int) -> str:
    rows = [line.split(",") for line in table.splitlines()]
    return "\n".join(",".join(row[:column] + row[column + 1 :]) for row in rows) + "\n"


def verdict(audited_: Audit) -> tuple[int, str]:
    """Return the number of hits and the outcome of the item in the conversation."""
    marks = audited_.marks
    return len(audited_.hits), str(marks.loc[marks["subject_kind"] == "conversation", "outcome"].iloc[0])


SAID = {"find": {"pattern": "99元"}, "examples": [{"hit": "A 99元"}, {"ok": "A 好"}]}
NEEDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "times": ({"find": {"pattern": "99元", "elapsed": {"at_most": 60}}}, {"timed": False}),
    "times for days in force": ({"from": "2026-01-01"}, {"timed": False}),
    "orders": ({"only": {"order": {"paid": ["never"]}}}, {}),
    "people for newcomers": ({"only": {"joined_days": {"at_most": 30}}}, {}),
    "people for teams": ({"only": {"team": "售前"}}, {}),
    "a tag that nobody has": ({"only": {"tag": "新人"}}, {}),
    "slots": ({"find": {"pattern": "{价格}元"}, "slots": {"价格": ["99"]}}, {}),
}
GIVEN: dict[str, dict[str, Any]] = {
    "times": {},
    "times for days in force": {},
    "orders": {"orders": ORDERS},
    "people for newcomers": {"people": PEOPLE},
    "people for teams": {"people": PEOPLE},
    "a tag that nobody has": {"settings": "agent_tags: {新人: [小美]}\n"},
    "slots": {"settings": "slots: slots.csv\n", "slots": "商品名,价格\n保温杯,99\n"},
}


@pytest.mark.parametrize("name", NEEDS)
def test_a_rule_that_can_not_run_is_no_data_in_the_marks(name: str, tmp_path: Path) -> None:
    rule, lacking = NEEDS[name]
    assert verdict(audited(tmp_path / "a", {**SAID, **rule}, **lacking)) == (0, "no_data")
    assert verdict(audited(tmp_path / "b", {**SAID, **rule}, **GIVEN[name])) == (1, "not_met")


def test_orders_people_and_days_decide_whom_a_rule_is_for(tmp_path: Path) -> None:
    for number, (only, hits) in enumerate(
        (
            ({"order": {"placed": ["before"], "paid": ["after", "never"]}}, 1),
            ({"order": {"paid": ["before", "during"]}}, 0),
            ({"order": {"amount": {"over": 99}}}, 0),
            ({"order": {"exists": False}}, 0),
            ({"joined_days": {"at_most": 10}}, 1),
            ({"joined_days": {"under": 10}}, 0),
            ({"person": "王美", "team": "售前"}, 1),
            ({"team": "售后"}, 0),
            ({"weekday": "mon", "hours": "10:00-11:00"}, 1),
        )
    ):
        made = audited(tmp_path / str(number), {**SAID, "only": only}, orders=ORDERS, people=PEOPLE)
        assert (only, len(made.hits)) == (only, hits)


def test_slots_are_read_from_csv_and_xlsx(tmp_path: Path) -> None:
    (tmp_path / "slots.csv").write_text("商品名,价格,空\n保温杯,99,\n焖烧罐,,\n", encoding="gb18030")
    book = Workbook()
    for row in (["商品名", "价格", "空"], ["保温杯", 99], ["焖烧罐"]):
        book.active.append(row)
    book.save(tmp_path / "slots.xlsx")
    for name in ("slots.csv", "slots.xlsx"):
        assert read_slots(tmp_path / name) == {"商品名": ("保温杯", "焖烧罐"), "价格": ("99",)}
    assert read_slots(None) == {}
    with pytest.raises(Faults):
        read_slots(tmp_path / "none.csv")


def test_a_shops_own_list_may_be_text_or_a_workbook(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "a.txt").write_text("# 自己的词\n随便\r\n 爱买不买 \n随 便\n", encoding="gb18030")
    book = Workbook()
    for cell in ("随便", None, "爱买不买", 404):
        book.active.append([cell, "旁边的列"])
    book.save(tmp_path / "words" / "b.xlsx")
    words = load(tmp_path).words
    assert words["a"].phrases == ("随便", "爱买不买") and words["b"].phrases == ("随便", "爱买不买", "404")
    (tmp_path / "words" / "b.txt").write_text("x\n")
    with pytest.raises(Faults, match="has two files"):
        load(tmp_path)
