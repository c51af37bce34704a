"""A page as the Markdown that group robots understand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chataudit.notices.page import Page

# The robots know no common escape: one shows a backslash, another decodes entities. Full-width twins read the same in
# Chinese text and mean nothing to any of them. < would open WeCom's <@user> and <font>, @ a mention, [ a link.
TWINS = {ord(sign): ord(sign) + 0xFEE0 for sign in "`*~#|[]<>@&"}
UNDERSCORES = re.compile(r"(?<!\w)_+|_+(?!\w)")


def markdown(page: Page) -> str:
    """Return the page as Markdown: a heading, and a list under each bold head."""
    return "\n".join(_lines(page))


def escaped(text: str) -> str:
    """Return one line whose signs of Markdown, HTML, mentions and links are only signs.

    >>> escaped("<@all> [点我](https://example.com) *a_b* _c_")
    '＜＠all＞ ［点我］(https：//example.com) ＊a_b＊ ＿c＿'
    """
    plain = text.translate(TWINS).replace("://", "：//")
    return UNDERSCORES.sub(lambda run: "＿" * len(run[0]), plain)


def _lines(page: Page) -> Iterator[str]:
    yield f"### {escaped(page.title)}"
    for section in page.sections:
        yield ""
        yield f"**{section.head}**"
        yield ""
        for line in section.lines:
            yield f"- {escaped(line)}"
        if section.left_out:
            yield f"- …{section.left_out}"
