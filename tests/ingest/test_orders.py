"""Orders of every platform: the same orders in any dialect are the same table; every quirk; what is wrong is said."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from ingest.order_writers import WRITERS, Grid, Item, Order, csv_bytes, plain

from chataudit.errors import Faults
from chataudit.ingest.orders import DIALECTS, Dialect, Orders, merged, read_orders
from chataudit.ingest.sources import Source
from chataudit.settings import Settings
from chataudit.tables import ORDERS


def read(content: bytes | str, wanted: str | None = None, **own: Any) -> Orders:
    data = content.encode() if isinstance(content, str) else content
    taken = read_orders(Source("o.csv", content=data), Settings(**own), wanted)
    assert taken is not None
    assert not ORDERS.check(taken.table), ORDERS.check(taken.table)
    return taken


def rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the table as plain values, null as None."""
    made = []
    for row in table.to_dict("records"):
        cells = {name: None if pd.isna(cell) else cell for name, cell in row.items()}
        made.append(
            {name: cell.to_pydatetime() if isinstance(cell, pd.Timestamp) else cell for name, cell in cells.items()}
        )
    return made


def same(table: pd.DataFrame, orders: list[Order], carried: frozenset[str]) -> None:
    got = [{name: row[name] for name in sorted(carried)} for row in rows(table)]
    wanted = [{name: order.row()[name] for name in sorted(carried)} for order in orders]
    assert got == wanted


# --- The same orders in every dialect --------------------------------------------------------------------------------

MONEY = st.integers(1, 9_999_999).map(lambda cents: Decimal(cents) / 100)
TIME = st.datetimes(dt.datetime(2013, 1, 1), dt.datetime(2029, 1, 1)).map(lambda time: time.replace(microsecond=0))
NAME = st.text("甲乙示例买家_ab1*·-", min_size=1, max_size=8).map(lambda name: f"买{name}")


@st.composite
def drawn_orders(draw: st.DrawFn) -> list[Order]:
    """Orders that all dialects can say: a refund is all of what was paid, a closed order is refunded, none is half closed."""
    numbers = draw(st.lists(st.integers(10**5, 10**14), unique=True, min_size=1, max_size=6))
    made = []
    for number in numbers:
        ordered = draw(TIME)
        status = draw(st.sampled_from(["待付款", "待发货", "已发货", "已完成", "已关闭"]))
        paid = status != "待付款" and (status != "已关闭" or draw(st.booleans()))
        back = paid and (status == "已关闭" or draw(st.booleans()))
        prices = draw(st.lists(MONEY, min_size=1, max_size=3)) if paid else [Decimal(0)]
        ids = draw(st.lists(st.integers(10**8, 10**12).map(str), min_size=len(prices), max_size=len(prices)))
        made.append(
            Order(
                f"{ordered:%y%m%d}-{number:015}",
                draw(NAME),
                ordered,
                ordered + dt.timedelta(seconds=draw(st.integers(1, 10**5))) if paid else None,
                status,
                tuple(Item(one, price, price if back else Decimal(0)) for one, price in zip(ids, prices, strict=True)),
                draw(MONEY) if paid else Decimal(0),
                draw(MONEY) if paid else Decimal(0),
            )
        )
    return made


@given(
    drawn_orders(), st.sampled_from(["utf-8-sig", "utf-8", "gb18030", "utf-16"]), st.sampled_from(["\n", "\r\n", "\r"])
)
@settings(max_examples=30, deadline=None)
def test_the_same_orders_in_every_dialect_are_the_same_table(orders: list[Order], encoding: str, ends: str) -> None:
    for kind, (name, write, carried) in WRITERS.items():
        taken = read(csv_bytes(write(orders), encoding=encoding, ends=ends))
        assert (kind, taken.told.dialect.name) == (kind, name)
        assert not len(taken.rejects)
        same(taken.table, orders, carried)


