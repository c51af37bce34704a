"""What is written in any layout is read back: sender, buyer, agent, time, text, kind, in order."""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ingest import writers
from ingest.writers import Message

from chataudit import ingest
from chataudit.settings import Settings

LETTERS = "在吗有货价格，。？！abc012 ,\"'=+-@\t\n;|:：＝Ａ１　é😊👍🏽#%\\"
TEXTS = st.one_of(
    st.text(LETTERS, max_size=25),
    st.sampled_from(
        [
            "",
            "NULL",
            "null",
            "NaN",
            "nan",
            "None",
            "TRUE",
            "1e5",
            "007",
            "1.0",
            "-",
            "=1+1",
            "+86",
            "@SUM(A1)",
            "#N/A",
            '"',
            '""',
            '"半个',
            'a"b',
            ",",
            "\n",
            "a\n\nb",
            "2026-03-02 10:00:00",
            "1772459411",
            "，" * 40,
            '第一行\n第二行,有逗号\n"第三行"',
            "'前导",
            "\t制表",
            " 前后空格 ",
            "<b>&amp;",
            '{"a": 1}',
        ]
    ),
)
START = dt.datetime(2026, 3, 2, 9, 59, 57)
BUYERS, AGENTS = ("tb甲", "tb_乙 2", "NULL", "1234567", "＝丙"), ("示例店:小雨", "示例店:小何")


def is_emoji(text: str) -> bool:
    return bool(text.strip()) and not text.strip(" \t\n　😊👍🏽")


@st.composite
def talks(
    draw: st.DrawFn,
    *,
    senders: tuple[str, ...] = ("buyer", "agent", "assist", "auto", "bot"),
    texts: st.SearchStrategy[str] = TEXTS,
    kinds: bool = True,
) -> list[Message]:
    """Draw messages of several buyers, oldest first, with repeats in one second."""
    messages: list[Message] = []
    at = START
    for _ in range(draw(st.integers(1, 12))):
        at += dt.timedelta(seconds=draw(st.sampled_from((0, 0, 1, 59, 3600))))
        buyer, sender = draw(st.sampled_from(BUYERS)), draw(st.sampled_from(senders))
        kind = draw(st.sampled_from(("text", "text", "text", "image", "card", "recall"))) if kinds else "text"
        one = {
            "platform": "taobao",
            "shop": "示例店",
            "session_id": f"S{BUYERS.index(buyer)}",
            "buyer": buyer,
            "agent": draw(st.sampled_from(AGENTS)),
            "sender": sender,
            "sent_at": at,
            "kind": kind,
            "text": draw(texts),
        }
        messages += [one] * draw(st.sampled_from((1, 1, 1, 2)))
    return messages


