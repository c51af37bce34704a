"""The whole way, in order: the one module that knows it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

import chataudit
from chataudit import cards, ingest, rules
from chataudit.apart import HERE, Apart
from chataudit.beside import Beside, Named, gather
from chataudit.cards.model import Card
from chataudit.counting import count
from chataudit.errors import Fault, Faults, Together, Words, one_of
from chataudit.ingest.reasons import in_chinese
from chataudit.log import Log
from chataudit.risk import NO_SIGNS, risk_of
from chataudit.rules.model import Rule
from chataudit.rulings import Rulings
from chataudit.settings import Policy, Settings
from chataudit.tables import SHEETS
from chataudit.tools import Tools, read_tools

Progress = Callable[[str, int, int], None]
Ready = Callable[[str, pd.DataFrame], None]


def quiet(stage: str, done: int, total: int) -> None:
    """Show no progress."""


def unheard(name: str, table: pd.DataFrame) -> None:
    """Take no notice of a table."""


@dataclass(frozen=True)
class Request:
    """What to audit: chat exports, the tables beside them, which cards, which days; a trained ``model`` of risk."""

    paths: tuple[Path, ...]
    orders: tuple[Path, ...] = ()
    sheets: tuple[Path, ...] = ()
    people: Path | None = None
    layout: str | None = None
    days: tuple[str, str] | None = None
    cards: tuple[str, ...] = ()
    lang: str = "zh"
    model: Path | None = None


@dataclass(frozen=True)
class Audit:
    """Everything an audit made: all tables, and what is needed to show and trace them.

    ``counts``: rows = messages + duplicates + rejects; ``left_out``: further messages, of other days than asked;
    ``run``: what `run.json` holds; ``rules``, ``cards``, ``policies``: those that were used; ``broken``: files inside folders or zips
    that could not be read; ``sheets``: the figures of people that were read beside the chats.
    """

    log: Log
    agents: pd.DataFrame
    platform_metrics: pd.DataFrame
    conversions: pd.DataFrame
    hits: pd.DataFrame
    marks: pd.DataFrame
    scores: pd.DataFrame
    rejects: pd.DataFrame
    people: pd.DataFrame
    facts: pd.DataFrame
    risk: pd.DataFrame
    rulings: Rulings
    rules: Mapping[str, Rule]
    cards: Mapping[str, Card]
    policies: Mapping[str, Policy]
    settings: Settings
    run: Mapping[str, object]
    notes: tuple[Words, ...] = ()
    broken: tuple[Fault, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    sheets: pd.DataFrame = field(default_factory=SHEETS.empty)

    @property
    def messages(self) -> pd.DataFrame:
        """Return the messages table."""
        return self.log.messages

    @property
    def sessions(self) -> pd.DataFrame:
        """Return the sessions table."""
        return self.log.sessions

    @property
    def rounds(self) -> pd.DataFrame:
        """Return the rounds table."""
        return self.log.rounds

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the output tables by name, in the order of `chataudit.tables.OUTPUTS`."""
        names = (
            "messages",
            "sessions",
            "rounds",
            "agents",
            "conversions",
            "platform_metrics",
            "hits",
            "marks",
            "scores",
            "rejects",
            "people",
            "facts",
            "risk",
        )
        return {name: getattr(self, name) for name in names}


def audit(
    request: Request,
    settings: Settings,
    progress: Progress = quiet,
    *,
    ready: Ready = unheard,
    apart: Apart = HERE,
    jobs: int = 2,
) -> Audit:
    """Return the audit of a request; ``ready``: as `examine`.

    What needs nothing but texts is begun as soon as they are read, ``apart`` where that can be; ``jobs``: how many rules
    are judged at the same time. Neither changes the result.

    Raises:
        Faults: settings, lexicons, named inputs or sheets that are wrong; all that can be found at once.
    """
    named = Named(request.orders, request.sheets, request.people)
    tried = Together()
    tools = tried.get(lambda: read_tools(settings, request.cards, request.lang, request.model, apart=apart))
    begun: list[rules.Search] = []

    def seen(texts: pd.Series) -> None:
        if tools is not None:
            begun.append(rules.Search(texts, tools.library, tools.segmenter, apart, jobs))

    taken = tried.get(
        lambda: ingest.read(
            request.paths, settings, layout=request.layout, own=named.paths, progress=progress, seen=seen
        )
    )
    companions = tried.get(lambda: gather(named, taken.companions if taken else {}, settings, request.layout))
    tried.settle()
    assert tools and taken and companions
    about = {"days": list(request.days) if request.days else None, "cards": list(request.cards), "lang": request.lang}
    return examine(
        taken, companions, tools, about, days=request.days, progress=progress, ready=ready, begun=begun.pop()
    )


