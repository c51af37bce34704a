"""Audit folders, sheets and a card in; the card filled for any period out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pandas as pd

import chataudit
from chataudit import rules
from chataudit.arrays import as_code
from chataudit.beside import Beside, Named, gather
from chataudit.cards import Book, Cards, Sources
from chataudit.cards import load as load_cards
from chataudit.cards.consequences import Happened, happened
from chataudit.cards.costs import Association, Cost, associations_of, costs_of
from chataudit.cards.course import Course
from chataudit.cards.facts import Facts, teams_of
from chataudit.cards.intervals import Interval, of_days, of_scores
from chataudit.cards.model import Card
from chataudit.cards.periods import Period, period_of, read_period
from chataudit.cards.results import Result
from chataudit.cards.rolled import Conversations, conversations_of, rolled
from chataudit.cards.sheets import check_sheets
from chataudit.cards.slips import PaidLine
from chataudit.cards.teams import team_means
from chataudit.errors import Fault, Faults, Together, Words, one_of
from chataudit.ingest.folders import Folder, merged, read_folders
from chataudit.metrics import presets
from chataudit.recount import with_orders
from chataudit.settings import Settings, lexicons_folder
from chataudit.tables import FACTS, PEOPLE, SHEETS

ALWAYS = ("facts", "people")
OF_CONVERSATIONS = ("scores", "marks", "conversions")


@dataclass(frozen=True)
class ScoreRequest:
    """Which card to fill for which period, from which audit folders and tables beside them."""

    card: str
    period: str
    folders: tuple[Path, ...]
    orders: tuple[Path, ...] = ()
    sheets: tuple[Path, ...] = ()
    people: Path | None = None
    lang: str = "zh"
    subject: Literal["person", "team"] | None = None


@dataclass(frozen=True)
class Scored:
    """A card filled for a period.

    ``results``: by period, the own periods inside it first, the one asked last; ``kind``: whom they score; ``teams``:
    means of teams in the period asked; ``slips``: pay slips by (period, person); ``run``: what `run.json` holds.
    """

    id: str
    card: Card
    period: Period
    results: Mapping[Period, Mapping[str, Result]]
    teams: tuple[Result, ...]
    intervals: Mapping[str, Interval]
    slips: Mapping[tuple[Period, str], Sequence[PaidLine]]
    happened: tuple[Happened, ...]
    costs: tuple[Cost, ...]
    associations: tuple[Association, ...]
    run: Mapping[str, Any]
    notes: tuple[Words, ...] = ()
    kind: Literal["person", "team"] = "person"

    @property
    def last(self) -> Mapping[str, Result]:
        """Return the results of the period asked."""
        return self.results[self.period]


@dataclass(frozen=True)
class Material:
    """Everything read: facts of all folders, tables beside, and of conversations their scores and orders."""

    facts: pd.DataFrame
    people: pd.DataFrame
    sheets: pd.DataFrame
    rules: frozenset[str]
    folders: Sequence[Folder]
    conversions: pd.DataFrame | None
    beside: Beside
    notes: list[Words] = field(default_factory=list)


@dataclass(frozen=True)
class Kept:
    """Audits and sheets that are kept elsewhere than in files."""

    folders: Sequence[Folder] = ()
    sheets: pd.DataFrame = field(default_factory=SHEETS.empty)


Held = Callable[[Card, Period, Sequence[str]], Kept]


def no_more(card: Card, period: Period, names: Sequence[str]) -> Kept:
    """Give nothing but what the request names."""
    return Kept()


def score(request: ScoreRequest, settings: Settings, held: Held = no_more) -> Scored:
    """Return a card filled for a period; ``held`` gives what else is kept, audits with the tables named.

    Raises:
        Faults: a card or period that there is not, folders, sheets or tables that are wrong; all that can be found at once.
    """
    folder = lexicons_folder(settings.lexicons)
    tried = Together()
    period = tried.get(lambda: _period(request.period))
    library = tried.get(lambda: rules.load(folder))
    deck = tried.get(lambda: load_cards(folder, library.rules)) if library else None
    card = tried.get(lambda: _card(deck, request.card)) if deck else None
    material = tried.get(lambda: gathered(request, settings, folder, card, period, held)) if card and period else None
    tried.settle()
    assert period and deck and card and material
    trace = _trace(request, settings, deck, material)
    return filled(request.card, card, period, material, trace, request.subject)


def score_both(request: ScoreRequest, settings: Settings, versions: tuple[Card, Card]) -> tuple[Scored, Scored]:
    """Return two versions of a card filled from the same material.

    Raises:
        Faults: as `score`; both versions must score the same subjects.
    """
    period = _period(request.period)
    old, new = versions
    if old.subject != new.subject:
        what = Words(
            f"两版的对象不同：{old.subject}、{new.subject}。",
            f"The versions score a {old.subject} and a {new.subject}.",
        )
        raise Faults([Fault(what)])
    checks = [{item.id: item.checklist for item in card.items} for card in versions]
    judged = [one for one in checks[0] if one in checks[1] and checks[0][one] != checks[1][one]]
    if judged:
        what = Words(
            f"这些项换了规则，要重新审核才知道结果：{'、'.join(judged)}。",
            f"These items stand on other rules now; only a new audit can tell: {', '.join(judged)}.",
        )
        hint = Words("用 chataudit rules diff 比较两套规则。", "Compare both lexicons with chataudit rules diff.")
        raise Faults([Fault(what, hint=hint)])
    material = gathered(request, settings, lexicons_folder(settings.lexicons), new, _period(request.period))
    made = [filled(request.card, card, period, material, {}) for card in versions]
    return made[0], made[1]


def _period(name: str) -> Period:
    try:
        return read_period(name)
    except ValueError as error:
        raise Faults([Fault(error.args[0], "--period")]) from error


def _card(deck: Cards, name: str) -> Card:
    if name not in deck.cards:
        what = Words(f"没有评分表 “{name}”。", f"There is no card {name!r}.")
        raise Faults([Fault(what, hint=one_of(name, deck.cards))])
    return deck.cards[name]


def gathered(
    request: ScoreRequest, settings: Settings, lexicons: Path, card: Card, period: Period, held: Held = no_more
) -> Material:
    """Return everything that a card is filled from.

    Raises:
        Faults: folders, sheets or tables that are wrong.
    """
    names = [*ALWAYS, *(OF_CONVERSATIONS if card.subject == "conversation" else ())]
    names += ["messages"] if request.orders or len(request.folders) > 1 else []
    tried = Together()
    kept = tried.get(lambda: held(card, period, names))
    folders = tried.get(lambda: [*read_folders(request.folders, names), *(kept.folders if kept else ())])
    beside = tried.get(lambda: gather(Named(request.orders, request.sheets, request.people), {}, settings))
    tried.settle()
    assert folders is not None and beside is not None and kept is not None
    _distinct([one for one in folders if "messages" in one.tables])
    facts = _added([one.tables["facts"] for one in folders])
    own = _people(folders)
    people = beside.people if request.people is not None else own
    notes = _unknown_accounts(people, facts, own) if request.people is not None and folders else []
    facts = _of_persons(facts, people)
    conversions = merged(folders, "conversions", CONVERSION_KEY) if "conversions" in names and folders else None
    if len(beside.orders):
        policies = presets.load(lexicons, settings).policies
        facts, conversions = with_orders(facts, folders, beside.orders, people, settings, policies)
    known = [_rules_of(one.run) for one in folders]
    shared = frozenset.intersection(*known) if known else frozenset()
    return Material(facts, people, _sheets(kept.sheets, beside.sheets), shared, folders, conversions, beside, notes)


def _sheets(*tables: pd.DataFrame) -> pd.DataFrame:
    """Return the figures of several tables, in their order."""
    filled = [one for one in tables if len(one)]
    return pd.concat(filled, ignore_index=True) if filled else tables[-1]


CONVERSION_KEY = ["order_id", "judged_by", "role", "agent", "session_id"]


def _rules_of(run: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(name.removeprefix("rules/") for name in run.get("lexicons", {}) if name.startswith("rules/"))


def _distinct(folders: Sequence[Folder]) -> None:
    """Raise Faults where two folders hold the same message: their figures would count twice."""
    seen: dict[str, Path] = {}
    faults = []
    for folder in folders if len(folders) > 1 else ():
        ids = [str(one) for one in folder.tables["messages"]["message_id"]]
        twice = [one for one in ids if one in seen]
        if twice:
            other = seen[twice[0]]
            what = Words(
                f"和 {other} 有 {len(twice)} 条相同的消息，会重复计数。",
                f"Shares {len(twice)} messages with {other}: they would count twice.",
            )
            hint = Words(
                "把两次的导出放在一起重新审核，或只给其中一个。",
                "Audit both exports together, or name one folder only.",
            )
            faults.append(Fault(what, str(folder.path), hint=hint))
        seen |= dict.fromkeys(ids, folder.path)
    if faults:
        raise Faults(faults)


def _added(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    filled_ = [table.astype({"person": "str", "fact": "str"}) for table in tables if len(table)]
    if not filled_:
        return FACTS.empty().assign(person=as_code(FACTS.empty()["person"]), fact=as_code(FACTS.empty()["fact"]))
    table = pd.concat(filled_, ignore_index=True).groupby(["day", "person", "fact"], as_index=False, dropna=False).sum()
    return table.assign(person=as_code(table["person"]), fact=as_code(table["fact"]))


def _of_persons(facts: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Return facts with persons for accounts that the audits did not know to be theirs; a person's rows are added up."""
    person_of = dict(zip(people["account"].astype("str"), people["person"].astype("str"), strict=True))
    accounts = facts["person"].astype("str")
    if not len(facts) or not (set(accounts.dropna()) & set(person_of)):
        return facts
    renamed = accounts.map(lambda one: person_of.get(one, one), na_action="ignore")
    return _added([facts.assign(person=renamed)])


