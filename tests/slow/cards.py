"""Cards of figures filled one subject after the other, in exact fractions; written from the words of the card language.

A card is plain data, as its YAML says it, but formulas are trees: ``("number", 3)``, ``("name", "sales")``,
``(sign or function, argument, ...)``; `written` gives their text.

Readings:
- A line whose ``applies`` is not known is filled as if it applied.
- A group none of whose items apply gives nothing and asks for nothing, whatever becomes of its points.
- Scores have six digits; what follows from them (grade, place, pay) follows from these.
- What waits counts for the bounds from nothing to full points, or further where its function goes further.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor
from typing import Any

Tree = tuple[Any, ...]
Value = Fraction | None
Plain = Mapping[str, Any]
SIGNS = ("+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!=", "and", "or")
TEAM = ("team_mean", "team_sum", "team_max", "team_min", "team_rank")


def written(tree: Tree) -> str:
    """A formula's text, with more brackets than it needs."""
    kind, *rest = tree
    if kind in ("number", "name"):
        return str(rest[0])
    if kind in SIGNS:
        return f"({written(rest[0])} {kind} {written(rest[1])})"
    if kind in ("neg", "not"):
        return f"({'-' if kind == 'neg' else 'not '}{written(rest[0])})"
    return f"{kind}({', '.join(written(one) for one in rest)})"


def exact(number: Any) -> Fraction:
    """A number of a card file as it is written."""
    return Fraction(str(number))


def halves_up(value: Fraction, digits: int) -> Fraction:
    """A value cut to so many digits, halves away from zero."""
    size = abs(value) * 10**digits
    return (1 if value >= 0 else -1) * Fraction(floor(size + Fraction(1, 2)), 10**digits)


@dataclass(frozen=True)
class Mark:
    """A line filled: points (None: it waits, or does not apply) and the range that they may come to."""

    outcome: str
    points: Value
    low: Fraction
    high: Fraction

    @property
    def waits(self) -> bool:
        return self.outcome in ("no_data", "needs_review")


@dataclass
class Score:
    """A subject's score in a period."""

    marks: dict[str, Mark]
    score: Value
    low: Value
    high: Value
    waits: bool
    applicable: Value
    reds: list[str]
    grade: str | None
    sample_n: int
    place: Value = None


class LackingError(Exception):
    """A value that can't be scored: outside its range, or too few to compare it with."""


