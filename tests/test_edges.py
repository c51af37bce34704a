"""Edges that a first reader of the contract would try, end to end."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from chataudit.cli import main
from chataudit.ingest import read
from chataudit.ingest.refs import refs_in
from chataudit.settings import Settings

HEAD = "平台,店铺,买家,客服,发送方,时间,内容\n"
JD = """/*****************以下为一通会话************************************/
k****aa 2026-03-02 10:00:00\t
没人回吗\t
/*****************以下为一通会话************************************/
m****bb 2026-03-02 10:10:00\t
在吗\t
示例家电-小何 2026-03-02 10:10:05\t
在的\t
"""
WANGWANG = """示例旗舰店:小雨

================================================================
                               单聊


----------------------------tb买家01----------------------------
tb买家01(2026-03-02 10:01:05):  在吗
示例旗舰店:小雨(2026-03-02 10:01:31):  在的
由 示例旗舰店:小雨 转交给 示例旗舰店:小林
原因：【离线留言自动分配】
示例旗舰店:小林(2026-03-02 10:01:55):  我来
----------------------------tb买家03----------------------------
tb买家03(2026-03-02 11:00:00):  没人理
"""


def rows(out: Path, name: str) -> list[dict[str, str]]:
    with (out / "tables" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["audit", *words, "--out", str(folder / "out")])


def test_an_unanswered_conversation_stays_in_its_shop(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(JD, encoding="utf-8")
    messages = read([tmp_path / "a.log"], Settings()).messages
    assert set(messages["shop"]) == {"示例家电"}


def test_a_hand_over_without_a_time_is_a_transfer(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(WANGWANG.encode("gb18030"))
    messages = read([tmp_path / "a.txt"], Settings()).messages
    handed = messages[messages["kind"] == "transfer"]
    assert handed["agent"].tolist() == ["示例旗舰店:小林"]
    assert handed["sender"].tolist() == ["system"]
    assert messages.loc[messages["kind"] == "text", "text"].tolist() == ["在吗", "在的", "我来", "没人理"]


def test_the_exporting_account_has_the_chats_that_nobody_else_joined(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(WANGWANG.encode("gb18030"))
    messages = read([tmp_path / "a.txt"], Settings()).messages
    alone = messages[messages["buyer"] == "tb买家03"]
    assert alone["agent"].tolist() == ["示例旗舰店:小雨"]


@pytest.mark.parametrize(
    ("text", "refs"),
    [
        ("身份证330106199001011234", []),
        ("卡号6222021234567890123", []),
        ("6222021234567890123", []),
        ("订单1930000000000000001到哪了", ["1930000000000000001"]),
        ("1930000000000000001", ["1930000000000000001"]),
    ],
)
def test_personal_numbers_are_no_references(text: str, refs: list[str]) -> None:
    assert refs_in(text) == refs


def test_hits_show_no_more_than_the_message(tmp_path: Path) -> None:
    talk = HEAD + "淘宝,店,b1,,买家,2026-03-02 10:00:00,在吗\n淘宝,店,b1,A1,客服,2026-03-02 10:00:10,加微信abc12345吧\n"
    (tmp_path / "a.csv").write_text(talk, encoding="utf-8")
    assert run(tmp_path, str(tmp_path / "a.csv")).exit_code == 0
    spans = [row["text"] for row in rows(tmp_path / "out", "hits") if row["level"] == "red"]
    assert spans and all("abc12345" not in span for span in spans)
    masked = rows(tmp_path / "out", "messages")[1]["text"]
    assert len(masked) == len("加微信abc12345吧") and "abc12345" not in masked


def test_a_person_with_two_accounts_has_a_buyer_once(tmp_path: Path) -> None:
    talk = HEAD + "".join(
        f"淘宝,店,b1,{agent},{sender},2026-03-02 10:{at:02}:00,话{at}\n"
        for at, (sender, agent) in enumerate([("买家", ""), ("客服", "A1"), ("买家", ""), ("客服", "A2")])
    )
    (tmp_path / "a.csv").write_text(talk, encoding="utf-8")
    (tmp_path / "p.csv").write_text("账号,姓名\nA1,张三\nA2,张三\n", encoding="utf-8")
    assert run(tmp_path, str(tmp_path / "a.csv"), "--people", str(tmp_path / "p.csv")).exit_code == 0
    (mark,) = [row for row in rows(tmp_path / "out", "marks") if row["item"] == "consulted"]
    assert json.loads(mark["evidence"])["numerator"] == 1
    assert [row["consulted_n"] for row in rows(tmp_path / "out", "agents")] == ["1", "1"]


def test_faults_of_several_files_are_said_together(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(HEAD + "淘宝,店,b1,,买家,2026-03-02 10:00:00,在吗\n", encoding="utf-8")
    (tmp_path / "o.csv").write_text("订单编号,下单时间\nO1,昨天\n", encoding="utf-8")
    (tmp_path / "p.csv").write_text("账号,姓名,入职日期\nA1,张三,很久\n", encoding="utf-8")
    names = ("--orders", str(tmp_path / "o.csv"), "--people", str(tmp_path / "p.csv"), "--card", "nix")
    done = run(tmp_path, str(tmp_path / "a.csv"), *names)
    assert done.exit_code == 2
    for part in ("o.csv:2:2", "p.csv:2:3", "nix"):
        assert part in done.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("days", ["2026-03-04..2026-03-03", "2026-02-30"])
def test_days_that_are_none_are_faults(tmp_path: Path, days: str) -> None:
    (tmp_path / "a.csv").write_text(HEAD + "淘宝,店,b1,,买家,2026-03-02 10:00:00,在吗\n", encoding="utf-8")
    done = run(tmp_path, str(tmp_path / "a.csv"), "--date", days)
    assert done.exit_code == 2
    assert "2026" in done.output and "没有会话" not in done.output


def test_foreign_files_in_the_tables_folder_stay(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(HEAD + "淘宝,店,b1,,买家,2026-03-02 10:00:00,在吗\n", encoding="utf-8")
    assert run(tmp_path, str(tmp_path / "a.csv")).exit_code == 0
    (tmp_path / "out" / "tables" / "mine.csv").write_text("x", encoding="utf-8")
    assert run(tmp_path, str(tmp_path / "a.csv")).exit_code == 0
    assert (tmp_path / "out" / "tables" / "mine.csv").read_text(encoding="utf-8") == "x"


def test_assist_mode_is_told_by_the_settings(tmp_path: Path) -> None:
    talk = HEAD + "淘宝,店,b1,,买家,2026-03-02 10:00:00,在吗\n淘宝,店,b1,小助手,客服,2026-03-02 10:00:01,您好\n"
    (tmp_path / "a.csv").write_text(talk, encoding="utf-8")
    assert read([tmp_path / "a.csv"], Settings()).messages["sender"].tolist() == ["buyer", "agent"]
    assisted = read([tmp_path / "a.csv"], Settings(assists=("小助手",))).messages
    assert assisted["sender"].tolist() == ["buyer", "assist"]


def test_orders_without_a_setting(tmp_path: Path) -> None:
    """A platform's own order export beside a chat table that names no platform and no shop; one row of it is bad."""
    chat = "买家,客服,发送方,时间,内容\ntb1,示例店:小雨,买家,2026-03-02 10:00:00,有货吗\ntb1,示例店:小雨,客服,2026-03-02 10:00:10,有的\n"
    export = (
        "订单编号,买家会员名,买家应付邮费,买家实际支付金额,订单状态,订单创建时间,订单付款时间 ,宝贝标题 ,店铺名称,退款金额\n"
        '="193",tb1,0.00,89.00,交易成功,2026-03-02 10:20:01,2026-03-02 10:21:12,杯,示例店,无退款申请\n'
        '="194",tb1,0.00,八十,交易成功,2026-03-02 10:30:01,2026-03-02 10:31:12,杯,示例店,无退款申请\n'
    )
    (tmp_path / "a.csv").write_text(chat, encoding="utf-8")
    (tmp_path / "ExportOrderList.csv").write_bytes(export.encode("gb18030"))
    for given in (["--orders", str(tmp_path / "ExportOrderList.csv")], [str(tmp_path / "ExportOrderList.csv")]):
        done = run(tmp_path, str(tmp_path / "a.csv"), *given)
        assert done.exit_code == 0, done.output
        (sale,) = [row for row in rows(tmp_path / "out", "conversions") if row["judged_by"] == "order_first"]
        assert [sale[name] for name in ("order_id", "role", "agent", "amount", "refund", "join")] == [
            "193", "owner", "示例店:小雨", "89.00", "0.00", "buyer",
        ]  # fmt: skip
        (reject,) = rows(tmp_path / "out", "rejects")
        assert (reject["row"], reject["column"], reject["value"]) == ("3", "买家实际支付金额", "八十")
        assert "金额读不懂" in reject["reason"]
        counts = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))["counts"]
        assert (counts["rows"], counts["messages"], counts["rejects"]) == (3, 2, 1)


def test_formats_know_orders(tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_text(
        "订单号,下单帐号,下单时间,应付金额,余额支付,京东价,付款确认时间,\n1,甲,2026-03-02 10:00:00,80.00,9.00,99,2026-03-02 10:01:00,\n",
        encoding="utf-8",
    )
    done = CliRunner().invoke(main, ["formats", "detect", str(tmp_path / "o.csv")])
    assert done.exit_code == 0
    for part in ("京东 订单列表", "下单帐号、", "“余额支付” → amount", "“京东价” → 不读"):
        assert part in done.output
    listed = CliRunner().invoke(main, ["formats", "--lang", "en"]).output
    assert "pdd_orders\tPinduoduo list of orders" in listed and "wecom\t" in listed
