"""Sheets out and back: what an empty sheet offers, and every wrong cell of a filled one by its place."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from click.testing import CliRunner
from test_cli import make_shop

from chataudit.audit import Audit, Request, audit
from chataudit.cards import Book, Sources
from chataudit.cards.filled_in import FilledIn, counted_by, is_self, weights_of, without_unit
from chataudit.cards.model import Card, Input
from chataudit.cards.periods import read_period
from chataudit.cards.sheets import check_sheets
from chataudit.cli import main
from chataudit.errors import Faults
from chataudit.ingest import read_named
from chataudit.ingest.filled import read_sheet_file
from chataudit.report.sheets import BLANK_ROWS, HEADER, asked, write_sheet
from chataudit.report.workbook import write_workbook
from chataudit.settings import Settings, read_settings
from chataudit.tables import FACTS

BANDS = [{"from": 0.9, "points": 10}, {"points": 0}]
CARD = Card.model_validate(
    {
        "name": "月度",
        "name_en": "Month",
        "source": "The shop's own",
        "subject": "person",
        "inputs": {"考试分": {}, "错误订单数": {"low": 0}, "上月销售额": {}},
        "items": [
            {
                "id": "exam",
                "name": "考试",
                "name_en": "Exam",
                "points": 15,
                "value": "考试分",
                "rating": {"low": 0, "high": 100},
            },
            {
                "id": "right",
                "name": "正确率",
                "name_en": "Right",
                "points": 10,
                "bands": BANDS,
                "value": "1 - 错误订单数 / order_n",
            },
            {
                "id": "growth",
                "name": "增长",
                "name_en": "Growth",
                "points": 10,
                "bands": BANDS,
                "value": "sales / 上月销售额 - 1",
            },
            {"id": "asked", "name": "咨询量", "name_en": "Asked", "points": 10, "bands": BANDS, "value": "consulted_n"},
        ],
    }
)
CHECKLIST = ("编号", "人工判定", "人工得分", "评分人", "备注", "评分表编号", "会话编号", "客服")
Line = tuple[Any, ...]


# --- Empty sheets --------------------------------------------------------------------------------------------------


def test_a_sheet_asks_for_the_figures_that_only_people_know() -> None:
    assert [(one.id, [line.id for line in one.lines]) for one in asked(CARD)] == [
        ("考试分", ["exam"]),
        ("错误订单数", []),
        ("上月销售额", []),
    ]


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    path = tmp_path / "empty.xlsx"
    assert write_sheet(CARD, path, period="2026-03", people=["何小雯", "=孙小凯"]) == 6
    return path


def test_an_empty_sheet_has_a_row_for_each_person_and_figure(empty: Path) -> None:
    rows = list(openpyxl.load_workbook(empty).active.iter_rows(values_only=True))
    assert rows[0] == tuple(name for name, _ in HEADER)
    assert [row[:3] for row in rows[1:4]] == [
        ("2026-03", "何小雯", name) for name in ("考试分", "错误订单数", "上月销售额")
    ]
    assert {row[3:6] for row in rows[1:]} == {(None, None, None)}
    assert "0 到 100" in rows[1][6] and "留空不算 0" in rows[2][6]


def test_only_value_rater_and_remark_may_be_written_and_ratings_are_bounded(empty: Path) -> None:
    page = openpyxl.load_workbook(empty).active
    assert page.protection.sheet
    locked = {cell.column_letter: cell.protection.locked for cell in page[2]}
    assert locked == {"A": True, "B": True, "C": True, "D": False, "E": False, "F": False, "G": True}
    bounds = {
        str(one.sqref): (one.type, float(one.formula1), one.formula2 and float(one.formula2))
        for one in page.data_validations.dataValidation
        if one.type != "list"
    }
    assert bounds == {
        "D2": ("decimal", 0.0, 100.0),
        "D3": ("decimal", 0.0, None),
        "D5": ("decimal", 0.0, 100.0),
        "D6": ("decimal", 0.0, None),
    }


def test_blank_rows_at_the_end_take_further_raters_trainings_and_projects(tmp_path: Path, empty: Path) -> None:
    book = openpyxl.load_workbook(empty)
    page = book.active
    assert page.max_row == 1 + 6 + BLANK_ROWS
    assert not any(cell.protection.locked or cell.value for row in page.iter_rows(min_row=8) for cell in row)
    lists = {str(one.sqref): one.formula1 for one in page.data_validations.dataValidation if one.type == "list"}
    assert lists == {
        "A8:A57": '"2026-03"',
        "B8:B57": '"全店,何小雯,=孙小凯"',
        "C8:C57": '"考试分,错误订单数,上月销售额"',
    }
    for column, cell in zip("ABCDE", ("2026-03", "何小雯", "考试分", 70, "培训一"), strict=True):
        page[f"{column}9"] = cell
    book.save(tmp_path / "filled.xlsx")
    sheet = read_sheet_file(tmp_path / "filled.xlsx", Settings()).sheet
    assert sheet is not None and len(sheet) == 7
    assert sheet.iloc[-1][["person", "item", "value", "rater", "cell"]].tolist() == [
        "何小雯",
        "考试分",
        "70",
        "培训一",
        "填报表!D9",
    ]


def test_names_too_long_for_a_list_are_picked_from_the_rows_above(tmp_path: Path) -> None:
    people = [f"客服{number:03}" for number in range(60)]
    write_sheet(CARD, tmp_path / "s.xlsx", period="2026-03", people=people)
    page = openpyxl.load_workbook(tmp_path / "s.xlsx").active
    lists = {str(one.sqref): one.formula1 for one in page.data_validations.dataValidation if one.type == "list"}
    assert lists["B182:B231"] == "$B$2:$B$181"
    assert [cell.value for (cell,) in page["B2:B181"]][::3] == people


@pytest.mark.parametrize(
    ("named", "raters"),
    [((), [None, "自评"]), ((("主管", 1),), ["主管", "自评"]), ((("本人", 1), ("主管", 4)), ["本人", "主管"])],
)
def test_the_persons_own_mark_has_a_row_where_the_card_asks_for_it(
    tmp_path: Path, named: tuple[tuple[str, float], ...], raters: list[str | None]
) -> None:
    path = tmp_path / "s.xlsx"
    cells = write_sheet(rated(*named, self=True), path, period="2026-03", people=["甲"])
    assert cells == 2 + 2 * max(len(named), 1), "what stands beside does not wait"
    page = openpyxl.load_workbook(path).active
    rows = [row for row in page.iter_rows(min_row=2) if row[2].value == "协作"]
    assert [row[4].value for row in rows] == raters
    assert ["只对照" in row[6].value for row in rows] == [rater == "自评" for rater in raters]
    assert not any(row[at].protection.locked for row in rows for at in (3, 4, 5))


@pytest.mark.parametrize("card", ["engineer-senior", "personnel", "presales-metrics-5", "presales-draft-5"])
def test_cards_that_speak_of_a_self_rating_have_rows_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, card: str
) -> None:
    new_sheet(tmp_path, monkeypatch, card)
    page = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    asked_of = {row[2] for row in page.iter_rows(values_only=True) if row[4] == "自评"}
    assert (
        asked_of
        == {
            "engineer-senior": {"售前调研", "资料与培训", "工作态度", "出勤与制度"},
            "personnel": {"需求调研准确性", "解决方案质量", "投标文件质量", "沟通效率", "问题解决能力"},
            "presales-metrics-5": {"协作评分"},
            "presales-draft-5": {"方案质量", "协作与分享", "成长与学习"},
        }[card]
    )


def test_a_name_that_looks_like_a_formula_stays_a_name(empty: Path) -> None:
    cell = openpyxl.load_workbook(empty).active["B5"]
    assert (cell.value.lstrip("'"), cell.data_type) == ("=孙小凯", "s")


def test_the_same_sheet_is_the_same_bytes(tmp_path: Path, empty: Path) -> None:
    write_sheet(CARD, tmp_path / "again.xlsx", period="2026-03", people=["何小雯", "=孙小凯"])
    assert (tmp_path / "again.xlsx").read_bytes() == empty.read_bytes()


def test_what_was_filled_in_is_read_and_what_stayed_empty_is_null(empty: Path) -> None:
    book = openpyxl.load_workbook(empty)
    page = book.active
    page["D2"], page["E2"], page["F2"], page["D3"], page["D4"] = 94.5, "王主管", "补考", 0, "3,120"
    book.save(empty)
    filled = read_sheet_file(empty, Settings())
    assert filled.verdicts is None and filled.sheet is not None
    assert filled.input.layout == "sheets"
    mine = filled.sheet[filled.sheet["person"] == "何小雯"].set_index("item")
    assert (mine.loc["考试分", "value"], mine.loc["考试分", "rater"], mine.loc["考试分", "remark"]) == (
        "94.5",
        "王主管",
        "补考",
    )
    assert float(mine.loc["错误订单数", "value"]) == 0
    assert filled.sheet[filled.sheet["person"] != "何小雯"]["value"].isna().all()


# --- Long tables ---------------------------------------------------------------------------------------------------


def test_a_long_table_may_be_csv_in_either_language(tmp_path: Path) -> None:
    chinese, english = tmp_path / "zh.csv", tmp_path / "en.csv"
    chinese.write_bytes("周期,姓名,考核项,数值,评分人\n2026-03,何小雯,考试分,94,王主管\n".encode("gb18030"))
    english.write_text("period,person,item,value,rater\n2026-03,何小雯,考试分,94,王主管\n", encoding="utf-8")
    tables = [read_sheet_file(path, Settings()).sheet for path in (chinese, english)]
    assert tables[0] is not None and tables[1] is not None
    assert tables[0].drop(columns="file").equals(tables[1].drop(columns="file"))


def test_a_sheet_without_its_columns_says_which(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("姓名,数值\n何小雯,94\n", encoding="utf-8")
    with pytest.raises(Faults) as caught:
        read_sheet_file(path, Settings())
    assert caught.value.said("en").startswith("sheet.csv:1: Columns missing: item.")


def test_a_sheet_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Faults) as caught:
        read_sheet_file(tmp_path / "none.xlsx", Settings())
    assert "none.xlsx: No such file." in caught.value.said("en")


def test_people_whose_day_is_none_are_refused_by_cell(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("账号,姓名,入职日期\na,甲,2024-01-02\nb,乙,someday\nc,丙,never\n", encoding="utf-8")
    with pytest.raises(Faults) as caught:
        read_named(path, "people", Settings())
    assert [fault.said("en").split(": ")[0] for fault in caught.value.faults] == ["people.csv:3:3", "people.csv:4:3"]


# --- Checklists handed back ----------------------------------------------------------------------------------------


def book_of(path: Path, *lines: Line, title: str = "小雯") -> Path:
    """Write a filled workbook: a title row, the header in row 2, the lines from row 3 on."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = title
    for line in (("填好的评分表",), CHECKLIST, *lines):
        page.append(line)
    book.save(path)
    return path


