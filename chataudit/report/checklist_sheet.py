"""A sheet of the workbook: an agent's filled checklists, block by block, with room for a person's marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chataudit.errors import Words
from chataudit.ingest.filled import KEYS, VERDICTS
from chataudit.report.formats import fit_row, guarded
from chataudit.report.transcripts import Checklist, Conversation, ItemLine
from chataudit.report.wording import NOTHING, OUTCOMES, Speech, decimal

HEADER = 2
# Column key, width, hidden. The keys of KEYS are read back; the others are for people.
COLUMNS: tuple[tuple[str, Words, float], ...] = (
    ("item", Words(*KEYS["item"]), 7),
    ("name", Words("考核项", "name"), 20),
    ("full", Words("满分", "full marks"), 6),
    ("machine", Words("机器判定", "machine's mark"), 10),
    ("machine_points", Words("机器得分", "machine's points"), 9),
    ("reason", Words("扣分原因", "reason"), 24),
    ("evidence", Words("证据原文", "evidence"), 46),
    ("outcome", Words(*KEYS["outcome"]), 11),
    ("points", Words(*KEYS["points"]), 9),
    ("rater", Words(*KEYS["rater"]), 10),
    ("remark", Words(*KEYS["remark"]), 18),
    ("card", Words(*KEYS["card"]), 10),
    ("session_id", Words(*KEYS["session_id"]), 10),
    ("agent", Words(*KEYS["agent"]), 10),
)
AT = {key: number for number, (key, _, _) in enumerate(COLUMNS)}
SEEN = AT["remark"]
WAITS = ("needs_review", "no_data")
LOOK = {"not_met": "lost", "partly": "lost", "not_applicable": "faint", "needs_review": "wait", "no_data": "wait"}


def write_sheet(
    sheet: Any, title: str, conversations: Sequence[Conversation], formats: dict[str, Any], speech: Speech
) -> None:
    """Write an agent's conversations to an empty sheet."""
    _set_up(sheet, title, formats, speech)
    row = HEADER + 1
    for conversation in conversations:
        for card in conversation.checklists:
            row = _block(sheet, row, conversation, card, formats, speech)
    words = [VERDICTS[key][1 if speech.lang == "en" else 0] for key in VERDICTS]
    last = max(row - 1, HEADER + 1)
    sheet.data_validation(
        HEADER + 1,
        AT["outcome"],
        last,
        AT["outcome"],
        {
            "validate": "list",
            "source": words,
            "error_title": speech.t("请从列表里选", "Choose from the list"),
            "error_message": speech.t("可填：", "Allowed: ") + " ".join(words),
        },
    )
    sheet.data_validation(
        HEADER + 1,
        AT["points"],
        last,
        AT["points"],
        {
            "validate": "decimal",
            "criteria": "between",
            "minimum": 0,
            "maximum": f"=$C{HEADER + 2}",
            "error_title": speech.t("分数不对", "Points out of range"),
            "error_message": speech.t("填 0 到满分之间的数", "A number from 0 to the full marks"),
        },
    )


def _set_up(sheet: Any, title: str, formats: dict[str, Any], speech: Speech) -> None:
    for number, (key, _, width) in enumerate(COLUMNS):
        hidden = AT[key] > SEEN
        sheet.set_column(number, number, width, formats["hidden"] if hidden else None, {"hidden": 1} if hidden else {})
    sheet.set_row(0, 26)
    sheet.write_string(0, 0, guarded(title), formats["title"])
    sheet.set_row(1, 32)
    sheet.merge_range(1, 0, 1, SEEN, "", formats["hint"])
    sheet.write_string(
        1,
        0,
        speech.t(
            "请在“人工判定”里选，或在“人工得分”里填分；黄色的是机器判不了、等人来定的项。"
            "填好后用 chataudit audit … --sheet 本文件 交回，人工判定优先于机器。",
            "Choose a mark or fill in points; yellow cells wait for a person. Hand the file back with "
            "chataudit audit … --sheet FILE: a person's mark wins over the machine's.",
        ),
        formats["hint"],
    )
    sheet.set_row(HEADER, 30)
    for number, (_, words, _) in enumerate(COLUMNS):
        sheet.write_string(HEADER, number, words.said(speech.lang), formats["head"])
    sheet.freeze_panes(HEADER + 1, AT["name"] + 1)
    sheet.repeat_rows(HEADER)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&C&P / &N")
    sheet.protect("", {"format_columns": True, "format_rows": True})


