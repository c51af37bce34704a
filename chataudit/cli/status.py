"""``chataudit status``: how the nights went, and what is to come."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Sequence
from dataclasses import replace

import click

from chataudit import store
from chataudit.cli.console import lang_option, say, with_faults
from chataudit.cli.db import db_option, ready_database
from chataudit.errors import Faults, Words

OUTCOMES = {
    "done": Words("完成", "done"),
    "attention": Words("完成，需要处理", "done, wants a look"),
    "running": Words("运行中", "running"),
    "broken off": Words("中断", "broken off"),
    "failed": Words("失败", "failed"),
}
SHOWN = 10


@click.command()
@db_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
@lang_option
@with_faults
def status(url: str, as_json: bool, lang: str) -> None:
    """Show the last nights, whether rows are conserved, and which figures can still change.

    Exit 1 where the last night did not end well or rows are lost.

    \b
    chataudit status --db chataudit.db
    chataudit status --db chataudit.db --json
    """
    database = ready_database(url)
    nights, rows, days = store.latest_nights(database, SHOWN), store.rows_taken(database), store.days_of(database)
    conserved = rows["rows"] == rows["messages"] + rows["duplicates"] + rows["rejects"]
    due = [day.day for day in days if day.due and not day.frozen]
    still_open = [day.day for day in days if day.open and not day.frozen]
    upcoming = min((day.next_at for day in days if day.next_at is not None and not day.frozen), default=None)
    next_due = None if upcoming is None else dt.datetime.fromtimestamp(upcoming / 1000).strftime("%Y-%m-%d %H:%M")
    nights = [_seen(night, database) for night in nights]
    well = conserved and (not nights or nights[0].outcome in ("done", "running"))
    if as_json:
        told = {
            "nights": [{**vars(night), "summary": dict(night.summary)} for night in nights],
            "rows": rows,
            "conserved": conserved,
            "days": len(days),
            "due": due,
            "open": still_open,
            "next_due": next_due,
            "frozen": sum(day.frozen for day in days),
        }
        say(json.dumps(told, ensure_ascii=False))
    else:
        _say(nights, rows, conserved, due, (*still_open,), next_due, len(days), lang)
    sys.exit(0 if well else 1)


def _seen(night: store.Night, database: store.Database) -> store.Night:
    """Return a night as it is: one that says it runs, though nobody holds the turn to write, was broken off."""
    if night.outcome != "running":
        return night
    try:
        with store.turn(database):
            return replace(night, outcome="broken off")
    except Faults:
        return night


def _say(
    nights: list[store.Night],
    rows: dict[str, int],
    conserved: bool,
    due: list[str],
    still_open: tuple[str, ...],
    next_due: str | None,
    days: int,
    lang: str,
) -> None:
    for night in nights:
        say(_line(night, lang))
    if not nights:
        say(Words("还没有运行过 chataudit nightly。", "chataudit nightly has not run yet.").said(lang))
    sums = f"{rows['rows']} = {rows['messages']} + {rows['duplicates']} + {rows['rejects']}"
    held = Words("守恒", "conserved") if conserved else Words("对不上！", "NOT conserved!")
    lines = [
        Words(
            f"文件 {rows['files']}（隔离 {rows['quarantined']}）",
            f"{rows['files']} files ({rows['quarantined']} quarantined)",
        ),
        Words(
            f"行 {sums}（消息 + 重复 + 拒收）：{held.zh}", f"Rows {sums} (messages + duplicates + rejects): {held.en}"
        ),
        Words(f"天数 {days}；待审核：{_listed(due)}", f"{days} days; to be audited: {_listed(due)}"),
        Words(
            f"数字还会变（订单未定）：{_listed(still_open)}", f"Figures not final (orders open): {_listed(still_open)}"
        ),
    ]
    for line in lines:
        say(line.said(lang))


def _line(night: store.Night, lang: str) -> str:
    begun = dt.datetime.fromtimestamp(night.started_at / 1000).strftime("%Y-%m-%d %H:%M")
    took = "—" if night.ended_at is None else f"{(night.ended_at - night.started_at) / 1000:.0f} s"
    told = night.summary
    counts = f"{told.get('files', 0)} / {told.get('messages', 0)} / {len(told.get('days', ()))}"
    return Words(
        f"第 {night.id} 夜 {begun} {OUTCOMES[night.outcome].zh}，用时 {took}；文件 / 消息 / 天数 {counts}，拒收 {told.get('rejects', 0)}",
        f"night {night.id} {begun} {OUTCOMES[night.outcome].en}, took {took}; files / messages / days {counts}, "
        f"{told.get('rejects', 0)} rejects",
    ).said(lang)


def _listed(days: Sequence[str]) -> str:
    if len(days) > 6:
        return f"{days[0]} … {days[-1]} ({len(days)})"
    return ", ".join(days) or "—"