@dataclass
class World:
    """A card, and what is known: facts by (period, subject), what raters said by (period, subject, input)."""

    card: Plain
    facts: Mapping[tuple[int, str], Mapping[str, Fraction]]
    said: Mapping[tuple[int, str, str], Mapping[str, str]]
    scores: dict[int, dict[str, Score]] = field(default_factory=dict)

    def subjects(self, period: int) -> list[str]:
        """Who is scored in a period."""
        return sorted(subject for one, subject in self.facts if one == period)

    def value(self, tree: Tree, period: int, subject: str) -> Value:
        """A formula's value."""
        kind, *rest = tree
        if kind == "number":
            return exact(rest[0])
        if kind == "name":
            return self.figure(rest[0], period, subject)
        if kind in TEAM:
            return self.of_team(kind, rest[0], period, subject)
        if kind == "prev":
            return self.before(rest, period, subject)
        own = [self.value(one, period, subject) for one in rest]
        return computed(kind, own)

    def figure(self, name: str, period: int, subject: str) -> Value:
        """A named figure."""
        card = self.card
        if name in card["params"]:
            return exact(card["params"][name]["value"])
        if name in card["inputs"]:
            return self.given(name, period, subject)
        if name in card["derived"]:
            return self.value(card["derived"][name]["formula"], period, subject)
        if name == "score":
            return self.results(period)[subject].score
        return self.facts.get((period, subject), {}).get(name)

    def given(self, name: str, period: int, subject: str) -> Value:
        """What people filled in, their marks put together by weight."""
        said = self.said.get((period, subject, name), {})
        shares = rater_shares(self.card["inputs"][name], said)
        if shares is None:
            return None
        return sum((exact(said[rater]) * share for rater, share in shares.items()), Fraction(0))

    def before(self, rest: Sequence[Tree], period: int, subject: str) -> Value:
        """A figure of the period before, or the default."""
        value = self.value(rest[0], period - 1, subject) if (period - 1) in {one for one, _ in self.facts} else None
        return self.value(rest[1], period, subject) if value is None and len(rest) > 1 else value

    def of_team(self, kind: str, tree: Tree, period: int, subject: str) -> Value:
        """A figure over all subjects of the period that have it."""
        values = [one for who in self.subjects(period) if (one := self.value(tree, period, who)) is not None]
        if kind == "team_rank":
            own = self.value(tree, period, subject)
            return None if own is None else Fraction(1 + sum(1 for one in values if one > own))
        if not values:
            return None
        made: Mapping[str, Callable[[list[Fraction]], Fraction]] = {
            "team_mean": lambda all_: sum(all_, Fraction(0)) / len(all_),
            "team_sum": lambda all_: sum(all_, Fraction(0)),
            "team_max": max,
            "team_min": min,
        }
        return made[kind](values)

    def mark(self, line: Plain, period: int, subject: str) -> Mark:
        """One line filled for one subject."""
        if "applies" in line and self.value(line["applies"], period, subject) == 0:
            return Mark("not_applicable", None, Fraction(0), Fraction(0))
        if "levels" in line:
            return self.levelled(line, period, subject)
        value = self.value(line["value"], period, subject)
        if value is None:
            return Mark("no_data", None, *may_come_to(line))
        try:
            points = bounded(line, scaled(line, self.points(line, value, period)))
        except LackingError:
            return Mark("needs_review", None, *may_come_to(line))
        return decided(line, points)

    def points(self, line: Plain, value: Fraction, period: int) -> Fraction:
        """What a line's function makes of a value."""
        for name, function in FUNCTIONS.items():
            if name in line:
                return function(line, value)
        peers = [
            one
            for who in self.subjects(period)
            if "applies" not in line or self.value(line["applies"], period, who) != 0
            if (one := self.value(line["value"], period, who)) is not None
        ]
        return (ranked if "rank" in line else compared)(line, value, peers)

    def levelled(self, line: Plain, period: int, subject: str) -> Mark:
        """A line whose value is a level that people give."""
        name = line["value"][1]
        said = self.said.get((period, subject, name), {})
        shares = rater_shares(self.card["inputs"][name], said)
        if shares is None:
            return Mark("no_data", None, *may_come_to(line))
        given = {rater: level(line["levels"], said[rater]) for rater in shares}
        low, high = (
            bounded(line, scaled(line, sum((given[one][end] * share for one, share in shares.items()), Fraction(0))))
            for end in (0, 1)
        )
        open_ = any(given[one][0] != given[one][1] for one in shares)
        return Mark("needs_review", None, low, high) if open_ else decided(line, low)

    def results(self, period: int) -> dict[str, Score]:
        """Every subject's score, with places."""
        if period not in self.scores:
            made = {subject: self.result(period, subject) for subject in self.subjects(period)}
            self.scores[period] = made
            set_places(self.card.get("ranking", {}), list(made.values()))
        return self.scores[period]

    def result(self, period: int, subject: str) -> Score:
        """One subject's score."""
        card = self.card
        lines = [*card["items"], *card["adjustments"]]
        marks = {line["id"]: self.mark(line, period, subject) for line in lines}
        parts = shares(card, marks)
        extra = [marks[one["id"]] for one in lines if one.get("bonus") or one in card["adjustments"]]
        whole = sum((exact(one["points"]) for one in single(card)), Fraction(0))
        whole += sum((exact(one["points"]) for one in card["groups"].values()), Fraction(0))
        applicable = sum((part for _, part in parts), Fraction(0)) / whole if whole else None
        known = [(item, part) for item, part in parts if not marks[item["id"]].waits]
        waits = any(one.waits for one in marks.values())
        score = total(card, known, {one: mark.points or Fraction(0) for one, mark in marks.items()})
        low, high = (
            total(card, parts, {one: getattr(mark, end) for one, mark in marks.items()}) for end in ("low", "high")
        )
        if not known or score is None or low is None or high is None:
            score = low = high = None
        else:
            score += sum((one.points or Fraction(0) for one in extra), Fraction(0))
            low += sum((one.low for one in extra), Fraction(0))
            high += sum((one.high for one in extra), Fraction(0))
            score, low, high = (within(card, one) for one in (score, min(low, score), max(high, score)))
        made = Score(
            marks, score, low, high, waits, applicable, [], None, int(self.facts[period, subject]["session_n"])
        )
        red_lines(card, made)
        return made


