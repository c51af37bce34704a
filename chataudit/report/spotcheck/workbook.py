"""The spot-check workbook: a cover with what was drawn and why, then a sheet per agent to judge on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chataudit.ingest.handed_back import DRAW, RATER
from chataudit.report.formats import ACCENT, BOX, FONT, INK, RED, TINT, WASH, fit_row, formats_of, guarded, sheet_names
from chataudit.report.spotcheck.chat_sheet import write_chats
from chataudit.report.spotcheck.chats import Chat
from chataudit.report.wording import Speech
from chataudit.report.workbook import CREATED

MOST_SHEETS = 200
OWN_LOOKS: Mapping[str, Mapping[str, Any]] = {
    "note": {"font_color": "#68747A", "bg_color": WASH, "valign": "vcenter"},
    "card": {"bold": True, "bg_color": TINT, "font_color": ACCENT, "valign": "vcenter", "top": 1},
    "ours": {**BOX, "bg_color": "#EEF5F4"},
    "marked": {**BOX, "bold": True, "font_color": RED},
    "shut": {**BOX, "bg_color": WASH},
    "done": {**BOX, "bold": True, "bg_color": TINT, "valign": "vcenter"},
    "label": {"bold": True, "valign": "vcenter"},
    "name": {"locked": False, "bg_color": "#FFF9C4", "valign": "vcenter", **BOX},
    "level_info": {"font_color": INK, "underline": 1},
    "level_minor": {"font_color": "#7D5408", "bold": True},
    "level_major": {"font_color": "#7D5408", "bold": True, "underline": 1},
    "level_red": {"font_color": RED, "bold": True, "underline": 1},
}


@dataclass(frozen=True)
class Cover:
    """What the cover says: the draw's id, the plan, words about the draw."""

    draw: str
    plan: str
    about: tuple[str, ...]


def write_spotcheck_book(
    path: Path, cover: Cover, chats: Sequence[Chat], speech: Speech, *, rater: str = "", blind: bool = False
) -> None:
    """Write a workbook to judge on; the same draw gives the same bytes. ``blind``: without the machine's marks."""
    import xlsxwriter

    grouped = _grouped(chats, speech)
    names = sheet_names([speech.t("说明", "Cover"), *grouped], speech)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": CREATED, "title": speech.t("抽检表", "Spot-check")})
        looks = {name: book.add_format({**FONT, **look}) for name, look in OWN_LOOKS.items()}
        formats = {**formats_of(book), **looks}
        sheets = [book.add_worksheet(name) for name in names]
        places = []
        for sheet, name, (title, mine) in zip(sheets[1:], names[1:], grouped.items(), strict=True):
            starts = write_chats(sheet, title, mine, formats, speech, blind=blind)
            places += [(name, row, chat) for row, chat in zip(starts, mine, strict=True)]
        _write_cover(sheets[0], cover, places, formats, speech, rater)


def _grouped(chats: Sequence[Chat], speech: Speech) -> dict[str, list[Chat]]:
    """Return the conversations by agent; agents for whom there is no room share the last sheet."""
    agents = list(dict.fromkeys(chat.view.agent for chat in chats))
    own = set(agents if len(agents) <= MOST_SHEETS else agents[: MOST_SHEETS - 1])
    grouped: dict[str, list[Chat]] = {}
    for chat in chats:
        name = chat.view.agent or speech.t("无客服名", "unnamed agent")
        name = name if chat.view.agent in own else speech.t("其余客服", "Other agents")
        grouped.setdefault(name, []).append(chat)
    return grouped


def _write_cover(
    sheet: Any,
    cover: Cover,
    places: Sequence[tuple[str, int, Chat]],
    formats: Mapping[str, Any],
    speech: Speech,
    rater: str,
) -> None:
    english = speech.lang == "en"
    for column, width in enumerate((14, 26, 22, 18, 60)):
        sheet.set_column(column, column, width)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, speech.t("客服抽检表", "Spot-check"), formats["title"])
    sheet.write_string(1, 0, DRAW[english], formats["label"])
    sheet.write_string(1, 1, cover.draw, formats["plain"])
    sheet.set_row(2, 24)
    sheet.write_string(2, 0, RATER[english], formats["label"])
    sheet.write_string(2, 1, guarded(rater), formats["name"])
    sheet.write_string(2, 2, speech.t("← 先填你的名字", "← your name first"), formats["hint"])
    sheet.write_string(3, 0, speech.t("方案", "plan"), formats["label"])
    sheet.write_string(3, 1, guarded(cover.plan), formats["plain"])
    row = 4
    for said in cover.about:
        sheet.merge_range(row, 0, row, 4, "", formats["hint"])
        sheet.write_string(row, 0, guarded(said), formats["hint"])
        fit_row(sheet, row, ((said, 130),))
        row += 1
    row += 1
    heads = (
        speech.t("序号", "no."),
        speech.t("客服", "agent"),
        speech.t("买家", "buyer"),
        speech.t("时间", "time"),
        speech.t("为什么抽到", "why drawn"),
    )
    for column, said in enumerate(heads):
        sheet.write_string(row, column, said, formats["head"])
    sheet.repeat_rows(row)
    for number, (name, at, chat) in enumerate(places, start=1):
        row += 1
        quoted = name.replace("'", "''")
        link = f"internal:'{quoted}'!A{at + 1}"
        sheet.write_url(row, 0, link, formats["link"], f"{number} →")
        view = chat.view
        texts = (view.agent or "", view.buyer, f"{view.day} {view.time}".strip(), "；".join(view.why))
        for column, said in enumerate(texts, start=1):
            sheet.write_string(row, column, guarded(said), formats["cell"])
        fit_row(sheet, row, ((texts[0], 26), (texts[1], 22), (texts[3], 60)))
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P / &N")
    sheet.protect("", {"format_columns": True, "format_rows": True})
