"""Who judges: each rule once, on the log as it is or, with ``across``, on linked sessions of one buyer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from chataudit.arrays import Ints
from chataudit.log import Log
from chataudit.rules.ahead import Search
from chataudit.rules.facts import Data
from chataudit.rules.judge import judge
from chataudit.rules.library import Library
from chataudit.rules.linked import Linked, link
from chataudit.rules.needs import judgeable, rules_named
from chataudit.rules.places import Places
from chataudit.rules.talk import Talk
from chataudit.rulings import Found, Judged
from chataudit.segmenter import Segmenter


class Bench:
    """Judges rules on one log, each once; a rule that asks for another's hits has it judged first."""

    def __init__(
        self, log: Log, library: Library, segmenter: Segmenter, data: Data | None, begun: Search | None = None
    ) -> None:
        self.library = library
        self.talk = Talk(log, Places(log, library, segmenter, begun), data)
        self._done: dict[str, Judged] = {}

    def verdicts(self, name: str) -> Judged:
        """Return the verdicts of a rule."""
        if name not in self._done:
            rule = self.library.rules[name]
            named = []
            for other in rules_named(rule):
                named.append(self.verdicts(other).judged)
                self.talk.hits[other] = self._hits_of(other)
            judged = judgeable(rule, self.talk.known, named)
            if name in self.library.unfilled:
                judged = np.zeros(len(judged), dtype=bool)
            self._done[name] = judge(rule, self.talk, judged)
        return self._done[name]

    def _hits_of(self, name: str) -> Ints:
        verdicts = self.verdicts(name)
        return verdicts.kept.row if self.library.rules[name].expect == "count" else verdicts.broken.row


class Court:
    """Judges the rules of a library on a log.

    Rules that do not look across sessions share one bench; the others have one for each number of days, on the log
    regrouped, so that they cost nothing where nobody uses them.
    """

    def __init__(
        self,
        log: Log,
        library: Library,
        segmenter: Segmenter,
        data: Data | None = None,
        begun: Search | None = None,
    ) -> None:
        self._days = {name: one.across.days for name, one in library.rules.items() if one.across is not None}
        self._own = Bench(log, _those(library, set(library.rules) - set(self._days)), segmenter, data, begun)
        self.talk = self._own.talk
        self._benches: dict[int, tuple[Linked, Bench]] = {}
        for days in sorted(set(self._days.values())):
            linked, names = link(log, days), {name for name, own in self._days.items() if own == days}
            bench = Bench(linked.log, _those(library, names), segmenter, data)
            self._benches[days] = linked, bench
            for text in bench.talk.places.labels:  # numbered now, not in whichever order rules come to be judged
                self.talk.places.label(text)

    def verdicts(self, name: str) -> Judged:
        """Return the verdicts of a rule on the rows and sessions of the log, its labels as `Places` of ``talk`` count them."""
        if name not in self._days:
            return self._own.verdicts(name)
        linked, bench = self._benches[self._days[name]]
        verdicts = bench.verdicts(name)
        broken, kept = (self._relabelled(found, bench) for found in (verdicts.broken, verdicts.kept))
        return linked.back(replace(verdicts, broken=broken, kept=kept))

    def _relabelled(self, found: Found, bench: Bench) -> Found:
        places = bench.talk.places
        label = np.array([self.talk.places.label(text) for text in places.labels], dtype=np.int64)
        located = places.located(found)
        return replace(located, label=label[located.label])


def _those(library: Library, names: set[str]) -> Library:
    return replace(library, rules={name: rule for name, rule in library.rules.items() if name in names})