def _block(
    sheet: Any, row: int, conversation: Conversation, card: Checklist, formats: dict[str, Any], speech: Speech
) -> int:
    """Write one conversation's card; return the row after it."""
    said = [
        conversation.buyer,
        f"{conversation.day} {conversation.time}".strip() or speech.t("无时间", "no time"),
        conversation.session_id,
        card.title,
        speech.t("得分 ", "score ") + decimal(card.score),
    ]
    if card.provisional and card.low is not None:
        said.append(
            speech.t(
                f"暂定，{decimal(card.low)}–{decimal(card.high)}",
                f"provisional, {decimal(card.low)}–{decimal(card.high)}",
            )
        )
    said += [speech.t(f"等级 {card.grade}", f"grade {card.grade}")] if card.grade else []
    red = speech.t("触及红线", "red line") in conversation.why
    sheet.set_row(row, 22)
    look = formats["block_red" if red else "block"]
    sheet.merge_range(row, 0, row, SEEN, "", look)
    sheet.write_string(row, 0, guarded("  ·  ".join([*said, *conversation.why])), look)
    row += 1
    for item in card.items:
        if item.stands is not None:
            _item(sheet, row, conversation, card, item, formats, speech)
            row += 1
    return _signed(sheet, row, formats, speech)


def _item(
    sheet: Any,
    row: int,
    conversation: Conversation,
    card: Checklist,
    item: ItemLine,
    formats: dict[str, Any],
    speech: Speech,
) -> None:
    mark, person = item.machine, item.person
    outcome = mark.outcome if mark else ""
    look = LOOK.get(outcome, "cell")

    def text(key: str, said: str, name: str = look) -> None:
        if said:
            sheet.write_string(row, AT[key], guarded(said), formats[name])
        else:
            sheet.write_blank(row, AT[key], None, formats[name])

    def number(key: str, value: float | None, name: str, empty: str = NOTHING) -> None:
        if value is None:
            text(key, empty, name)
        else:
            sheet.write_number(row, AT[key], value, formats[name])

    text("item", item.id)
    text("name", item.name + (speech.t("（红线）", " (red line)") if item.red else ""), "red" if item.red else look)
    full = (item.stands.max_points if item.stands else None) or 0.0
    number("full", full, "number")
    text("machine", OUTCOMES[outcome].said(speech.lang) if outcome else NOTHING)
    number("machine_points", mark.points if mark else None, "lost_number" if look == "lost" else "number")
    reason, evidence = (mark.reason or "") if mark else "", _evidence(item, speech)
    fit_row(sheet, row, ((evidence, 46), (reason, 24)))
    text("reason", reason)
    text("evidence", evidence)
    text("outcome", _verdict(person.outcome, speech) if person else "", "fill_wait" if outcome in WAITS else "fill")
    number("points", person.points if person else None, "fill_points", "")
    text("rater", (person.rater or "") if person else "", "fill")
    text("remark", speech.text(person.reason) if person else "", "fill")
    text("card", card.card, "hidden")
    text("session_id", conversation.session_id, "hidden")
    text("agent", conversation.agent or "", "hidden")


def _verdict(outcome: str, speech: Speech) -> str:
    return VERDICTS[outcome][1 if speech.lang == "en" else 0] if outcome in VERDICTS else ""


def _evidence(item: ItemLine, speech: Speech) -> str:
    lines = [
        f"{link.time} {speech.t('此处缺：', 'due at: ') if link.missing else ''}{link.sentence}".strip()
        for link in item.links
    ]
    if item.checked is not None:
        lines.append(speech.t(f"检查了 {item.checked} 条消息", f"{item.checked} messages checked"))
    return "\n".join(lines)


def _signed(sheet: Any, row: int, formats: dict[str, Any], speech: Speech) -> int:
    """Write room for remarks and signatures; return the row after it and a gap."""
    sheet.set_row(row, 34)
    sheet.merge_range(row, 0, row, SEEN, speech.t("评语：", "Remarks:"), formats["remark"])
    sheet.set_row(row + 1, 26)
    parts = (
        (0, 2, speech.t("主管签字：", "Supervisor:")),
        (3, 5, speech.t("客服签字：", "Agent:")),
        (6, SEEN, speech.t("日期：", "Date:")),
    )
    for first, last, said in parts:
        sheet.merge_range(row + 1, first, row + 1, last, said, formats["sign"])
    return row + 3
