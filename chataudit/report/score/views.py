"""A filled card as people read it: every line with how it came about, pay slips worked out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from chataudit.cards.described import described
from chataudit.cards.filling import Mark
from chataudit.cards.formulas import parse, shown, written
from chataudit.cards.formulas.evaluate import Value
from chataudit.cards.model import Card, Item, full_marks
from chataudit.cards.results import Result
from chataudit.cards.slips import PaidLine, total_of
from chataudit.errors import Words
from chataudit.metrics.definitions import DEFINITIONS
from chataudit.report.score.tables import in_order
from chataudit.report.wording import Speech, clip, points
from chataudit.scoring import Scored

KINDS = {"conversation": ("会话", "conversation"), "person": ("人", "person"), "team": ("组", "team")}
MOST_SESSIONS = 3
OTHERS = {
    "days": Words("有记录的天数", "days on record"),
    "period_number": Words("第几期", "number in the year"),
    "period_days": Words("本期天数", "days of the period"),
    "head_count": Words("人数", "head count"),
    "tenure_days": Words("入职天数", "days since joining"),
    "payer_n": Words("付款买家数", "buyers who paid"),
    "refunded_n": Words("退款买家数", "buyers refunded"),
    "order_n": Words("成交订单数", "orders"),
    "returned_order_n": Words("退单数", "returned orders"),
    "first_wait_s": Words("首次响应总秒数", "sum of first waits"),
    "first_answered_n": Words("首次响应次数", "first answers"),
    "wait_s": Words("响应总秒数", "sum of waits"),
    "answered_n": Words("已响应轮次", "answered rounds"),
    "score": Words("得分", "score"),
    "score_rank": Words("名次", "place"),
    "grade": Words("等级", "grade"),
}


@dataclass(frozen=True)
class LineView:
    """One line of a subject: its name, what it reads, the figures put in, the rule that gave the points."""

    name: str
    outcome: str
    points: str
    full: str
    value: str
    worked: str
    rule: str
    reason: str
    by: str
    said: str
    kind: str
    red: bool


@dataclass(frozen=True)
class SlipLine:
    """One line of a pay slip."""

    name: str
    formula: str
    worked: str
    amount: str
    unit: str
    counts: bool
    reason: str
    inferred: str
    unsure: bool


@dataclass(frozen=True)
class Slip:
    """A pay slip of a period; ``total`` is a dash while a line is not known; ``unsure``: it rests on a score that may still change."""

    period: str
    lines: tuple[SlipLine, ...]
    total: str
    whole: bool
    unsure: bool


@dataclass(frozen=True)
class Subject:
    """A subject's result, its groups (name, points, out of), lines, slips and what follows."""

    name: str
    result: Result
    low: float | None
    high: float | None
    basis: str
    parts: tuple[tuple[str, str, str], ...]
    lines: tuple[LineView, ...]
    slips: tuple[Slip, ...]
    follows: tuple[tuple[str, bool, str], ...]
    periods: tuple[tuple[str, Result | None], ...]
    provisional: str


@dataclass(frozen=True)
class View:
    """The page's and the workbook's matter."""

    title: str
    period: str
    source: str
    kind: str
    full: float
    scored: int
    provisional: int
    subjects: tuple[Subject, ...]
    teams: tuple[Result, ...]
    team_least: int
    rank_least: int
    periods: tuple[str, ...]
    remarks: tuple[tuple[str, str, str], ...]
    params: tuple[tuple[str, str, str], ...]
    consequences: tuple[tuple[str, str], ...]
    bar_low: float
    bar_high: float
    notes: tuple[str, ...] = field(default=())


def view_of(scored: Scored, lang: str) -> View:
    """Return the view of a filled card; people stand by place, those without one at the end."""
    speech = Speech(lang)
    card = scored.card
    labels = _labels(card, lang)
    results = in_order(scored.last.values())
    subjects = tuple(_subject(scored, result, labels, speech) for result in results)
    edges = [edge for one in subjects for edge in (one.low, one.high, one.result.score) if edge is not None]
    full = full_marks(card)
    return View(
        title=card.title(lang),
        period=scored.period.name,
        source=card.source,
        kind=KINDS[card.subject][1 if lang == "en" else 0],
        full=full,
        scored=sum(one.score is not None for one in results),
        provisional=sum(one.provisional for one in results),
        subjects=subjects,
        teams=scored.teams,
        team_least=card.team_least,
        rank_least=card.ranking.least,
        periods=tuple(period.name for period in scored.results if period != scored.period),
        remarks=tuple(_remarks(card, lang)),
        params=tuple(
            (f"{one.name or name}", f"{one.value:g}{one.unit or ''}", _why(one.inferred, one.default, speech))
            for name, one in card.params.items()
        ),
        consequences=tuple((one.says, one.inferred or "") for one in card.consequences),
        bar_low=min([0.0, *edges]),
        bar_high=max([full, *edges]),
        notes=tuple(note.said(lang) for note in scored.notes),
    )


