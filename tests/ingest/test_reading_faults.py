"""Bad input ends in clear words: rejects with row, column and reason, or faults; nothing is lost."""

from __future__ import annotations

import json
import resource
import time
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from ingest import writers
from ingest.test_reading_files import HEADER, line, read, table

from chataudit import ingest
from chataudit.errors import Faults
from chataudit.settings import Settings

JD_START, JD_END = "/" + "*" * 17 + "以下为一通会话" + "*" * 36 + "/", "/" + "*" * 17 + "会话结束" + "*" * 36 + "/"
PEER = "-" * 28 + "tb甲" + "-" * 28


def of(tmp_path: Path, content: str | bytes, name: str = "a.csv", **settings: Any) -> ingest.Ingested:
    (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return read(tmp_path / name, **settings)


def said(tmp_path: Path, content: str | bytes, name: str = "a.csv", **settings: Any) -> str:
    with pytest.raises(Faults) as caught:
        of(tmp_path, content, name, **settings)
    for fault in caught.value.faults:
        assert name in fault.file and fault.what.zh != fault.what.en
    return caught.value.said("en") + "\n" + caught.value.said("zh")


def rejected(taken: ingest.Ingested) -> list[tuple[Any, ...]]:
    frame = taken.rejects[["row", "column", "value"]].astype(object)
    return [tuple(None if cell != cell else cell for cell in row) for row in frame.itertuples(index=False)]


def test_rows_with_other_cells(tmp_path: Path) -> None:
    taken = of(
        tmp_path,
        table(line(1), "淘宝,示例店", line(2), line(3) + ",多了,x", "", ",,,,,,,,", line(4, '"a\nb"'), line(5)),
    )
    assert taken.messages["row"].tolist() == [2, 4, 8, 9]
    assert rejected(taken) == [(3, None, "淘宝,示例店"), (5, None, line(3) + ",多了,x")]
    assert taken.rejects["reason"].tolist() == ["2 cells, the header has 9", "11 cells, the header has 9"]


def test_cells_that_can_not_be_read(tmp_path: Path) -> None:
    taken = of(
        tmp_path,
        table(
            line(1),
            "淘宝,店,S1,甲,小雨,路人,2026-03-02 10:00:00,文本,a",
            "淘宝,店,S1,甲,小雨,买家,昨天,文本,b",
            "淘宝,店,S1,甲,小雨,买家,2026-03-02 10:00:00,怪,c",
            "淘宝,店,,,小雨,买家,2026-03-02 10:00:00,文本,d",
            "淘宝,店,S1,甲,小雨,买家,,文本,e",
            "淘宝,店,S1,甲,小雨,,2026-03-02 10:00:00,文本,f",
        ),
    )
    assert taken.messages["row"].tolist() == [2]
    assert sorted(rejected(taken)) == [
        (3, "发送方", "路人"),
        (4, "时间", "昨天"),
        (5, "类型", "怪"),
        (6, "买家", ""),
        (7, "时间", ""),
        (8, "发送方", ""),
    ]
    assert (taken.rejects["file"] == "a.csv").all() and "allowed: 买家" in taken.rejects["reason"].str.cat(sep=" ")


def test_an_unclosed_quote_costs_one_row(tmp_path: Path) -> None:
    for quotes in (1, 2):
        lines = [line(number, ('"没关上' if number in (3, 6)[:quotes] else f"第{number}句")) for number in range(1, 10)]
        taken = of(tmp_path, table(*lines))
        bad = [4, 7][:quotes]
        assert taken.messages["row"].tolist() == [row for row in range(2, 11) if row not in bad]
        assert (taken.rejects["row"].tolist(), set(taken.rejects["reason"])) == (bad, {"a quote that is never closed"})


def test_quotes_that_are_text(tmp_path: Path) -> None:
    taken = of(tmp_path, table(line(1, '5"屏'), line(2, '"说"好'), line(3, '"a""b"'), line(4, '"两\n行"')))
    assert taken.messages["text"].tolist() == ['5"屏', "说好", 'a"b', "两\n行"]


def test_a_file_cut_in_the_middle(tmp_path: Path) -> None:
    whole = table(line(1), line(2), line(3, '"很长的\n一句话"')).encode()
    for size in range(len(table().encode()) + 1, len(whole), 3):
        taken = None
        try:
            taken = of(tmp_path, whole[:size])
        except Faults as error:
            assert error.said("zh").startswith("a.csv")
        if taken is not None and size > whole.find(b"\n", len(HEADER.encode()) + 1):
            assert line(1).split(",")[-1] in taken.messages["text"].tolist()


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b" \r\n\t\n", b"\x00" * 100])
def test_empty_files(tmp_path: Path, content: bytes) -> None:
    assert "文件是空的" in said(tmp_path, content)