@given(drawn_orders(), st.randoms(use_true_random=False))
@settings(max_examples=12, deadline=None)
def test_columns_in_any_order_and_columns_more(orders: list[Order], chance: Any) -> None:
    for name, write, carried in WRITERS.values():
        grid = [[*row, "别的", f"x{number}"] for number, row in enumerate(write(orders))]
        place = list(range(len(grid[0])))
        chance.shuffle(place)
        taken = read(csv_bytes([[row[at] for at in place] for row in grid]))
        assert taken.told.dialect.name == name
        same(taken.table, orders, carried)


@given(drawn_orders())
@settings(max_examples=8, deadline=None)
def test_a_spreadsheet_saved_it_anew(orders: list[Order]) -> None:
    """Times to the minute, dates as days of Excel, amounts and ids as floats."""
    minute = [
        Order(
            order.number,
            order.buyer,
            order.ordered_at.replace(second=0),
            order.paid_at.replace(second=0) if order.paid_at else None,
            order.status,
            order.items,
            order.postage,
            order.commission,
        )
        for order in orders
    ]
    for name, write, carried in WRITERS.values():
        grid = [[_resaved(cell) for cell in row] for row in write(orders)]
        for data in (csv_bytes(grid), workbook(grid, floats=True)):
            taken = read(data)
            assert taken.told.dialect.name == name
            same(taken.table, minute, carried)


def _resaved(cell: str) -> str:
    try:
        time = dt.datetime.strptime(cell.strip(), "%Y-%m-%d %H:%M:%S")
    except ValueError:
        return cell
    return f"{time.year}/{time.month}/{time.day} {time.hour}:{time:%M}"


def workbook(grid: Grid, *, floats: bool = False) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("订单")
    for at, row in enumerate(grid):
        for column, cell in enumerate(row):
            number = cell.replace(".", "", 1).isdigit() and len(cell) < 16
            if floats and at and number and not (cell.startswith("0") and "." not in cell):
                sheet.write_number(at, column, float(cell))
            else:
                sheet.write_string(at, column, cell)
    book.close()
    return stream.getvalue()


# --- Hand-made files, as the platforms write them --------------------------------------------------------------------

FILES = Path(__file__).parent / "orders"


def hand_made(name: str) -> str:
    return (FILES / f"{name}.csv").read_text(encoding="utf-8")


def told_in_text(table: pd.DataFrame) -> str:
    """Return a table as the files of expected orders have it: a block per order, a line per cell that is not empty."""
    return "\n".join(
        "".join(f"{name}: {cell}\n" for name, cell in row.items() if cell is not None) for row in rows(table)
    )


