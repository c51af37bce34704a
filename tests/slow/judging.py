"""Conditions, windows and rules judged one message after the other, straight from their definitions."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from chataudit.log import Log
from chataudit.rules.condition import Condition, Window
from chataudit.rules.model import Rule
from chataudit.rules.parts import Range
from chataudit.tables import TALK_KINDS

SENDERS = {"agent": ("agent", "assist"), "buyer": ("buyer",), "auto": ("auto",), "bot": ("bot",), "system": ("system",)}
Places = list[tuple[int, int]]
Verdict = list[tuple[int, int]]


def holds(value: float | None, bounds: Range) -> bool:
    """Return whether a known number lies inside all bounds."""
    return value is not None and all(
        (
            bounds.over is None or value > bounds.over,
            bounds.at_least is None or value >= bounds.at_least,
            bounds.under is None or value < bounds.under,
            bounds.at_most is None or value <= bounds.at_most,
        )
    )


class Judge:
    """Reads a log as a list; phrases are single characters without word borders."""

    def __init__(self, log: Log) -> None:
        self.log = log
        messages = log.messages
        self.size = len(messages)
        self.sender, self.kind = list(messages["sender"]), list(messages["kind"])
        self.text = ["" if text is None or text != text else text for text in messages["text"]]
        self.agent, self.session = log.agent.tolist(), log.session.tolist()
        self.time = [None if at is None or at != at else at.timestamp() for at in messages["sent_at"]]
        self.wait = {
            int(reply): float(wait) for reply, wait in zip(log.reply, log.rounds["wait_s"], strict=True) if reply >= 0
        }
        self.opens = set(log.opening.tolist())
        self.pending = {int(row) for row, reply in zip(log.opening, log.reply, strict=True) if reply < 0}

    # --- conditions ---

    def speaks(self, part: Condition, row: int) -> bool:
        """Return whether a condition looks at a message."""
        return any(self.sender[row] in SENDERS[who] for who in part.who) and self.kind[row] in (part.kind or TALK_KINDS)

    def rows(self, part: Condition, session: int) -> list[int]:
        """Return the messages of a session that a condition looks at."""
        return [row for row in range(self.size) if self.session[row] == session and self.speaks(part, row)]

    def matches(self, part: Condition, row: int) -> bool:
        """Return whether a message meets a condition."""
        if not self.speaks(part, row) or not self._worded(part, row) or not self._timed(part, row):
            return False
        parts = [self.matches(one, row) for one in part.any]
        if parts and not any(parts) or not all(self.matches(one, row) for one in part.all):
            return False
        if part.not_ is not None and self.matches(part.not_, row):
            return False
        if part.different is not None:
            number = sum(parts) + len(
                {mark for mark in self.text[row] if mark in part.phrases and self.kind[row] == "text"}
            )
            if not holds(number, part.different):
                return False
        return all(self._near(near, row) for near in part.near)

    def _worded(self, part: Condition, row: int) -> bool:
        text = self.text[row] if self.kind[row] == "text" else ""
        if part.phrases and not any(phrase in text for phrase in part.phrases):
            return False
        if part.pattern is not None and not re.search(part.pattern, text):
            return False
        if part.times is not None:
            spans = {(at, at + 1) for at, mark in enumerate(text) if mark in part.phrases}
            if part.pattern is not None:
                spans |= {found.span() for found in re.finditer(part.pattern, text)}
            if not holds(len(spans), part.times):
                return False
        return part.length is None or holds(len(self.text[row].strip()), part.length)

    def _timed(self, part: Condition, row: int) -> bool:
        session = [at for at in range(self.size) if self.session[at] == self.session[row]]
        tests = [
            part.opens is None or (row in self.opens) == part.opens,
            part.pending is None or (row in self.pending) == part.pending,
            part.wait is None or holds(self.wait.get(row), part.wait),
            part.elapsed is None or holds(self._between(session[0], row), part.elapsed),
            part.remaining is None or holds(self._between(row, session[-1]), part.remaining),
        ]
        if part.nth is not None:
            mine = self.rows(part, self.session[row])
            place = mine.index(row)
            begin = part.nth.first - 1 if part.nth.first > 0 else len(mine) + part.nth.first
            end = part.nth.last - 1 if part.nth.last > 0 else len(mine) + part.nth.last
            tests.append(begin <= place <= end)
        if part.gap is not None:
            others = self.rows(Condition(who=part.gap.since or part.gap.until), self.session[row])
            near = [at for at in others if at < row][-1:] if part.gap.since else [at for at in others if at > row][:1]
            tests.append(
                bool(near) and holds(abs(self._between(near[0], row) or 0.0) if self.time[row] else None, part.gap)
            )
        return all(tests)

    def _between(self, one: int, other: int) -> float | None:
        if self.time[one] is None or self.time[other] is None:
            return None
        return self.time[other] - self.time[one]

    def _near(self, near: Any, row: int) -> bool:
        if near.window.edge:
            found = [at for at in self.edge(near, near.window, self.session[row]) if self.matches(near, at)]
        else:
            found = [at for at in self.window(near, near.window, row) if self.matches(near, at)]
            if near.window.side == "around":
                found = [at for at in found if at != row]
        return len(found) >= near.at_least

    def places(self, part: Condition, row: int, every: bool) -> Places:
        """Return the places that a met condition shows."""
        text = self.text[row]
        if part.phrases:
            return [(at, at + 1) for at, mark in enumerate(text) if mark in part.phrases]
        if part.pattern is not None:
            spans = [found.span() for found in re.finditer(part.pattern, text)]
            return spans if every or part.times is not None else spans[:1]
        if part.all:
            return self.places(part.all[0], row, every)
        if part.any:
            return sorted({one for sub in part.any if self.matches(sub, row) for one in self.places(sub, row, every)})
        return [(0, len(text))]

    def kinds(self, part: Condition, row: int) -> list[Any]:
        """Return the kinds of what a met condition finds: its phrases, or which parts of ``any`` hold."""
        said = [mark for mark in self.text[row] if mark in part.phrases]
        return said + [number for number, one in enumerate(part.any) if self.matches(one, row)]

    # --- windows ---

    def edge(self, part: Condition, window: Window, session: int) -> list[int]:
        rows = self.rows(part, session)
        if window.first is not None:
            return rows[: window.first]
        return rows[-window.last :] if window.last is not None else rows

    def window(self, part: Condition, window: Window, anchor: int) -> list[int]:
        rows = self.rows(part, self.session[anchor])
        before, after = [row for row in rows if row < anchor], [row for row in rows if row > anchor]
        here = [row for row in rows if row == anchor]
        most = window.messages
        chosen = {
            "after": after[:most],
            "from": (here + after)[:most],
            "at": here,
            "before": before[-most:] if most else before,
            "around": (before[-most:] if most else before) + here + after[:most],
        }[window.side]
        if window.seconds is not None:
            chosen = [row for row in chosen if abs(self._between(anchor, row) or 0.0) <= window.seconds]
        if window.until is not None:
            ends = [row for row in range(self.size) if self.matches(window.until, row)]
            low = max((row for row in ends if row < anchor), default=-1)
            high = min((row for row in ends if row > anchor), default=self.size)
            chosen = [row for row in chosen if low < row < high]
        return chosen

    # --- rules ---

    def judge(self, rule: Rule) -> tuple[list[tuple[int, int, int, int]], list[tuple[int, int]]]:
        """Return the broken places (row, start, end, agent) and the kept (row, agent), both sorted."""
        if rule.expect == "some":
            return self._duty(rule)
        found = self._forbidden(rule)
        if rule.expect == "count":
            return [], sorted((row, agent) for row, _, _, agent in found)
        return found, []

    def anchors(self, rule: Rule) -> list[int]:
        chosen = []
        for session in sorted(set(self.session)):
            rows = [row for row in range(self.size) if self.session[row] == session and self.matches(rule.anchor, row)]
            which = {"first": 1, "last": -1}.get(rule.anchor.which, rule.anchor.which)
            if which == "every":
                chosen += rows
            elif rows and abs(which) <= len(rows):
                chosen.append(rows[which - 1 if which > 0 else which])
        return chosen

    def _excused(self, rule: Rule, anchor: int | None, session: int) -> bool:
        if rule.unless is None:
            return False
        window = rule.unless.window or rule.window
        rows = self.edge(rule.unless, window, session) if anchor is None else self.window(rule.unless, window, anchor)
        return any(self.matches(rule.unless, row) for row in rows)

    def _looked_at(self, rule: Rule) -> list[int]:
        """Return the messages that meet what is looked for, in windows that nothing excuses."""
        rows: set[int] = set()
        if rule.anchor is None:
            for session in set(self.session):
                if not self._excused(rule, None, session):
                    rows |= set(self.edge(rule.find, rule.window, session))
        else:
            for anchor in self.anchors(rule):
                if not self._excused(rule, anchor, self.session[anchor]):
                    rows |= set(self.window(rule.find, rule.window, anchor))
        return sorted(row for row in rows if self.matches(rule.find, row))

    def _forbidden(self, rule: Rule) -> list[tuple[int, int, int, int]]:
        hits, said = [], {}
        for row in self._looked_at(rule):
            agent = self._credited(rule, row)
            seen = said.setdefault((self.session[row], agent), [])
            if rule.by == "different":
                for kind, place in self._by_kind(rule.find, row):
                    new = kind not in seen
                    seen += [kind] if new else []
                    if rule.at_most == 0 or new and len(seen) > rule.at_most:
                        hits.append((row, *place, agent))
                continue
            for place in self.places(rule.find, row, rule.by == "occurrences"):
                if rule.by == "occurrences" or row not in seen:
                    seen.append(row)
                if len(seen) > rule.at_most:
                    hits.append((row, *place, agent))
        return sorted(hits)

    def _by_kind(self, part: Condition, row: int) -> list[tuple[Any, tuple[int, int]]]:
        """Return every place with its kind, in order of place; phrases before parts of ``any``."""
        found: list[tuple[Any, tuple[int, int]]] = [
            (mark, (at, at + 1)) for at, mark in enumerate(self.text[row]) if mark in part.phrases
        ]
        for number, one in enumerate(part.any):
            if self.matches(one, row):
                found += [(number, place) for place in self.places(one, row, True)]
        return sorted(found, key=lambda pair: pair[1][0])

    def _credited(self, rule: Rule, row: int) -> int:
        if rule.window.first is not None or rule.window.last is not None:
            talk = [at for at in self.rows(Condition(), self.session[row])]
            return (self.agent[talk[0]] if rule.window.first is not None else self.agent[talk[-1]]) if talk else -1
        return self.agent[row]

    def _number(self, rule: Rule, rows: list[int]) -> int:
        met = [row for row in rows if self.matches(rule.find, row)]
        if rule.by == "messages":
            return len(met)
        if rule.by == "occurrences":
            return sum(len(self.places(rule.find, row, True)) for row in met)
        return len({kind for row in met for kind in self.kinds(rule.find, row)})

    def _duty(self, rule: Rule) -> tuple[list[tuple[int, int, int, int]], list[tuple[int, int]]]:
        broken: list[tuple[int, int, int, int]] = []
        kept: Verdict = []

        def settle(rows: list[int], at: int, agent: int) -> None:
            if self._number(rule, rows) >= rule.at_least:
                kept.append((next(row for row in rows if self.matches(rule.find, row)), agent))
            else:
                broken.append((at, 0, 0, agent))

        if rule.anchor is not None:
            for anchor in self.anchors(rule):
                if not self._excused(rule, anchor, self.session[anchor]):
                    settle(self.window(rule.find, rule.window, anchor), anchor, self.agent[anchor])
            return sorted(broken), sorted(kept)
        for session in sorted(set(self.session)):
            talk = self.rows(Condition(), session)
            if not talk or self._excused(rule, None, session):
                continue
            if rule.window.edge:
                rows = self.edge(rule.find, rule.window, session)
                first = rule.window.first is not None
                at = (rows[0] if first else rows[-1]) if rows else self.session.index(session)
                settle(rows, at, self.agent[talk[0 if first else -1]])
                continue
            for agent in sorted({self.agent[row] for row in talk}):
                rows = [row for row in self.rows(rule.find, session) if self.agent[row] == agent]
                settle(rows, next(row for row in talk if self.agent[row] == agent), agent)
        return sorted(broken), sorted(kept)


def fast(verdicts: Any) -> tuple[list[tuple[int, int, int, int]], list[tuple[int, int]]]:
    """Return the program's verdicts in the same form."""
    broken, kept = verdicts.broken, verdicts.kept
    columns = (broken.row, broken.start, broken.end, verdicts.agent)
    return (
        sorted(zip(*(np.asarray(column).tolist() for column in columns), strict=True)),
        sorted(zip(kept.row.tolist(), verdicts.kept_agent.tolist(), strict=True)),
    )
