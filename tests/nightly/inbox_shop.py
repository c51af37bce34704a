"""A small shop whose exports come night by night, and what is compared of its results."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from io import StringIO
from pathlib import Path

from test_cli import HEADER, make_shop

from chataudit import store
from chataudit.nightly import Night, NightRequest, run_night
from chataudit.settings import Settings, lexicons_folder, read_settings

ORDERED = "订单编号,平台,店铺,买家,下单时间,付款时间,实付金额,退款金额,退款时间"
TABLES = (
    "messages", "sessions", "rounds", "agents", "platform_metrics", "hits", "conversions", "facts", "risk", "marks"
)  # fmt: skip
NIGHT = 1_800_000_000.0  # what the clock says on the first night; the data's own time is what counts


def line(buyer: str, who: str, at: str, text: str, *, agent: str = "小雯", session: str = "") -> str:
    """Return one message of a plain table."""
    cells = StringIO()
    csv.writer(cells, lineterminator="").writerow(["淘宝", "小店", session, buyer, agent, who, at, text])
    return cells.getvalue()


def chats(*lines: str) -> str:
    return "\n".join([HEADER, *lines]) + "\n"


def orders(*lines: str) -> str:
    return "\n".join([ORDERED, *lines]) + "\n"


FIRST = [
    line("买家甲", "买家", "2026-03-02 10:00:00", "有货吗"),
    line("买家甲", "客服", "2026-03-02 10:00:20", "您好，有的"),
    line("买家乙", "买家", "2026-03-02 23:58:00", "在吗"),
    line("买家乙", "客服", "2026-03-02 23:59:00", "您好，在的", agent="小凯"),
    line("买家乙", "买家", "2026-03-02 23:59:50", "发什么快递"),
]
SECOND = [
    line("买家乙", "客服", "2026-03-03 00:00:40", "顺丰", agent="小凯"),
    line("买家丙", "买家", "2026-03-03 09:00:00", "贵吗"),
    line("买家丙", "客服", "2026-03-03 09:00:30", "我们是全网最低"),
    line("买家甲", "买家", "2026-03-03 11:00:00", "我再问问", agent="小凯"),
    line("买家甲", "客服", "2026-03-03 11:00:10", "您说", agent="小凯"),
]
THIRD = [
    line("买家丁", "买家", "2026-03-04 12:00:00", "怎么退货", session="t-1"),
    line("买家丁", "客服", "2026-03-04 12:01:00", "点申请", session="t-1"),
    line("买家戊", "买家", "2026-03-04 13:00:00", "在吗"),
]
FILES: Mapping[str, str] = {
    "0302.csv": chats(*FIRST),
    "0303.csv": chats(*FIRST[-2:], *SECOND),
    "0304.csv": chats(*SECOND[2:], *THIRD, "淘宝,小店,,买家己,小雯,谁,哪天,坏行"),
    "orders-1.csv": orders("100000000000000001,淘宝,小店,买家甲,2026-03-02 12:00:00,2026-03-02 12:05:00,99.90,,"),
    "orders-2.csv": orders(
        "100000000000000001,淘宝,小店,买家甲,2026-03-02 12:00:00,2026-03-02 12:05:00,99.90,20.00,2026-03-04 08:00:00",
        "100000000000000002,淘宝,小店,买家甲,2026-03-03 12:00:00,2026-03-03 12:05:00,10.05,,",
    ),
    "people.csv": "账号,姓名,小组\n小雯,何小雯,一组\n小凯,孙小凯,一组\n",
}


def make_lexicons(folder: Path) -> Settings:
    """Write the shop's lexicons, two presets among them; return its settings."""
    make_shop(folder)
    for name in ("taobao/within_180s", "taobao/reply_share"):
        path = folder / "lexicons" / "presets" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((lexicons_folder() / "presets" / f"{name}.yaml").read_bytes())
    return read_settings(folder / "shop.yaml")


def drop(inbox: Path, names: Iterable[str], files: Mapping[str, str] = FILES) -> None:
    """Put files into the inbox."""
    inbox.mkdir(exist_ok=True)
    for name in names:
        (inbox / name).write_text(files[name], encoding="utf-8")


def a_night(url: str, folder: Path, settings: Settings, number: int = 1, **more: object) -> Night:
    """Run one night."""
    database = store.open_database(url)
    store.ready(database, make=True)
    clock = {"clock": lambda: NIGHT + number * 86_400, "settle_s": 0, **more}
    return run_night(database, NightRequest(folder / "inbox", folder / "out", **clock), settings)  # type: ignore[arg-type]


def rows_of(out: Path, name: str) -> list[tuple[tuple[str, str], ...]]:
    """Return the rows of a written table."""
    with (out / "tables" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return [tuple(row.items()) for row in csv.DictReader(file)]


def of_days(folders: Iterable[Path], *, place: bool = True) -> dict[str, Counter[tuple[tuple[str, str], ...]]]:
    """Return the tables of some reports together, as multisets of rows; without ALL days and what is of whole periods."""
    held: dict[str, Counter[tuple[tuple[str, str], ...]]] = {name: Counter() for name in TABLES}
    for out in folders:
        for name in TABLES:
            held[name].update(row for row in rows_of(out, name) if _of_a_day(name, dict(row)))
    return held


def _of_a_day(name: str, row: Mapping[str, str]) -> bool:
    if name == "platform_metrics":
        return row["day"] != "ALL"
    return name != "marks" or row["subject_kind"] == "conversation"


def written_days(folder: Path) -> list[Path]:
    """Return the reports of days."""
    return sorted(one for one in (folder / "out").glob("2026-*") if one.is_dir())