@pytest.mark.parametrize("name", [dialect.name for dialect in DIALECTS])
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
def test_hand_made_exports(name: str, encoding: str) -> None:
    taken = read(hand_made(name).encode(encoding))
    assert (taken.told.dialect.name, len(taken.rejects)) == (name, 0)
    assert told_in_text(taken.table) == (FILES / f"{name}.expected.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_examples_are_true(dialect: Dialect) -> None:
    taken = read(dialect.example)
    assert (taken.told.dialect.name, len(taken.table), len(taken.rejects)) == (dialect.name, 1, 0)


def test_what_was_left_out_and_guessed_is_said() -> None:
    (guess, total) = [note.zh for note in read(hand_made("pdd_orders")).notes]
    assert "1 单没有成交时间" in guess and "1 行合计" in total
    notes = [note.zh for note in read(hand_made("jd_orders")).notes]
    assert "2 行“(删除)”订单已付过款" in notes[0] and "3 行合为 2 单" in notes[1]


def test_the_reason_names_the_headings() -> None:
    assert {"下单帐号", "京东价", "余额支付"} <= set(read(hand_made("jd_orders")).told.signs)
    assert "下单帐号" in read(hand_made("jd_orders")).told.reason.zh


# --- Cells ---------------------------------------------------------------------------------------------------------

HEAD = "订单编号,店铺,买家,下单时间,付款时间,实付金额,商品ID\n"


@pytest.mark.parametrize(
    "cell", ["O1", '="O1"', "'O1", '"O1\t"', "\tO1", " O1 ", "'\tO1", '"=""O1"""', "\u00a0O1\u3000"]
)
def test_numbers_are_unwrapped(cell: str) -> None:
    assert read(f"{HEAD}{cell},店,甲,2026-03-02 10:00:00,,1,\n").table["order_id"].tolist() == ["O1"]


@pytest.mark.parametrize(("cell", "number"), [("290000000001.0", "290000000001"), ("290000000001.00", "290000000001")])
def test_numbers_that_became_fractions(cell: str, number: str) -> None:
    taken = read(f"{HEAD}{cell},店,甲,2026-03-02 10:00:00,,1,{cell}\n")
    assert (taken.table["order_id"].tolist(), taken.table["item_ids"].tolist()) == ([number], [number])


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("0元", "0.00"),
        ("89", "89.00"),
        ("￥89.5", "89.50"),
        ("¥ 1,234.50", "1234.50"),
        ("1,234.5元", "1234.50"),
        ("'89.00", "89.00"),
        ('="89.00"', "89.00"),
        ('"89.00"', "89.00"),
        ("８９．００", "89.00"),
        ("-5", "-5.00"),
        ("0.30000000000000004", "0.30"),
        ("0.125", "0.125"),
        ("1E+2", "100.00"),
    ],
)
def test_amounts_are_exact(cell: str, amount: str) -> None:
    made = read(csv_bytes([HEAD.strip().split(","), ["O1", "店", "甲", "2026-03-02 10:00:00", "", cell, ""]]))
    assert [format(one, "f") for one in made.table["amount"]] == [amount]


@pytest.mark.parametrize("word", ["null", "'null", "NULL", "NaN", "-", "--", "", "None", "无"])
def test_words_for_nothing(word: str) -> None:
    made = read(f"{HEAD}O1,店,甲,2026-03-02 10:00:00,{word},{word},{word}\n").table
    assert made[["paid_at", "amount", "item_ids"]].isna().all(axis=None)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-02 10:20:00",
        "2026/3/2 10:20",
        "2026年3月2日 10:20",
        "'2026-03-02 10:20:00",
        "46083.430555555555",
        "1772418000",
    ],
)
def test_times(cell: str) -> None:
    assert read(f"{HEAD}O1,店,甲,{cell},,1,\n").table["ordered_at"].tolist() == [
        pd.Timestamp("2026-03-02 10:20:00+08:00")
    ]


@given(st.lists(st.decimals(-(10**8), 10**8, places=4), min_size=1, max_size=30))
@settings(max_examples=40, deadline=None)
def test_sums_of_items_are_exact(amounts: list[Decimal]) -> None:
    header = "主订单编号,子订单编号,订单提交时间,支付完成时间,订单应付金额\n"
    lines = [f"O1,S{at},2026-03-02 10:00:00,2026-03-02 10:00:01,{one:f}\n" for at, one in enumerate(amounts)]
    assert read(header + "".join(lines)).table["amount"].tolist() == [sum(amounts, Decimal(0))]


# --- What is wrong ---------------------------------------------------------------------------------------------------


def test_a_bad_row_is_a_reject_and_the_rest_goes_on() -> None:
    taken = read(
        HEAD
        + "O1,店,甲,2026-03-02 10:00:00,,89,\n"
        + "O2,店,甲,昨天,,八十,\n"
        + ",店,甲,2026-03-02 10:00:00,,89,\n"
        + "O3,店,甲,2026-03-02 10:00:00,,八十,\n"
        + "1.93E+18,店,甲,2026-03-02 10:00:00,,1,\n"
        + "O4,店,甲\n"
        + ",,,,,,\n"
    )
    assert taken.table["order_id"].tolist() == ["O1"]
    told = taken.rejects[["row", "column", "reason", "value"]].astype(object)
    assert told.where(told.notna(), None).to_numpy().tolist() == [
        [3, "下单时间", "no time that can be read", "昨天"],
        [4, "订单编号", "no order number", ""],
        [5, "实付金额", "no amount that can be read", "八十"],
        [6, "订单编号", "an order number that a spreadsheet rounded", "1.93E+18"],
        [7, None, "3 cells, the header has 7", "O4,店,甲"],
    ]


