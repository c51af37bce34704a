"""What ``chataudit audit`` does with its options."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chataudit.apart import Apart
from chataudit.audit import Audit, Request
from chataudit.audit import audit as audit_request
from chataudit.cli.console import progress, say
from chataudit.cli.days import read_days
from chataudit.errors import Words
from chataudit.report import writing
from chataudit.settings import read_settings

if TYPE_CHECKING:
    from chataudit import store

PATIENCE_S = 600


def run(apart: Apart, **options: Any) -> None:
    """Audit, write the report, keep the audit if asked to, and say what came out.

    Raises:
        Faults: anything that is wrong in options, inputs or settings, or the report can't be written.
    """
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
    with (
        progress(lang) as show,
        writing(
            options["out"],
            settings,
            sample=options["sample"],
            masked=not options["unmasked"],
            lang=lang,
            jobs=options["jobs"],
            apart=apart,
            progress=show,
        ) as report,
    ):
        done = audit_request(request, settings, show, ready=report.take, apart=apart, jobs=options["jobs"])
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
