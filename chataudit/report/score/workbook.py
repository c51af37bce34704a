"""The workbook of a filled card: a summary, a sheet per person to hand out, pay slips, statistics."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from chataudit.report.formats import fit_row, formats_of, guarded, sheet_names
from chataudit.report.score.views import Subject, View
from chataudit.report.wording import OUTCOMES, Speech
from chataudit.scoring import Scored

MOST_PERSONS = 60
SUMMARY = (
    (7, "place"),
    (16, "name"),
    (10, "score"),
    (10, "low"),
    (10, "high"),
    (10, "i"),
    (10, "i"),
    (8, "n"),
    (10, "g"),
    (60, "r"),
)
LINES = (30, 11, 9, 8, 64, 16, 26)
SLIPS = (24, 70, 16, 10)


def write_score_workbook(scored: Scored, view: View, path: Path, lang: str) -> None:
    """Write the workbook; more than `MOST_PERSONS` people have no sheet of their own, and the summary says so."""
    speech = Speech(lang)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": view.title, "created": datetime(2026, 1, 1)})
        formats = formats_of(book)
        detailed = view.subjects[:MOST_PERSONS]
        taken = [speech.t("汇总", "Summary"), speech.t("工资单", "Pay slips"), speech.t("失分", "Costs")]
        names = sheet_names([*taken, *(one.name for one in detailed)], speech)[len(taken) :]
        _summary(book.add_worksheet(taken[0]), view, formats, speech)
        if scored.slips:
            _slips(book.add_worksheet(taken[1]), scored, detailed, formats, speech)
        _costs(book.add_worksheet(taken[2]), scored, formats, speech)
        for name, one in zip(names, detailed, strict=True):
            _person(book.add_worksheet(name), view, one, formats, speech)


def _start(sheet: Any, title: str, widths: Iterable[float], formats: dict[str, Any]) -> None:
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_row(0, 26)
    sheet.write_string(0, 0, guarded(title), formats["title"])


def _row(sheet: Any, row: int, cells: Sequence[object], formats: dict[str, Any], looks: Sequence[str]) -> None:
    for column, (cell, look) in enumerate(zip(cells, looks, strict=True)):
        if cell is None or cell == "":
            sheet.write_blank(row, column, None, formats[look])
        elif isinstance(cell, int | float):
            sheet.write_number(row, column, cell, formats[look])
        else:
            sheet.write_string(row, column, guarded(str(cell)), formats[look])


def _summary(sheet: Any, view: View, formats: dict[str, Any], speech: Speech) -> None:
    _start(sheet, f"{view.title}  {view.period}", [width for width, _ in SUMMARY], formats)
    left = max(len(view.subjects) - MOST_PERSONS, 0)
    hint = speech.t(
        f"满分 {view.full:g}；{view.scored} 人有分数，其中 {view.provisional} 人暂定。",
        f"Full marks {view.full:g}; {view.scored} scored, {view.provisional} of them provisional.",
    )
    if left:
        hint += speech.t(
            f"另有 {left} 人没有单独的表，见 tables/marks.csv。", f" {left} have no sheet: see tables/marks.csv."
        )
    sheet.merge_range(1, 0, 1, len(SUMMARY) - 1, hint, formats["hint"])
    head = speech.t(
        "名次 姓名 得分 可能最低 可能最高 95%区间低 95%区间高 样本 等级 说明",
        "Place Name Score Lowest Highest 95%low 95%high Sample Grade Remarks",
    ).split()
    _row(sheet, 2, head, formats, ["head"] * len(head))
    for row, one in enumerate(view.subjects, start=3):
        result = one.result
        remarks = [*result.red_lines, *([one.provisional] if one.provisional else [])]
        if result.unranked:
            remarks.insert(0, speech.t("样本太少，不排名", "too few to rank"))
        remarks += [says for says, due, _ in one.follows if due]
        cells = (result.place, one.name, result.score, result.low, result.high, one.low, one.high)
        more = (result.sample_n or None, result.grade, "；".join(remarks))
        looks = [
            "count",
            "cell",
            "fine",
            "fine_bound",
            "fine_bound",
            "fine_bound",
            "fine_bound",
            "count",
            "cell",
            "red" if result.red_lines else "cell",
        ]
        _row(sheet, row, (*cells, *more), formats, looks)
    row = len(view.subjects) + 4
    for team in view.teams:
        said = (
            ""
            if team.score is not None
            else speech.t(f"不足 {view.team_least} 人，不算平均", f"fewer than {view.team_least}, no mean")
        )
        of_team = (None, team.subject, team.score, None, None, None, None, len(team.own), team.grade, said)
        _row(sheet, row, of_team, formats, ["cell", "block", "fine", *["cell"] * 4, "count", "cell", "faint"])
        row += 1
    sheet.freeze_panes(3, 2)


def _person(sheet: Any, view: View, one: Subject, formats: dict[str, Any], speech: Speech) -> None:
    """Write one person's lines, with room for remarks and signatures."""
    _start(sheet, f"{view.title}  {view.period}  {one.name}", LINES, formats)
    result = one.result
    score = "—" if result.score is None else f"{result.score:.2f}"
    hint = speech.t(f"得分 {score}", f"Score {score}") + (f"  {result.grade}" if result.grade else "")
    hint += f"  {speech.t('暂定：', 'provisional: ')}{one.provisional}" if one.provisional else ""
    sheet.merge_range(1, 0, 1, len(LINES) - 1, guarded(hint), formats["hint"])
    head = speech.t(
        "考核项 结果 得分 满分 怎么来的 谁定的 备注", "Item Outcome Points Full How_it_came Decided_by Remark"
    ).split()
    _row(sheet, 2, [one.replace("_", " ") for one in head], formats, ["head"] * len(head))
    row = 3
    for line in one.lines:
        how = "\n".join(part for part in (line.worked, line.said, line.rule, line.reason) if part)
        name = line.name + (speech.t("（红线）", " (red)") if line.red else "")
        outcome = (
            speech.word(OUTCOMES, line.outcome)
            if line.kind == "item"
            else speech.t("总分之外", "outside")
            if line.kind == "adjustment"
            else speech.t("加分", "bonus")
        )
        lost = line.outcome in ("not_met", "partly") and line.kind == "item"
        look = "wait" if line.outcome in ("no_data", "needs_review") else "lost" if lost else "cell"
        number = "lost_number" if lost else "number"
        cells = (name, outcome, _number(line.points), _number(line.full), how, line.by, None)
        _row(sheet, row, cells, formats, [look, look, number, "number", "cell", "cell", "remark"])
        fit_row(sheet, row, [(how, LINES[4]), (name, LINES[0])])
        row += 1
    for says, due, periods in one.follows:
        text = f"→ {'' if due else speech.t('未定：', 'open: ')}{says}（{periods}）"
        sheet.merge_range(row, 0, row, len(LINES) - 1, guarded(text), formats["block"])
        row += 1
    for column, text in (
        (0, speech.t("本人签字：", "Signed:")),
        (4, speech.t("主管签字：", "Supervisor:")),
        (6, speech.t("日期：", "Date:")),
    ):
        sheet.write_string(row + 2, column, text, formats["sign"])
    sheet.freeze_panes(3, 2)
    sheet.repeat_rows(2)


