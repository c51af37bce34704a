"""Random rules on random logs: the vectorised judge says what the slow, obvious one says."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from typing import Any

import pytest
from slow.judging import Judge, fast

from chataudit.examples import log_of
from chataudit.log import Log
from chataudit.rules import Court, Library
from chataudit.rules.model import Rule
from chataudit.rules.resolve import resolved
from chataudit.segmenter import Segmenter
from chataudit.settings import Document, Settings

MARKS = "甲乙丙丁"
SEGMENTER = Segmenter()
EXAMPLES = [{"hit": "A a"}, {"ok": "A b"}]
HEAD = {"name": "a", "name_en": "a", "level": "minor", "why": "a", "source": "a", "examples": EXAMPLES}
RULES_PER_LOG = 40


def a_log(chance: random.Random) -> Log:
    """Return a log of a few short sessions with clocks that jump."""
    rows: list[dict[str, Any]] = []
    for session in range(chance.randint(1, 5)):
        now = 36_000
        for _ in range(chance.randint(1, 9)):
            now += chance.choice((0, 1, 10, 30, 60, 61, 200))
            sender = chance.choice(("buyer", "buyer", "agent", "agent", "agent", "assist", "auto", "system"))
            kind = chance.choice(("text", "text", "text", "text", "card", "image"))
            text = "".join(chance.choice(f"{MARKS}子丑寅") for _ in range(chance.randint(1, 5)))
            rows.append(
                {
                    "row": len(rows) + 1,
                    "session_id": f"s{session}",
                    "buyer": f"b{session}",
                    "platform": "plain",
                    "shop": "",
                    "sender": sender,
                    "sent_at": (dt.datetime(2026, 3, 2) + dt.timedelta(seconds=now)),
                    "agent": chance.choice(("c1", "c2")) if sender in ("agent", "assist", "auto") else None,
                    "kind": "event" if sender == "system" else kind,
                    "text": text,
                }
            )
    return log_of(rows, Settings())


def a_range(chance: random.Random, most: int) -> dict[str, float]:
    return {chance.choice(("over", "at_least", "under", "at_most")): chance.randint(0, most)}


def a_window(chance: random.Random, depth: int) -> dict[str, Any]:
    window: dict[str, Any] = {"side": chance.choice(("after", "from", "before", "around", "at"))}
    if chance.random() < 0.5:
        window["messages"] = chance.randint(1, 3)
    if chance.random() < 0.3:
        window["seconds"] = chance.choice((1, 30, 60, 200))
    if depth > 0 and chance.random() < 0.25:
        window["until"] = a_condition(chance, 0)
    return window


def a_condition(chance: random.Random, depth: int = 2) -> dict[str, Any]:
    """Return a random condition; deeper parts are simpler."""
    part: dict[str, Any] = {}
    if chance.random() < 0.5:
        part["who"] = chance.choice(("buyer", "agent", ["buyer", "agent"], ["agent", "auto"]))
    if chance.random() < 0.7:
        part["phrases"] = chance.sample(MARKS, chance.randint(1, 3))
        part["border"] = False
    elif chance.random() < 0.3:
        part["pattern"] = chance.choice(("甲|乙", "[甲乙]丙?", "^子", "丁$"))
    tests: list[tuple[str, Any]] = [
        ("length", lambda: a_range(chance, 5)),
        ("opens", lambda: chance.random() < 0.5),
        ("pending", lambda: chance.random() < 0.5),
        ("wait", lambda: a_range(chance, 100)),
        ("elapsed", lambda: a_range(chance, 200)),
        ("remaining", lambda: a_range(chance, 200)),
        ("nth", lambda: {"first": chance.choice((1, 2, -2, -1)), "last": chance.choice((1, 2, 3, -1, -2))}),
        ("gap", lambda: {chance.choice(("since", "until")): chance.choice(("buyer", "agent")), **a_range(chance, 100)}),
        ("kind", lambda: chance.choice(("text", "card", ["text", "card"]))),
    ]
    for key, made in tests:
        if chance.random() < 0.08:
            part[key] = made()
    if part.keys() & {"phrases", "pattern"} and chance.random() < 0.2:
        part["times"] = a_range(chance, 3)
    if depth > 0:
        part |= some_parts(chance, depth)
    if part.keys() & {"phrases", "any"} and chance.random() < 0.2:
        part["different"] = a_range(chance, 3)
    return part


def some_parts(chance: random.Random, depth: int) -> dict[str, Any]:
    """Return conditions inside a condition."""
    part: dict[str, Any] = {}
    for key in ("any", "all"):
        if chance.random() < 0.25:
            part[key] = [a_condition(chance, depth - 1) for _ in range(chance.randint(1, 3))]
    if chance.random() < 0.2:
        part["not"] = a_condition(chance, depth - 1)
    if chance.random() < 0.25:
        part["near"] = {**a_condition(chance, 0), "window": a_window(chance, 0), "at_least": chance.randint(1, 2)}
    return part


def a_rule(chance: random.Random) -> Rule:
    rule: dict[str, Any] = {
        **HEAD,
        "find": a_condition(chance),
        "expect": chance.choice(("none", "none", "some", "count")),
    }
    if chance.random() < 0.6:
        rule["anchor"] = {**a_condition(chance, 1), "which": chance.choice(("every", "first", "last", 2, -2))}
        rule["window"] = a_window(chance, 1)
    elif chance.random() < 0.6:
        rule["window"] = {chance.choice(("first", "last")): chance.randint(1, 3)}
    if chance.random() < 0.3:
        rule["unless"] = a_condition(chance, 1)
        if "anchor" in rule and chance.random() < 0.5:
            rule["unless"]["window"] = a_window(chance, 0)
    if rule["expect"] == "some":
        rule["at_least"] = chance.choice((1, 1, 2, 3))
    if rule["expect"] == "none":
        rule["at_most"] = chance.choice((0, 0, 1, 2))
    find = rule["find"]
    modes = ["messages", "messages", "occurrences"]
    if (
        "any" in find
        and "all" not in find
        and "pattern" not in find
        or "phrases" in find
        and "any" not in find
        and "pattern" not in find
    ):
        modes.append("different")
    rule["by"] = chance.choice(modes)
    return resolved(Document("rule", {}, {}, ""), Rule.model_validate(rule), {})


@pytest.mark.parametrize("seed", range(40))
def test_the_two_judges_agree(seed: int) -> None:
    chance = random.Random(seed)
    log = a_log(chance)
    rules = {str(number): a_rule(chance) for number in range(RULES_PER_LOG)}
    court, slow = Court(log, Library(rules, {}), SEGMENTER), Judge(log)
    for name, rule in rules.items():
        verdicts = court.verdicts(name)
        places = court.talk.places.located
        located = replace(verdicts, broken=places(verdicts.broken))
        assert fast(located) == slow.judge(rule), rule.model_dump(exclude_unset=True)


def test_random_rules_find_something() -> None:
    """The comparison would say little if nothing were ever found."""
    chance, found = random.Random(1), 0
    for _ in range(10):
        slow = Judge(a_log(chance))
        found += sum(any(slow.judge(a_rule(chance))) for _ in range(10))
    assert found > 15
