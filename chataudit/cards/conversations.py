"""Checklists filled for every conversation: a session and an agent with own talk in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from chataudit.arrays import Flags, Ints, arrow, group_ids, union
from chataudit.cards.marks import CODE, LOST, MOST_EVIDENCE, Pool, hit_evidence, is_any, is_few, listed
from chataudit.cards.model import Card, Checklist, Item
from chataudit.errors import Words
from chataudit.log import Log
from chataudit.rulings import Rulings

MET, PARTLY, NOT_MET = CODE["met"], CODE["partly"], CODE["not_met"]
NOT_APPLICABLE, NO_DATA, NEEDS_REVIEW = CODE["not_applicable"], CODE["no_data"], CODE["needs_review"]


@dataclass(frozen=True)
class Conversations:
    """Conversations of a log, by session, then agent: ``session`` and ``agent`` numbers, ``checked`` own messages."""

    session: Ints
    agent: Ints
    checked: Ints
    opening: Flags
    closing: Flags
    wide: int

    @classmethod
    def of(cls, log: Log) -> Conversations:
        """Return the conversations of a log."""
        rows = log.agent_rows
        wide = len(log.agent_names) + 1
        number, first = group_ids(log.session[rows], log.agent[rows])
        session, agent, checked = log.session[rows[first]], log.agent[rows[first]], np.bincount(number)
        return cls(session, agent, checked, log.first_agent[session] == agent, log.last_agent[session] == agent, wide)

    @property
    def size(self) -> int:
        """Return how many there are."""
        return len(self.session)

    def place(self, session: Ints, agent: Ints) -> Ints:
        """Return the numbers of the conversations of (session, agent); -1 where the agent did not talk there."""
        keys = self.session * self.wide + self.agent + 1
        wanted = session * self.wide + agent + 1
        at = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
        return np.where(keys[at] == wanted, at, -1) if len(keys) else np.full(len(wanted), -1)


@dataclass
class Filled:
    """A card's marks of all conversations: an array (items, conversations) of outcomes, points, evidence, reasons."""

    outcome: Ints
    points: np.ndarray
    evidence: Ints
    reason: Ints


@dataclass(frozen=True)
class _Places:
    """Where the rules of an item were broken or kept: conversation, rule, row and span, ordered by conversation."""

    owner: Ints
    rule: Ints
    row: Ints
    start: Ints
    end: Ints


def fill(card: Card, log: Log, rulings: Rulings, conversations: Conversations, pool: Pool, lang: str) -> Filled:
    """Return the machine's marks of every item for every conversation."""
    shape = (len(card.items), conversations.size)
    filled = Filled(np.full(shape, NOT_APPLICABLE), np.full(shape, np.nan), np.full(shape, -1), np.full(shape, -1))
    ids = arrow(log.messages["message_id"])
    filler = _Filler(log, rulings, conversations, pool, ids, lang)
    for number, item in enumerate(card.items):
        filler.fill(item, number, filled)
    return filled


