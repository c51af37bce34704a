"""What a text, a name and a time are told to be: kinds, references, roles, times, encodings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from chataudit import ingest
from chataudit.arrays import TEXT, as_code
from chataudit.errors import Faults
from chataudit.ingest.decode import clean, clean_escaped, decode
from chataudit.ingest.kinds import fill_kinds
from chataudit.ingest.refs import find_refs, refs_in
from chataudit.ingest.roles import role_of
from chataudit.ingest.times import read_times
from chataudit.settings import Settings

KINDS = [
    ("text", "在吗"),
    ("text", ""),
    ("text", "   "),
    ("text", "[图片] 看这个"),
    ("text", "？"),
    ("text", "好的😊"),
    ("text", "系统提示付款失败怎么办"),
    ("text", "http://example.com/a"),
    ("text", "看 https://item.jd.com/100000000001.html 这个"),
    ("image", "[图片]"),
    ("image", "　[图片] "),
    ("image", "https://img.alicdn.com/a/b.JPG?x=1"),
    ("image", "HTTPS://a.cn/b.png"),
    ("card", "https://item.taobao.com/item.htm?id=600000000001"),
    ("card", "`https://detail.tmall.com/item.htm?id=1`"),
    ("card", "https://item.jd.com/100000000001.html"),
    ("card", "https://mobile.yangkeduo.com/goods.html?goods_id=1"),
    ("card", "请在客户端查看原始聊天记录，网页版无法展示"),
    ("card", "仅发送商品链接"),
    ("card", "[商品]"),
    ("card", "【此消息为欢迎卡片或富文本模板答案，聊天记录中暂不支持展示】"),
    ("card", "咨询订单号:123456789 商品ID:1"),
    ("card", "您选择了一个订单进行咨询（订单号：1；商品编号：2）"),
    ("file", "[语音]"),
    ("file", "<recognition>你好</recognition>a.amr"),
    ("file", "voice/1.amr "),
    ("emoji", "😊"),
    ("emoji", "/:^_^"),
    ("emoji", "#E-s21#E-s01"),
    ("emoji", "[微笑]　😊"),
    ("emoji", "👍🏽"),
    ("recall", "tb示例买家01 撤回了一条消息"),
    ("recall", "[撤回]"),
    ("recall", "对方撤回一条消息。"),
    ("transfer", "用户发起转人工"),
    ("transfer", "由 服务助手 转交给 示例店:小林"),
    ("transfer", "商家已将会话转接给小林"),
    ("event", "系统提示：尊敬的客户，本次会话将在两分钟后自动切断哦"),
    ("event", "当前用户来自 商品详情页"),
    ("event", "客服小林已接入会话"),
]


def messages_of(texts: list[str], sender: str, kind: str | None = None) -> pd.DataFrame:
    size = len(texts)
    codes = {
        "kind": [kind] * size,
        "sender": [sender] * size,
        "agent": ["示例店:小雨" if sender == "agent" else None] * size,
    }
    return pd.DataFrame(
        {
            **{name: as_code(pd.Series(cells, dtype=TEXT)) for name, cells in codes.items()},
            "text": pd.Series(texts, dtype=TEXT),
        }
    )


@pytest.mark.parametrize("said", [None, "text"])
def test_kinds(said: str | None) -> None:
    found = fill_kinds(messages_of([text for _, text in KINDS], "buyer", said))
    assert list(zip(found["kind"], [text for _, text in KINDS], strict=True)) == KINDS


def test_a_kind_that_the_export_names_stands() -> None:
    assert fill_kinds(messages_of(["[图片]", "在吗"], "buyer", "card"))["kind"].tolist() == ["card", "card"]


def test_transfers_and_notices_are_the_systems() -> None:
    texts = ["用户发起转人工", "由 服务助手 转交给 示例店:小林", "转接给人工", "系统提示：会话将切断", "在吗"]
    of_buyer = fill_kinds(messages_of(texts, "buyer"))
    assert of_buyer["sender"].tolist() == ["system", "system", "buyer", "system", "buyer"]
    assert of_buyer["kind"].tolist() == ["transfer", "transfer", "text", "event", "text"]
    of_agent = fill_kinds(messages_of(texts, "agent"))
    assert of_agent["kind"].tolist()[2] == "transfer"
    assert of_agent["agent"].tolist()[1:3] == ["示例店:小林", "人工"]


@pytest.mark.parametrize(
    ("text", "refs"),
    [
        ("https://item.taobao.com/item.htm?id=600000000001", ["600000000001"]),
        ("https://item.taobao.com/item.htm?spm=a.1&id=612345", ["612345"]),
        ("https://item.jd.com/12345.html", ["12345"]),
        ("https://detail.1688.com/offer/612345678901.html", ["612345678901"]),
        ("订单号：12345678 和 商品ID:87654321", ["12345678", "87654321"]),
        ("我的订单1930000000000000001到哪了", ["1930000000000000001"]),
        ("230101-123456789012345", ["230101-123456789012345"]),
        ("两次 1930000000000000001，1930000000000000001", ["1930000000000000001"]),
        ("电话 13800138000", []),
        ("20260302", []),
        ("订单号 1234567", []),
        ("价格 12345678.90", []),
        ("１９３００００００００００００００１", []),
        ("1930000000000000001.5", []),
        ("", []),
        ("123456789012345678901234", []),
    ],
)
def test_refs(text: str, refs: list[str]) -> None:
    assert refs_in(text) == refs
    whole = find_refs(pd.Series(["在吗", text], dtype=TEXT))
    assert whole.isna().tolist() == [True, not refs]


def test_refs_join_those_of_the_export() -> None:
    found = find_refs(
        pd.Series(["订单号 12345678", "在吗", "单号 12345678"], dtype=TEXT), pd.Series(["7", "8", None], dtype=TEXT)
    )
    assert found.tolist() == ["7|12345678", "8", "12345678"]


@pytest.mark.parametrize(
    ("account", "buyer", "sender", "guessed"),
    [
        ("示例店:小雨", "tb甲", "agent", False),
        ("示例店", "tb甲", "agent", False),
        ("tb甲", "tb甲", "buyer", False),
        ("j****db", None, "buyer", False),
        ("jimi_vender_100200300", "tb甲", "bot", False),
        ("服务助手", "tb甲", "bot", False),
        ("robot@im.jd.com", None, "bot", False),
        ("小周", "tb甲", "agent", False),
        ("别名", "tb甲", "agent", True),
        ("别名", None, "buyer", True),
        ("品牌自营沭阳8", None, "agent", True),
        ("示例店：全角", "tb甲", "agent", True),
    ],
)
def test_roles(account: str, buyer: str | None, sender: str, guessed: bool) -> None:
    settings = Settings(agents=("小周",), bots=("服务助手",))
    assert role_of(account, buyer=buyer, shop="示例店", settings=settings) == (sender, guessed)


def times(*cells: str | None, zone: str = "Asia/Shanghai") -> list[str | None]:
    found = read_times(pd.Series(list(cells), dtype=TEXT), zone)
    assert found.dtype == pd.DatetimeTZDtype("ms", zone)
    return [None if pd.isna(time) else time.isoformat() for time in found]


TEN = "2026-03-02T10:01:05+08:00"


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-02 10:01:05",
        "2026-03-02T10:01:05",
        "2026/3/2 10:01:05",
        "2026/03/02 10:01:05",
        "2026年3月2日 10:01:05",
        "2026年03月02日10:01:05",
        "2026.03.02 10:01:05",
        "20260302 10:01:05",
        "20260302100105",
        "2026-03-02T02:01:05Z",
        "2026-03-02 10:01:05+08:00",
        "2026-03-02T10:01:05+0800",
        "2026-03-01T21:01:05-05:00",
        "1772416865",
        "1772416865000",
        "1772416865.0",
        "46083.41741898148",
        " 2026-03-02 10:01:05\t",
        "'2026-03-02 10:01:05",
        '="2026-03-02 10:01:05"',
        "2026-03-02 10:01:05.0004",
        "2026-03-02 10:01:04.9996",
    ],
)
def test_times(cell: str) -> None:
    assert times(cell) == [TEN]
    assert times(cell, "不是时间", None, "2026-03-02 10:01:05") == [TEN, None, None, TEN]  # in mixed company, too


def test_times_to_the_minute_and_to_the_day() -> None:
    assert times("2026/3/2 10:01", "2026-03-02 9:05", "2026/3/2", "46083") == [
        "2026-03-02T10:01:00+08:00",
        "2026-03-02T09:05:00+08:00",
        "2026-03-02T00:00:00+08:00",
        "2026-03-02T00:00:00+08:00",
    ]


@pytest.mark.parametrize(
    "cell",
    [
        "",
        " ",
        "昨天",
        "2026-02-30 10:00:00",
        "2026/2/30 10:00",
        "2026/4/31 10:00",
        "2026-13-01 10:00:00",
        "2026-03-02 25:00:00",
        "2026-03-02 24:00:00",
        "2026-03-02 10:61:00",
        "0001-01-01 00:00:00",
        "9999-12-31 23:59:59",
        "0000-00-00 00:00:00",
        "1899-12-30 10:00:00",
        "10:01:05",
        "26-3-2 10:00",
        "2026",
        "99999999999999999999",
        "0001-01-01T00:00:00Z",
        "-1",
    ],
)
def test_no_times(cell: str) -> None:
    assert times(cell) == [None]
    assert times("2026-03-02 10:01:05", cell) == [TEN, None]


def test_times_of_summer_time() -> None:
    """An hour that happens twice is its second; one that is skipped moves on."""
    assert times(
        "2026-11-01 01:30:00", "2026-03-08 02:30:00", "2026-11-01T01:30:00-04:00", zone="America/New_York"
    ) == ["2026-11-01T01:30:00-05:00", "2026-03-08T03:00:00-04:00", "2026-11-01T01:30:00-04:00"]


@pytest.mark.parametrize(
    "form", ["%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y年%m月%d日 %H:%M:%S", "%Y-%m-%dT%H:%M:%S+08:00"]
)
def test_quick_and_careful_ways_agree(form: str) -> None:
    days = pd.date_range("2023-12-30 23:59:58", "2025-03-02", freq="37h11min").strftime(form).tolist()
    assert times(*days) == times(*days, "20260302 10:01:05")[:-1]


@pytest.mark.parametrize(
    ("data", "text", "encoding", "lost"),
    [
        ("你好".encode(), "你好", "utf-8", 0),
        ("你好".encode("utf-8-sig"), "你好", "utf-8", 0),
        ("你好".encode("gb18030"), "你好", "gb18030", 0),
        ("你好😊".encode("utf-16"), "你好😊", "utf-16", 0),
        ("你好".encode("utf-16-be"), None, None, None),
        (b"", "", "utf-8", 0),
        ("你好啊".encode()[:-1], "你好\ufffd", "utf-8", 1),
        (b"a" + "你".encode("gbk"), "a你", "gb18030", 0),
        ("你好".encode() + b"\xff" + "好的".encode(), "你好\ufffd好的", "utf-8", 1),
    ],
)
def test_decode(data: bytes, text: str | None, encoding: str | None, lost: int | None) -> None:
    if text is not None:
        assert decode(data) == (text, encoding, lost)
    else:
        decode(data)


def test_clean() -> None:
    assert clean("\ufeff在\x03吗\u00a0?\r\na\rb\tc") == "在吗 ?\na\nb\tc"
    assert clean_escaped("好\ud83d") == "好\ufffd"


def rows(tmp_path: Path, header: str, *lines: str, **settings: Any) -> ingest.Ingested:
    (tmp_path / "a.csv").write_text("\n".join([header, *lines]), encoding="utf-8")
    return ingest.read([tmp_path / "a.csv"], Settings(**settings))


def test_roles_from_accounts(tmp_path: Path) -> None:
    taken = rows(
        tmp_path,
        "店铺,买家,发送者,时间,内容",
        "示例店,tb甲,tb甲,2026-03-02 10:00:00,在吗",
        "示例店,tb甲,示例店:小雨,2026-03-02 10:00:05,在的",
        "示例店,tb甲,小何,2026-03-02 10:00:06,我来",
        "示例店,tb甲,助手,2026-03-02 10:00:07,您好",
    )
    assert taken.messages["sender"].tolist() == ["buyer", "agent", "agent", "agent"]
    assert taken.messages["agent"].isna().tolist() == [True, False, False, False]
    assert taken.messages["agent"].tolist()[1:] == ["示例店:小雨", "小何", "助手"]
    assert "小何=agent" in taken.notes[0].zh and "guessed" in taken.notes[0].en
    told = rows(
        tmp_path,
        "店铺,买家,发送者,时间,内容",
        "示例店,tb甲,小何,2026-03-02 10:00:06,我来",
        "示例店,tb甲,助手,2026-03-02 10:00:07,您好",
        agents=["小何"],
        bots=["助手"],
    )
    assert (told.messages["sender"].tolist(), told.notes) == (["agent", "bot"], ())


def test_settings_tell_bots_and_automatic_texts(tmp_path: Path) -> None:
    taken = rows(
        tmp_path,
        "买家,客服,发送方,时间,内容",
        "甲,店:1,客服,2026-03-02 10:00:00, 稍等 ",
        "甲,店:2,客服,2026-03-02 10:00:01,在",
        "甲,店:1,买家,2026-03-02 10:00:02,稍等",
        auto_replies=["稍等"],
        bots=["店:2"],
    )
    assert taken.messages["sender"].tolist() == ["auto", "bot", "buyer"]


def test_masked_buyers(tmp_path: Path) -> None:
    taken = rows(tmp_path, "买家,发送方,内容", "t**1,买家,a", "tb甲,买家,b")
    assert taken.messages["masked"].tolist() == [True, False]


def test_settings_columns_that_do_not_exist(tmp_path: Path) -> None:
    with pytest.raises(Faults) as caught:
        rows(tmp_path, "买家,发送方,内容", "甲,买家,a", columns={"正文": "txt"})
    assert "正文" in caught.value.said("zh") and "text" in caught.value.said("en")