def _number(text: str) -> object:
    try:
        return float(text)
    except ValueError:
        return text


def _slips(sheet: Any, scored: Scored, subjects: Sequence[Subject], formats: dict[str, Any], speech: Speech) -> None:
    """Write the pay slips one under the other, a page each."""
    _start(sheet, speech.t("工资单", "Pay slips"), SLIPS, formats)
    pay = scored.card.pay
    assert pay is not None
    row, breaks = 2, []
    for one in subjects:
        for slip in one.slips:
            breaks.append(row)
            sheet.merge_range(row, 0, row, 3, guarded(f"{one.name}  {slip.period}"), formats["block"])
            head = speech.t("项目 算法 金额 单位", "Line How Amount Unit").split()
            _row(sheet, row + 1, head, formats, ["head"] * 4)
            row += 2
            for line in slip.lines:
                how = (
                    line.formula
                    + (f"\n= {line.worked}" if line.worked else "")
                    + (f"\n{line.reason}" if line.reason else "")
                )
                name = line.name if line.counts else line.name + speech.t("（不计入合计）", " (not in the total)")
                _row(
                    sheet,
                    row,
                    (name, how, _amount(line.amount, line.unsure, speech), line.unit),
                    formats,
                    ["cell", "cell", "number", "faint"],
                )
                fit_row(sheet, row, [(how, SLIPS[1]), (name, SLIPS[0])])
                row += 1
            total = pay.total_en if speech.lang == "en" else pay.total
            _row(
                sheet,
                row,
                (total, "", _amount(slip.total, slip.unsure, speech), "元" if slip.whole else ""),
                formats,
                ["block", "block", "block", "block"],
            )
            for column, text in (
                (0, speech.t("本人签字：", "Signed:")),
                (1, speech.t("主管签字：", "Supervisor:")),
                (2, speech.t("日期：", "Date:")),
            ):
                sheet.write_string(row + 2, column, text, formats["sign"])
            row += 5
    sheet.set_h_pagebreaks(breaks[1:])
    sheet.freeze_panes(1, 0)


def _amount(text: str, unsure: bool, speech: Speech) -> str:
    return f"{speech.t('暂定', 'provisional')} {text}" if unsure else text


def _costs(sheet: Any, scored: Scored, formats: dict[str, Any], speech: Speech) -> None:
    _start(sheet, speech.t("失分在哪", "Where points are lost"), (10, 30, 10, 10, 10, 12, 14), formats)
    head = speech.t(
        "编号 考核项 满分 判了 待定 平均失分 占全部失分", "Id Item Full Decided Open Mean_lost Share"
    ).split()
    _row(sheet, 2, [one.replace("_", " ") for one in head], formats, ["head"] * len(head))
    row = 3
    for one in scored.costs:
        name = one.item.name_en if speech.lang == "en" else one.item.name
        share = "" if one.share is None else f"{one.share:.1%}"
        cells = (one.item.id, name, one.item.points, one.decided, one.waiting, one.mean, share)
        _row(sheet, row, cells, formats, ["faint", "cell", "number", "count", "count", "fine_bound", "number"])
        row += 1
    if scored.associations:
        row += 1
        hint = speech.t(
            "下表只是相关，不能说明谁引起谁。", "What follows is association: it does not say what brings about what."
        )
        sheet.merge_range(row, 0, row, 6, hint, formats["hint"])
        head = speech.t(
            "编号 考核项 符合时成交 会话 不符合时成交 会话 相差", "Id Item Met_ordered Of Missed_ordered Of Difference"
        ).split()
        _row(sheet, row + 1, [one.replace("_", " ") for one in head], formats, ["head"] * len(head))
        for at, link in enumerate(scored.associations, start=row + 2):
            name = link.item.name_en if speech.lang == "en" else link.item.name
            span = "" if link.low is None else f" ({link.low:.1%} … {link.high:.1%})"
            difference = "" if link.difference is None else f"{link.difference:.1%}{span}"
            cells = (link.item.id, name, *link.met, *link.missed, difference)
            _row(sheet, at, cells, formats, ["faint", "cell", "count", "count", "count", "count", "cell"])
    sheet.set_column(6, 6, 26)
    sheet.freeze_panes(3, 2)