def _labels(card: Card, lang: str) -> dict[str, str]:
    """Return the names by which figures are called in formulas."""
    named = {one.metric: one.name.said(lang) for one in DEFINITIONS}
    named |= {name: words.said(lang) for name, words in OTHERS.items()}
    for kind in (card.params, card.inputs, card.derived):
        for name, one in kind.items():
            english = getattr(one, "name_en", None) if lang == "en" else None
            named[name] = english or one.name or name
    for line in card.pay.lines if card.pay is not None else ():
        named[line.id] = line.name_en if lang == "en" else line.name
    return named


def _remarks(card: Card, lang: str) -> list[tuple[str, str, str]]:
    """Return what the card marks as inferred or default: where, which of both, and the reason."""
    speech = Speech(lang)
    inferred, default = speech.t("推定", "inferred"), speech.t("默认", "default")
    found = [(card.title(lang), inferred, card.inferred)] if card.inferred else []
    for line in (*card.items, *card.adjustments):
        name = line.name_en if lang == "en" else line.name
        found += [(name, inferred, line.inferred)] if line.inferred else []
        found += [(name, default, line.default)] if line.default else []
    for kind in (card.derived, card.inputs, card.groups):
        for name, one in kind.items():
            found += [(getattr(one, "name", None) or name, inferred, one.inferred)] if one.inferred else []
    for grade in card.grades:
        found += [(grade.name, inferred, grade.inferred)] if grade.inferred else []
    for paid in card.pay.lines if card.pay is not None else ():
        found += [(paid.name, inferred, paid.inferred)] if paid.inferred else []
    return found


def _why(inferred: str | None, default: str | None, speech: Speech) -> str:
    if inferred:
        return f"{speech.t('推定', 'inferred')}：{inferred}"
    return f"{speech.t('默认', 'default')}：{default}" if default else ""


def _subject(scored: Scored, result: Result, labels: Mapping[str, str], speech: Speech) -> Subject:
    interval = scored.intervals[result.subject]
    slips = [
        _slip(period.name, slip, labels, speech)
        for (period, person), slip in scored.slips.items()
        if person == result.subject
    ]
    follows = [
        (one.consequence.says, one.due, "、".join(one.periods))
        for one in scored.happened
        if one.subject == result.subject
    ]
    periods = [(period.name, made.get(result.subject)) for period, made in scored.results.items()]
    return Subject(
        name=result.subject,
        result=result,
        low=interval.low,
        high=interval.high,
        basis=interval.basis.said(speech.lang),
        parts=tuple(
            (_group(scored.card, one.group, speech), points(round(one.points, 2)), points(round(one.of, 2)))
            for one in result.parts
        ),
        lines=tuple(_line(mark, scored.card, labels, speech) for mark in result.marks),
        slips=tuple(slips),
        follows=tuple(follows),
        periods=tuple(periods),
        provisional=_provisional(result, speech),
    )


def _provisional(result: Result, speech: Speech) -> str:
    """Say what makes a score provisional."""
    said = []
    waiting = sum(mark.waits for mark in result.marks)
    if waiting:
        said.append(speech.t(f"{waiting} 项待定", f"{waiting} items open"))
    elif result.waits:
        said.append(speech.t("有待定的", "something is open"))
    if not result.covered and result.period is not None:
        said.append(
            speech.t(
                f"有记录 {result.days} 天，共 {result.period.days} 天",
                f"{result.days} of {result.period.days} days on record",
            )
        )
    return speech.t("；", "; ").join(said)


