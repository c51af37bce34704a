"""The page: whole, safe, small, and every lost point leads to a line."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from chataudit.audit import Audit, Request, audit
from chataudit.log import Log
from chataudit.report.lines import Spot, segments_of
from chataudit.report.marks import ConversationMarks, waiting
from chataudit.report.page import LIMIT, render_page
from chataudit.report.views import chosen_conversations
from chataudit.report.wording import Speech, count, decimal, share
from chataudit.settings import Settings

HEADER = ["平台", "店铺", "会话ID", "买家", "客服", "发送方", "时间", "内容"]
SCRIPT = "<script>alert('x')</script>"
Line = tuple[str, str]


def chat(
    session: str, lines: Sequence[Line], *, agent: str = "店:小雯", buyer: str = "甲", times: bool = True
) -> list[list[str]]:
    """Return rows of a plain table: (who, text) lines, ten seconds apart."""
    at = [f"2026-03-02 10:{n // 6 % 60:02d}:{n % 6 * 10:02d}" if times else "" for n in range(len(lines))]
    return [
        ["taobao", "示例店", session, buyer, agent, who, time, text]
        for time, (who, text) in zip(at, lines, strict=True)
    ]


def audited(folder: Path, rows: Sequence[Sequence[str]], **request: object) -> Audit:
    """Return the audit of rows of a plain table."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "chat.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    return audit(Request((path,), **request), Settings())  # type: ignore[arg-type]