def computed(kind: str, own: list[Value]) -> Value:  # noqa: C901 - a table of functions, read from top to bottom
    """A sign or function of values, any of which may be unknown."""
    if kind == "if":
        return None if own[0] is None else own[1] if own[0] != 0 else own[2]
    if kind == "coalesce":
        return next((one for one in own if one is not None), None)
    if kind == "known":
        return Fraction(own[0] is not None)
    if kind in ("and", "or"):
        sides = [None if one is None else one != 0 for one in own]
        decides = kind == "or"
        return Fraction(decides) if decides in sides else None if None in sides else Fraction(not decides)
    known = [one for one in own if one is not None]
    if len(known) < len(own):
        return None
    if kind == "/":
        return None if known[1] == 0 else known[0] / known[1]
    if kind == "round":
        return halves_up(known[0], int(known[1]) if len(known) > 1 else 0)
    if kind == "pick":
        return known[int(known[0])] if known[0].denominator == 1 and 1 <= known[0] < len(known) else None
    simple: Mapping[str, Callable[..., Any]] = {
        "+": lambda one, other: one + other,
        "-": lambda one, other: one - other,
        "*": lambda one, other: one * other,
        "<": lambda one, other: one < other,
        "<=": lambda one, other: one <= other,
        ">": lambda one, other: one > other,
        ">=": lambda one, other: one >= other,
        "==": lambda one, other: one == other,
        "!=": lambda one, other: one != other,
        "neg": lambda one: -one,
        "not": lambda one: one == 0,
        "min": min,
        "max": max,
        "abs": abs,
        "floor": floor,
        "ceil": ceil,
    }
    return Fraction(simple[kind](*known)) if len(known) > 1 or kind not in ("min", "max") else known[0]


def rater_shares(one: Plain, said: Mapping[str, str]) -> dict[str, Fraction] | None:
    """Whose words count, with their parts of one; None while they wait."""
    named = {rater["name"]: exact(rater["weight"]) for rater in one.get("raters", ())}
    if not named:
        others = [rater for rater in said if rater != "自评"]
        return {rater: Fraction(1, len(others)) for rater in others} or None
    present = {rater: weight for rater, weight in named.items() if rater in said}
    if not present or (len(present) < len(named) and one.get("missing", "wait") == "wait"):
        return None
    return {rater: weight / sum(present.values()) for rater, weight in present.items()}


# --- Functions: a value to points ----------------------------------------------------------------------------------


def banded(line: Plain, value: Fraction) -> Fraction:
    """The points of the band that holds the value."""
    bands = list(line["bands"])
    edges = sorted({exact(band[end]) for band in bands for end in ("from", "to") if end in band})

    def place(band: Plain) -> int:
        if "from" in band:
            return edges.index(exact(band["from"])) + 1
        if "to" in band:
            return edges.index(exact(band["to"]))
        return 0 if any("from" in one and "to" not in one for one in bands) else len(edges)

    holds_from = line.get("closed", "from") == "from"
    at = sum(1 for edge in edges if (edge <= value if holds_from else edge < value))
    return next(exact(band["points"]) for band in bands if place(band) == at)


def within_ends(rule: Plain, points: Fraction, lowest: Any = None) -> Fraction:
    """Points inside a function's own floor and cap."""
    low = rule.get("floor", lowest)
    points = points if low is None else max(points, exact(low))
    return points if rule.get("cap") is None else min(points, exact(rule["cap"]))


def stepped(line: Plain, value: Fraction) -> Fraction:
    """So many points for every whole step, from the start."""
    rule = line["per_step"]
    points = exact(rule.get("start", 0)) + exact(rule["points"]) * floor(value / exact(rule["step"]))
    return within_ends(rule, points, 0)


def counted(line: Plain, value: Fraction) -> Fraction:
    """Full points less so many for each beyond those that are free."""
    rule = line["per_count"]
    beyond = max(value - exact(rule.get("beyond", 0)), Fraction(0))
    return max(exact(rule["full"]) - exact(rule["minus"]) * beyond, exact(rule.get("floor", 0)))


def eached(line: Plain, value: Fraction) -> Fraction:
    """So many points for each."""
    return within_ends(line["each"], exact(line["each"]["points"]) * value)


def drawn(line: Plain, value: Fraction) -> Fraction:
    """Points on straight lines between pairs."""
    pairs = [(exact(one), exact(points)) for one, points in line["linear"]["pairs"]]
    value = min(max(value, pairs[0][0]), pairs[-1][0])
    for (low, from_), (high, to) in zip(pairs, pairs[1:], strict=False):
        if low <= value <= high:
            return from_ + (to - from_) * (value - low) / (high - low)
    raise AssertionError


def rated(line: Plain, value: Fraction) -> Fraction:
    """Points in proportion to where the value lies."""
    rule = line["rating"]
    low, high, share = exact(rule["low"]), exact(rule["high"]), exact(rule.get("at_low", 0))
    if not low <= value <= high:
        raise LackingError
    full = exact(line.get("out_of", line["points"]))
    return full * share + full * (1 - share) * (value - low) / (high - low)