class _Filler:
    """Fills one item after the other."""

    def __init__(
        self, log: Log, rulings: Rulings, conversations: Conversations, pool: Pool, ids: pa.Array, lang: str
    ) -> None:
        self.log, self.rulings, self.conversations = log, rulings, conversations
        self.pool, self.ids, self.lang = pool, ids, lang
        checked, place = np.unique(conversations.checked, return_inverse=True)
        numbers = [pool.number(f'{{"messages_checked": {count}}}') for count in checked.tolist()]
        self.checked = np.array(numbers, dtype=np.int64)[place.reshape(-1)] if len(checked) else place

    def fill(self, item: Item, number: int, filled: Filled) -> None:
        checklist = item.checklist
        assert checklist is not None
        size = self.conversations.size
        broken = self._places([*checklist.must, *checklist.must_not], "broken")
        kept = self._places(list(checklist.must), "kept")
        signs = self._places(list(checklist.signs), "broken")
        unmet = _rules_of(broken, size)
        good, sign = _any(kept, size), _any(signs, size)
        judged, applies = self._judged([*checklist.must, *checklist.must_not, *checklist.signs])
        if checklist.any:
            unmet = np.where(good, 0, np.minimum(unmet, 1))
        outcome = np.full(size, MET if checklist.judge != "duty" else NOT_APPLICABLE)
        outcome[good] = MET
        outcome[~judged] = NO_DATA
        outcome[sign] = NEEDS_REVIEW
        outcome[unmet > 0] = NOT_MET
        if item.some is not None:
            outcome[unmet == 1] = PARTLY
        outcome[~applies] = NOT_APPLICABLE
        mine = {"opening": self.conversations.opening, "closing": self.conversations.closing}.get(checklist.at)
        if mine is not None:
            outcome[~mine] = NOT_APPLICABLE
        filled.outcome[number] = outcome
        filled.points[number] = np.select(
            [outcome == MET, outcome == PARTLY, outcome == NOT_MET], [item.points, item.some or 0.0, 0.0], np.nan
        )
        self._explain(checklist, filled.evidence[number], filled.reason[number], outcome, (broken, kept, signs), good)

    def _places(self, names: list[str], which: str) -> _Places:
        """Return where the named rules were broken (or kept), in conversations."""
        owner: list[Ints] = []
        rule: list[Ints] = []
        rows: list[Ints] = []
        starts: list[Ints] = []
        ends: list[Ints] = []
        for number, name in enumerate(names):
            judged = self.rulings.judged[name]
            found, agent = (judged.broken, judged.agent) if which == "broken" else (judged.kept, judged.kept_agent)
            at = self.conversations.place(self.log.session[found.row], agent)
            keep = at >= 0
            owner.append(at[keep])
            rule.append(np.full(int(keep.sum()), number))
            for column, values in ((rows, found.row), (starts, found.start), (ends, found.end)):
                column.append(values[keep])
        if not names:
            nothing = np.array([], dtype=np.int64)
            return _Places(nothing, nothing, nothing, nothing, nothing)
        columns = [np.concatenate(parts).astype(np.int64) for parts in (owner, rule, rows, starts, ends)]
        order = np.lexsort((columns[1], columns[3], columns[2], columns[0]))
        return _Places(*(column[order] for column in columns))

    def _judged(self, names: list[str]) -> tuple[Flags, Flags]:
        """Return where all the rules that are for a conversation could be judged, and where any of them is for it."""
        judged = np.ones(self.conversations.size, dtype=bool)
        applies = np.zeros(self.conversations.size, dtype=bool)
        for name in names:
            ruling = self.rulings.judged[name]
            known = ruling.judged[self.conversations.session]
            judged &= known
            applies |= ruling.applies[self.conversations.session] | ~known
        return judged, applies

    def _explain(
        self,
        checklist: Checklist,
        evidence: Ints,
        reason: Ints,
        outcome: Ints,
        places: tuple[_Places, _Places, _Places],
        good: Flags,
    ) -> None:
        """Write evidence and reason of each mark in place."""
        broken, kept, signs = places
        evidence[outcome == MET] = self.checked[outcome == MET]
        due = [*checklist.must, *checklist.must_not]
        faulty, doubt = is_any(outcome, LOST), outcome == NEEDS_REVIEW
        self._evidence(evidence, (outcome == MET) & good, kept, list(checklist.must))
        self._evidence(evidence, faulty, broken, due)
        self._evidence(evidence, doubt, signs, list(checklist.signs))
        self._reasons(reason, faulty, broken, due)
        self._reasons(reason, doubt, signs, list(checklist.signs))
        reason[outcome == NO_DATA] = self._said(
            Words("规则要用的时间、订单或人员没有，判断不了", "times, orders or people that a rule needs are missing")
        )
        reason[outcome == NOT_APPLICABLE] = self._said(Words("没有出现需要它的情形", "nothing called for it"))

    def _said(self, words: Words) -> int:
        return self.pool.number(words.said(self.lang))

    def _evidence(self, evidence: Ints, mask: Flags, places: _Places, names: list[str]) -> None:
        keep = np.flatnonzero(mask[places.owner]) if len(places.owner) else np.array([], dtype=np.int64)
        if not len(keep):
            return
        keep = keep[is_few(places.owner[keep], MOST_EVIDENCE)]
        ids = self.ids.take(pa.array(places.row[keep]))
        objects = hit_evidence(names, places.rule[keep], ids, places.start[keep], places.end[keep])
        numbers, texts = listed(objects, places.owner[keep])
        evidence[numbers] = self.pool.take(texts)

    def _reasons(self, reason: Ints, mask: Flags, places: _Places, names: list[str]) -> None:
        """Give the distinct rules' names of each conversation."""
        keep = np.flatnonzero(mask[places.owner]) if len(places.owner) else np.array([], dtype=np.int64)
        if not len(keep):
            return
        titles = [self.rulings.title(name, self.lang) for name in names]
        pairs = np.unique(places.owner[keep] * len(names) + places.rule[keep])
        owner, rule = pairs // len(names), pairs % len(names)
        bits = np.zeros(self.conversations.size, dtype=np.int64)
        np.bitwise_or.at(bits, owner, np.left_shift(1, np.minimum(rule, 62)))
        for value in np.unique(bits[bits > 0]).tolist():
            said = "；".join(title for at, title in enumerate(titles) if value >> min(at, 62) & 1)
            reason[bits == value] = self.pool.number(said)


def _rules_of(places: _Places, size: int) -> Ints:
    """Return for each conversation how many distinct rules stand in ``places``."""
    if not len(places.owner):
        return np.zeros(size, dtype=np.int64)
    wide = int(places.rule.max()) + 1
    pairs = union(places.owner * wide + places.rule)
    return np.bincount(pairs // wide, minlength=size)


def _any(places: _Places, size: int) -> Flags:
    """Return for each conversation whether any rule stands in ``places``."""
    found = np.zeros(size, dtype=bool)
    found[places.owner] = True
    return found