def line(
    item: object = "2",
    outcome: object = None,
    points: object = None,
    rater: object = "王主管",
    session: object = "s2",
    agent: object = "小凯",
    card: object = "checklist",
) -> Line:
    return item, outcome, points, rater, None, card, session, agent


def said_by(call: Callable[[], object]) -> list[str]:
    with pytest.raises(Faults) as caught:
        call()
    return [fault.said("en") for fault in caught.value.faults]


def test_marks_are_read_by_their_columns_in_any_place(tmp_path: Path) -> None:
    path = book_of(
        tmp_path / "filled.xlsx",
        line(outcome="符合"),
        line(points=2.5, rater=None),
        line(outcome=" Not Met "),
        line(),
        line(item="1.10", outcome="不适用", session="'-7"),
    )
    verdicts = read_sheet_file(path, Settings()).verdicts
    assert verdicts is not None
    shown = (
        verdicts[["item", "outcome", "points", "rater", "session_id", "row"]]
        .astype(object)
        .where(verdicts.notna(), None)
    )
    assert shown.to_numpy().tolist() == [
        ["2", "met", None, "王主管", "s2", 3],
        ["2", None, 2.5, "supervisor", "s2", 4],
        ["2", "not_met", None, "王主管", "s2", 5],
        ["1.10", "not_applicable", None, "王主管", "-7", 7],
    ]