@pytest.mark.parametrize("cell", ["1e999999999", "-1e999999999", "inf", "NaN1", "10000000001", "1e-999999999", "三十"])
def test_amounts_beyond_reckoning(cell: str) -> None:
    taken = read(HEAD + f"O1,店,甲,2026-03-02 10:00:00,,{cell},\nO2,店,甲,2026-03-02 10:00:00,,1,\n")
    assert taken.table["order_id"].tolist() in (["O2"], ["O1", "O2"])
    assert all(abs(one) < 10**10 for one in taken.table["amount"])


def test_a_file_without_a_good_row_is_faulty() -> None:
    with pytest.raises(Faults) as caught:
        read(HEAD + "O1,店,甲,昨天,,1,\nO2,店,甲,2026-03-02,,很多,\n")
    assert [(one.line, one.column) for one in caught.value.faults] == [(2, 4), (3, 6)]
    assert "时间读不懂：'昨天'" in caught.value.said("zh") and "0元" in caught.value.said("zh")
    with pytest.raises(Faults) as caught:
        read(HEAD + "".join(f"{n}.5E+18,店,甲,2026-03-02,,1,\n" for n in range(1, 80)))
    assert len(caught.value.faults) == 51 and "还有 29 行" in caught.value.said("zh")


def test_a_tie_is_asked_about() -> None:
    pair = [one for one in DIALECTS if one.name in ("taobao_orders", "jd_orders")]
    headings = [[*(need.split()[0] for need in one.needs), *one.signs] for one in pair]
    header = [name for names in zip(*headings, strict=False) for name in names]
    line = ["2026-03-02 10:00:00" if "时间" in name else "1" for name in header]
    content = csv_bytes([header, line])
    with pytest.raises(Faults) as caught:
        read(content)
    assert all(f"（{one.name}）" in caught.value.said("zh") for one in pair) and "--format" in caught.value.said("en")
    for one in pair:
        assert read(content, one.name).told.dialect.name == one.name


def test_no_orders_at_all() -> None:
    for content in (
        b"a,b,c\n1,2,3\n",
        "账号,姓名\nA,张三\n".encode(),
        b"\x00\x01\x02",
        "订单编号,买家\nO1,甲\n".encode(),
    ):
        assert read_orders(Source("o.csv", content=content), Settings()) is None


# --- Exports that overlap -----------------------------------------------------------------------------------------


def test_a_list_and_its_items_make_whole_orders() -> None:
    items = 'o,标题,价格,购买数量,外部系统编号,商品ID\n="1930000000000000001",示例保温杯,99.00,1,SKU,600000000001\n'.replace(
        "o,", "订单编号,"
    )
    taken = read(items)
    assert taken.told.dialect.name == "taobao_items" and "1 单没有时间" in taken.notes[0].zh
    whole = merged([read(hand_made("taobao_orders")).table, taken.table])
    assert not ORDERS.check(whole)
    assert whole["item_ids"].tolist()[0] == "600000000001" and whole["amount"].tolist() == [Decimal(89), Decimal(0)]
    assert merged([taken.table, read(hand_made("taobao_orders")).table])["buyer"].tolist()[0] == "tb示例买家01"


def test_returns_add_refunds() -> None:
    returns = hand_made("douyin_returns")
    taken = read(returns)
    assert taken.told.dialect.name == "douyin_returns"
    assert [(row["order_id"], row["refund"]) for row in rows(taken.table)] == [
        ("6900000000000000001", Decimal(29)),
        ("6900000000000000009", None),
    ]