def _unknown_accounts(people: pd.DataFrame, facts: pd.DataFrame, own: pd.DataFrame) -> list[Words]:
    """Say which accounts of the people table no audit knows."""
    known = {*facts["person"].astype("str").dropna(), *own["account"].astype("str"), *own["person"].astype("str")}
    rows = zip(people["account"].astype("str"), people["person"].astype("str"), strict=True)
    lost = [account for account, person in rows if account not in known and person not in known]
    if not lost:
        return []
    shown = "、".join(lost[:5]) + (" …" if len(lost) > 5 else "")
    return [
        Words(
            f"人员表里 {len(lost)} 个账号不在审核里：{shown}",
            f"{len(lost)} accounts of the people table are in no audit: {shown}",
        )
    ]


def _people(folders: Sequence[Folder]) -> pd.DataFrame:
    return merged(folders, "people", ["account"]) if folders else PEOPLE.empty()


def filled(
    name: str,
    card: Card,
    period: Period,
    material: Material,
    run: Mapping[str, Any],
    subject: Literal["person", "team"] | None = None,
) -> Scored:
    """Return a card filled for a period from what was gathered.

    A period that is neither the card's own nor made of these is counted as a whole; ``subject`` scores teams with a card
    made for persons, or the other way.

    Raises:
        Faults: nobody to be scored, sheets that do not fit.
    """
    card, fitted = _fitted(card, period, subject)
    sources = Sources(material.facts, material.people, material.sheets, material.rules)
    facts = Facts.of(material.facts)
    book: Book | None = None
    conversations: Conversations | None = None
    if card.subject == "conversation":
        tables = {one: merged(material.folders, one, KEYS[one]) for one in KEYS}
        whose = _teams(material.people) if subject == "team" else material.people
        conversations = conversations_of(name, card, tables["scores"], tables["marks"], whose)
        since = min((period_of(day, card.period) for day in facts.log_days), key=lambda one: one.start, default=None)
        held = conversations
        course = Course(card, lambda one: rolled(card, held, facts.log_days, one), since)
    else:
        book = Book.of(name, card, sources)
        course = Course(card, book.results, next(iter(book.periods()), None))
    notes = [*fitted, *_checked(name, card, material, facts)]
    parts = course.parts(period)
    shown = [*(one for one in parts if one != period and course.reaches(one)), period]
    results = {one: course.results(one) for one in shown}
    last = results[period]
    if not last:
        raise Faults([_nobody(card, period, course)])
    teams = teams_of(material.people) if "team" not in (card.subject, subject) else {}
    return Scored(
        id=name,
        card=card,
        period=period,
        results=results,
        teams=tuple(team_means(card, period, last, teams)),
        intervals=_intervals(name, card, sources, period, last, book),
        slips=_slips(book, parts, results),
        happened=tuple(happened(course, book.ledger if book is not None else None, period)),
        costs=tuple(costs_of(card, _own_results(card, results), conversations)),
        associations=tuple(_associations(card, conversations, material.conversions)),
        run={**run, "notes": [note.zh for note in (*material.notes, *notes)]},
        notes=(*material.notes, *notes),
        kind="team" if "team" in (card.subject, subject) else "person",
    )


