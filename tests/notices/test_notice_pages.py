"""What a notice looks like: in both languages, under every limit, with nothing in it that a platform would obey."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from notices.notes import CALM, NOTICE
from notices.platforms import PATHS, SECRET, answer

from chataudit.errors import Words
from chataudit.notices import KINDS, Notice
from chataudit.notices.letter import MOST_BYTES as MOST_OF_A_LETTER
from chataudit.notices.letter import letter
from chataudit.notices.markdown import escaped, markdown
from chataudit.notices.page import fitted, page_of
from chataudit.notices.plain import plain
from chataudit.notices.webhook import Webhook

NOW_S = 1772409600.0
ROBOTS: dict[str, Webhook] = {
    kind: KINDS[kind].model_validate({"kind": kind, "webhook": "https://robots.example.com" + path, **secret})  # type: ignore[misc]
    for kind, path in PATHS.items()
    for secret in [{} if kind == "wecom" else {"secret": SECRET}]
}
# Any text at all, half surrogate pairs included, and what a platform could obey.
TEXTS = st.text(st.characters(exclude_categories=())) | st.sampled_from(
    ["<@all>", "<at id=all></at>", "@所有人", "[x](http://a.example)", "\r\nBcc: a@example.com", '"\\' * 90, "😀" * 300]
)
WORDS = st.builds(Words, TEXTS, TEXTS)
LISTS = st.lists(WORDS, max_size=6).map(tuple)
NOTICES = st.builds(
    Notice, title=WORDS, summary=LISTS, red_lines=LISTS, failed=LISTS, reports=st.lists(TEXTS, max_size=4).map(tuple)
)
TIMES = st.sampled_from([1, 1, 40, 700])
LONG = Notice(title=Words("😀" * 999, '"' * 999), red_lines=(Words("红线" * 400, '\\"' * 400),))


def many(notice: Notice, times: int) -> Notice:
    """Return the notice with lists as long as a bad night makes them."""
    return replace(notice, red_lines=notice.red_lines * times, failed=notice.failed * times)


def test_markdown_reads_well() -> None:
    assert markdown(page_of(NOTICE, "zh")).splitlines() == [
        "### 3月2日质检",
        "",
        "**概要**",
        "",
        "- 812 段会话，6 位客服",
        "",
        "**红线**",
        "",
        "- 引导站外交易：2 次（小雯、小凯）",
        "",
        "**没有做成**",
        "",
        "- 京东.log：读不出来",
        "",
        "**报告**",
        "",
        "- 2026-03-02/index.html",
    ]


def test_plain_text_reads_well() -> None:
    assert plain(page_of(CALM, "en")) == "Audit of 3 March\n\nSummary\n- 700 conversations\n"


def test_what_is_left_out_is_said_and_as_little_as_possible() -> None:
    lines = tuple(Words(f"红线 {number}", f"Red line {number}") for number in range(1000))
    notice = Notice(title=NOTICE.title, summary=NOTICE.summary, red_lines=lines)
    text = fitted(page_of(notice, "zh"), markdown, 4096)
    shown = text.count("- 红线")
    assert f"- …另有 {1000 - shown} 条没有列出" in text and "812 段会话" in text
    assert 4096 - 60 < len(text.encode()) <= 4096
    assert f"{1000 - shown} more not listed" in page_of(notice, "en").cut(shown).sections[1].left_out


@pytest.mark.parametrize(
    "text",
    ["<@all>", "<at user_id='all'>", "@所有人", "[点](https://a.example)", "**a**", "`x`", "# a", "| a |", "&lt;"],
)
def test_nothing_is_markup_or_a_mention(text: str) -> None:
    shown = markdown(page_of(Notice(title=Words(text, text), failed=(Words(text, text),)), "zh"))
    body = shown.removeprefix("### ").replace("**没有做成**", "").replace("- ", "")
    assert not re.search(r"[<>@*`#|\[\]&]|://", body)


@pytest.mark.parametrize(
    ("name", "shown"), [("a_b_2026.csv", "a_b_2026.csv"), ("_a_", "＿a＿"), ("__x__", "＿＿x＿＿")]
)
def test_underscores_in_names_stay(name: str, shown: str) -> None:
    assert escaped(name) == shown


def test_a_card_of_feishu_holds_what_others_wrote_as_plain_text_only() -> None:
    text = "<at id=all></at> **x**"
    _, body = ROBOTS["feishu"].request(Notice(title=Words(text, text), red_lines=(Words(text, text),)), "zh", NOW_S)
    card = json.loads(body)["card"]
    texts = [card["header"]["title"], *(element["text"] for element in card["elements"])]
    assert {one["tag"] for one in texts if "<at" in one["content"]} == {"plain_text"}
    assert [one["content"] for one in texts if one["tag"] == "lark_md"] == ["**红线**"]
    assert card["header"]["template"] == "red"


@pytest.mark.parametrize(
    ("notice", "colour"), [(CALM, "blue"), (Notice(title=CALM.title, failed=CALM.summary), "orange")]
)
def test_the_colour_of_a_card_says_how_it_went(notice: Notice, colour: str) -> None:
    _, body = ROBOTS["feishu"].request(notice, "zh", NOW_S)
    assert json.loads(body)["card"]["header"]["template"] == colour


def test_dingtalk_mentions_nobody() -> None:
    _, body = ROBOTS["dingtalk"].request(NOTICE, "zh", NOW_S)
    assert json.loads(body)["at"] == {"isAtAll": False}


@pytest.mark.parametrize("kind", list(ROBOTS))
@pytest.mark.parametrize("lang", ["zh", "en"])
@example(notice=LONG, times=2500)
@example(notice=Notice(title=Words("", "")), times=1)
@given(notice=NOTICES, times=TIMES)
def test_every_notice_is_a_message_that_the_platform_takes(kind: str, lang: str, notice: Notice, times: int) -> None:
    url, body = ROBOTS[kind].request(many(notice, times), lang, NOW_S)
    said = answer(url, body.encode(), NOW_S)
    assert said.get("errcode", said.get("code")) == 0, said


@example(notice=LONG, times=2500)
@given(notice=NOTICES, times=TIMES)
def test_every_notice_is_a_letter_with_its_own_headers_only(notice: Notice, times: int) -> None:
    message = letter(many(notice, times), "zh", "qa@example.com", ["a@example.com", "b@example.com"])
    head, _, _ = message.as_bytes().partition(b"\r\n\r\n")
    names = {line.split(b":")[0].lower() for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))}
    assert names == {
        b"subject", b"from", b"to", b"date", b"message-id", b"auto-submitted",
        b"content-type", b"content-transfer-encoding", b"mime-version",
    }  # fmt: skip
    assert [one.addr_spec for one in message["To"].addresses] == ["a@example.com", "b@example.com"]
    assert len(message.get_content().encode()) <= MOST_OF_A_LETTER
