"""A notice laid out in one language, and cut to what a platform takes."""

from __future__ import annotations

import bisect
from collections.abc import Callable
from dataclasses import dataclass, replace

from chataudit.errors import Words
from chataudit.notices.lines import one_line
from chataudit.notices.notice import Notice

# With these the smallest page, only titles and how much was left out, is under 1,000 bytes of UTF-8 everywhere.
TITLE_CHARACTERS = 60
LINE_CHARACTERS = 200
NO_TITLE = "chataudit"
HEADS = {
    "summary": Words("概要", "Summary"),
    "red_lines": Words("红线", "Red lines"),
    "failed": Words("没有做成", "What failed"),
    "reports": Words("报告", "Reports"),
}


@dataclass(frozen=True)
class Section:
    """A list under its head; ``left_out`` says how many lines were cut off, empty where none was."""

    head: str
    lines: tuple[str, ...]
    left_out: str = ""


@dataclass(frozen=True)
class Page:
    """A title and sections; every text is one line, not yet escaped."""

    lang: str
    title: str
    sections: tuple[Section, ...]

    def cut(self, most: int) -> Page:
        """Return the page with at most ``most`` lines in each section."""
        return replace(self, sections=tuple(_cut(section, most, self.lang) for section in self.sections))


def page_of(notice: Notice, lang: str) -> Page:
    """Return the whole notice in ``lang`` (``zh`` or ``en``), without empty lists and lines."""
    texts = {
        "summary": [words.said(lang) for words in notice.summary],
        "red_lines": [words.said(lang) for words in notice.red_lines],
        "failed": [words.said(lang) for words in notice.failed],
        "reports": list(notice.reports),
    }
    sections = [
        Section(HEADS[name].said(lang), tuple(line for text in of if (line := one_line(text, LINE_CHARACTERS))))
        for name, of in texts.items()
    ]
    title = one_line(notice.title.said(lang), TITLE_CHARACTERS) or NO_TITLE
    return Page(lang, title, tuple(section for section in sections if section.lines))


def fitted(page: Page, write: Callable[[Page], str], limit: int) -> str:
    """Return what ``write`` makes of the page, its longest lists cut so far that it has at most ``limit`` bytes."""

    def size(most: int) -> int:
        return len(write(page.cut(most)).encode())

    longest = max((len(section.lines) for section in page.sections), default=0)
    if size(longest) <= limit:
        return write(page)
    most = bisect.bisect_right(range(longest), limit, key=size) - 1
    return write(page.cut(max(most, 0)))


def _cut(section: Section, most: int, lang: str) -> Section:
    over = len(section.lines) - most
    if over <= 0:
        return section
    left_out = Words(f"另有 {over} 条没有列出", f"{over} more not listed").said(lang)
    return replace(section, lines=section.lines[:most], left_out=left_out)