def _fitted(card: Card, period: Period, subject: Literal["person", "team"] | None) -> tuple[Card, list[Words]]:
    """Return the card as it is filled for this period and subject, and what differs from how it is written."""
    notes: list[Words] = []
    if period.length not in (card.period, *(one.period for one in card.rollups)):
        notes.append(
            Words(
                f"“{card.name}”按 {card.period} 编写，这里把 {period.name} 作为一期整体计算；填报表的周期也要写 {period.name}。",
                f"{card.name_en} is written for a {card.period}; {period.name} is counted as one period, and sheets name it so.",
            )
        )
        card = card.model_copy(update={"period": period.length, "rollups": ()})
    if subject is not None and card.subject != "conversation" and subject != card.subject:
        notes.append(
            Words(
                f"“{card.name}”按 {card.subject} 编写，这里按 {subject} 计算。",
                f"{card.name_en} is written for a {card.subject}; here a {subject} is scored.",
            )
        )
        card = card.model_copy(update={"subject": subject})
    return card, notes


def _teams(people: pd.DataFrame) -> pd.DataFrame:
    """Return the people table with teams for persons; who has none keeps the name."""
    team = people["team"].astype("str")
    return people.assign(person=team.where(team.notna() & (team != ""), people["person"].astype("str")))


KEYS = {
    "scores": ["card", "period", "subject_kind", "subject", "agent"],
    "marks": ["card", "period", "subject_kind", "subject", "agent", "item", "decided_by"],
}


