"""``chataudit audit``: exports in, report out."""

from __future__ import annotations

import gc
import re
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chataudit.apart import Apart, is_large
from chataudit.audit import Audit, Request
from chataudit.audit import audit as audit_request
from chataudit.cli.console import lang_option, progress, say, with_faults
from chataudit.cli.formats import FORMATS
from chataudit.errors import Fault, Faults, Words
from chataudit.report import warm, writing
from chataudit.settings import read_settings
from chataudit.tables import PLATFORMS

if TYPE_CHECKING:
    from chataudit import store

DAYS = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.\.(\d{4}-\d{2}-\d{2}))?")
FILE = click.Path(path_type=Path)
PATIENCE_S = 600


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=FILE)
@click.option("--orders", multiple=True, type=FILE, help="Order export; may be given more than once.")
@click.option("--sheet", "sheets", multiple=True, type=FILE, help="Sheet of figures, or a checklists.xlsx handed back.")
@click.option("--people", type=FILE, help="Table account → person, team, since, shifts.")
@click.option("--settings", "settings_file", type=FILE, help="Settings file (YAML).")
@click.option("--format", "layout", type=click.Choice(FORMATS), help="Read all chats, or all orders, as this layout.")
@click.option("--platform", type=click.Choice(PLATFORMS), help="Platform of logs that do not say it.")
@click.option(
    "--date",
    "days",
    metavar="D[..D]",
    help="Only sessions of this day or these days; one day is also that of times without a date.",
)
@click.option("--card", "cards", multiple=True, help="Card to fill (default: all shipped ones).")
@click.option(
    "--sample",
    type=click.IntRange(0, 1000),
    default=10,
    show_default=True,
    help="Conversations per agent in page and workbook.",
)
@click.option("--model", type=FILE, help="Model of risk written by chataudit learn (default: signs, untrained).")
@click.option("--out", type=FILE, default=Path("chataudit-report"), show_default=True, help="Folder for the report.")
@click.option("--db", "url", metavar="URL", help="Keep the audit in this database, too (a file, or postgresql://…).")
@click.option("--timezone", help="Time zone of times without offset (default Asia/Shanghai).")
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=2, show_default=True, help="Files written at the same time."
)
@click.option("--unmasked", is_flag=True, help="Show phone numbers, addresses and order numbers as they are.")
@lang_option
@click.option(
    "--fail-under", type=float, metavar="SCORE", help="Exit 1 if an agent's score of the first card is lower."
)
@with_faults
def audit(**options: Any) -> None:
    """Audit chat exports: files or folders, formats told by content.

    \b
    chataudit audit 千牛_聊天记录.txt
    chataudit audit 导出/ --people 人员.csv --sheet 填报表.csv --out 报告
    chataudit audit chats.csv --date 2026-03-01..2026-03-31 --card presales-checklist
    chataudit audit 导出/ --db chataudit.db
    """
    gc.disable()  # one run, then the process ends: millions of short-lived tuples are no garbage to look for
    lang = options["lang"]
    days = read_days(options["days"])
    settings = read_settings(
        options["settings_file"],
        timezone=options["timezone"],
        platform=options["platform"],
        log_date=days[0] if days and days[0] == days[1] else None,
    )
    request = Request(
        paths=options["paths"],
        orders=options["orders"],
        sheets=options["sheets"],
        people=options["people"],
        layout=options["layout"],
        days=days,
        cards=options["cards"],
        lang=lang,
        model=options["model"],
    )
    database = None if options["url"] is None else _opened(options["url"])
    beside = options["jobs"] > 1 and is_large(options["paths"])
    with (
        progress(lang) as show,
        Apart("chataudit.report", wanted=beside) as apart,
        writing(
            options["out"],
            sample=options["sample"],
            masked=not options["unmasked"],
            lang=lang,
            jobs=options["jobs"],
            apart=apart,
            progress=show,
        ) as report,
    ):
        warm(apart)
        done = audit_request(request, settings, show, ready=report.take, apart=apart)
        report.finish(done)
        _keep(done, database, lang)
    _summary(done, options["out"], lang)
    low = _lowest(done)
    if options["fail_under"] is not None and low is not None and low < options["fail_under"]:
        text = Words(
            f"最低分 {low:.1f} 低于 {options['fail_under']:g}。",
            f"The lowest score {low:.1f} is under {options['fail_under']:g}.",
        )
        say(text.said(lang), err=True)
        sys.exit(1)
    if done.broken:
        sys.exit(1)