def test_header_only(tmp_path: Path) -> None:
    assert "只有表头" in said(tmp_path, table())
    assert "只有表头" in said(tmp_path, HEADER)
    assert "header" in said(tmp_path, HEADER.encode("gb18030"))


def test_unknown_layouts_say_what_was_tried(tmp_path: Path) -> None:
    words = said(tmp_path, "日志 2026\n第二行\n第三行\n第四行", "a.txt")
    for part in (
        "jddc",
        "uneed",
        "jd_log",
        "wangwang",
        "plain",
        "日志 2026 ⏎ 第二行 ⏎ 第三行",
        "columns",
    ):
        assert part in words
    said(tmp_path, bytes(range(256)) * 50, "a.bin")
    assert "买家列" in said(tmp_path, "发送方,内容\n买家,a\n")


def test_json_errors_have_a_place(tmp_path: Path) -> None:
    assert "a.csv:3:" in said(tmp_path, '[\n{"buyer": "甲", "sender": "buyer", "text": "a"},\n{"buyer": "甲",, }\n]')
    good = json.dumps({"buyer": "甲", "sender": "buyer", "text": "a"})
    said(tmp_path, "[" + good + ",\n" + good[:20])
    taken = of(tmp_path, "\n".join([good, good[:-3], "[1]", "", good, '{"n": ' + "9" * 5000 + "}"]))
    assert taken.counts["messages"] == 2
    assert sorted(taken.rejects["row"].tolist()) == [2, 3, 6]
    said(tmp_path, "[" * 100_000)
    said(tmp_path, "{}")