def _checked(name: str, card: Card, material: Material, facts: Facts) -> list[Words]:
    """Check the sheets and say what they hold that nothing reads."""
    named = set() if not len(material.people) else {str(one) for one in material.people["person"]}
    persons = set(facts.subjects) | named | set(teams_of(material.people).values())
    rows = material.sheets
    if not persons and len(rows):
        persons = {str(one) for one in rows["person"]}
    periods = set()
    for text in {str(one) for one in rows["period"]} if len(rows) else set():
        try:
            periods |= {text} if read_period(text).length == card.period else set()
        except ValueError:
            continue
    return check_sheets(rows, {name: card}, persons, periods)


def _nobody(card: Card, period: Period, course: Course) -> Fault:
    since = course.since.name if course.since is not None else "—"
    what = Words(f"{period.name} 没有可以评分的人。", f"Nobody can be scored in {period.name}.")
    hint = Words(
        f"数据从 {since} 开始；检查 --period，或给出 --from 和 --sheet。",
        f"The data begin with {since}; check --period, or give --from and --sheet.",
    )
    return Fault(what, card.name, hint=hint)


def _intervals(
    name: str, card: Card, sources: Sources, period: Period, last: Mapping[str, Result], book: Book | None
) -> dict[str, Interval]:
    if book is None:
        return {subject: of_scores(result.own) for subject, result in last.items()}
    if period.length != card.period:
        why = Words("由各期的分数合成", "made of the scores of its periods")
        return {subject: Interval(None, None, why) for subject in last}
    if not book.uses_log:
        why = Words("只有填报的数，没有抽样误差可言", "figures of sheets alone: no sample, no interval")
        return {subject: Interval(None, None, why) for subject in last}
    return of_days(name, card, sources, period, last)


def _slips(
    book: Book | None, parts: Iterable[Period], results: Mapping[Period, Mapping[str, Result]]
) -> dict[tuple[Period, str], Sequence[PaidLine]]:
    if book is None or book.card.pay is None:
        return {}
    return {(one, subject): book.slip(one, subject) for one in parts if one in results for subject in results[one]}


def _own_results(card: Card, results: Mapping[Period, Mapping[str, Result]]) -> list[Result]:
    return [one for period, made in results.items() if period.length == card.period for one in made.values()]


def _associations(
    card: Card, conversations: Conversations | None, conversions: pd.DataFrame | None
) -> list[Association]:
    if conversations is None or conversions is None or not len(conversions):
        return []
    sold = conversions[conversions["session_id"].notna() & (conversions["judged_by"] == "order_first")]
    return associations_of(card, conversations, {str(one) for one in sold["session_id"]})


def _trace(request: ScoreRequest, settings: Settings, deck: Cards, material: Material) -> dict[str, Any]:
    """Return what a run is traced by."""
    chosen = settings.model_dump(mode="json")
    return {
        "program": "chataudit",
        "version": chataudit.__version__,
        "card": request.card,
        "period": request.period,
        "lang": request.lang,
        "settings": chosen,
        "settings_sha256": hashlib.sha256(json.dumps(chosen, sort_keys=True).encode()).hexdigest(),
        "lexicons": {f"cards/{request.card}": deck.hashes[f"cards/{request.card}"]},
        "from": [
            {"name": one.path.name, "inputs": one.run.get("inputs"), "lexicons": one.run.get("lexicons")}
            for one in material.folders
        ],
        "inputs": [
            {"name": one.name, "sha256": one.sha256, "read_as": one.layout, "rows": one.rows}
            for one in material.beside.inputs
        ],
    }