def test_every_wrong_cell_is_named_by_file_sheet_row_and_column(tmp_path: Path) -> None:
    path = book_of(
        tmp_path / "filled.xlsx",
        line(outcome="还行"),
        line(outcome="符合"),
        line(points="三分"),
        line(outcome="met!", points=1),
    )
    said = said_by(lambda: read_sheet_file(path, Settings()))
    assert [one.split(": ")[0] for one in said] == [
        "filled.xlsx [小雯]:3:2",
        "filled.xlsx [小雯]:5:3",
        "filled.xlsx [小雯]:6:2",
    ]
    assert "'还行' is wrong here. Allowed: 符合 部分符合 不符合 不适用" in said[0]
    assert "'三分' is wrong here." in said[1]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_shop(tmp_path_factory.mktemp("shop"))


def audited(shop: Path, *sheets: Path) -> Audit:
    return audit(Request(paths=(shop / "chats.csv",), sheets=sheets), read_settings(shop / "shop.yaml"))


def test_marks_that_fit_nothing_are_refused_all_at_once(shop: Path, tmp_path: Path) -> None:
    path = book_of(
        tmp_path / "filled.xlsx",
        line(outcome="符合", session="s9"),
        line(outcome="符合", item="9.99"),
        line(points=61, rater="甲"),
        line(points=-1, rater="乙"),
        line(outcome="符合", agent="小雯"),
        line(outcome="符合"),
    )
    said = said_by(lambda: audited(shop, path))
    assert [one.split(": ")[0].removesuffix(":") for one in said] == [
        f"filled.xlsx [小雯]:{row}" for row in (3, 4, 5, 6, 7)
    ]
    assert "s9" in said[0] and "9.99" in said[1] and "61" in said[2] and "0..60" in said[2] and "-1" in said[3]


