"""The checklists workbook: handed out, filled by a person, read back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from test_page import KIND, RUDE, audited, chat

from chataudit.audit import Audit, Request, audit
from chataudit.ingest.filled import KEYS, read_sheet_file
from chataudit.report.formats import guarded, sheet_names
from chataudit.report.page import render_page
from chataudit.report.views import chosen_conversations
from chataudit.report.wording import Speech
from chataudit.report.workbook import write_workbook
from chataudit.settings import Settings


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("workbook")


@pytest.fixture(scope="module")
def made(folder: Path) -> Audit:
    rows = chat("r1", RUDE, buyer="=1+1") + chat("k1", KIND) + chat("k2", KIND, agent="=店/小凯", buyer="乙")
    rows += chat("k3", [("买家", "=HYPERLINK(1)"), ("客服", "@SUM(A1) 你等着")], agent="店:小雯", buyer="丁")
    return audited(folder, rows)


@pytest.fixture(scope="module")
def path(folder: Path, made: Audit) -> Path:
    write_workbook(made, folder / "checklists.xlsx")
    return folder / "checklists.xlsx"


def item_rows(sheet: Any) -> list[dict[str, Any]]:
    """Return the item rows of a sheet by header word, each with its row number."""
    header = next(row for row in sheet.iter_rows() if any(cell.value == KEYS["outcome"][0] for cell in row))
    words = {cell.value: cell.column for cell in header}
    return [
        {"row": number, **{word: sheet.cell(number, column).value for word, column in words.items()}}
        for number in range(header[0].row + 1, sheet.max_row + 1)
        if sheet.cell(number, words["评分表编号"]).value
    ]


def checklist_sheets(path: Path) -> list[Any]:
    book = openpyxl.load_workbook(path)
    return [sheet for sheet in book if any(cell.value == "评分表编号" for row in sheet.iter_rows() for cell in row)]


def test_the_same_conversations_as_on_the_page(made: Audit, path: Path) -> None:
    listed = {
        (row["客服"].lstrip("'"), row["会话编号"]) for sheet in checklist_sheets(path) for row in item_rows(sheet)
    }
    assert listed == {(one.name, one.session_id) for one in chosen_conversations(made, 10)}


def test_a_filled_workbook_reads_back(folder: Path, made: Audit, path: Path) -> None:
    assert read_sheet_file(path, Settings()).verdicts is not None
    assert len(read_sheet_file(path, Settings()).verdicts) == 0  # type: ignore[arg-type]
    book = openpyxl.load_workbook(path)
    sheet = next(one for one in book if one.title == "店：小雯")
    row = next(one for one in item_rows(sheet) if one["会话编号"] == "r1" and one["编号"] == "3.02")
    other = next(one for one in item_rows(sheet) if one["会话编号"] == "k1" and one["编号"] == "1.02")
    words = {cell.value: cell.column for cell in sheet[3]}
    sheet.cell(row["row"], words["人工判定"]).value = "符合"
    sheet.cell(row["row"], words["评分人"]).value = "王主管"
    sheet.cell(row["row"], words["备注"]).value = "是引用买家的话"
    sheet.cell(other["row"], words["人工得分"]).value = 3
    book.save(folder / "filled.xlsx")
    verdicts = read_sheet_file(folder / "filled.xlsx", Settings()).verdicts
    assert verdicts is not None
    said = verdicts[["session_id", "agent", "item", "outcome", "points", "rater", "remark"]].astype(object)
    first, second = sorted(said.where(said.notna(), None).values.tolist(), key=lambda one: one[2], reverse=True)
    assert first == ["r1", "店:小雯", "3.02", "met", None, "王主管", "是引用买家的话"]
    assert second == ["k1", "店:小雯", "1.02", None, 3.0, "supervisor", None]


def test_verdicts_win_are_listed_and_come_out_again(folder: Path, made: Audit, path: Path) -> None:
    again = audit(Request((folder / "chat.csv",), sheets=(folder / "filled.xlsx",)), Settings())
    page = render_page(again)
    section = page[page.index('<section id="differ">') : page.index('<section id="agents">')]
    assert "3.02" in section and "王主管" in section and "不符合" in section
    red = page[page.index('<section id="red">') : page.index('<section id="cards">')]
    assert "3.02 尊重客户" not in red
    write_workbook(again, folder / "again.xlsx")
    verdicts = read_sheet_file(folder / "again.xlsx", Settings()).verdicts
    assert verdicts is not None
    assert dict(zip(verdicts["item"], verdicts["rater"], strict=True)) == {"3.02": "王主管", "1.02": "supervisor"}


def test_no_cell_is_a_formula_and_texts_are_guarded(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert any(text.startswith("'=1+1") for text in texts)
    assert "'=店/小凯" in texts
    assert not [text for text in texts if text.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_people_may_write_only_in_their_cells(path: Path) -> None:
    for sheet in checklist_sheets(path):
        words = {cell.value: cell.column for cell in sheet[3]}
        row = item_rows(sheet)[0]["row"]
        assert sheet.protection.sheet
        locked = {word: sheet.cell(row, column).protection.locked for word, column in words.items()}
        assert not any(locked[word] for word in ("人工判定", "人工得分", "评分人", "备注"))
        assert all(locked[word] for word in ("编号", "满分", "机器判定", "机器得分", "评分表编号", "会话编号"))
        hidden = {
            word
            for word, column in words.items()
            if sheet.column_dimensions[openpyxl.utils.get_column_letter(column)].hidden
        }
        assert "评分表编号" in hidden  # openpyxl folds neighbouring columns of one look into the first
        rules = {one.type: one for one in sheet.data_validations.dataValidation}
        assert rules["list"].formula1 == '"符合,部分符合,不符合,不适用"'
        assert (rules["decimal"].formula1, rules["decimal"].formula2) == ("0", "$C4")
        assert sheet.page_setup.orientation == "landscape" and sheet.print_title_rows == "$3:$3"


def test_lost_points_have_reason_and_quoted_line(path: Path) -> None:
    rows = [row for sheet in checklist_sheets(path) for row in item_rows(sheet)]
    lost = [row for row in rows if row["机器判定"] in ("不符合", "部分符合")]
    assert lost and all(row["扣分原因"] and row["证据原文"] for row in lost)
    red = next(row for row in rows if row["会话编号"] == "r1" and row["编号"] == "3.02")
    assert "10:00:10 没钱就别买" in red["证据原文"] and red["机器得分"] == 0
    assert all(row["机器得分"] == "—" for row in rows if row["机器判定"] in ("不适用", "待人工", "缺数据"))


def test_personal_data_do_not_appear(made: Audit, path: Path, tmp_path: Path) -> None:
    def said(where: Path) -> str:
        return "\n".join(str(cell) for sheet in openpyxl.load_workbook(where) for row in sheet.values for cell in row)

    assert "13800138000" not in said(path)
    write_workbook(made, tmp_path / "open.xlsx", masked=False)
    assert "13800138000" in said(tmp_path / "open.xlsx")


def test_the_same_audit_makes_the_same_bytes(made: Audit, path: Path, tmp_path: Path) -> None:
    write_workbook(made, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == path.read_bytes()


def test_english_workbooks_read_back_too(made: Audit, tmp_path: Path) -> None:
    write_workbook(made, tmp_path / "english.xlsx", lang="en")
    book = openpyxl.load_workbook(tmp_path / "english.xlsx")
    sheet = next(one for one in book if one.title == "店：小雯")
    words = {cell.value: cell.column for cell in sheet[3]}
    row = next(number for number in range(4, sheet.max_row) if sheet.cell(number, words["card id"]).value)
    sheet.cell(row, words["person's mark"]).value = "not met"
    book.save(tmp_path / "filled.xlsx")
    verdicts = read_sheet_file(tmp_path / "filled.xlsx", Settings()).verdicts
    assert verdicts is not None and verdicts["outcome"].tolist() == ["not_met"]


def test_sheet_names_fit_a_spreadsheet() -> None:
    wanted = ["Summary", "summary", "店:小雯", "店：小雯", "a" * 40, "a" * 50, "'quoted'", "", "a/b\\c?*[x]"]
    names = sheet_names(wanted, Speech())
    assert len({name.lower() for name in names}) == len(names)
    assert all(0 < len(name) <= 31 and not set(name) & set(r":\/?*[]") and name.strip("'") == name for name in names)


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\rx"])
def test_formulas_get_an_apostrophe(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert guarded(f"好{text}") == f"好{text}"
