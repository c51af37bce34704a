"""Folders, zips, companions, overlap, and what a plain table may look like."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from ingest import writers

from chataudit import ingest
from chataudit.errors import Faults
from chataudit.settings import Settings

HEADER = "平台,店铺,会话ID,买家,客服,发送方,时间,类型,内容"
SAMPLES = Path(__file__).parents[2] / "sample_logs"


def line(number: int, text: str = "在吗", *, sender: str = "买家", second: int | None = None) -> str:
    clock = number if second is None else second
    return f"淘宝,示例店,S1,tb甲,示例店:小雨,{sender},2026-03-02 10:00:{clock:02d},文本,{text}"


def table(*lines: str, header: str = HEADER) -> str:
    return "\n".join([header, *lines]) + "\n"


def read(path: Path, **settings: Any) -> ingest.Ingested:
    taken = ingest.read([path], Settings(**settings))
    conserved(taken)
    return taken


def conserved(taken: ingest.Ingested) -> None:
    counts = taken.counts
    assert counts["rows"] == counts["messages"] + counts["duplicates"] + counts["rejects"]
    assert (counts["messages"], counts["rejects"]) == (len(taken.messages), len(taken.rejects))


def test_a_bad_file_in_a_folder_is_a_reject(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(table(line(1), line(2)), encoding="utf-8")
    (tmp_path / "b.csv").write_bytes(b"PK\x03\x04 this is no zip")
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "d.txt").write_text("不是聊天记录\n", encoding="utf-8")
    (tmp_path / "e.csv").write_bytes(b"")
    for hidden in (".DS_Store", "~$锁.xlsx", "Thumbs.db"):
        (tmp_path / hidden).write_bytes(b"x")
    taken = read(tmp_path)
    assert (taken.counts["messages"], sorted(fault.file for fault in taken.broken)) == (
        2,
        ["b.csv", "c/d.txt", "e.csv"],
    )
    assert sorted(taken.rejects["file"]) == ["b.csv", "c/d.txt", "e.csv"]


def test_a_named_bad_file_ends_the_run(tmp_path: Path) -> None:
    good = tmp_path / "a.csv"
    good.write_text(table(line(1)), encoding="utf-8")
    broken = tmp_path / "b.xlsx"
    broken.write_bytes((SAMPLES / "layouts" / "plain.xlsx").read_bytes()[:3000])
    for bad in (broken, tmp_path / "没有.csv"):
        with pytest.raises(Faults) as caught:
            ingest.read([good, bad], Settings())
        assert bad.name in caught.value.said("zh")


def test_companions_in_a_folder_are_what_they_are() -> None:
    taken = read(SAMPLES / "shop")
    assert {name: len(tables) for name, tables in taken.companions.items()} == {"orders": 2, "people": 1, "sheets": 1}
    assert not taken.broken


def test_names_that_are_no_text_of_this_system(tmp_path: Path) -> None:
    name = os.fsencode(str(tmp_path)) + b"/" + "聊天.csv".encode("gbk")
    try:
        Path(os.fsdecode(name)).write_text(table(line(1)), encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert read(tmp_path).messages["file"].tolist() == ["聊天.csv"]


def test_same_names_are_told_apart(tmp_path: Path) -> None:
    for number, folder in enumerate(("甲", "乙")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.csv").write_text(table(line(number)), encoding="utf-8")
        (tmp_path / folder / "z.zip").write_bytes(writers.zip_of({"b.csv": table(line(number + 5)).encode()}))
    taken = ingest.read([tmp_path / "甲", tmp_path / "乙"], Settings())
    assert taken.messages["file"].nunique() == 4
    taken = ingest.read([tmp_path / "甲" / "a.csv", tmp_path / "乙" / "a.csv"], Settings())
    assert taken.messages["file"].nunique() == 2


def test_zips(tmp_path: Path) -> None:
    inner = writers.zip_of({"深.csv": table(line(3)).encode("gb18030")}, gbk=True)
    path = tmp_path / "聊天.zip"
    files = {
        "甲/一.csv": table(line(1)).encode(),
        "二.zip": inner,
        "__MACOSX/._一.csv": b"x",
        "../三.csv": table(line(4)).encode(),
    }
    for gbk in (True, False):
        path.write_bytes(writers.zip_of(files, gbk=gbk))
        taken = read(path)
        assert sorted(taken.messages["file"]) == ["聊天.zip/../三.csv", "聊天.zip/二.zip/深.csv", "聊天.zip/甲/一.csv"]
        assert not taken.broken


def test_zips_that_unpack_to_too_much(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    path.write_bytes(writers.zip_of({"a.csv": table(line(1)).encode(), "b.csv": b"0" * 50_000_000}))
    taken = read(path, max_unpacked_mb=2)
    assert (taken.counts["messages"], len(taken.broken)) == (1, 1)
    assert "max_unpacked_mb" in taken.broken[0].said("zh") and "2 MB" in taken.broken[0].said("en")


def test_zips_nested_too_deep(tmp_path: Path) -> None:
    data = table(line(1)).encode()
    for _ in range(6):
        data = writers.zip_of({"a.zip": data})
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(Faults, match="nested too deep"):
        read(tmp_path / "a.zip")


def test_zips_with_a_password_or_a_broken_member(tmp_path: Path) -> None:
    data = bytearray(writers.zip_of({"a.csv": table(line(1)).encode(), "b.csv": table(line(2)).encode() * 9}))
    for at in (data.find(b"PK\x01\x02") + 8, data.find(b"PK\x03\x04") + 6):
        data[at] |= 1
    at = data.find(b"PK\x03\x04", 10) + 30 + 5 + 8
    data[at : at + 8] = b"\xff" * 8
    (tmp_path / "a.zip").write_bytes(data + b"")
    (tmp_path / "c.csv").write_text(table(line(3)), encoding="utf-8")
    taken = read(tmp_path)
    assert [fault.file for fault in taken.broken] == ["a.zip/a.csv", "a.zip/b.csv"]
    assert "密码" in taken.broken[0].said("zh")


def test_overlapping_exports(tmp_path: Path) -> None:
    twice = [line(1), line(2, second=1), line(2, second=1)]  # 在吗 three times in one second
    (tmp_path / "a.csv").write_text(table(*twice, line(5, "好的")), encoding="utf-8")
    (tmp_path / "b.csv").write_text(table(*twice[1:], line(5, "好的"), line(9, "谢谢")), encoding="gb18030")
    once = read(tmp_path / "a.csv")
    assert once.counts == {"rows": 4, "messages": 4, "duplicates": 0, "rejects": 0}
    both = read(tmp_path)
    assert both.counts == {"rows": 8, "messages": 5, "duplicates": 3, "rejects": 0}
    assert both.messages["file"].tolist() == ["a.csv"] * 4 + ["b.csv"]
    again = ingest.read([tmp_path / "a.csv", tmp_path / "a.csv"], Settings())
    assert (again.counts["messages"], again.counts["duplicates"]) == (4, 4)
    assert again.messages["message_id"].tolist() == once.messages["message_id"].tolist()


def test_one_talk_in_two_layouts_counts_once() -> None:
    folder = SAMPLES / "layouts"
    alone = read(folder / "plain.csv")
    both = ingest.read([folder / "plain.csv", folder / "plain.xlsx"], Settings())
    assert both.messages["message_id"].tolist() == alone.messages["message_id"].tolist()


def test_newest_first(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        table(line(9, "三"), line(5, "二", second=5), line(4, "一", second=5)), encoding="utf-8"
    )
    taken = read(tmp_path / "a.csv")
    assert (taken.messages["text"].tolist(), taken.messages["row"].tolist()) == (["一", "二", "三"], [4, 3, 2])


def test_a_time_that_goes_backwards_is_kept(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(table(line(1), line(9, "二"), line(5, "三"), line(11, "四")), encoding="utf-8")
    assert read(tmp_path / "a.csv").messages["row"].tolist() == [2, 3, 4, 5]


def test_header_in_the_third_row(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('"千牛\n导出",,\n导出时间,2026-03-03\n' + table(line(1), line(2)), encoding="utf-8")
    assert read(tmp_path / "a.csv").messages["row"].tolist() == [4, 5]


def test_a_title_in_brackets(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("[示例店] 聊天记录\n" + table(line(1)), encoding="utf-8")
    assert read(tmp_path / "a.csv").counts["messages"] == 1


def test_aliases_and_settings(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("﻿ 买家昵称 ,发送者类型,聊天时间,聊天内容,备注\n甲,顾客,1772416865,a,b\n", encoding="utf-8")
    assert read(path).messages["text"].tolist() == ["a"]
    path.write_text("谁,哪边,几点,话\n甲,buyer,2026/3/2 10:01,a\n", encoding="utf-8")
    with pytest.raises(Faults, match="Unknown layout"):
        read(path)
    names = {"谁": "buyer", "哪边": "sender", "几点": "sent_at", "话": "text"}
    assert str(read(path, columns=names).messages["sent_at"].iloc[0]) == "2026-03-02 10:01:00+08:00"


def test_day_and_clock_in_two_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "买家,发送方,日期,时间,内容\n甲,买家,2026-03-02,10:01:05,a\n甲,买家,2026-03-02,2026-03-02 10:01:06,b\n",
        encoding="utf-8",
    )
    assert [f"{time:%d %H:%M:%S}" for time in read(path).messages["sent_at"]] == ["02 10:01:05", "02 10:01:06"]


@pytest.mark.parametrize("ends", [",", ",,,", ", "])
def test_trailing_delimiters(tmp_path: Path, ends: str) -> None:
    (tmp_path / "a.csv").write_text(table(line(1) + ends, line(2), line(3, '"a\nb"') + ends), encoding="utf-8")
    taken = read(tmp_path / "a.csv")
    assert (taken.messages["row"].tolist(), taken.messages["text"].tolist()[2]) == ([2, 3, 4], "a\nb")
    (tmp_path / "a.csv").write_text(table(line(1) + ",", line(2), header=HEADER + ","), encoding="utf-8")
    assert read(tmp_path / "a.csv").counts == {"rows": 2, "messages": 2, "duplicates": 0, "rejects": 0}


def test_a_table_without_times(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("会话ID,买家,发送方,内容\nS1,甲,买家,a\nS1,,客服,b\n", encoding="utf-8")
    taken = read(tmp_path / "a.csv")
    assert taken.messages["sent_at"].isna().all() and taken.messages["buyer"].tolist() == ["甲", "甲"]


def test_json_in_an_object(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"code": 0, "data": [{"buyer": "甲", "sender": "buyer", "content": "a\\ud83d"}]}')
    assert read(tmp_path / "a.json").messages["text"].tolist() == ["a\ufffd"]


def test_sheets_of_one_workbook(tmp_path: Path) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    for name, rows in (
        ("说明", [["看这里"]]),
        ("订单", [["订单编号", "店铺", "买家", "下单时间"], ["1", "店", "甲", "2026-03-02 10:00"]]),
        ("一", [HEADER.split(","), line(1).split(",")]),
        ("二", [HEADER.split(",")[::-1], line(2).split(",")[::-1]]),
    ):
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    book.close()
    taken = read(tmp_path / "a.xlsx")
    assert taken.messages["sent_at"].dt.second.tolist() == [1, 2]
    assert [note.zh.split("“")[1][:2] for note in taken.notes] == ["说明", "订单"]


def test_workbook_that_is_no_table(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<a/>")
    (tmp_path / "a.docx").write_bytes(stream.getvalue())
    with pytest.raises(Faults) as caught:
        read(tmp_path / "a.docx")
    assert "工作簿打不开" in caught.value.said("zh")


FLAT = """会话ID,日期,时间,对象,发话者,消息,消息状态,商品ID,商品
S0001,2026-03-02,10:01:05,客户,tb示例买家01,这款有现货吗,已读,600000000001,示例保温杯500ml
S0001,2026-03-02,10:01:31,客服,示例旗舰店:小雨,亲，有现货的哦,已读,,
S0001,2026-03-02,10:01:32,客服,示例旗舰店:小雨,请在客户端查看原始聊天记录，网页版无法展示,已读,,
"""


def test_a_flat_table_whose_buyer_is_the_speaker(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(FLAT, encoding="utf-8-sig")
    messages = read(tmp_path / "a.csv").messages
    assert messages["buyer"].tolist() == ["tb示例买家01"] * 3
    assert messages["agent"].astype(object).fillna("-").tolist() == ["-", "示例旗舰店:小雨", "示例旗舰店:小雨"]
    assert messages["kind"].tolist() == ["text", "text", "card"]
    assert messages["refs"].fillna("-").tolist() == ["600000000001", "-", "-"]
    assert str(messages["sent_at"].iloc[1]) == "2026-03-02 10:01:31+08:00"


@pytest.mark.parametrize(
    ("name", "settings", "times"),
    [
        ("a.csv", {}, ["-", "-", "-"]),
        ("a.csv", {"log_date": "2026-03-05"}, ["2026-03-05 23:58", "2026-03-05 23:59", "2026-03-06 00:01"]),
        ("导出_20260305.csv", {}, ["2026-03-04 23:58", "2026-03-04 23:59", "2026-03-05 00:01"]),
        ("导出_20260305.csv", {"log_date": "2026-03-01"}, ["2026-03-01 23:58", "2026-03-01 23:59", "2026-03-02 00:01"]),
        ("导出_20261305.csv", {}, ["-", "-", "-"]),
    ],
)
def test_times_without_a_day(tmp_path: Path, name: str, settings: dict[str, str], times: list[str]) -> None:
    """The day is the user's, else the file name's (the day of the export, so the talk's last), else there is none."""
    talk = (("买家", "23:58", "在吗"), ("客服", "23:59", "在"), ("买家", "0:01", "好"))
    rows = [f"S1,tb甲,{who},{clock},{text}" for who, clock, text in talk]
    (tmp_path / name).write_text("\n".join(["会话,买家,发送方,时间,内容", *rows]), encoding="utf-8")
    taken = read(tmp_path / name, **settings)
    said = ["-" if time is pd.NaT else f"{time:%Y-%m-%d %H:%M}" for time in taken.messages["sent_at"]]
    assert said == times
    told = [note.en for note in taken.notes]
    assert ("log_date" in settings) == (not told)
    assert all("--date" in note for note in told)
