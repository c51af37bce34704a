"""A page as plain text, for mail."""

from __future__ import annotations

from collections.abc import Iterator

from chataudit.notices.page import Page


def plain(page: Page) -> str:
    """Return the page as plain text: the title, and a list under each head."""
    return "\n".join(_lines(page)) + "\n"


def _lines(page: Page) -> Iterator[str]:
    yield page.title
    for section in page.sections:
        yield ""
        yield section.head
        for line in section.lines:
            yield f"- {line}"
        if section.left_out:
            yield f"- …{section.left_out}"
