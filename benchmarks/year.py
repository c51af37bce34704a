"""A year of days at small scale: ``python -m benchmarks.year [--days N] [--every N]``: memory, seconds, room, by night.

Each night is a process of its own with the exports of the days since the last one in the inbox (chats that overlap with
the day before, orders that keep days open for the refund window), by a library of 20 rules and one card. Its highest
memory, its seconds and the size of the database are written to `year.md`, month by month. Exit 1 where the last month's
nights take more than 1.2 times the memory of the second's.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import shutil
import statistics
import sys
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks.run import FEW, HERE, WORK, machine, with_library
from chataudit.cli import main as chataudit

MOST_GROWTH = 1.2
FIRST = dt.date(2026, 1, 1)
AGENTS = ("小雯", "小凯", "小龙")
ASKED = ("在吗", "有货吗", "多少钱", "什么时候发货", "能便宜点吗", "这个和那个有什么区别", "怎么退货", "尺寸多大")
SAID = (
    "您好，有的",
    "今天下单明天发货",
    "亲，已经是活动价了",
    "您可以点申请退货",
    "长三十厘米，宽二十厘米",
    "稍等我看一下",
)


class Cost(NamedTuple):
    """What a night cost: highest memory in MB, seconds; and the database's size in MB after it."""

    memory: float
    seconds: float
    database: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--every", type=int, default=7, help="days from night to night")
    given = parser.parse_args()
    folder = WORK / "year"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "inbox").mkdir(parents=True)
    settings = with_library(*FEW)
    chance = random.Random(7)
    costs, before = [], []
    for number in range(given.days):
        day = FIRST + dt.timedelta(number)
        today = talk(day, chance)
        drop(folder / "inbox", day, before[-40:] + today, chance)
        before = today
        if (number + 1) % given.every == 0:
            costs.append(a_night(folder, settings))
            print(day, costs[-1], flush=True)
    held = write(costs, given.days, given.every)
    shutil.rmtree(folder)
    sys.exit(0 if held else "missed: memory grows with the history")


def talk(day: dt.date, chance: random.Random) -> list[str]:
    """Return a day's chats as rows of a plain table."""
    rows = []
    for number in range(25):
        at = dt.datetime.combine(day, dt.time(9)) + dt.timedelta(minutes=number * 34)
        buyer, agent = f"买家{chance.randrange(4000)}", chance.choice(AGENTS)
        for turn in range(chance.randrange(2, 6)):
            asked, said = (
                at + dt.timedelta(seconds=turn * 90),
                at + dt.timedelta(seconds=turn * 90 + chance.randrange(60)),
            )
            rows.append(f"淘宝,小店,{buyer},{agent},买家,{asked},{chance.choice(ASKED)}")
            rows.append(f"淘宝,小店,{buyer},{agent},客服,{said},{chance.choice(SAID)}")
    return rows


def drop(inbox: Path, day: dt.date, rows: list[str], chance: random.Random) -> None:
    """Put a day's exports into the inbox; orders on every seventh day."""
    head = "平台,店铺,买家,客服,发送方,时间,内容"
    (inbox / f"chats-{day}.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    if day.toordinal() % 7 == 0:
        buyers = sorted({row.split(",")[2] for row in rows})[:3]
        lines = [f"{day:%Y%m%d}{at},{one},{day} 21:00:00,{day} 21:05:00,88.00" for at, one in enumerate(buyers)]
        text = "\n".join(["订单编号,买家,下单时间,付款时间,实付金额", *lines])
        (inbox / f"orders-{day}.csv").write_text(text + "\n", encoding="utf-8")


def a_night(folder: Path, settings: Path) -> Cost:
    """Run a night in a process forked from this one, which has everything imported."""
    begin, child = time.perf_counter(), os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        words = ["nightly", "--inbox", str(folder / "inbox"), "--db", str(folder / "chataudit.db"), "--settle", "0"]
        words += ["--settings", str(settings)]
        status = 1
        try:
            chataudit([*words, "--out", str(folder / "out"), "--log", str(folder / "log.jsonl")])
        except SystemExit as left:
            status = int(left.code or 0)
        finally:
            os._exit(status)
    _, status, usage = os.wait4(child, 0)
    if os.waitstatus_to_exitcode(status):
        sys.exit(f"the night failed: {(folder / 'log.jsonl').read_text(encoding='utf-8')[-2000:]}")
    size = (folder / "chataudit.db").stat().st_size / 1e6
    return Cost(usage.ru_maxrss / 1e3, time.perf_counter() - begin, size)


def write(costs: list[Cost], days: int, every: int) -> bool:
    """Write the curve, month by month; return whether memory stays flat."""
    size = max(1, round(30 / every))
    months = [costs[start : start + size] for start in range(0, len(costs), size)]
    middle = [
        Cost(*(statistics.median(getattr(one, name) for one in month) for name in Cost._fields)) for month in months
    ]
    highest = max(one.memory for one in middle)
    lines = ["| days | memory of a night, median | | seconds, median | database |", "|---|---|---|---|---|"]
    for number, one in enumerate(middle):
        bar = "█" * round(30 * one.memory / highest)
        span = f"{number * size * every + 1}–{min((number + 1) * size * every, days)}"
        lines.append(f"| {span} | {one.memory:.0f} MB | {bar} | {one.seconds:.1f} | {one.database:.0f} MB |")
    second = middle[1] if len(middle) > 1 else middle[0]
    growth = middle[-1].memory / second.memory
    held = growth <= MOST_GROWTH
    said = (
        f"the last month's nights take {growth:.2f} times the memory of the second month's (at most {MOST_GROWTH:g}): "
    )
    page = "\n".join(
        [
            f"{days} days, a night every {every}: {said}{'held' if held else '**missed**'}.",
            "",
            *lines,
            "",
            machine(),
            "",
        ]
    )
    (HERE / "year.md").write_text(page, encoding="utf-8")
    print(page)
    return held


if __name__ == "__main__":
    main()
