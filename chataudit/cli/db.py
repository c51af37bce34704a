"""``chataudit db``: the database of audits looked at, brought up to date, exported, and what is personal taken out."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click

from chataudit import store
from chataudit.cli.console import lang_option, say, with_faults
from chataudit.errors import Fault, Faults, Words
from chataudit.report import write

db_option = click.option(
    "--db",
    "url",
    metavar="URL",
    required=True,
    envvar="CHATAUDIT_DB",
    help="A file, or postgresql://… (or CHATAUDIT_DB).",
)
FILE = click.Path(path_type=Path)
PATIENCE_S = 60


@click.group()
def db() -> None:
    """Keep audits in a database (SQLite or PostgreSQL): audit --db writes it, nightly fills it."""


@db.command()
@db_option
@lang_option
@with_faults
def upgrade(url: str, lang: str) -> None:
    """Make the tables, or bring those of an older version up to date. Make a backup first.

    \b
    chataudit db upgrade --db chataudit.db
    """
    database = store.open_database(url)
    with store.turn(database, wait_s=PATIENCE_S):
        before, after = store.upgrade(database)
    say(
        Words(f"{database.name}：{before or '空'} → {after}", f"{database.name}: {before or 'empty'} → {after}").said(
            lang
        )
    )


@db.command()
@db_option
@lang_option
@with_faults
def status(url: str, lang: str) -> None:
    """Show the version, how many rows each table has, and the latest runs.

    \b
    chataudit db status --db chataudit.db
    """
    database = store.open_database(url)
    version = store.version_of(database)
    if version is None:
        say(Words(f"{database.name}：空的数据库", f"{database.name}: empty").said(lang))
        return
    say(
        Words(
            f"{database.name}：版本 {version}，最新 {store.newest()}",
            f"{database.name}: version {version}, newest {store.newest()}",
        ).said(lang)
    )
    store.ready(database)
    for name, rows in store.counts_of(database).items():
        say(f"  {name:<18}{rows:>12,}")
    for run in store.runs_of(database, 10):
        say(_line(run, lang))


def _line(run: store.Run, lang: str) -> str:
    made = dt.datetime.fromtimestamp(run.made_at / 1000).strftime("%Y-%m-%d %H:%M")
    gone = Words("，已清除文本", ", text purged").said(lang) if run.purged else ""
    what = Words(
        f"第 {run.id} 次（{run.day or '单次审核'}，{made}）：{run.messages} 条消息，{run.hits} 个命中{gone}",
        f"run {run.id} ({run.day or 'one audit'}, {made}): {run.messages} messages, {run.hits} hits{gone}",
    )
    return what.said(lang)


@db.command()
@db_option
@click.option("--before", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Days before this one.")
@lang_option
@with_faults
def purge(url: str, before: dt.datetime, lang: str) -> None:
    """Take the personal text of older days out: what was said, buyers, orders. Scores and evidence positions stay.

    \b
    chataudit db purge --db chataudit.db --before 2026-01-01
    """
    database = ready_database(url)
    with store.turn(database, wait_s=PATIENCE_S):
        _say_removed(store.purge(database, before.date()), lang)


@db.command()
@db_option
@click.argument("buyer")
@lang_option
@with_faults
def forget(url: str, buyer: str, lang: str) -> None:
    """Take one BUYER out, by the name in the exports: what was said, name, orders. Scores stay.

    \b
    chataudit db forget 买家甲 --db chataudit.db
    """
    database = ready_database(url)
    with store.turn(database, wait_s=PATIENCE_S):
        removed = store.forget(database, buyer)
    if not removed.messages and not removed.rows:
        what = Words("数据库里没有这个买家。", "The database has no such buyer.")
        hint = Words("名字要和导出里的一字不差。", "The name must be to the letter that of the exports.")
        raise Faults([Fault(what, hint=hint)])
    _say_removed(removed, lang)


def _say_removed(removed: store.Removed, lang: str) -> None:
    what = Words(
        f"已清除 {removed.messages} 条消息的文本，删除 {removed.rows} 行导出记录；{removed.days} 天不再重新审核。评分和证据位置保留。",
        f"{removed.messages} messages lost their text, {removed.rows} rows of exports are deleted; {removed.days} days are "
        "never audited anew. Scores and evidence positions stay.",
    )
    say(what.said(lang))
    more = Words(
        "备份和导出的报告里仍有这些文本，请另行处理。",
        "Backups and written reports still hold the text: see to them, too.",
    )
    say(more.said(lang))


@db.command()
@db_option
@click.option("--run", "runs", type=int, multiple=True, help="Number of a run; may be given more than once.")
@click.option("--day", "days", multiple=True, help="A nightly day, like 2026-03-02; may be given more than once.")
@click.option(
    "--out", type=FILE, default=Path("chataudit-export"), show_default=True, help="Folder; one folder a run in it."
)
@click.option("--unmasked", is_flag=True, help="Show phone numbers, addresses and order numbers as they are.")
@lang_option
@with_faults
def export(**options: Any) -> None:
    """Write the reports of runs or days again: page, workbook, tables, as the audit wrote them.

    \b
    chataudit db export --db chataudit.db --run 3 --out 第3次
    chataudit db export --db chataudit.db --day 2026-03-02
    """
    database, lang = ready_database(options["url"]), options["lang"]
    chosen = {f"run-{run}": run for run in options["runs"]}
    chosen |= {day: store.run_of_day(database, day) for day in options["days"]}
    if not chosen:
        what = Words("要导出哪一次？", "Which run?")
        hint = Words(
            "用 --run 或 --day；chataudit db status 列出它们。",
            "Name it by --run or --day; chataudit db status lists them.",
        )
        raise Faults([Fault(what, hint=hint)])
    for name, run in chosen.items():
        out = options["out"] / name
        if store.is_purged(database, run):
            gone = Words(
                f"{name}：个人文本已清除，报告里只有数字和位置。",
                f"{name}: its text was purged; the report holds figures and places only.",
            )
            say(gone.said(lang), err=True)
        write(store.load(database, run), out, masked=not options["unmasked"], lang=lang)
        say(Words(f"报告：{(out / 'index.html').resolve()}", f"Report: {(out / 'index.html').resolve()}").said(lang))


def ready_database(url: str) -> store.Database:
    """Return the database at ``url``, checked to be of this version.

    Raises:
        Faults: it is not there, empty, or of another version.
    """
    database = store.open_database(url)
    store.ready(database)
    return database