def marks_of(made: Audit, item: str = "2", session: str = "s2") -> dict[str, tuple[str, float | None]]:
    marks = made.marks[
        (made.marks["card"] == "checklist") & (made.marks["item"] == item) & (made.marks["subject"] == session)
    ]
    return {
        row["decided_by"]: (row["outcome"], row["points"])
        for row in marks.astype(object).where(marks.notna(), None).to_dict("records")
    }


@pytest.mark.parametrize(
    ("given", "mark"),
    [
        ({"outcome": "符合"}, ("met", 60)),
        ({"outcome": "部分符合"}, ("partly", 30)),
        ({"outcome": "不符合"}, ("not_met", 0)),
        ({"outcome": "不适用"}, ("not_applicable", None)),
        ({"points": 60}, ("met", 60)),
        ({"points": 12.5}, ("partly", 12.5)),
        ({"points": 0}, ("not_met", 0)),
        ({"outcome": "符合", "points": 20}, ("partly", 20)),
    ],
)
def test_a_mark_or_points_settle_an_item(
    shop: Path, tmp_path: Path, given: dict[str, Any], mark: tuple[str, float | None]
) -> None:
    made = audited(shop, book_of(tmp_path / "filled.xlsx", line(**given)))
    assert marks_of(made) == {"machine": ("not_met", 0), "sheet:王主管": mark}


