"""``chataudit trend`` and ``chataudit report``: figures from the nightly days, period by period."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from chataudit import store
from chataudit.cards.periods import Length, Period, period_of, read_period
from chataudit.cli.console import lang_option, say, with_faults
from chataudit.cli.db import db_option, ready_database
from chataudit.errors import Fault, Faults, Words, one_of
from chataudit.history import changes, course_of
from chataudit.report.history import shown, write_standing

FILE = click.Path(path_type=Path)
BY = click.Choice(["day", "week", "month", "quarter"])


@click.command()
@click.argument("person")
@db_option
@click.option("--by", type=BY, default="week", show_default=True, help="Length of a period.")
@click.option("--last", type=click.IntRange(2, 60), default=8, show_default=True, help="How many periods.")
@lang_option
@with_faults
def trend(person: str, url: str, by: Length, last: int, lang: str) -> None:
    """Show a PERSON's figures through the last periods.

    \b
    chataudit trend 何小雯 --db chataudit.db
    chataudit trend 何小雯 --db chataudit.db --by month --last 12
    """
    database = ready_database(url)
    newest = _last_day(database)
    periods = [period_of(newest, by).later(-back) for back in range(last - 1, -1, -1)]
    runs = store.day_runs(database, periods[0].start, periods[-1].end)
    facts = store.facts_of(database, runs.values())
    known = [str(one) for one in facts["person"].cat.categories] if len(facts) else []
    if person not in known:
        what = Words(
            f"{periods[0].name} 至 {periods[-1].name} 没有“{person}”的记录。",
            f"Nothing of {person!r} from {periods[0].name} to {periods[-1].name}.",
        )
        raise Faults([Fault(what, hint=one_of(person, known))])
    courses = course_of(facts, person, periods, store.levels_of(database, runs.values()))
    table = Table(title=person, title_justify="left")
    table.add_column(Words("指标", "Figure").said(lang))
    for period in periods:
        table.add_column(period.name, justify="right")
    for figure, values in courses:
        table.add_row(figure.said.said(lang), *(shown(figure, value) for value in values))
    Console(width=max(80, 24 + 14 * last)).print(table)
    scores = [one for one in store.scores_of(database, person) if one["score"] is not None]
    for one in scores[-last:]:
        open_ = Words("（暂定）", " (provisional)").said(lang) if one["provisional"] else ""
        say(f"{one['card']} {one['period']}: {one['score']:.2f} {one['grade'] or ''}{open_}")


@click.command("report")
@db_option
@click.option("--period", "name", required=True, help="2026-W10, 2026-03, 2026Q1, 2026H1 or 2026.")
@click.option("--out", type=FILE, default=Path("chataudit-period"), show_default=True, help="Folder for the report.")
@lang_option
@with_faults
def report_command(url: str, name: str, out: Path, lang: str) -> None:
    """Write a week's, month's or longer report from the nightly days, with the change on the period before.

    \b
    chataudit report --db chataudit.db --period 2026-W10 --out 周报
    chataudit report --db chataudit.db --period 2026-03 --out 月报
    """
    database = ready_database(url)
    try:
        period = read_period(name)
    except ValueError as error:
        raise Faults([Fault(error.args[0], "--period")]) from error
    if not store.day_runs(database, period.start, period.end):
        raise Faults([_nothing(database, period)])
    runs = store.day_runs(database, period.later(-1).start, period.end)
    standing = changes(store.facts_of(database, runs.values()), period, store.levels_of(database, runs.values()))
    write_standing(standing, out, lang=lang)
    page = (out / "index.html").resolve()
    say(Words(f"报告：{page}", f"Report: {page}").said(lang))


def _last_day(database: store.Database) -> dt.date:
    days = [day.day for day in store.days_of(database) if day.run is not None]
    if not days:
        what = Words("数据库里还没有审核过的日子。", "The database holds no audited day yet.")
        raise Faults(
            [Fault(what, database.name, hint=Words("先运行 chataudit nightly。", "Run chataudit nightly first."))]
        )
    return dt.date.fromisoformat(days[-1])


def _nothing(database: store.Database, period: Period) -> Fault:
    days = [day.day for day in store.days_of(database) if day.run is not None]
    span = f"{days[0]}..{days[-1]}" if days else "—"
    what = Words(f"{period.name} 没有审核过的日子。", f"No day of {period.name} was audited.")
    return Fault(what, database.name, hint=Words(f"数据库里有 {span}。", f"The database has {span}."))