RUDE = [
    ("买家", "在吗"),
    ("客服", "没钱就别买"),
    ("买家", f"你什么态度{SCRIPT}"),
    ("客服", "你加我微信 abcdef12345 聊，电话13800138000"),
]
KIND = [
    ("买家", "在吗，这个保温杯有货吗"),
    ("客服", "您好，欢迎光临，有货的呢"),
    ("买家", "好的谢谢"),
    ("客服", "感谢您的光临，祝您生活愉快"),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    rows = chat("r1", RUDE, buyer=f"买{SCRIPT}") + chat("r2", RUDE, agent=f"店:{SCRIPT}", buyer="乙")
    for number in range(30):
        rows += chat(f"k{number}", KIND, buyer=f"丙{number}")
    return audited(tmp_path_factory.mktemp("page"), rows)


@pytest.fixture(scope="module")
def page(made: Audit) -> str:
    return render_page(made)


def test_chat_text_is_never_markup(page: str) -> None:
    assert "<script" not in page.lower()
    assert "&lt;script&gt;" in page


def test_nothing_comes_from_a_network(page: str) -> None:
    assert not re.search(r"""(?:src|href|action|data)\s*=\s*["']?\s*(?:[a-z]+:)?//""", page)
    assert not re.search(r"@import|url\(\s*[\"']?(?:[a-z]+:)?//|<link|<iframe|<object", page)


def test_every_link_has_its_target_and_ids_are_unique(page: str) -> None:
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert links and links <= set(ids)


def test_every_lost_point_leads_to_a_line(page: str) -> None:
    lost = [row for row in re.findall(r'<tr class="(?:not_met|partly)">.*?</tr>', page, re.S)]
    assert len(lost) > 4
    ids = set(re.findall(r'<li id="([^"]+)"', page))
    for row in lost:
        links = re.findall(r'href="#([^"]+)" class="ev"', row)
        assert links and set(links) <= ids, row


def test_red_lines_come_with_their_sentence_marked_and_a_link(page: str) -> None:
    section = page[page.index('<section id="red">') : page.index('<section id="cards">')]
    assert '<mark class="red">没钱就别</mark>' in section
    assert re.search(r'href="#c\d+-2">看整段会话', section)
    assert "3.02 尊重客户" in section


def test_personal_data_do_not_appear_unless_asked(made: Audit, page: str) -> None:
    assert "13800138000" not in page
    assert "138********" in page
    assert "13800138000" in render_page(made, masked=False)


def test_the_sample_is_seeded_by_session_ids(made: Audit, page: str, tmp_path: Path) -> None:
    assert render_page(made) == page
    chosen = chosen_conversations(made, 5)
    drawn = {one.session_id for one in chosen if one.name == "店:小雯" and "sample" in one.why}
    assert len(drawn) == 5
    rows = chat("r1", RUDE)
    for number in reversed(range(30)):
        rows += chat(f"k{number}", KIND, buyer=f"丙{number}")
    again = chosen_conversations(audited(tmp_path, rows), 5)
    assert {one.session_id for one in again if "sample" in one.why} == drawn


def test_the_worst_are_chosen_beside_the_sample(made: Audit) -> None:
    chosen = {one.session_id: one for one in chosen_conversations(made, 0)}
    assert "red" in chosen["r1"].why
    assert "lowest" in chosen["r1"].why


def test_a_big_log_stays_under_the_limit_and_says_what_is_left_out(tmp_path: Path) -> None:
    rows: list[list[str]] = []
    for number in range(1_500):
        rows += chat(f"s{number}", KIND * 3 + RUDE, agent=f"店:客服{number % 3}", buyer=f"买家{number}")
    page = render_page(audited(tmp_path, rows), sample=1_000)
    assert len(page.encode()) < LIMIT
    assert "为使本页小于 5 MB" in page
    assert "tables/hits.csv" in page
    assert {f"店:客服{number}" for number in range(3)} <= set(re.findall(r'<h3 class="whose">(\S+)', page))


def test_one_endless_conversation_shows_its_ends_and_what_was_found(tmp_path: Path) -> None:
    lines = [("买家", "还在吗"), ("客服", "在的呢亲，您请说")] * 900
    lines[1_001] = ("客服", "没钱就别买")
    lines[500] = ("买家", "长" * 300_000)
    page = render_page(audited(tmp_path, chat("long", lines)))
    assert len(page.encode()) < 2_000_000
    assert "没钱就别" in page and re.search(r"这里有 \d+ 条没有列出", page)
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert links <= set(re.findall(r'\bid="([^"]+)"', page))


def test_without_times_response_figures_are_dashes(tmp_path: Path) -> None:
    rows = chat("t1", KIND, times=False) + chat("t2", RUDE, times=False)
    page = render_page(audited(tmp_path, rows))
    assert "导出里没有时间" in page
    figures = page[page.index('<dl class="figures">') : page.index("</dl>")]
    assert re.search(r"平均响应</dt><dd>—", figures)
    assert re.search(r"180 秒内回复</dt><dd>—", figures)
    assert 'data-chart="waits"' not in page


def test_waiting_points_are_counted_from_the_machines_marks(made: Audit) -> None:
    marks = made.marks
    mine = marks[(marks["subject_kind"] == "conversation") & (marks["decided_by"] == "machine")]
    open_ = mine[mine["outcome"].isin(["needs_review", "no_data"])]["max_points"].sum()
    of = mine[mine["outcome"] != "not_applicable"]["max_points"].sum()
    found = waiting(ConversationMarks.of(made))
    assert (found.points, found.of) == (open_, of)


def test_english_speaks_english(made: Audit) -> None:
    page = render_page(made, lang="en")
    assert '<html lang="en">' in page and "<h2>Red lines</h2>" in page
    assert "客服质检报告" not in page and "待人工" not in page


def test_nothing_at_all_makes_a_page(made: Audit) -> None:
    nothing = np.array([], dtype=np.int64)
    log = Log(
        *(table.head(0) for table in (made.messages, made.sessions, made.rounds)),
        nothing,
        nothing,
        nothing,
        nothing.astype(bool),
    )
    tables = {name: getattr(made, name).head(0) for name in ("agents", "hits", "marks", "scores", "people")}
    empty = replace(made, log=log, **tables)
    page = render_page(empty)
    assert "没有可列的会话" in page and "没有可以评分的人" in page
    assert not re.search(r"(?<![0-9])0\.0%", page)


def test_overlapping_spans_keep_the_gravest_level() -> None:
    spots = [Spot(0, 4, "minor", "", None, "a"), Spot(2, 6, "red", "", None, "b"), Spot(1, 1, "major", "", None, "c")]
    made = [(one.text, one.level) for one in segments_of("一二三四五六七", spots, Speech())]
    assert made == [("一二", "minor"), ("三四五六", "red"), ("七", "")]


def test_nothing_is_a_dash_and_never_a_zero() -> None:
    assert [count(None), decimal(float("nan")), share(None)] == ["—"] * 3
    assert [count(0), decimal(0), share(0.924)] == ["0", "0.0", "92.4%"]
