"""Rules with ``across``: a buyer's linked sessions are judged as one conversation, and verdicts stay where they belong."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from slow.judging import Judge, fast
from test_judging import HEAD, MARKS, SEGMENTER, a_rule

from chataudit.errors import Faults
from chataudit.examples import log_of, transcript
from chataudit.log import Log
from chataudit.rules import Court, Library, flag, load
from chataudit.rules.model import Across, Rule
from chataudit.rules.resolve import resolved
from chataudit.settings import Document, Settings

HOUR = dt.timedelta(hours=1)


def row_of(
    number: int, session: str, buyer: str | None, sender: str, at: dt.datetime | None, text: str
) -> dict[str, Any]:
    """Return a message as it stands in an export; the agents c0 and c1 take turns by its number."""
    return {
        "row": number,
        "session_id": session,
        "buyer": buyer,
        "platform": "plain",
        "shop": "",
        "sender": sender,
        "sent_at": at,
        "agent": f"c{number % 2}" if sender == "agent" else None,
        "kind": "text",
        "text": text,
    }


def a_log(chance: random.Random) -> Log:
    """Return sessions of three buyers hours and days apart: some overlap, some have no times, some buyers are masked."""
    rows: list[dict[str, Any]] = []
    for session in range(chance.randint(2, 9)):
        buyer = f"b{chance.randrange(3)}"
        now = dt.datetime(2026, 3, 2) + HOUR * chance.randrange(0, 24 * 6, 6)
        timed = chance.random() < 0.85
        for _ in range(chance.randint(1, 5)):
            now += dt.timedelta(seconds=chance.choice((0, 1, 30, 200, 7200)))
            text = "".join(chance.choice(f"{MARKS}子丑寅") for _ in range(chance.randint(1, 5)))
            sender = chance.choice(("buyer", "agent", "agent"))
            rows.append(row_of(len(rows) + 1, f"s{session}", buyer, sender, now if timed else None, text))
    log = log_of(rows, Settings())
    masked = log.messages["session_id"].isin([name for name in ("s0", "s5", "s6") if chance.random() < 0.5])
    return replace(log, messages=log.messages.assign(masked=masked.to_numpy()))


def groups_of(log: Log, days: int) -> list[list[int]]:
    """Return the sessions with times, linked by going through them one after the other."""
    sessions = log.sessions
    masked = [bool(log.messages["masked"].iloc[row]) for row in log.first]
    groups: list[list[int]] = []
    for buyer in sorted(set(sessions["buyer"].astype(str))):
        mine = [at for at in range(len(sessions)) if str(sessions["buyer"].iloc[at]) == buyer]
        mine = [at for at in mine if not pd.isna(sessions["started_at"].iloc[at])]
        groups += [[at] for at in mine if masked[at]]
        chain: list[int] = []
        for at in sorted((at for at in mine if not masked[at]), key=lambda at: sessions["started_at"].iloc[at]):
            if chain and sessions["started_at"].iloc[at] - max(
                sessions["ended_at"].iloc[one] for one in chain
            ) < pd.Timedelta(days=days):
                chain.append(at)
            else:
                chain = [at]
                groups.append(chain)
    return groups


def judged_slowly(log: Log, rule: Rule, groups: list[list[int]]) -> tuple[list[Any], list[Any]]:
    """Judge each group by putting its messages, in the order of time, into a log of their own."""
    broken: list[Any] = []
    kept: list[Any] = []
    for group in groups:
        rows = [row for row in range(len(log.messages)) if log.session[row] in group]
        rows.sort(key=lambda row: (log.instant[row], row))
        mine = [at for at in range(len(log.opening)) if log.opening[at] in rows]
        alone = Log(
            log.messages.iloc[rows].reset_index(drop=True),
            log.sessions.iloc[group[:1]].reset_index(drop=True),
            log.rounds.iloc[mine].reset_index(drop=True),
            np.zeros(len(rows), dtype=np.int64),
            np.array([rows.index(log.opening[at]) for at in mine], dtype=np.int64),
            np.array([rows.index(log.reply[at]) if log.reply[at] >= 0 else -1 for at in mine], dtype=np.int64),
            log.closing[rows],
        )
        wrong, right = Judge(alone).judge(rule)
        broken += [(rows[row], *rest) for row, *rest in wrong]
        kept += [(rows[row], agent) for row, agent in right]
    return sorted(broken), sorted(kept)


@pytest.mark.parametrize("seed", range(30))
def test_linked_sessions_are_judged_as_if_they_were_one(seed: int) -> None:
    chance = random.Random(seed)
    log = a_log(chance)
    rules = {
        str(number): a_rule(chance).model_copy(update={"across": Across(days=chance.choice((1, 2)))})
        for number in range(25)
    }
    court = Court(log, Library(rules, {}), SEGMENTER)
    timed = log.sessions["started_at"].notna().to_numpy()
    for name, rule in rules.items():
        verdicts = court.verdicts(name)
        days = rule.across.days  # type: ignore[union-attr]
        assert fast(verdicts) == judged_slowly(log, rule, groups_of(log, days)), rule.model_dump(exclude_unset=True)
        assert verdicts.judged.tolist() == timed.tolist()
        assert (np.diff(verdicts.broken.row) >= 0).all()


def test_the_random_logs_link_and_the_random_rules_find() -> None:
    """The comparison would say little if nothing were linked or linking changed nothing."""
    chance, linked, changed = random.Random(1), 0, 0
    for _ in range(20):
        log = a_log(chance)
        linked += any(len(group) > 1 for group in groups_of(log, 2))
        for _ in range(10):
            rule = a_rule(chance)
            alone = [[at] for group in groups_of(log, 2) for at in group]
            changed += judged_slowly(log, rule, groups_of(log, 2)) != judged_slowly(log, rule, alone)
    assert linked > 10 and changed > 15


START = dt.datetime(2026, 3, 2, 10)
PROMISED = {
    **HEAD,
    "across": {"days": 20},
    "anchor": {"who": "buyer", "phrases": ["退款"]},
    "find": {"phrases": ["到账"]},
    "expect": "some",
    "examples": [{"hit": "B 退款"}, {"ok": "B 退款\nA 到账"}],
}


def judged_by_hand(rule: dict[str, Any], chats: list[tuple[str, str | None, dt.datetime | None]]) -> tuple[Log, Any]:
    """Judge chats of two messages a minute apart: a buyer asks 退款 in the first, an agent says 到账 in the last."""
    rows: list[dict[str, Any]] = []
    for session, buyer, at in chats:
        asked, said = ("退款" if session == chats[0][0] else "在吗"), ("到账" if session == chats[-1][0] else "在的")
        later = at + dt.timedelta(minutes=1) if at else None
        rows.append(row_of(len(rows) + 1, session, buyer, "buyer", at, asked))
        rows.append(row_of(len(rows) + 1, session, buyer, "agent", later, said))
    log = log_of(rows, Settings())
    made = resolved(Document("rule", {}, {}, ""), Rule.model_validate(rule), {})
    return log, flag(log, Library({"r": made}, {}), SEGMENTER)


def test_the_bound_is_open_and_counts_from_the_end() -> None:
    end = START + dt.timedelta(minutes=1)
    for gap, hits in ((dt.timedelta(days=20, milliseconds=-1), 0), (dt.timedelta(days=20), 1)):
        log, flagged = judged_by_hand(PROMISED, [("s1", "甲", START), ("s2", "甲", end + gap)])
        assert len(flagged.hits) == hits
        kept = flagged.rulings.judged["r"].kept.row
        assert log.messages["session_id"].iloc[kept].tolist() == ["s2"] * (1 - hits)


def test_a_chain_links_further_than_its_days_and_a_hit_stays_at_its_message() -> None:
    chats = [("s1", "甲", START), ("s2", "甲", START + 15 * 24 * HOUR), ("s3", "甲", START + 30 * 24 * HOUR)]
    _, flagged = judged_by_hand(PROMISED, chats)
    assert not len(flagged.hits)
    counted = {**PROMISED, "find": {"phrases": ["到账"], "nth": {"first": 3, "last": 3}}, "expect": "none"}
    _, flagged = judged_by_hand(counted, chats)
    (hit,) = flagged.hits.to_dict("records")
    assert (hit["session_id"], hit["text"], hit["start"], hit["end"]) == ("s3", "到账", 0, 2)
    assert "到账" in hit["reason"]


def test_other_buyers_and_buyers_without_a_name_are_not_linked() -> None:
    for first, second in (("甲", "乙"), (None, None), ("", "")):
        _, flagged = judged_by_hand(PROMISED, [("s1", first, START), ("s2", second, START + HOUR)])
        assert flagged.hits["session_id"].tolist() == ["s1"]


def test_masked_buyers_are_not_linked() -> None:
    log, _ = judged_by_hand(PROMISED, [("s1", "甲", START), ("s2", "甲", START + HOUR)])
    masked = replace(log, messages=log.messages.assign(masked=True))
    rules = {"r": resolved(Document("rule", {}, {}, ""), Rule.model_validate(PROMISED), {})}
    for one, hits in ((log, 0), (masked, 1)):
        assert len(flag(one, Library(rules, {}), SEGMENTER).hits) == hits


def test_days_in_force_and_shops_go_by_the_first_session() -> None:
    chats = [("s1", "甲", START), ("s2", "甲", START + 5 * 24 * HOUR)]
    said = {**PROMISED, "expect": "none", "anchor": None}
    for limits, hits in (
        ({"until": "2026-03-02"}, 1),
        ({"from": "2026-03-03"}, 0),
        ({"only": {"weekday": "mon"}}, 1),
        ({"only": {"weekday": "sat"}}, 0),
        ({"only": {"platform": "jd"}}, 0),
        ({"only": {"agent": "c0"}}, 1),
        ({"only": {"agent": "c1"}}, 0),
    ):
        _, flagged = judged_by_hand({**said, **limits}, chats)
        assert flagged.hits["session_id"].tolist() == ["s2"] * hits, limits


def test_without_times_nothing_is_judged() -> None:
    log, flagged = judged_by_hand(PROMISED, [("s1", "甲", None), ("s2", "甲", START)])
    judged = dict(zip(log.sessions["session_id"], flagged.rulings.judged["r"].judged.tolist(), strict=True))
    assert judged == {"s1": False, "s2": True}
    assert not len(flagged.hits) and not len(flagged.rulings.judged["r"].kept.row)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"only": {"order": {"exists": True}}}, "order is a fact of one session"),
        ({"find": {"phrases": ["好"], "facts": {"round_n": {"over": 1}}}}, "round_n is a fact of one session"),
        ({"find": {"phrases": ["好"], "not": {"facts": {"ended_by": "buyer"}}}}, "ended_by is a fact of one session"),
        ({"find": {"use": "moved"}}, "transferred is a fact of one session"),
        ({"find": {"rule": "plain"}}, "another across"),
        ({"find": {"rule": "week"}}, "another across"),
        ({"across": {"days": 0}}, "at least 1"),
    ],
)
def test_what_does_not_go_together_is_refused_with_its_place(
    changes: dict[str, Any], said: str, tmp_path: Path
) -> None:
    base = {**HEAD, "find": {"phrases": ["好"]}}
    files = {
        "rules/plain": base,
        "rules/week": {**base, "across": {"days": 7}},
        "rules/wrong": {**base, "across": {"days": 20}, **changes},
        "conditions/moved": {"any": [{"facts": {"transferred": True}}]},
    }
    for name, content in files.items():
        path = tmp_path / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with pytest.raises(Faults) as caught:
        load(tmp_path)
    (fault,) = caught.value.faults
    assert fault.file.endswith("wrong.yaml") and fault.line and fault.column
    assert said in caught.value.said("en")


def test_a_rule_asks_for_the_hits_of_another_over_the_same_sessions() -> None:
    document = Document("rule", {}, {}, "")
    twice = {**HEAD, "across": {"days": 7}, "find": {"phrases": ["在"], "border": False}, "at_most": 1}
    named = {**HEAD, "across": {"days": 7}, "find": {"rule": "twice"}}
    rules = {
        name: resolved(document, Rule.model_validate(one), {}) for name, one in (("named", named), ("twice", twice))
    }
    log = log_of(transcript("B 好\nA 在\n--- 2 days later\nB 好\nA 在", "s", "test"), Settings())
    flagged = flag(log, Library(rules, {}), SEGMENTER)
    assert flagged.hits["session_id"].tolist() == ["s+1", "s+1"]


@pytest.mark.parametrize("text", ["--- 3 days later\nA 好", "A 好\n--- 0 days later\nA 好", "A 好\n--- soon\nA 好"])
def test_a_line_between_sessions_stands_between_messages_and_says_how_many_days(text: str) -> None:
    with pytest.raises(Faults):
        transcript(text, "s", "test")
