"""A sheet of the spot-check workbook: an agent's drawn conversations, each with its chat, findings and checklist to judge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chataudit.errors import Words
from chataudit.ingest.filled import VERDICTS
from chataudit.ingest.handed_back import COLUMNS as READ
from chataudit.ingest.handed_back import HIT_VERDICTS, YES
from chataudit.report.formats import fit_row, guarded
from chataudit.report.lines import Line
from chataudit.report.spotcheck.chats import Chat, Finding
from chataudit.report.transcripts import Checklist, ItemLine
from chataudit.report.wording import LEVELS, NOTHING, OUTCOMES, Speech, decimal, points

HEADER = 2
# Key, heading, width. Those of the reader are read back; from `card` on they are hidden.
COLUMNS: tuple[tuple[str, Words, float], ...] = (
    ("time", Words("时间 / 满分", "time / full marks"), 10),
    ("who", Words("谁 / 考核项", "who / item"), 17),
    ("text", Words("说了什么 / 证据", "what was said / evidence"), 62),
    ("machine", Words("机器判定", "machine's mark"), 15),
    ("reason", Words("机器的理由", "machine's reason"), 26),
    *((key, Words(*READ[key]), width) for key, width in (("outcome", 11), ("points", 9), ("remark", 22))),
    *((key, Words(*READ[key]), 10) for key in READ if key not in ("outcome", "points", "remark")),
)
AT = {key: number for number, (key, _, _) in enumerate(COLUMNS)}
SEEN = AT["remark"]
LOOK = {"not_met": "lost", "partly": "lost", "not_applicable": "faint", "needs_review": "wait", "no_data": "wait"}
HIDDEN = ("session_id", "agent")


def write_chats(
    sheet: Any, title: str, chats: Sequence[Chat], formats: Mapping[str, Any], speech: Speech, *, blind: bool
) -> list[int]:
    """Write an agent's conversations to an empty sheet; return the row where each begins."""
    page = _Page(sheet, formats, speech, blind)
    page.set_up(title)
    starts = []
    for chat in chats:
        starts.append(page.row)
        page.write(chat)
    sheet.set_h_pagebreaks(starts[1:])
    page.allow()
    return starts