def _line(mark: Mark, card: Card, labels: Mapping[str, str], speech: Speech) -> LineView:
    line = mark.line
    item = line if isinstance(line, Item) else None
    kind = "adjustment" if item is None else "bonus" if item.bonus else "item"
    name = line.name_en if speech.lang == "en" else line.name
    if item is not None and item.group is not None:
        name = f"{_group(card, item.group, speech)} · {name}"
    return LineView(
        name=f"{line.id} {name}" if line.id[0].isdigit() else name,
        outcome=mark.outcome,
        points=points(mark.points) if item is not None else _signed(mark.points),
        full=points(item.points) if item is not None else "",
        value=clip(mark.value or "", 40),
        worked=_worked(mark, labels, speech),
        rule=_rule(mark, speech),
        reason=mark.reason.said(speech.lang) if mark.reason else "",
        by="" if mark.decided_by == "machine" else mark.decided_by.replace("sheet:", speech.t("填报：", "sheet: ")),
        said=_said(mark.evidence, speech),
        kind=kind,
        red=bool(item is not None and item.red),
    )


def _group(card: Card, name: str, speech: Speech) -> str:
    group = card.groups[name]
    return group.name_en if speech.lang == "en" else group.name


def _signed(value: float | None) -> str:
    return "—" if value is None else f"{value:+.2f}".rstrip("0").rstrip(".") if value else "0"


def _rule(mark: Mark, speech: Speech) -> str:
    """Return the words of the scoring function, without what it reads."""
    said = described(mark.line).said(speech.lang)
    return said.split("：" if speech.lang == "zh" else ": ", 1)[-1]


def _worked(mark: Mark, labels: Mapping[str, str], speech: Speech) -> str:
    """Return a line's formula with names, then with the figures put in; of conversations, how they fared."""
    if mark.line.value is None:
        return _tally(mark.evidence, speech)
    if mark.line.levels:
        return ""
    tree = parse(mark.line.value)
    names: dict[str, Value] = dict(labels)
    figures = {name: _figure(value) for name, value in mark.evidence.items()}
    said = written(tree, names)
    if "numerator" in mark.evidence and mark.evidence.get("metric"):
        over = f"{shown(figures['numerator'])} ÷ {shown(figures['denominator'])}"
        return f"{said} = {over} = {mark.value}" if mark.value is not None else f"{said} = {over}"
    put_in = written(tree, figures) if figures else ""
    parts = [said] + ([put_in] if put_in and put_in not in (said, mark.value, written(tree)) else [])
    return " = ".join([*parts, *([mark.value] if mark.value is not None else [])])


def _figure(value: Any) -> Value:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(repr(value))
    return value if isinstance(value, str) else None


def _tally(evidence: Mapping[str, Any], speech: Speech) -> str:
    """Return how a checklist item fared over conversations, and where points were lost."""
    words = {
        "met": ("符合", "met"),
        "partly": ("部分", "partly"),
        "not_met": ("不符合", "not met"),
        "needs_review": ("待人工", "needs a person"),
        "no_data": ("缺数据", "no data"),
        "not_applicable": ("不适用", "n/a"),
    }
    tally = evidence.get("conversations", {})
    said = speech.t("，", ", ").join(f"{speech.t(*words[key])} {tally[key]}" for key in words if key in tally)
    lost = evidence.get("lost_in", [])[:MOST_SESSIONS]
    return said + (speech.t("；如会话 ", "; e.g. sessions ") + "、".join(clip(one, 30) for one in lost) if lost else "")


def _said(evidence: Mapping[str, Any], speech: Speech) -> str:
    """Return what each rater said, the person's own word among them."""
    said = evidence.get("said")
    return (
        speech.t("；", "; ").join(f"{rater} {text}" for rater, text in said.items()) if isinstance(said, dict) else ""
    )


def _slip(period: str, slip: Any, labels: Mapping[str, str], speech: Speech) -> Slip:
    lines = tuple(_slip_line(one, labels, speech) for one in slip)
    total = total_of(list(slip))
    return Slip(
        period, lines, "—" if total is None else f"{total:,.2f}", total is not None, any(line.unsure for line in lines)
    )


def _slip_line(one: PaidLine, labels: Mapping[str, str], speech: Speech) -> SlipLine:
    tree = parse(one.line.formula)
    names: dict[str, Value] = dict(labels)
    said, put_in = written(tree, names), written(tree, one.made_of)
    return SlipLine(
        name=one.line.name_en if speech.lang == "en" else one.line.name,
        formula=said,
        worked=put_in if put_in != said else "",
        amount="—" if one.value is None else f"{one.value:,f}",
        unit=one.line.unit,
        counts=one.line.counts,
        reason=one.lacks.said(speech.lang) if one.lacks else "",
        inferred=one.line.inferred or "",
        unsure=one.unsure,
    )
