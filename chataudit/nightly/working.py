"""The days that are due audited and reported, the cards that are due filled; what is wrong with one stops no other."""

from __future__ import annotations

import datetime as dt
import shutil

from chataudit import store
from chataudit.audit import Audit, Progress
from chataudit.errors import Faults
from chataudit.nightly.auditing import audit_day
from chataudit.nightly.diary import Diary
from chataudit.nightly.request import Night, NightRequest
from chataudit.nightly.scoring import periods_due, score_period
from chataudit.report import write
from chataudit.tools import Tools

TWICE = 2  # a day whose marks of people are found only when it was audited is audited once more


def audit_days(
    database: store.Database, request: NightRequest, tools: Tools, done: Night, diary: Diary, progress: Progress
) -> None:
    """Audit every day that is due, and write its report; reports that were not written are written from the store.

    Raises:
        Faults: the database or the disk failed.
    """
    now = store.latest_instant(database)
    for _ in range(TWICE):
        for day in store.days_of(database):
            if day.frozen or (request.days and not request.days[0] <= day.day <= request.days[1]):
                continue
            if now is not None and day.wants(now):
                _audit_one(database, day.day, now, request, tools, done, diary, progress)
            elif day.run is not None and day.reported != day.run:
                _report(database, day.day, day.run, store.load(database, day.run), request, done, diary)


def _audit_one(
    database: store.Database,
    day: str,
    now: int,
    request: NightRequest,
    tools: Tools,
    done: Night,
    diary: Diary,
    progress: Progress,
) -> None:
    """Audit a day and keep it; what is wrong with its sheets is said, the rest goes on."""
    try:
        made = audit_day(database, day, tools, now, request.cards, progress)
    except store.DatabaseFailed:
        raise
    except Faults as error:
        done.fail(day, error.faults)
        diary.write("not audited", day=day)
        return
    done.fail(day, made.left_out)
    if made.audit is None:
        _remove_report(request, day)
        store.emptied(database, day)
        return
    run = store.save_day(database, made.audit, day)
    done.days += [day] if day not in done.days else []
    diary.write(
        "audited", day=day, run=run, sessions=len(made.audit.sessions), hits=len(made.audit.hits), **made.audit.counts
    )
    _report(database, day, run, made.audit, request, done, diary)


def _remove_report(request: NightRequest, day: str) -> None:
    """Remove the report of a day that has no session any more: what was said on it belongs to the day before."""
    folder = request.out / day
    if (folder / "run.json").is_file():
        shutil.rmtree(folder)


def _report(
    database: store.Database, day: str, run: int, audit: Audit, request: NightRequest, done: Night, diary: Diary
) -> None:
    """Write a day's report and then note that it is written."""
    out = request.out / day
    write(audit, out, sample=request.sample, masked=request.masked, lang=request.lang)
    store.reported(database, day, run)
    done.reports += [out] if out not in done.reports else []
    diary.write("reported", day=day, run=run)


def score_periods(database: store.Database, request: NightRequest, tools: Tools, done: Night, diary: Diary) -> None:
    """Fill the cards that are due; one that can't be filled is said once, until what it is made of changes.

    Raises:
        Faults: the database failed.
    """
    now = store.latest_instant(database)
    days = [day.day for day in store.days_of(database) if day.run is not None]
    if now is None or not days:
        return
    last = dt.date.fromisoformat(store.local_day(now, tools.settings))
    for name, period, of in list(periods_due(database, tools, days, last)):
        out = request.out / "scores" / name / period.name
        try:
            score_period(database, name, period, of, tools, out)
        except store.DatabaseFailed:
            raise
        except Faults as error:
            store.refused_score(database, name, period.name, of)
            done.fail(f"{name} {period.name}", error.faults)
            diary.write("not scored", card=name, period=period.name)
            continue
        done.scored.append(f"{name} {period.name}")
        done.reports.append(out)
        diary.write("scored", card=name, period=period.name)