class _Page:
    """Writes row after row."""

    def __init__(self, sheet: Any, formats: Mapping[str, Any], speech: Speech, blind: bool) -> None:
        self.sheet, self.formats, self.speech, self.blind = sheet, formats, speech, blind
        self.row = HEADER + 1
        self.boxes: dict[str, list[int]] = {"mark": [], "hit": [], "done": []}

    def set_up(self, title: str) -> None:
        sheet, speech, formats = self.sheet, self.speech, self.formats
        for number, (_, words, width) in enumerate(COLUMNS):
            hidden = number > SEEN
            sheet.set_column(
                number, number, width, formats["hidden"] if hidden else None, {"hidden": 1} if hidden else {}
            )
            sheet.write_string(HEADER, number, words.said(speech.lang), formats["head"])
        sheet.set_row(0, 26)
        sheet.write_string(0, 0, guarded(title), formats["title"])
        sheet.set_row(1, 32)
        sheet.merge_range(1, 0, 1, SEEN, "", formats["hint"])
        sheet.write_string(1, 0, self._how(), formats["hint"])
        sheet.set_row(HEADER, 30)
        sheet.freeze_panes(HEADER + 1, 2)
        sheet.repeat_rows(HEADER)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer("&C&P / &N")
        sheet.protect("", {"format_columns": True, "format_rows": True})

    def _how(self) -> str:
        if self.blind:
            return self.speech.t(
                "盲评：先读聊天，再给每一项选判定（看不到机器的判定）。整份看完并判完，在“看完了吗”选“是”。只填白格和黄格。",
                "Blind: read the chat, then mark every item (the machine's marks are hidden). When done, choose yes at the end.",
            )
        return self.speech.t(
            "聊天里标出的是机器的命中：在同一行选 对 / 错 / 拿不准。考核项：不同意机器才选“人工判定”或填分；空着 = 同意机器，"
            "但只有选了“看完了：是”才作数。黄格是机器判不了、要人来定的。",
            "Hits are marked in the chat: choose right / wrong / unsure beside them. Items: fill in only where you disagree; empty "
            "means you agree, and counts only once you chose yes at the end. Yellow: the machine could not judge.",
        )

    def write(self, chat: Chat) -> None:
        view, speech = chat.view, self.speech
        said = [
            view.buyer,
            f"{view.day} {view.time}".strip() or speech.t("无时间", "no time"),
            view.place,
            view.session_id,
            view.agent or "",
        ]
        self._band("  ·  ".join(one for one in said if one), "block", 22)
        self._band(speech.t("为什么抽到：", "Drawn: ") + "；".join(view.why), "note", 18)
        for line, message in zip(view.lines, chat.said, strict=True):
            self._line(chat, line, chat.findings.get(message, ()))
        if view.left_out and not any(line.gap for line in view.lines):
            self._band(
                speech.t(f"（另有 {view.left_out} 条没有列出）", f"({view.left_out} more not shown)"), "note", 18
            )
        for card in view.checklists:
            self._card(chat, card)
        self._finish(chat)
        self.row += 2

    def _band(self, said: str, look: str, height: int) -> None:
        self.sheet.set_row(self.row, height)
        self.sheet.merge_range(self.row, 0, self.row, SEEN, "", self.formats[look])
        self.sheet.write_string(self.row, 0, guarded(said), self.formats[look])
        self.row += 1

    def _text(self, key: str, said: str, look: str) -> None:
        if said:
            self.sheet.write_string(self.row, AT[key], guarded(said), self.formats[look])
        else:
            self.sheet.write_blank(self.row, AT[key], None, self.formats[look])

    def _line(self, chat: Chat, line: Line, findings: Sequence[Finding]) -> None:
        if line.gap:
            gap = self.speech.t(f"（这里有 {line.gap} 条没有列出）", f"({line.gap} messages not shown)")
            self._band(gap, "note", 18)
        look = {"left": "cell", "right": "ours"}.get(line.side, "faint")
        said = "".join(part.text for part in line.segments)
        badges = "".join(f" [{badge}]" for badge in line.badges)
        for number, finding in enumerate(findings or (None,)):
            self._text("time", line.time if number == 0 else "", "faint")
            self._text("who", (line.who + badges) if number == 0 else "", "faint")
            if number == 0:
                self._rich(line, said, look)
            else:
                self._text("text", self.speech.t("（同一句）", "(the same line)"), "faint")
            self._finding(chat, finding, look, said if number == 0 else "")
            self.row += 1

    def _rich(self, line: Line, said: str, look: str) -> None:
        parts: list[Any] = []
        for part in line.segments:
            if part.text:
                parts += [self.formats[f"level_{part.level}"], part.text] if part.level else [part.text]
        texts = [part for part in parts if isinstance(part, str)]
        if len(texts) < 2 or guarded(said) != said or len(said) > 30_000:
            whole = any(part.level for part in line.segments)
            self._text("text", said[:30_000], "marked" if whole and len(texts) < 2 else look)
        else:
            self.sheet.write_rich_string(self.row, AT["text"], *parts, self.formats[look])

    def _finding(self, chat: Chat, finding: Finding | None, look: str, said: str) -> None:
        if finding is None:
            for key in ("machine", "reason", "outcome", "points", "remark"):
                self._text(key, "", "shut")
            fit_row(self.sheet, self.row, ((said, 60),))
            return
        level = LEVELS[finding.level].said(self.speech.lang)
        what = f"{finding.title}（{level}）" if self.speech.lang == "zh" else f"{finding.title} ({level})"
        missing = self.speech.t("此处缺：", "due here: ") if finding.end <= finding.start else ""
        self._text("machine", what, "red" if finding.level == "red" else "lost")
        self._text("reason", missing + finding.reason, "lost")
        self._box("hit", "fill")
        self._hide(chat, "hit")
        for key in ("rule", "message_id", "start", "end"):
            self._text(key, str(getattr(finding, key)), "hidden")
        fit_row(self.sheet, self.row, ((said, 60), (what, 14), (missing + finding.reason, 25)))

    def _box(self, line: str, look: str) -> None:
        self._text("outcome", "", look)
        self._text("points", "", "fill_points" if line == "mark" else "shut")
        self._text("remark", "", "fill")
        self.boxes[line].append(self.row)

    def _hide(self, chat: Chat, line: str) -> None:
        self._text("session_id", chat.view.session_id, "hidden")
        self._text("agent", chat.view.agent or "", "hidden")
        self._text("line", line, "hidden")

    def _card(self, chat: Chat, card: Checklist) -> None:
        said = card.title
        if not self.blind:
            said += self.speech.t("　机器评分 ", "  machine's score ") + decimal(card.score)
        self._band(said, "card", 20)
        for item in card.items:
            if item.stands is not None or self.blind:
                self._item(chat, card, item)

    def _item(self, chat: Chat, card: Checklist, item: ItemLine) -> None:
        outcome = item.machine.outcome if item.machine else ""
        look = "cell" if self.blind else LOOK.get(outcome, "cell")
        waits = outcome in ("needs_review", "no_data") or self.blind
        name = f"{item.id} {item.name}" + (self.speech.t("（红线）", " (red line)") if item.red else "")
        full = item.machine.max_points if item.machine else None
        reason = "" if self.blind or item.machine is None else item.machine.reason or ""
        evidence = "" if self.blind else _evidence(item, self.speech)
        given = item.machine.points if item.machine and not self.blind else None
        judged = "" if self.blind or not outcome else OUTCOMES[outcome].said(self.speech.lang)
        if given is not None:
            judged += self.speech.t(f"　{points(given)} 分", f"  {points(given)}")
        self._text("time", self.speech.t(f"满分 {points(full)}", f"of {points(full)}"), "faint")
        self._text("who", name, "red" if item.red else look)
        self._text("text", evidence or ("" if self.blind else NOTHING), look)
        self._text("machine", judged or ("" if self.blind else NOTHING), look)
        self._text("reason", reason, look)
        self._box("mark", "fill_wait" if waits else "fill")
        self._hide(chat, "blind" if self.blind else "mark")
        self._text("card", card.card, "hidden")
        self._text("item", item.id, "hidden")
        fit_row(self.sheet, self.row, ((evidence, 60), (reason, 25), (name, 16)))
        self.row += 1

    def _finish(self, chat: Chat) -> None:
        self.sheet.set_row(self.row, 24)
        for key in ("time", "who"):
            self._text(key, "", "done")
        self._text("text", self.speech.t("整份看完、判完了吗？", "Read and judged to the end?"), "done")
        self._text("machine", "", "done")
        self._text("reason", self.speech.t("选“是”才进入统计 →", "only then it counts →"), "done")
        self._text("outcome", "", "fill_wait")
        for key in ("points", "remark"):
            self._text(key, "", "done")
        self.boxes["done"].append(self.row)
        self._hide(chat, "done")
        self.row += 1

    def allow(self) -> None:
        """Offer the allowed words in the cells to fill in."""
        english = self.speech.lang == "en"
        for line, words in (("mark", VERDICTS), ("hit", HIT_VERDICTS), ("done", YES)):
            allowed = [both[1 if english else 0] for both in words.values()]
            message = self.speech.t("可填：", "Allowed: ") + " ".join(allowed)
            for first, last in _runs(self.boxes[line]):
                rule = {"validate": "list", "source": allowed, "error_message": message}
                self.sheet.data_validation(first, AT["outcome"], last, AT["outcome"], rule)


def _runs(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and last of each run of rows that follow each other."""
    start = before = None
    for row in rows:
        if before is None or row != before + 1:
            if start is not None and before is not None:
                yield start, before
            start = row
        before = row
    if start is not None and before is not None:
        yield start, before


def _evidence(item: ItemLine, speech: Speech) -> str:
    lines = [
        f"{link.time} {speech.t('此处缺：', 'due at: ') if link.missing else ''}{link.sentence}".strip()
        for link in item.links
    ]
    if item.checked is not None:
        lines.append(speech.t(f"检查了 {item.checked} 条消息", f"{item.checked} messages checked"))
    return "\n".join(lines)