@given(drawn_orders(), st.data())
@settings(max_examples=12, deadline=None)
def test_overlapping_exports_add_nothing(orders: list[Order], data: st.DataObject) -> None:
    whole = read(csv_bytes(plain(orders))).table
    assert rows(merged([whole, whole])) == rows(whole)
    cut = data.draw(st.integers(0, len(orders)))
    start = data.draw(st.integers(0, cut))
    parts = [read(csv_bytes(plain(part))).table for part in (orders[:cut], orders[start:]) if part]
    assert rows(merged(parts)) == rows(whole)


def test_the_later_state_of_an_order_wins() -> None:
    head = HEAD.replace("商品ID", "退款时间,退款金额")
    monday = read(head + "O1,店,甲,2026-03-02 10:00:00,2026-03-02 10:01:00,89,,0\n").table
    friday = read(head + "O1,店,甲,2026-03-02 10:00:00,2026-03-02 10:01:00,89,2026-03-06 09:00:00,89\n").table
    for tables in ([monday, friday], [friday, monday]):
        assert merged(tables)["refund"].tolist() == [Decimal(89)]


# --- Mangled files --------------------------------------------------------------------------------------------------


def outcome(data: bytes) -> str:
    """Read bytes that may be anything: orders, none, or faults that are said; anything else is a bug."""
    try:
        taken = read_orders(Source("o.csv", content=data), Settings())
    except Faults as error:
        assert error.said("zh") and error.said("en")
        return "faults"
    if taken is None:
        return "none"
    assert not ORDERS.check(taken.table)
    return "orders"


SOME = [
    Order(
        "260302-000000000000001",
        "甲",
        dt.datetime(2026, 3, 2, 10),
        dt.datetime(2026, 3, 2, 11),
        "已完成",
        (Item("123456789", Decimal(5)),),
    ),
    Order(
        "260302-000000000000002", "乙", dt.datetime(2026, 3, 2, 12), None, "待付款", (Item("123456789", Decimal(0)),)
    ),
]


@pytest.mark.parametrize("kind", WRITERS)
def test_mangled_twins(kind: str) -> None:
    """Cut short, in the wrong encoding, with mixed line ends, with a foreign line: orders or faults, never a traceback."""
    name, write, carried = WRITERS[kind]
    whole = csv_bytes(write(SOME), encoding="utf-8")
    mixed = whole.replace(b"\r\n", b"\n", 1)
    taken = read(mixed)
    assert taken.told.dialect.name == name
    same(taken.table, SOME, carried)
    foreign = read(whole + "这一行不是订单\r\n".encode())
    assert len(foreign.rejects) == 1
    same(foreign.table, SOME, carried)
    for cut in range(0, len(whole), max(1, len(whole) // 20)):
        outcome(whole[:cut])
    for wrong in ("utf-16-le", "big5", "shift_jis"):
        outcome(csv_bytes(write(SOME), encoding="utf-8").decode().encode(wrong, errors="replace"))


@given(st.sampled_from(sorted(WRITERS)), st.data())
@settings(max_examples=100, deadline=None)
def test_fuzzed_bytes(kind: str, data: st.DataObject) -> None:
    whole = bytearray(csv_bytes(WRITERS[kind][1](SOME), encoding=data.draw(st.sampled_from(["utf-8", "gb18030"]))))
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place : place + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=6))
    outcome(bytes(whole))


def test_golden_order_samples_are_told() -> None:
    folder = Path(__file__).parents[2] / "sample_logs" / "shop"
    for name, dialect, size in (("淘宝订单.csv", "taobao_orders", 51), ("订单.csv", "orders", 107)):
        taken = read_orders(Source(name, folder / name), Settings())
        assert taken is not None and (taken.told.dialect.name, len(taken.table)) == (dialect, size)