def test_control_bytes(tmp_path: Path) -> None:
    text = "在\x03吗\u00a0?\ufeff"
    taken = of(tmp_path, table(line(1, text), line(2, "\x00a\x00"), line(3, '"a\r\nb"')))
    assert taken.messages["text"].tolist() == ["在吗 ?", "a", "a\nb"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(tmp_path: Path, encoding: str, newline: str) -> None:
    data = table(line(1), line(2, '"a\nb"'), line(3, "少一格")[3:], line(4)).replace("\n", newline).encode(encoding)
    taken = of(tmp_path, b"\xff\xfe" + data if encoding == "utf-16-le" else data)
    assert taken.messages["text"].tolist() == ["在吗", "a\nb", "在吗"]
    assert taken.rejects["row"].tolist() == [4]


def test_a_wrong_byte_is_told(tmp_path: Path) -> None:
    data = table(*(line(number, "你好，在的") for number in range(9))).encode()
    at = data.rfind("好".encode())
    taken = of(tmp_path, data[:at] + b"\xff" + data[at + 1 :])
    assert taken.counts["messages"] == 9 and "�" in taken.messages["text"].iloc[-1]
    assert "a.csv" in taken.notes[0].zh and "�" in taken.notes[0].en


def test_wangwang_lines_that_belong_to_none(tmp_path: Path) -> None:
    text = "\n".join(
        [
            "示例店:小雨",
            "",
            "=" * 64,
            " " * 31 + "单聊",
            "",
            PEER,
            "没头的一行",
            "tb甲(2026-03-02 10:00:00):  在吗",
            "=" * 30,
            "还在说",
            "示例店:小雨(2026-02-30 10:00:05):  坏时间",
            "坏时间的第二行",
            "cntaobaotb甲(2026-03-02 10:00:09):  好的",
            "对方撤回了一条消息",
            "系统提示：对方正在输入",
            "系统提示(2026-03-02 10:00:10):  订单已付款",
            "-" * 28 + "tb乙" + "-" * 28,
            "tb乙二(2026-03-02 10:01:00):  我",
            "",
            "=" * 64,
            " " * 31 + "群聊",
            "----------某群----------",
            "某人(2026-03-02 10:02:00):  群里说",
            "群里的第二行",
        ]
    )
    taken = of(tmp_path, text.encode("gb18030"), "a.txt")
    told = list(taken.messages[["row", "sender", "kind", "text"]].itertuples(index=False, name=None))
    assert told == [
        (8, "buyer", "text", "在吗\n" + "=" * 30 + "\n还在说"),
        (13, "buyer", "text", "好的"),
        (14, "buyer", "recall", "对方撤回了一条消息"),
        (15, "system", "event", "系统提示：对方正在输入"),
        (16, "system", "event", "订单已付款"),
        (18, "buyer", "text", "我"),
    ]
    assert taken.messages["sent_at"].dt.second.tolist() == [0, 9, 9, 9, 10, 0]
    assert rejected(taken) == [
        (7, None, "没头的一行"),
        (11, None, "坏时间\n坏时间的第二行"),
        (23, None, "群里说\n群里的第二行"),
    ]
    assert "tb乙二=buyer" in taken.notes[0].zh


def test_jd_lines_that_belong_to_none(tmp_path: Path) -> None:
    text = "\n".join(
        [
            "文件头",
            JD_START,
            "j****db 2026-03-02 10:00:00\t",
            "a &lt;b&gt;<br/>c\t",
            "示例-小何 2026-13-02 10:00:05",
            "坏时间的正文",
            "示例-小何 2026-03-02 10:00:06\t",
            "在\t",
            "系统提示：会话将切断",
            JD_END,
            "会话外",
            JD_START,
            "示例-小何 2026-03-02 11:00:00",
            "在吗",
            JD_START,
            "jdpin 2026-03-02 12:00:00",
            "我",
            "jimi_vender_1 2026-03-02 12:00:01",
            "",
            JD_START,
        ]
    )
    taken = of(tmp_path, text, "a.log")
    told = list(taken.messages[["row", "sender", "kind", "text"]].itertuples(index=False, name=None))
    assert told == [
        (3, "buyer", "text", "a <b>\nc"),
        (7, "agent", "text", "在"),
        (9, "system", "event", "系统提示：会话将切断"),
        (13, "agent", "text", "在吗"),
        (16, "buyer", "text", "我"),
        (18, "bot", "text", ""),
    ]
    assert rejected(taken) == [
        (1, None, "文件头"),
        (5, None, "示例-小何 2026-13-02 10:00:05\n坏时间的正文"),
        (11, None, "会话外"),
    ]
    assert taken.messages["session_id"].nunique() == 3
    assert "jdpin=buyer" in taken.notes[0].zh and "小何" not in taken.notes[0].zh


def test_corpora_with_bad_rows(tmp_path: Path) -> None:
    good = "s1\tUSERID_1\t0\t0\t0\tnan\t在吗\n"
    taken = of(tmp_path, good * 3 + "坏行\n" + "s1\tUSERID_1\t1\t0\t0\t在的\n" + "s1\tU\t1\t\t0\t0\t双制表\n", "a.tsv")
    assert (taken.counts["messages"], rejected(taken)) == (5, [(4, None, "坏行")])
    turn = {"time": "2026-03-02 10:00:00.9996", "sender_type": "用户", "send_content": "在吗"}
    dialogue = {"sid": 1, "sellerid": "s", "userid": "u"}
    turns = [
        turn,
        {**turn, "time": None},
        {**turn, "sender_type": "谁"},
        {**turn, "send_content": None},
        {**turn, "time": 5},
        [],
        "x",
        None,
    ]
    taken = of(
        tmp_path,
        json.dumps([{**dialogue, "dialogue": turns}, {"dialogue": [turn]}, {**dialogue, "dialogue": None}, 7]),
        "a.json",
    )
    assert taken.counts == {"rows": 11, "messages": 1, "duplicates": 0, "rejects": 10}


def test_parquet_and_workbooks_that_are_broken(tmp_path: Path) -> None:
    folder = Path(__file__).parents[2] / "sample_logs" / "layouts"
    for name in ("plain.parquet", "plain.xlsx", "jd.zip"):
        data = (folder / name).read_bytes()
        assert said(tmp_path, data[: len(data) // 2], name)
    assert said(tmp_path, (Path(__file__).parent / "small.xls").read_bytes()[:2000], "a.xls")
    assert pq.read_table(folder / "plain.parquet").num_rows == 80


def seconds(tmp_path: Path, content: bytes, name: str) -> tuple[float, str]:
    start = time.perf_counter()
    try:
        taken = of(tmp_path, content, name)
        words = " ".join(taken.rejects["reason"]) + " ".join(taken.rejects["value"])
    except Faults as error:
        words = error.said("en")
    return time.perf_counter() - start, words


@pytest.mark.parametrize(
    "name", ["a.csv", "quoted.csv", "gbk.csv", "a.json", "a.jsonl", "a.txt", "lines.txt", "a.log", "spaces.log"]
)
def test_100_mb_in_one_cell(tmp_path: Path, name: str) -> None:
    huge = "你好, " * (100_000_000 // 8)
    wangwang = f"示例店:小雨\n{PEER}\ntb甲(2026-03-02 10:00:00):  在吗\ntb甲(2026-03-02 10:00:01):  "
    jd = f"{JD_START}\nj****db 2026-03-02 10:00:00\n在吗\nj****db 2026-03-02 10:00:00\n"
    body = {
        "a.csv": table(line(1), line(2, huge.replace(",", "，")), line(3)),
        "quoted.csv": table(line(1), line(2, f'"{huge}"'), line(3)),
        "gbk.csv": table(line(1), line(2, f'"{huge}"'), line(3)),
        "a.json": json.dumps([{"buyer": "甲", "sender": "buyer", "text": text} for text in ("a", huge)]),
        "a.jsonl": "".join(
            json.dumps({"buyer": "甲", "sender": "buyer", "text": text}, ensure_ascii=False) + "\n"
            for text in ("a", huge)
        ),
        "a.txt": wangwang + huge + "\n",
        "lines.txt": wangwang + huge + "\n".replace(", " + "你好, " * 20, "\n"),
        "a.log": jd + huge + "\n",
        "spaces.log": jd + "x" + " " * 50_000_000 + "x\n",
    }[name]
    took, words = seconds(tmp_path, body.encode("gb18030" if name == "gbk.csv" else "utf-8"), name)
    assert "longer than 100000 characters" in words
    assert len(words) < 5000
    assert took < 30
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 6_000_000


def test_lines_that_would_make_patterns_crawl(tmp_path: Path) -> None:
    start = f"示例店:小雨\n{PEER}\ntb甲(2026-03-02 10:00:00):  在吗\n"
    for bad in (
        "-" * 200_000 + "x",
        ("-" * 12 + "x") * 20_000,
        "(" * 200_000,
        " " * 200_000 + "x",
        "a(2026-03-02 " * 10_000,
    ):
        took, _ = seconds(tmp_path, (start + bad + "\n").encode(), "a.txt")
        assert took < 3
        took, _ = seconds(tmp_path, f"{JD_START}\nj****db 2026-03-02 10:00:00\n{bad}\n<{bad}\n".encode(), "a.log")
        assert took < 3
        took, _ = seconds(
            tmp_path,
            table(line(1, f'"{bad}'), line(2, bad), *(line(3, f'"{bad[:50]}') for _ in range(99))).encode(),
            "a.csv",
        )
        assert took < 3


@pytest.mark.parametrize(("row", "column"), [(200_000, 20), (1_048_575, 16_383)])
def test_a_workbook_with_a_cell_far_out(tmp_path: Path, row: int, column: int) -> None:
    import xlsxwriter

    path = tmp_path / "far.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, writers.CHINESE)
    sheet.write_row(1, 0, line(1).split(","))
    sheet.write(row, column, "远")
    book.close()
    if column < 100:
        taken = read(path)
        assert "在吗" in taken.messages["text"].tolist()
        assert taken.rejects["row"].tolist() == [row + 1]
    else:
        with pytest.raises(Faults) as caught:
            read(path)
        assert "工作表太大" in caught.value.said("zh")
        assert "far.xlsx" in caught.value.said("en")


def test_read_takes_only_its_settings(tmp_path: Path) -> None:
    taken = of(tmp_path, table(line(1)), platform="jd", shop="别的店")
    assert (taken.messages["platform"].tolist(), taken.messages["shop"].tolist()) == (["taobao"], ["示例店"])
    taken = of(tmp_path, "买家,发送方,内容\n甲,买家,a\n", platform="jd", shop="别的店")
    assert (taken.messages["platform"].tolist(), taken.messages["shop"].tolist()) == (["jd"], ["别的店"])
    assert isinstance(Settings(), Settings)


@pytest.mark.parametrize(
    "body",
    [
        '{"codeType":"CHAT_RECEIVE_MSG","cid":"9#11002@cntaobao"}',
        '{"response":"push","message":{"from":{},"to":{},"msg_id":"1","ts":"1"}}',
        '[{"customer":null,"waiter":null,"waiterSend":null,"content":null}]',
        '[{"from":{"app":null,"pin":null},"body":{},"datetime":null}]',
        '[{"time":null,"role":null,"name":null,"type":null,"content":null}]',
        '[{"time":{},"role":[],"name":0,"type":1.5,"content":{"a":1}}]',
    ],
)
def test_records_that_say_nothing_are_rejects(tmp_path: Path, body: str) -> None:
    (tmp_path / "a.json").write_text(body, encoding="utf-8")
    try:
        taken = ingest.read([tmp_path], Settings())
    except Faults as error:
        assert "Broken in the middle" not in error.faults[0].what.en
    else:
        assert (taken.counts["messages"], taken.counts["rejects"]) == (0, 1)
