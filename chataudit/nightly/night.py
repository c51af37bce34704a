"""A night in its order: files taken in, days audited, cards filled, reports written, files put away, people told.

Every step ends with one transaction, or with a folder moved into place, and begins by asking what is still to be done:
so a night that was killed anywhere is finished by the next one, and a second night with nothing new changes nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

from chataudit import store
from chataudit.audit import Audit, Progress, Tools, quiet, read_tools
from chataudit.errors import Fault, Faults, Words
from chataudit.nightly.auditing import audit_day
from chataudit.nightly.diary import Diary, short
from chataudit.nightly.inbox import Arrived, Inbox, check_writable, look, put_away
from chataudit.nightly.reading import read_contents
from chataudit.nightly.request import Night, NightRequest
from chataudit.nightly.scoring import periods_due, score_period
from chataudit.nightly.telling import notice_of
from chataudit.notices import send
from chataudit.report import write
from chataudit.report.folder import sweep
from chataudit.settings import Settings

CLOCK_SLACK_S = 300


def run_night(database: store.Database, request: NightRequest, settings: Settings, progress: Progress = quiet) -> Night:
    """Do a night's work; return what was done.

    Raises:
        Faults: nothing can be done (no inbox, it is read-only, the clock, lexicons, another run), or the database or the
            disk failed on the way: what was finished stays, the next night goes on from there.
    """
    if not request.keep_files:
        check_writable(request.inbox)
    tools = read_tools(settings, request.cards, request.lang, request.model)
    with store.turn(database):
        _check_clock(database, request)
        number = store.begin_night(database, _now(request))
        diary = Diary(request.log, request.clock, number)
        night = Night(number)
        diary.write("begun", version=tools_version(tools))
        try:
            _work(database, request, tools, night, diary, progress)
        except BaseException as error:
            diary.write("failed", kind=type(error).__name__)
            raise
        night.sent = send(notice_of(night), request.channels, request.lang) if request.channels else ()
        store.end_night(database, number, _now(request), night.outcome, night.summary())
        diary.write("ended", outcome=night.outcome, **night.summary())
    return night


def tools_version(tools: Tools) -> str:
    """Return a short hash of the rules, words and cards in use."""
    return hashlib.sha256(repr(sorted(tools.hashes.items())).encode()).hexdigest()[:12]


def _now(request: NightRequest) -> int:
    return int(request.clock() * 1000)


def _check_clock(database: store.Database, request: NightRequest) -> None:
    """Raise Faults where the clock stands before the last night."""
    last = store.latest_nights(database, 1)
    if not last or request.accept_clock:
        return
    behind = last[0].started_at / 1000 - request.clock()
    if behind > CLOCK_SLACK_S:
        what = Words(
            f"系统时钟比上次运行早 {behind / 3600:.1f} 小时。",
            f"The clock is {behind / 3600:.1f} hours before the last night.",
        )
        hint = Words(
            "校准时钟后重新运行；如果现在的时钟才是对的，加 --accept-clock。",
            "Set the clock and run again; if it is right now, add --accept-clock.",
        )
        raise Faults([Fault(what, hint=hint)])


def _work(
    database: store.Database, request: NightRequest, tools: Tools, night: Night, diary: Diary, progress: Progress
) -> None:
    for folder in (request.out, *(request.out / "scores").glob("*")):
        sweep(folder)
    inbox = look(request.inbox, settle_s=request.settle_s, apart=_own(database, request))
    night.growing += inbox.growing
    finished = _take_in(database, inbox, tools.settings, night, diary, progress)
    _audit_days(database, request, tools, night, diary, progress)
    _score_periods(database, request, tools, night, diary)
    if not request.keep_files:
        for file, reasons in finished:
            put_away(request.inbox, file, reasons=reasons, lang=request.lang)
            diary.write("put away", file=short(file.sha256), quarantined=reasons is not None)


def _own(database: store.Database, request: NightRequest) -> tuple[Path, ...]:
    """Return our own files, which are no exports even where they lie in the inbox."""
    held = [request.out, *request.apart]
    if database.is_sqlite:
        held += [
            database.file.with_name(f"{database.file.name}{end}") for end in ("", ".lock", "-journal", "-wal", "-shm")
        ]
    return tuple(held)


Finished = list[tuple[Arrived, tuple[Fault, ...] | None]]


def _take_in(
    database: store.Database, inbox: Inbox, settings: Settings, night: Night, diary: Diary, progress: Progress
) -> Finished:
    """Take in every whole file, each in a transaction of its own; return them with the reasons of those that can't be read."""
    finished: Finished = []
    for number, file in enumerate(inbox.whole):
        progress("read", number, len(inbox.whole))
        known = store.faults_of_file(database, file.sha256)
        if known is not None:
            night.known.append(file.name)
            finished.append((file, known.faults if known.quarantined else None))
            continue
        contents = read_contents(file, settings, lambda sessions: store.days_of_sessions(database, sessions))
        taken = store.take(database, contents, settings)
        counts = {
            "rows": taken.rows,
            "messages": taken.messages,
            "duplicates": taken.duplicates,
            "rejects": taken.rejects,
        }
        diary.write("taken in", file=short(file.sha256), readable=contents.readable, days=taken.days, **counts)
        for name, count in counts.items():
            setattr(night, name, getattr(night, name) + count)
        (night.taken if contents.readable else night.quarantined).append(file.name)
        night.failed += [_at(file.name, fault) for fault in contents.faults]
        if taken.frozen:
            night.failed.append(_closed(file.name, taken.frozen))
        finished.append((file, None if contents.readable else contents.faults))
    progress("read", len(inbox.whole), len(inbox.whole))
    return finished


