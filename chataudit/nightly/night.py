"""A night in its order: files taken in, days audited, cards filled, reports written, files put away, people told.

Every step ends with one transaction, or with a folder moved into place, and begins by asking what is still to be done:
so a night that was killed anywhere is finished by the next one, and a second night with nothing new changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from chataudit import store
from chataudit.audit import Progress, quiet
from chataudit.errors import Fault, Faults, Words
from chataudit.nightly.checks import check_clock, check_days
from chataudit.nightly.diary import Diary, short
from chataudit.nightly.inbox import Arrived, check_writable, look, put_away
from chataudit.nightly.reading import read_contents
from chataudit.nightly.request import Night, NightRequest
from chataudit.nightly.telling import failed_notice, notice_of, red_lines_to_tell
from chataudit.nightly.working import audit_days, score_periods
from chataudit.notices import send
from chataudit.report.folder import sweep
from chataudit.settings import Settings
from chataudit.tools import Tools, read_tools


def run_night(database: store.Database, request: NightRequest, settings: Settings, progress: Progress = quiet) -> Night:
    """Do a night's work; return what was done.

    Raises:
        Faults: nothing can be done (no inbox, it is read-only, the clock, lexicons, another run), or the database or the
            disk failed on the way: what was finished stays, the next night goes on from there. Whoever wants to know of
            failures is told.
    """
    try:
        if not request.keep_files:
            check_writable(request.inbox)
        tools = read_tools(settings, request.cards, request.lang, request.model)
        with store.turn(database):
            check_clock(database, request)
            check_days(database, settings)
            return _Course(database, request, tools, progress).night()
    except Exception as error:  # whatever it is, who wants to know of failures is told, and it goes on as it came
        if request.channels:
            send(failed_notice(error), request.channels, request.lang)
        raise


@dataclass
class _Course:
    """One night's course."""

    database: store.Database
    request: NightRequest
    tools: Tools
    progress: Progress
    done: Night = field(default_factory=Night)

    def night(self) -> Night:
        """Go through all steps; a night that fails is written down as failed."""
        database, done = self.database, self.done
        done.number = store.begin_night(database, self._now())
        diary = Diary(self.request.log, self.request.clock, done.number)
        diary.write("begun", version=self.tools.hash)
        try:
            self._work(diary)
        except Exception as error:  # whatever it is, the night is written down as failed, and it goes on as it came
            diary.write("failed", kind=type(error).__name__)
            self._fail()
            raise
        told = red_lines_to_tell(database, self.tools)
        done.red = told.lines
        if self.request.channels:
            done.sent = send(notice_of(done), self.request.channels, self.request.lang)
        store.end_night(database, done.number, self._now(), done.outcome, done.summary(), told.days)
        diary.write("ended", outcome=done.outcome, **done.summary())
        return done

    def _now(self) -> int:
        return int(self.request.clock() * 1000)

    def _fail(self) -> None:
        """Write down that the night failed, where the database still takes it."""
        try:
            store.end_night(self.database, self.done.number, self._now(), "failed", self.done.summary())
        except Faults:
            return

    def _work(self, diary: Diary) -> None:
        request = self.request
        for folder in (request.out, *(request.out / "scores").glob("*")):
            sweep(folder)
        inbox = look(request.inbox, settle_s=request.settle_s, apart=self._own())
        self.done.growing += inbox.growing
        finished = [(file, self._taken_in(file, at, len(inbox.whole), diary)) for at, file in enumerate(inbox.whole)]
        audit_days(self.database, request, self.tools, self.done, diary, self.progress)
        score_periods(self.database, request, self.tools, self.done, diary)
        if not request.keep_files:
            for file, reasons in finished:
                self._put_away(file, reasons, diary)

    def _own(self) -> tuple[Path, ...]:
        """Return our own files, which are no exports even where they lie in the inbox."""
        held = [self.request.out, *self.request.apart]
        if self.database.is_sqlite:
            file = self.database.file
            held += [file.with_name(f"{file.name}{end}") for end in ("", ".lock", "-journal", "-wal", "-shm")]
        return tuple(held)

    def _taken_in(self, file: Arrived, at: int, size: int, diary: Diary) -> tuple[Fault, ...] | None:
        """Take in one file, in a transaction of its own; return the reasons if it can't be read."""
        self.progress("read", at, size)
        done, known = self.done, store.known_file(self.database, file.sha256)
        if known is not None and not known.quarantined:
            done.known.append(file.name)
            return None
        settings = self.tools.settings
        contents = read_contents(file, settings, lambda ids: store.days_of_sessions(self.database, ids))
        done.fail(file.name, contents.faults)
        if not contents.readable and known is not None:
            done.quarantined.append(file.name)
            return contents.faults
        taken = store.take(self.database, contents, settings)
        counts = {one: getattr(taken, one) for one in ("rows", "messages", "duplicates", "rejects")}
        diary.write("taken in", file=short(file.sha256), readable=contents.readable, days=taken.days, **counts)
        for name, count in counts.items():
            setattr(done, name, getattr(done, name) + count)
        (done.taken if contents.readable else done.quarantined).append(file.name)
        done.failed += [_closed(file.name, taken.frozen)] if taken.frozen else []
        return None if contents.readable else contents.faults

    def _put_away(self, file: Arrived, reasons: tuple[Fault, ...] | None, diary: Diary) -> None:
        """Move a finished file; one that can't be moved is said, the others go on."""
        try:
            put_away(self.request.inbox, file, reasons=reasons, lang=self.request.lang)
        except Faults as error:
            self.done.fail(file.name, error.faults)
            return
        diary.write("put away", file=short(file.sha256), quarantined=reasons is not None)


def _closed(name: str, days: tuple[str, ...]) -> Words:
    listed = ", ".join(days)
    return Words(
        f"{name}：{listed} 或前几天的文本已清除，这些天不再重新审核，新来的消息没有计入。",
        f"{name}: text of {listed} or the days before was purged; these days are never audited anew, so its messages do not count.",
    )