def told(messages: list[Message], names: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """Return what the reader must say: a bare emoji is an emoji."""
    kinds = ["emoji" if one["kind"] == "text" and is_emoji(one["text"]) else one["kind"] for one in messages]
    return [tuple(one[name] for name in names) + (kind,) for one, kind in zip(messages, kinds, strict=True)]


def read_back(
    write: Callable[[Path, list[Message]], None],
    messages: list[Message],
    names: tuple[str, ...],
    name: str = "聊天.dat",
) -> list[tuple[Any, ...]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write(path, messages)
        taken = ingest.read([path], Settings())
    assert taken.counts == {"rows": len(messages), "messages": len(messages), "duplicates": 0, "rejects": 0}
    assert taken.messages["message_id"].is_unique
    frame = taken.messages[[*names, "kind"]].astype(object)
    if "sent_at" in names:
        frame["sent_at"] = [time.tz_localize(None).to_pydatetime() for time in taken.messages["sent_at"]]
    return [tuple(None if pd.isna(cell) else cell for cell in row) for row in frame.itertuples(index=False)]


ALL = ("platform", "shop", "session_id", "buyer", "agent", "sender", "sent_at", "text")
TABLES: dict[str, Callable[[Path, list[Message]], None]] = {
    "csv": writers.delimited(),
    "csv without bom": writers.delimited(encoding="utf-8", newline="\n"),
    "all quoted": writers.delimited(quoting=csv.QUOTE_ALL),
    "tsv": writers.delimited("\t", "utf-8"),
    "semicolons": writers.delimited(";"),
    "gbk": writers.delimited(encoding="gb18030"),
    "utf-16": writers.delimited(encoding="utf-16"),
    "english": writers.delimited(chinese=False),
    "slashes": writers.delimited(time="%Y/%m/%d %H:%M:%S"),
    "json": writers.json_list,
    "json lines": writers.json_lines,
    "parquet": writers.parquet,
}


@pytest.mark.parametrize("layout", TABLES)
@settings(max_examples=50)
@given(messages=talks())
def test_tables(layout: str, messages: list[Message]) -> None:
    assert read_back(TABLES[layout], messages, ALL) == told(messages, ALL)


@pytest.mark.parametrize("name", ["聊天.xlsx", "其实是工作簿.csv"])
@settings(max_examples=40)
@given(messages=talks())
def test_workbooks(name: str, messages: list[Message]) -> None:
    assert read_back(writers.workbook, messages, ALL, name) == told(messages, ALL)


def one_line(text: str) -> str:
    return text.replace("\n", " ").replace("\t", " ")


@settings(max_examples=40)
@given(messages=talks(senders=("buyer", "agent"), kinds=False, texts=TEXTS.map(lambda text: text.rstrip())))
def test_wangwang(messages: list[Message]) -> None:
    names = ("platform", "shop", "buyer", "sender", "sent_at", "text")
    ordered = [one for block in writers.by_buyer(messages).values() for one in block]
    assert read_back(writers.wangwang, messages, names) == told(ordered, names)
    for encoding, newline in (("utf-8-sig", "\n"), ("utf-16", "\r")):

        def write(path: Path, all_: list[Message], encoding: str = encoding, newline: str = newline) -> None:
            writers.wangwang(path, all_, encoding=encoding, newline=newline)

        assert read_back(write, messages, names) == told(ordered, names)


def trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n\t ")


@settings(max_examples=80)
@given(messages=talks(senders=("buyer", "agent"), kinds=False, texts=TEXTS.map(trimmed)))
def test_jd_log(messages: list[Message]) -> None:
    names = ("platform", "buyer", "sender", "sent_at", "text")
    masked = [
        {**one, "platform": "jd", "buyer": f"j****{BUYERS.index(one['buyer'])}", "agent": "示例家电-小何"}
        for one in messages
    ]
    first = {
        one["session_id"]: next(m["buyer"] for m in masked if m["session_id"] == one["session_id"]) for one in masked
    }
    masked = [{**one, "sender": "buyer"} if one["sender"] == "buyer" else one for one in masked]
    opened: list[Message] = []
    for number, one in enumerate(masked):  # each fragment begins with its buyer, as a talk does
        if not number or masked[number - 1]["session_id"] != one["session_id"]:
            opened.append({**one, "sender": "buyer", "text": f"在吗 {number}", "buyer": first[one["session_id"]]})
        opened.append(one)
    assert read_back(writers.jd_log, opened, names) == told(opened, names)


@settings(max_examples=80)
@given(messages=talks(senders=("buyer", "agent"), kinds=False, texts=TEXTS.map(one_line)))
def test_jddc(messages: list[Message]) -> None:
    names = ("session_id", "buyer", "sender", "text")
    one_word = [{**one, "buyer": f"USERID_{BUYERS.index(one['buyer'])}"} for one in messages]
    assert read_back(writers.jddc, one_word, names) == told(one_word, names)


@settings(max_examples=80)
@given(messages=talks(senders=("buyer", "agent"), kinds=False))
def test_uneed(messages: list[Message]) -> None:
    names = ("platform", "shop", "session_id", "buyer", "sender", "sent_at", "text")
    assert read_back(writers.uneed, messages, names) == told(messages, names)


def example_messages() -> list[Message]:
    base = {
        "platform": "taobao",
        "shop": "示例店",
        "session_id": "S1",
        "buyer": "tb甲",
        "agent": AGENTS[0],
        "kind": "text",
    }
    return [
        {**base, "sender": "buyer", "sent_at": START, "text": "在吗"},
        {**base, "sender": "agent", "sent_at": START + dt.timedelta(seconds=9), "text": "在的"},
    ]


def test_xlsb(tmp_path: Path) -> None:
    days = (START - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)
    rows = [list(writers.CHINESE)] + [
        [*writers.cells(one)[:6], days, *writers.cells(one)[7:]] for one in example_messages()
    ]
    writers.xlsb(tmp_path / "聊天.xlsb", rows)
    taken = ingest.read([tmp_path / "聊天.xlsb"], Settings())
    assert taken.messages["text"].tolist() == ["在吗", "在的"]
    assert taken.messages["sent_at"].dt.tz_localize(None).tolist() == [START, START]


def test_xls() -> None:
    """`small.xls` was saved by LibreOffice from rows 1–6 of `sample_logs/layouts/plain.xlsx`."""
    taken = ingest.read([Path(__file__).parent / "small.xls"], Settings())
    assert taken.counts["messages"] == 5
    assert taken.messages["text"].iloc[0] == "在吗"
    assert str(taken.messages["sent_at"].iloc[0]) == "2026-03-02 10:01:05+08:00"


@settings(max_examples=60)
@given(messages=talks(), titles=st.integers(1, 3))
@example(messages=example_messages(), titles=2)
def test_titles_above_the_header(messages: list[Message], titles: int) -> None:
    def write(path: Path, all_: list[Message]) -> None:
        writers.delimited()(path, all_)
        path.write_bytes("聊天记录,导出\n".encode() * titles + path.read_bytes())

    assert read_back(write, messages, ALL) == told(messages, ALL)


def test_sample_layouts_agree() -> None:
    """The plain layouts of the sample hold the same messages."""
    folder = Path(__file__).parents[2] / "sample_logs" / "layouts"
    names = [
        "plain.csv",
        "plain_gbk.csv",
        "plain.tsv",
        "plain.json",
        "plain.jsonl",
        "plain.parquet",
        "plain.xlsx",
        "xlsx_named.csv",
        "english.csv",
    ]
    ids = {name: ingest.read([folder / name], Settings()).messages["message_id"].tolist() for name in names}
    assert all(one == ids["plain.csv"] for one in ids.values())
    together = ingest.read([folder / name for name in names], Settings())
    assert together.counts["duplicates"] == 8 * together.counts["messages"]


def heard(name: str) -> list[tuple[Any, ...]]:
    """Return buyer, side, time to the minute and text of a sample's messages, in order."""
    messages = ingest.read([Path(__file__).parents[2] / "sample_logs" / "layouts" / name], Settings()).messages
    rows = messages[messages["sender"] != "system"].sort_values(["sent_at", "row"], kind="stable")
    return [(row.buyer, row.sender == "buyer", f"{row.sent_at:%Y-%m-%d %H:%M}", row.text) for row in rows.itertuples()]


@pytest.mark.parametrize("name", ["qianniu_push.jsonl", "qianniu_fulltext.csv", "feige.csv"])
def test_the_small_talk_is_the_same_in_layouts_of_many_buyers(name: str) -> None:
    """As the 旺旺 text has it; 飞鸽 belongs to another shop's buyers, so only the texts are compared."""
    own, other = heard("wangwang.txt"), heard(name)
    if name == "feige.csv":
        assert len(other) == len(own)
        return
    assert sorted(other) == sorted(own)


@pytest.mark.parametrize("name", ["qianniu_im.txt", "qianniu_web.txt", "qianniu_clipboard.txt"])
def test_the_small_talk_is_the_same_in_layouts_of_one_buyer(name: str) -> None:
    own = [row for row in heard("wangwang.txt") if row[0] == "tb示例爱喝水的鱼"]
    first = own[: len(heard(name))]
    assert heard(name) == first and len(first) == 15