def _at(name: str, fault: Fault) -> Words:
    return Words(f"{name}：{fault.said('zh')}", f"{name}: {fault.said('en')}")


def _closed(name: str, days: tuple[str, ...]) -> Words:
    listed = ", ".join(days)
    return Words(
        f"{name}：{listed} 的文本已清除，这些天不再重新审核，新来的消息没有计入。",
        f"{name}: the text of {listed} was purged; these days are never audited anew, so its messages do not count.",
    )


def _audit_days(
    database: store.Database, request: NightRequest, tools: Tools, night: Night, diary: Diary, progress: Progress
) -> None:
    now = store.latest_instant(database)
    for day in store.days_of(database):
        if day.frozen or not _asked(day.day, request):
            continue
        if now is not None and day.wants(now):
            _audit_one(database, day.day, now, request, tools, night, diary, progress)
        elif day.run is not None and day.reported != day.run:
            _report(database, day.day, day.run, store.load(database, day.run), request, night, diary)


def _asked(day: str, request: NightRequest) -> bool:
    return request.days is None or request.days[0] <= day <= request.days[1]


def _audit_one(
    database: store.Database,
    day: str,
    now: int,
    request: NightRequest,
    tools: Tools,
    night: Night,
    diary: Diary,
    progress: Progress,
) -> None:
    """Audit a day and keep it; what is wrong with its sheets is said, the rest goes on."""
    try:
        done = audit_day(database, day, tools, now, request.cards, progress)
    except store.DatabaseFailed:
        raise
    except Faults as error:
        night.failed += [_at(day, fault) for fault in error.faults]
        diary.write("not audited", day=day)
        return
    night.failed += [_at(day, fault) for fault in done.left_out]
    if done.audit is None:
        store.emptied(database, day)
        return
    run = store.save_day(database, done.audit, day)
    night.days.append(day)
    diary.write("audited", day=day, run=run, **_numbers(done.audit))
    _report(database, day, run, done.audit, request, night, diary)


def _numbers(audit: Audit) -> dict[str, int]:
    return {"sessions": len(audit.sessions), "hits": len(audit.hits), **dict(audit.counts)}


def _report(
    database: store.Database, day: str, run: int, audit: Audit, request: NightRequest, night: Night, diary: Diary
) -> None:
    """Write a day's report and then note that it is written."""
    out = request.out / day
    write(audit, out, sample=request.sample, masked=request.masked, lang=request.lang)
    store.reported(database, day, run)
    night.reports.append(out)
    diary.write("reported", day=day, run=run)
    _count_red(audit, night)


def _count_red(audit: Audit, night: Night) -> None:
    red = audit.hits[(audit.hits["level"] == "red").to_numpy(dtype=bool)]
    for rule, agent in zip(red["rule"].astype(str), red["agent"].astype(object).fillna("—"), strict=True):
        key = audit.rulings.titles[rule], str(agent)
        night.red[key] = night.red.get(key, 0) + 1


def _score_periods(database: store.Database, request: NightRequest, tools: Tools, night: Night, diary: Diary) -> None:
    now = store.latest_instant(database)
    days = [day.day for day in store.days_of(database) if day.run is not None]
    if now is None or not days:
        return
    last = dt.date.fromisoformat(store.local_day(now, tools.settings))
    for name, period, of in list(periods_due(database, tools, days, last)):
        out: Path = request.out / "scores" / name / period.name
        try:
            score_period(database, name, period, of, tools, out)
        except store.DatabaseFailed:
            raise
        except Faults as error:
            night.failed += [_at(f"{name} {period.name}", fault) for fault in error.faults]
            diary.write("not scored", card=name, period=period.name)
            continue
        night.scored.append(f"{name} {period.name}")
        night.reports.append(out)
        diary.write("scored", card=name, period=period.name)