def test_of_several_marks_by_one_person_the_last_counts(shop: Path, tmp_path: Path) -> None:
    first, second = book_of(tmp_path / "a.xlsx", line(outcome="符合")), book_of(tmp_path / "b.xlsx", line(points=7))
    assert marks_of(audited(shop, first, second))["sheet:王主管"] == ("partly", 7)
    assert marks_of(audited(shop, second, first))["sheet:王主管"] == ("met", 60)


def test_two_people_both_stand_in_the_marks(shop: Path, tmp_path: Path) -> None:
    made = audited(
        shop, book_of(tmp_path / "filled.xlsx", line(outcome="符合", rater="甲"), line(points=7, rater="乙"))
    )
    assert set(marks_of(made)) == {"machine", "sheet:甲", "sheet:乙"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_workbook_written_is_the_workbook_read(shop: Path, tmp_path: Path, lang: str) -> None:
    path = tmp_path / "checklists.xlsx"
    write_workbook(audited(shop), path, lang=lang)
    verdicts = read_sheet_file(path, Settings()).verdicts
    assert verdicts is not None and verdicts.empty, "nothing was filled in yet"
    book = openpyxl.load_workbook(path)
    drop_downs = [one.formula1 for sheet in book for one in sheet.data_validations.dataValidation if one.type == "list"]
    assert drop_downs and all(("符合" if lang == "zh" else "not met") in one for one in drop_downs)


# --- Sheets filled wrongly -----------------------------------------------------------------------------------------


def test_every_wrong_figure_is_named_by_sheet_cell_and_reason(tmp_path: Path, empty: Path) -> None:
    book = openpyxl.load_workbook(empty)
    page = book.active
    page["D2"], page["D3"], page["D4"] = "很好", -1, "12%"
    book.save(tmp_path / "filled.xlsx")
    sheet = read_sheet_file(tmp_path / "filled.xlsx", Settings()).sheet
    with pytest.raises(Faults) as caught:
        check_sheets(sheet, {"month": CARD}, {"何小雯", "=孙小凯"}, {"2026-03"})
    assert [fault.said("en") for fault in caught.value.faults] == [
        "filled.xlsx [填报表!D2]: 考试分: must be a number, not '很好'.",
        "filled.xlsx [填报表!D3]: 错误订单数: -1 is outside 0–….",
    ]


def test_a_row_that_nothing_reads_is_named_with_the_nearest_word(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("周期,姓名,考核项,数值\n2026-03,何小文,考试分,80\n2026-03,何小雯,考式分,80\n", encoding="utf-8")
    sheet = read_sheet_file(path, Settings()).sheet
    (note,) = check_sheets(sheet, {"month": CARD}, {"何小雯"}, {"2026-03"})
    assert "long.csv:2 何小文 → 何小雯?" in note.en and "long.csv:3 考式分 → 考试分?" in note.en


def test_a_level_and_a_choice_may_only_be_what_the_card_says(tmp_path: Path) -> None:
    card = Card.model_validate(
        {
            "name": "表",
            "name_en": "card",
            "source": "test",
            "subject": "person",
            "inputs": {"态度": {"kind": "text"}, "质检": {"kind": "text", "choices": ["合格", "不合格"]}},
            "items": [
                {
                    "id": "1",
                    "name": "态度",
                    "name_en": "attitude",
                    "points": 20,
                    "value": "态度",
                    "levels": [{"key": "A", "from": 18, "to": 20}, {"key": "B", "from": 0, "to": 18}],
                },
                {
                    "id": "2",
                    "name": "质检",
                    "name_en": "check",
                    "points": 1,
                    "value": 'if(质检 == "合格", 1, 0)',
                    "direct": {},
                },
            ],
        }
    )
    path = tmp_path / "sheet.xlsx"
    write_sheet(card, path, period="2026-03", people=["甲"])
    page = openpyxl.load_workbook(path).active
    lists = {str(one.sqref): one.formula1 for one in page.data_validations.dataValidation if str(one.sqref)[0] == "D"}
    assert lists == {"D3": '"合格,不合格"'}  # a level leaves points to be picked, which a list can't offer
    long = tmp_path / "long.csv"
    long.write_text("周期,姓名,考核项,数值\n2026-03,甲,态度,B 19\n2026-03,甲,质检,还行\n", encoding="utf-8")
    sheet = read_sheet_file(long, Settings()).sheet
    with pytest.raises(Faults) as caught:
        check_sheets(sheet, {"card": card}, {"甲"}, {"2026-03"})
    said = [fault.said("en") for fault in caught.value.faults]
    assert said == [
        "long.csv:2:4: 态度: 'B 19' is no level of A 18–20, B 0–18.",
        "long.csv:3:4: 质检: '还行' is none of 合格, 不合格.",
    ]


def checked(path: Path, *cards: Card, persons: tuple[str, ...] = ("甲", "乙")) -> list[str]:
    """Return the faults of a sheet in English, and of one without faults its notes."""
    sheet = read_sheet_file(path, Settings()).sheet
    try:
        notes = check_sheets(sheet, {str(at): card for at, card in enumerate(cards)}, set(persons), {"2026-03"})
    except Faults as faults:
        return [fault.said("en") for fault in faults.faults]
    return [note.en for note in notes]


def long(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(("周期,姓名,考核项,数值,评分人", *lines)) + "\n", encoding="utf-8")
    return path


def rated(*raters: tuple[str, float], **more: Any) -> Card:
    """Return a card with a rating, a level and a figure of the shop; the first two by named raters."""
    named = [{"name": name, "weight": weight} for name, weight in raters]
    level = [{"key": "A", "points": 10}, {"key": "B", "points": 4}, {"key": "C", "points": 1}]
    return Card.model_validate(
        {
            "name": "评",
            "name_en": "card",
            "source": "test",
            "subject": "person",
            "scale": None,
            "inputs": {
                "协作": {"unit": "分", "low": 0, "high": 100, "raters": named, **more},
                "态度": {"raters": named, **more},
                "总单数": {"per": "all", "unit": "单"},
                "单数": {"unit": "单"},
            },
            "items": [
                {
                    "id": "1",
                    "name": "协作项",
                    "name_en": "a",
                    "points": 10,
                    "value": "协作",
                    "rating": {"low": 0, "high": 100},
                },
                {"id": "2", "name": "态度项", "name_en": "b", "points": 10, "value": "态度", "levels": level},
                {
                    "id": "3",
                    "name": "占比",
                    "name_en": "c",
                    "points": 1,
                    "value": "单数 / 总单数",
                    "rating": {"low": 0, "high": 1},
                },
            ],
        }
    )


def test_a_formula_without_a_value_and_an_error_are_named_by_their_cells(tmp_path: Path) -> None:
    path = tmp_path / "figures.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("三月")
        page.write_row(0, 0, ("周期", "姓名", "考核项", "数值"))
        for row, value in enumerate((2, "#N/A"), start=1):
            page.write_row(row, 0, ("2026-03", "甲", "单数"))
            page.write_formula(row, 3, "=VLOOKUP(1,A:B,2,0)", None, value)
        page.write_row(3, 0, ("2026-03", "甲", "单数", "#REF!"))
    assert checked(path, rated()) == [
        "figures.xlsx [三月!D3]: 单数: the cell holds the error #N/A.",
        "figures.xlsx [三月!D4]: 单数: the cell holds the error #REF!.",
    ]


def test_a_formula_that_no_spreadsheet_has_counted_is_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "表"
    for line in (
        ("周期", "姓名", "考核项", "数值"),
        ("2026-03", "甲", "单数", "=2+3"),
        ("2026-03", "乙", "单数", None),
    ):
        book.active.append(line)
    book.save(tmp_path / "figures.xlsx")
    assert checked(tmp_path / "figures.xlsx", rated()) == [
        "figures.xlsx [表!D2]: 单数: the formula has no value; open and save the workbook in a spreadsheet."
    ]


def test_a_formula_whose_result_is_empty_is_an_empty_cell(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for line in (("周期", "姓名", "考核项", "数值"), ("2026-03", "甲", "单数", '=IF(1,"","")')):
        book.active.append(line)
    book.save(tmp_path / "raw.xlsx")
    with zipfile.ZipFile(tmp_path / "raw.xlsx") as raw, zipfile.ZipFile(tmp_path / "s.xlsx", "w") as counted:
        for name in raw.namelist():  # as a spreadsheet saves it: with the kind of the result
            counted.writestr(name, raw.read(name).replace(b'<c r="D2">', b'<c r="D2" t="str">'))
    assert len(checked(tmp_path / "raw.xlsx", rated())) == 1
    assert checked(tmp_path / "s.xlsx", rated()) == []


def test_raters_whom_the_card_does_not_name_are_refused_with_the_nearest(tmp_path: Path) -> None:
    card = rated(("部门经理", 60), ("同事", 40))
    path = long(
        tmp_path / "s.csv",
        "2026-03,甲,协作,80,部门经里",
        "2026-03,甲,协作,80,",
        "2026-03,甲,协作,80,同事:张三",
        "2026-03,甲,协作,80,本人",
        "2026-03,甲,单数,3,张三",
    )
    assert checked(path, card) == [
        "s.csv:2:4: 协作: rater '部门经里' is none of 部门经理, 同事; did you mean 部门经理?.",
        "s.csv:3:4: 协作: no rater is named; allowed: 部门经理, 同事.",
    ]
    assert checked(path, card, rated()) == [], "a card that takes any rater reads them"


def test_a_figure_of_the_shop_belongs_to_the_shop_and_a_persons_to_a_person(tmp_path: Path) -> None:
    path = long(
        tmp_path / "s.csv",
        "2026-03,甲,总单数,80,",
        "2026-03,全店,单数,8,",
        "2026-03,全店,总单数,9,",
        "2026-03,乙,单数,8,",
    )
    assert checked(path, rated()) == [
        "s.csv:2:4: 总单数: one figure for the whole shop: name 全店, not 甲.",
        "s.csv:3:4: 单数: one figure for each person, not for 全店.",
    ]


def test_rows_left_empty_are_not_said_to_be_unused_and_others_by_their_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "表"
    for line in (
        ("周期", "姓名", "考核项", "数值"),
        ("2026-03", "丙", "单数", None),
        ("2026-02", "甲", "单数", None),
        (None, "甲", "单数", 3),
        ("2026-03", "甲", "总单量", 3),
    ):
        book.active.append(line)
    book.save(tmp_path / "s.xlsx")
    assert checked(tmp_path / "s.xlsx", rated()) == [
        "2 rows of sheets were not used: s.xlsx [表!D4] 周期?; s.xlsx [表!D5] 总单量 → 总单数?"
    ]


# --- Several raters ------------------------------------------------------------------------------------------------


def test_peers_share_their_roles_weight_beside_self_and_superior(tmp_path: Path) -> None:
    card = rated(("自评", 20), ("同事", 30), ("上级", 50))
    path = long(
        tmp_path / "s.csv",
        "2026-03,甲,协作,50分,Self",
        "2026-03,甲,协作,100,本人",
        "2026-03,甲,协作,80,同事:张三",
        "2026-03,甲,协作,60 分,同事：李四",
        "2026-03,甲,协作,90,上级",
        "2026-03,甲,态度,C,自我评价",
        "2026-03,甲,态度,A,同事:张三",
        "2026-03,甲,态度,B,同事:李四",
        "2026-03,甲,态度,B,上级",
    )
    assert checked(path, card) == []
    sheet = read_sheet_file(path, Settings()).sheet
    result = Book.of("评", card, Sources(FACTS.empty(), None, sheet)).results(read_period("2026-03"))["甲"]
    # 协作: 20% of 100 (his later word), 30% of the mean of 80 and 60, 50% of 90 = 20 + 21 + 45 = 86: 8.6 points.
    # 态度: 20% of 1, 30% of the mean of 10 and 4, 50% of 4 = 0.2 + 2.1 + 2 = 4.3 points.
    assert {mark.line.id: mark.points for mark in result.marks if mark.points is not None} == {"1": 8.6, "2": 4.3}
    assert result.marks[0].decided_by == "sheet:自评+同事:张三+同事：李四+上级"


def test_who_is_not_named_counts_nothing_and_self_stands_beside(tmp_path: Path) -> None:
    path = long(tmp_path / "s.csv", "2026-03,甲,协作,10,SELF-assessment", "2026-03,甲,协作,80,同事:张三")
    sheet = read_sheet_file(path, Settings()).sheet
    for card, raters in ((rated(("同事", 1)), ["同事:张三"]), (rated(), ["同事:张三"])):
        one = card.inputs["协作"]
        said = FilledIn.of(sheet, card).said("2026-03", "甲", "协作", "person")
        assert said is not None and list(said.by) == ["自评", "同事:张三"]
        assert list(counted_by(one, said)) == raters
        assert weights_of(one, counted_by(one, said)) == {"同事:张三": 1}


@pytest.mark.parametrize(
    "rater", ["自评", "本人", "自己", "自我评价", "本人自评", "Self", "Self-Assessment", "自评：甲"]
)
def test_words_for_oneself(rater: str) -> None:
    assert is_self(rater)
    assert not is_self(f"非{rater}")


# --- The command ---------------------------------------------------------------------------------------------------


def new_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[str, set[str]]:
    """Return what ``sheet new`` says, and the periods of the sheet."""
    people, out = tmp_path / "people.csv", tmp_path / "out.xlsx"
    people.write_text("账号,姓名\na,甲\n", encoding="utf-8")
    monkeypatch.setattr(import_module("chataudit.cli.sheet"), "_today", lambda: date(2026, 5, 7))
    done = CliRunner().invoke(
        main, ["sheet", "new", *words, "--people", str(people), "--out", str(out), "--lang", "en"]
    )
    assert done.exit_code == 0, done.output
    page = openpyxl.load_workbook(out).active
    return done.stdout, {str(row[0]) for row in page.iter_rows(min_row=2, values_only=True) if row[1]}


@pytest.mark.parametrize(("card", "period"), [("presales-standard", "2026-05"), ("personnel", "2026Q2")])
def test_a_sheet_is_for_the_cards_own_period(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, card: str, period: str
) -> None:
    said, periods = new_sheet(tmp_path, monkeypatch, card)
    assert periods == {period} and "Note" not in said


def test_another_length_is_taken_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said, periods = new_sheet(tmp_path, monkeypatch, "personnel", "--period", "2026-05")
    assert periods == {"2026-05"}
    assert "written for a quarter" in said and "chataudit score personnel --period 2026-05" in said
    said, periods = new_sheet(tmp_path, monkeypatch, "personnel", "--period", "2026")
    assert periods == {"2026"} and "rows that name 2026 are not used" in said


@pytest.mark.parametrize(
    ("unit", "text", "read"),
    [
        ("分", "88分", "88"),
        ("分", "88 分", "88"),
        ("单", "88分", "88分"),
        ("%", "88%", "88%"),
        ("万元", "5万元", "5"),
        (None, "5", "5"),
    ],
)
def test_a_figures_own_unit_may_stand_behind_the_number(unit: str | None, text: str, read: str) -> None:
    assert without_unit(Input(unit=unit), text) == read


def test_a_wrong_unit_is_named(tmp_path: Path) -> None:
    path = long(tmp_path / "s.csv", "2026-03,甲,单数,88分,", "2026-03,乙,单数,88 单,", "2026-03,甲,协作,101分,")
    assert checked(path, rated()) == [
        "s.csv:2:4: 单数: must be a number, not '88分'.",
        "s.csv:4:4: 协作: 101 is outside 0–100.",
    ]