def examine(
    taken: ingest.Ingested,
    companions: Beside,
    tools: Tools,
    about: Mapping[str, object],
    *,
    days: tuple[str, str] | None = None,
    now: int | None = None,
    progress: Progress = quiet,
    ready: Ready = unheard,
    begun: rules.Search | None = None,
) -> Audit:
    """Return the audit of messages and the tables beside them; ``about``: what was asked, for the trace.

    ``days`` and ``now``: as `chataudit.counting.count`; ``ready`` is given the tables that are final before all is done;
    ``begun``: a search of all texts that were read, of which ``position`` of a message tells its own; without it, all
    texts are searched now.

    Raises:
        Faults: sheets, shifts or workbooks handed back that are wrong, or no session on the days asked.
    """
    settings, lang, messages = tools.settings, tools.lang, taken.messages
    if begun is None:
        messages = messages.assign(position=np.arange(len(messages)))
        begun = rules.Search(messages["text"], tools.library, tools.segmenter)
    progress("count", 0, 1)
    counted = count(messages, companions.people, companions.orders, settings, tools.platforms.policies, days, now=now)
    log = counted.log
    progress("count", 1, 1)
    _known_cards(companions.verdicts, tools.deck)
    for name, table in counted.tables.items():
        ready(name, table)
    data = rules.Data(
        companions.orders,
        companions.people,
        counted.conversions[["order_id", "session_id"]],
        settings.agent_tags,
        settings.after_sales_days,
        settings.cut_hour,
    )
    flagged = rules.flag(log, tools.library, tools.segmenter, data=data, begun=begun, lang=lang, progress=progress)
    inputs = cards.Inputs(
        log,
        counted.persons,
        counted.platform_metrics,
        flagged.rulings,
        companions.people,
        companions.sheets,
        companions.verdicts,
    )
    made = cards.fill(tools.chosen, inputs, lang=lang, progress=progress)
    progress("risk", 0, 1)
    risk = risk_of(log, flagged.rulings, tools.learnt, tools.signs, lang)
    progress("risk", 1, 1)
    counts = _counts(taken, companions, counted.left_out)
    unsigned = () if tools.signs or tools.learnt.trace else (NO_SIGNS,)
    notes = (*taken.notes, *companions.notes, *counted.notes, *made.notes, *unsigned)
    return Audit(
        log=log,
        agents=counted.agents,
        platform_metrics=counted.platform_metrics,
        conversions=counted.conversions,
        hits=flagged.hits,
        marks=made.marks,
        scores=made.scores,
        rejects=_rejects(taken, companions.rejects, lang),
        people=companions.people,
        facts=made.facts,
        risk=risk,
        rulings=flagged.rulings,
        rules=tools.library.rules,
        cards=tools.chosen,
        policies=tools.platforms.policies,
        settings=settings,
        run=_run(about, tools, counts, (*taken.inputs, *companions.inputs), notes),
        notes=notes,
        broken=taken.broken,
        counts=counts,
        sheets=companions.sheets[SHEETS.names],
    )


def _counts(taken: ingest.Ingested, companions: Beside, left_out: int) -> dict[str, int]:
    """Return how many rows were read and what became of them: rows = messages + duplicates + rejects."""
    counts = {**taken.counts, "left_out": left_out}
    counts["rejects"] += len(companions.rejects)
    counts["rows"] += len(companions.rejects)
    counts["messages"] -= left_out
    counts["rows"] -= left_out
    return counts


def _rejects(taken: ingest.Ingested, beside: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return the rejects of chats and of what stands beside them, their reasons in the reader's language."""
    filled = [table for table in (taken.rejects, beside) if len(table)]
    table = pd.concat(filled, ignore_index=True) if filled else taken.rejects
    if lang == "en" or not len(table):
        return table
    return table.assign(reason=in_chinese(table["reason"], taken.broken))


def _known_cards(verdicts: pd.DataFrame | None, deck: cards.Cards) -> None:
    """Raise Faults where a workbook handed back names a card that there is not."""
    if verdicts is None:
        return
    rows = verdicts.drop_duplicates("card")
    faults = [
        Fault(
            Words(f"没有评分表 “{card}”。", f"There is no card {card!r}."),
            str(file),
            int(row),
            hint=one_of(str(card), deck.cards),
        )
        for card, file, row in zip(rows["card"], rows["file"], rows["row"], strict=True)
        if card not in deck.cards
    ]
    if faults:
        raise Faults(faults)


def _run(
    about: Mapping[str, object],
    tools: Tools,
    counts: Mapping[str, int],
    inputs: Iterable[ingest.Input],
    notes: Iterable[Words],
) -> dict[str, object]:
    """Return what a run is traced by."""
    chosen = tools.settings.model_dump(mode="json")
    return {
        "program": "chataudit",
        "version": chataudit.__version__,
        "settings": chosen,
        "settings_sha256": hashlib.sha256(json.dumps(chosen, sort_keys=True).encode()).hexdigest(),
        "request": dict(about),
        "inputs": [{"name": one.name, "sha256": one.sha256, "read_as": one.layout, "rows": one.rows} for one in inputs],
        "lexicons": dict(sorted(tools.hashes.items())),
        **tools.learnt.trace,
        "counts": dict(counts),
        "notes": [note.said(tools.lang) for note in notes],
    }