def taken(line: Plain, value: Fraction) -> Fraction:
    """The value itself, inside the range."""
    rule = line["direct"]
    if ("from" in rule and value < exact(rule["from"])) or ("to" in rule and value > exact(rule["to"])):
        raise LackingError
    return value


FUNCTIONS: Mapping[str, Callable[[Plain, Fraction], Fraction]] = {
    "bands": banded,
    "per_step": stepped,
    "per_count": counted,
    "each": eached,
    "linear": drawn,
    "rating": rated,
    "direct": taken,
}


def place_of(value: Fraction, peers: Sequence[Fraction], best: str, ties: str) -> Fraction:
    """The place of a value, 1 is first."""
    better = [one for one in peers if (one > value if best == "high" else one < value)]
    if ties == "dense":
        return Fraction(len(set(better)) + 1)
    same = sum(1 for one in peers if one == value)
    return Fraction(len(better) + 1) + (Fraction(same - 1, 2) if ties == "mean" and same else 0)


def ranked(line: Plain, value: Fraction, peers: Sequence[Fraction]) -> Fraction:
    """Points by the place among all."""
    rule = line["rank"]
    if len(peers) < rule.get("least", 1):
        raise LackingError
    worst_first = sorted(peers, reverse=rule.get("best", "high") == "low")
    if "last" in rule and len(peers) >= rule.get("last_from", 2) and value == worst_first[0] != worst_first[-1]:
        return exact(rule["last"])
    place = place_of(value, peers, rule.get("best", "high"), rule.get("ties", "min"))
    return exact(next(one["points"] for one in rule["places"] if "to" not in one or place <= one["to"]))


def compared(line: Plain, value: Fraction, peers: Sequence[Fraction]) -> Fraction:
    """Points by how the value stands to the mean of all."""
    rule = line["to_mean"]
    mean = sum(peers, Fraction(0)) / len(peers) if peers else Fraction(0)
    if len(peers) < rule.get("least", 2) or mean <= 0:
        raise LackingError
    share = value / mean
    at = 0 if share < exact(rule["low"]) else 2 if share > exact(rule["high"]) else 1
    return exact(rule["points"][at if rule.get("best", "high") == "high" else 2 - at])


def level(levels: Sequence[Plain], text: str) -> tuple[Fraction, Fraction]:
    """The range of points that a level as a person writes it leaves: ``A``, ``A 19`` or ``19``."""
    own = next((one for one in levels if text.startswith(one["key"])), None)
    number = text[len(own["key"]) :].strip() if own else text
    if number:
        return exact(number), exact(number)
    assert own is not None
    return (exact(own["points"]),) * 2 if "points" in own else (exact(own["from"]), exact(own["to"]))


def scaled(line: Plain, points: Fraction) -> Fraction:
    """Points out of so many, as points of the item."""
    return points * exact(line["points"]) / exact(line["out_of"]) if "out_of" in line else points


def bounded(line: Plain, points: Fraction) -> Fraction:
    """Points within the line's floor and cap."""
    return within_ends(line, points)


def decided(line: Plain, points: Fraction) -> Mark:
    """A mark with points."""
    if "points" not in line:
        return Mark("adjusted", points, points, points)
    outcome = "met" if points >= exact(line["points"]) else "not_met" if points <= 0 else "partly"
    return Mark(outcome, points, points, points)


def may_come_to(line: Plain) -> tuple[Fraction, Fraction]:
    """What a waiting line's points may come to."""
    full = exact(line.get("points", 0))
    low, high = (None if one is None else scaled(line, exact(one)) for one in ends(line))
    low = min(low, Fraction(0)) if low is not None else exact(line.get("floor", 0))
    high = max(high, full) if high is not None else exact(line.get("cap", full))
    return bounded(line, low), bounded(line, high)


def ends(line: Plain) -> tuple[Any, Any]:
    """The least and most that a line's function gives; None where it has no end."""
    if "bands" in line:
        listed = [band["points"] for band in line["bands"]]
    elif "linear" in line:
        listed = [points for _, points in line["linear"]["pairs"]]
    elif "to_mean" in line:
        listed = list(line["to_mean"]["points"])
    elif "rank" in line:
        rule = line["rank"]
        listed = [one["points"] for one in rule["places"]] + ([rule["last"]] if "last" in rule else [])
    elif "levels" in line:
        listed = [one[end] for one in line["levels"] for end in ("points", "from", "to") if end in one]
    elif "rating" in line:
        full = exact(line.get("out_of", line["points"]))
        listed = [full * exact(line["rating"].get("at_low", 0)), full]
    elif "per_count" in line:
        rule = line["per_count"]
        listed = [rule.get("floor", 0), rule["full"]]
        return exact(rule.get("floor", 0)), max(exact(one) for one in listed)
    else:
        rule = line.get("each") or line.get("per_step") or line["direct"]
        low, high = ("from", "to") if "direct" in line else ("floor", "cap")
        return rule.get(low, 0 if "per_step" in line else None), rule.get(high)
    return min(exact(one) for one in listed), max(exact(one) for one in listed)


