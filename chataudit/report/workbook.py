"""The checklists workbook: a summary, a sheet of filled checklists per agent, and the cards of persons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from chataudit.audit import Audit
from chataudit.report.basis import Basis
from chataudit.report.book import Book, book_of
from chataudit.report.checklist_sheet import write_sheet
from chataudit.report.filled_cards import CardView
from chataudit.report.formats import fit_row, formats_of, guarded, sheet_names
from chataudit.report.marks import Mark
from chataudit.report.wording import NOTHING, OUTCOMES, Speech, count, decimal, known, short

CREATED = datetime(2026, 1, 1)  # the same input makes the same bytes
Columns = Sequence[tuple[str, float]]


def write_workbook(audit: Audit, path: Path, *, sample: int = 10, masked: bool = True, lang: str = "zh") -> None:
    """Write the filled cards as a supervisor hands them out; the same input gives the same bytes."""
    draw_workbook(book_of(Basis.of(audit, sample, Speech(lang, masked))), path)


def draw_workbook(book: Book, path: Path) -> None:
    """Write what a workbook shows to a file; needs nothing of the audit."""
    import xlsxwriter

    speech = book.speech
    of_persons = [card for card in book.cards if not card.of_conversations]
    titles = [speech.t("汇总", "Summary"), *(card.title for card in of_persons), *(name for name, _ in book.by_agent)]
    names = sheet_names(titles, speech)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": False}
    with xlsxwriter.Workbook(str(path), options) as file:
        file.set_properties({"created": CREATED, "title": speech.t("客服考核评分表", "Service checklists")})
        formats = formats_of(file)
        sheets = [
            file.add_worksheet(name)
            for name in (names[0], *names[1 + len(of_persons) :], *names[1 : 1 + len(of_persons)])
        ]
        _write_summary(sheets[0], book, names[1 + len(of_persons) :], formats)
        for sheet, (name, conversations) in zip(sheets[1:], book.by_agent, strict=False):
            write_sheet(sheet, name, conversations, formats, speech)
        for sheet, card in zip(sheets[1 + len(book.by_agent) :], of_persons, strict=True):
            _write_persons(sheet, card, formats, speech)


def _start(sheet: Any, title: str, columns: Columns, row: int, formats: dict[str, Any]) -> None:
    """Write a title and a header row, and set the sheet up for print."""
    sheet.set_row(0, 26)
    sheet.write_string(0, 0, guarded(title), formats["title"])
    for number, (name, width) in enumerate(columns):
        sheet.set_column(number, number, width)
        sheet.write_string(row, number, name, formats["head"])
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(row)
    sheet.freeze_panes(row + 1, 1)
    sheet.set_footer("&C&P / &N")
    sheet.protect("", {"format_columns": True, "format_rows": True})


def _write_summary(sheet: Any, book: Book, agents: Sequence[str], formats: dict[str, Any]) -> None:
    speech = book.speech
    columns = [
        (speech.t("姓名", "person"), 24),
        (speech.t("评分表", "score card"), 26),
        (speech.t("周期", "period"), 10),
        (speech.t("得分", "score"), 9),
        (speech.t("下限", "low"), 9),
        (speech.t("上限", "high"), 9),
        (speech.t("等级", "grade"), 9),
        (speech.t("状态", "state"), 52),
        (speech.t("会话数", "conversations"), 10),
        (speech.t("红线", "red lines"), 34),
    ]
    title = speech.t("客服考核汇总", "Scores") + (f"  {book.days[0]} – {book.days[1]}" if book.days else "")
    _start(sheet, title, columns, 3, formats)
    waits = book.waits
    if waits.share is None:
        sheet.write_string(1, 0, NOTHING, formats["share"])
    else:
        sheet.write_number(1, 0, waits.share, formats["share"])
    sheet.write_string(
        1,
        1,
        speech.t(
            f"的适用分值（{count(waits.points)}/{count(waits.of)} 分）机器没有判，等人来定；"
            "没判的不算通过，上下限是它们留下的余地。",
            f"of the applicable points ({count(waits.points)} of {count(waits.of)}) wait for a person; not judged is not "
            "passed: the bounds are what that leaves open.",
        ),
        formats["plain"],
    )
    row = 4
    for card in book.cards:
        for one in card.persons:
            first = speech.t("暂定", "provisional") if one.provisional else speech.t("已定", "final")
            state = speech.t("；", "; ").join((first, *one.why))
            texts = {
                0: one.key[0],
                1: card.title,
                2: one.key[1] or NOTHING,
                6: one.grade or NOTHING,
                7: state,
                9: one.red,
            }
            fit_row(sheet, row, ((state, 52), (one.red, 34), (card.title, 26), (one.key[0], 24)))
            for at, said in texts.items():
                sheet.write_string(row, at, guarded(said), formats["red" if at == 9 else "cell"])
            numbers = ((3, one.score, "score"), (4, one.low, "bound"), (5, one.high, "bound"), (8, one.n, "count"))
            for at, value, look in numbers:
                _number(sheet, row, at, value, formats[look])
            row += 1
        if card.persons_left:
            said = speech.t(
                f"{card.title}：另有 {card.persons_left} 行，见 tables/scores.csv",
                f"{card.title}: {card.persons_left} more in tables/scores.csv",
            )
            sheet.write_string(row, 0, said, formats["plain"])
            row += 1
    row += 1
    sheet.write_string(row, 0, speech.t("各客服的评分表（点名称跳转）", "Checklists by agent"), formats["plain_bold"])
    for number, name in enumerate(agents, start=row + 1):
        quoted = name.replace("'", "''")
        sheet.write_url(number, 0, f"internal:'{quoted}'!A1", formats["link"], guarded(name))
    if book.left:
        sheet.write_string(
            row + 1 + len(agents),
            0,
            speech.t(
                f"另有 {book.left} 位客服没有单独的表，见 tables/marks.csv、scores.csv。",
                f"{book.left} more agents have no sheet of their own: see tables/marks.csv, scores.csv.",
            ),
            formats["plain"],
        )


def _number(sheet: Any, row: int, at: int, value: float | None, look: Any) -> None:
    if value is None:
        sheet.write_string(row, at, NOTHING, look)
    else:
        sheet.write_number(row, at, value, look)


def _write_persons(sheet: Any, card: CardView, formats: dict[str, Any], speech: Speech) -> None:
    columns = [
        (speech.t("考核项", "name"), 24),
        (speech.t("数值", "value"), 14),
        (speech.t("得分", "points given"), 9),
        (speech.t("满分", "full marks"), 9),
        (speech.t("判定", "judged"), 12),
        (speech.t("原因", "reason"), 56),
        (speech.t("由谁判", "decided by"), 18),
    ]
    _start(sheet, card.title, columns, 1, formats)
    row = 2
    for persons, items in card.blocks:
        for number, person in enumerate(persons):
            said = [person.key[0], person.key[1] or "", speech.t("得分 ", "score ") + decimal(person.score)]
            if person.low is not None and person.provisional:
                said.append(f"{speech.t('暂定，', 'provisional, ')}{decimal(person.low)}–{decimal(person.high)}")
            said.append(person.grade or "")
            sheet.set_row(row, 22)
            sheet.merge_range(row, 0, row, len(columns) - 1, "", formats["block"])
            sheet.write_string(row, 0, guarded("  ·  ".join(one for one in said if one)), formats["block"])
            for item in items:
                row += 1
                _person_item(sheet, row, item.name, item.points, item.cells[number].mark, formats, speech)
            row += 2


def _person_item(
    sheet: Any, row: int, name: str, full: float, mark: Mark | None, formats: dict[str, Any], speech: Speech
) -> None:
    outcome = mark.outcome if mark else ""
    look = "wait" if outcome in ("no_data", "needs_review") else "lost" if outcome in ("not_met", "partly") else "cell"
    by = speech.t("机器", "machine") if mark is None or mark.rater is None else mark.rater
    judged = OUTCOMES[outcome].said(speech.lang) if outcome else NOTHING
    reason = speech.text(mark.reason) if mark else ""
    fit_row(sheet, row, ((reason, 56), (name, 24)))
    texts = {0: name, 4: judged, 5: reason, 6: by}
    for at, said in texts.items():
        sheet.write_string(row, at, guarded(said), formats[look])
    value = known(mark.value) if mark else None
    if mark and mark.value and value is None:
        sheet.write_string(row, 1, guarded(short(mark.value)), formats[look])
    else:
        _number(sheet, row, 1, None if value is None else float(f"{value:.4g}"), formats["number"])
    _number(sheet, row, 2, mark.points if mark else None, formats["number"])
    _number(sheet, row, 3, full, formats["number"])