def _opened(url: str) -> store.Database:
    """Return a database that is ready to keep an audit; only who asks for one waits for its libraries to load."""
    from chataudit import store

    database = store.open_database(url)
    store.ready(database, make=True)
    return database


def _keep(done: Audit, database: store.Database | None, lang: str) -> None:
    """Write the audit into the database that the user named, if any, and say its run."""
    if database is None:
        return
    from chataudit import store

    with store.turn(database, wait_s=PATIENCE_S):
        run = store.save(database, done)
    say(Words(f"数据库 {database.name}：第 {run} 次审核", f"Database {database.name}: run {run}").said(lang))


def read_days(text: str | None) -> tuple[str, str] | None:
    """Return the first and last day of ``D`` or ``D..D``.

    Raises:
        Faults: neither.
    """
    if text is None:
        return None
    found = DAYS.fullmatch(text)
    if not found:
        raise Faults(
            [
                Fault(
                    Words(
                        f"--date 写成 2026-03-02 或 2026-03-01..2026-03-31，而不是 {text!r}。",
                        f"--date reads 2026-03-02 or 2026-03-01..2026-03-31, not {text!r}.",
                    )
                )
            ]
        )
    first, last = found.group(1), found.group(2) or found.group(1)
    for day in (first, last):
        try:
            date.fromisoformat(day)
        except ValueError:
            raise Faults([Fault(Words(f"没有 {day} 这一天。", f"There is no day {day}."))]) from None
    if last < first:
        raise Faults(
            [Fault(Words(f"--date 的末日 {last} 早于首日 {first}。", f"--date ends {last}, before its start {first}."))]
        )
    return first, last


def _lowest(done: Audit) -> float | None:
    """Return the lowest score of a person on the first card."""
    first = next(iter(done.cards), None)
    scores = done.scores[(done.scores["card"] == first) & (done.scores["subject_kind"] == "person")]["score"].dropna()
    return float(scores.min()) if len(scores) else None


def _summary(done: Audit, out: Path, lang: str) -> None:
    counts = done.counts
    lines = [
        Words(
            f"读到 {counts['rows']} 行 = 消息 {counts['messages']} + 重复 {counts['duplicates']} + 拒收 {counts['rejects']}",
            f"{counts['rows']} rows = {counts['messages']} messages + {counts['duplicates']} duplicates + "
            f"{counts['rejects']} rejects",
        ),
        Words(
            f"会话 {len(done.sessions)}，命中 {len(done.hits)}，红线 {int((done.hits['level'] == 'red').sum())}",
            f"{len(done.sessions)} sessions, {len(done.hits)} hits, {int((done.hits['level'] == 'red').sum())} red lines",
        ),
    ]
    if counts["left_out"]:
        lines.append(
            Words(
                f"另有 {counts['left_out']} 条消息不在所选日期", f"{counts['left_out']} more messages are of other days"
            )
        )
    lines += [Words(f"注意：{note.zh}", f"Note: {note.en}") for note in done.notes]
    lines += [Words(f"读不了：{fault.said('zh')}", f"Unreadable: {fault.said('en')}") for fault in done.broken]
    page = (out / "index.html").resolve()
    lines.append(Words(f"报告：{page}", f"Report: {page}"))
    for line in lines:
        say(line.said(lang))