# --- Marks to a score ----------------------------------------------------------------------------------------------


def single(card: Plain) -> list[Plain]:
    """The items that stand in no group and are no bonus."""
    return [one for one in card["items"] if "group" not in one and not one.get("bonus")]


def shares(card: Plain, marks: Mapping[str, Mark]) -> list[tuple[Plain, Fraction]]:
    """The items that count, each with the points that it may give."""
    found: list[tuple[Plain, Fraction]] = []
    for name, group in card["groups"].items():
        own = [one for one in card["items"] if one.get("group") == name and not one.get("bonus")]
        policy = group.get("na", "redistribute")
        counted_ = [one for one in own if marks[one["id"]].outcome != "not_applicable" or policy == "zero"]
        of = sum((exact(one["points"]) for one in (counted_ if policy == "redistribute" else own)), Fraction(0))
        if of:
            found += [(one, exact(group["points"]) * exact(one["points"]) / of) for one in counted_]
    for one in single(card):
        if marks[one["id"]].outcome != "not_applicable" or card.get("na") == "zero":
            found.append((one, exact(one["points"])))
    return found


def total(card: Plain, parts: Iterable[tuple[Plain, Fraction]], points: Mapping[str, Fraction]) -> Value:
    """Points over what they could be, times the scale; or as they are."""
    gained = whole = Fraction(0)
    for item, part in parts:
        full = exact(item["points"])
        gained += points[item["id"]] * (part / full if full else 1)
        whole += part
    if card["scale"] is None:
        return gained
    return gained / whole * exact(card["scale"]) if whole else None


def within(card: Plain, score: Fraction) -> Fraction:
    """A score between the card's bottom and top, in six digits."""
    if card.get("top") is not None:
        score = min(score, exact(card["top"]))
    if card.get("bottom") is not None:
        score = max(score, exact(card["bottom"]))
    return halves_up(score, 6)


def red_lines(card: Plain, made: Score) -> None:
    """Say which red lines are broken, what that does to the score, and the grade."""
    made.reds = [
        one["id"] for one in card["items"] if one.get("red") and made.marks[one["id"]].outcome in ("not_met", "partly")
    ]
    rule = card.get("red_lines", {})
    effect = rule.get("effect", "report") if made.reds and made.score is not None else "report"
    if effect in ("cap", "zero"):
        top = exact(rule["cap"]) if effect == "cap" else Fraction(0)
        made.score, made.low, made.high = (
            None if one is None else min(one, top) for one in (made.score, made.low, made.high)
        )
    made.grade = grade_of(card["grades"], made.score)
    if effect == "grade":
        made.grade = rule["grade"]


def grade_of(grades: Sequence[Plain], score: Value) -> str | None:
    """The highest grade whose edge the score reaches."""
    if score is None:
        return None
    return next((one["name"] for one in grades if "from" not in one or score >= exact(one["from"])), None)


def set_places(rule: Plain, results: Sequence[Score]) -> None:
    """Rank those with a score and enough conversations; all with a score where nobody has any."""
    anybody = any(one.sample_n for one in results)
    inside = [one for one in results if one.score is not None and (one.sample_n >= rule.get("least", 1) or not anybody)]
    peers = [one.score for one in inside if one.score is not None]
    for one in inside:
        assert one.score is not None
        one.place = place_of(one.score, peers, "high", rule.get("ties", "min"))


def pay_lines(world: World, period: int, subject: str) -> dict[str, Value]:
    """The lines of a pay slip, each cut to its digits before later ones use it."""
    made: dict[str, Value] = {}

    def put(tree: Tree) -> Tree:
        """The formula with the lines above in the place of their names."""
        if tree[0] == "name" and tree[1] in made:
            value = made[tree[1]]
            return (
                ("/", ("number", value.numerator), ("number", value.denominator))
                if value is not None
                else ("name", "?")
            )
        return (tree[0], *(put(one) if isinstance(one, tuple) else one for one in tree[1:]))

    for line in world.card["pay"]["lines"]:
        value = world.value(put(line["formula"]), period, subject)
        made[line["id"]] = None if value is None else halves_up(value, line["digits"])
    return made
