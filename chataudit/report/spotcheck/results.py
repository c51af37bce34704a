"""The page of results: what people's marks prove, whether the machine is right, where people differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

import chataudit
from chataudit.report.page import LIMIT, SPARE, environment
from chataudit.report.spotcheck.chats import Chat, Lexicon
from chataudit.report.spotcheck.page import chat_html, question, records
from chataudit.report.wording import Speech
from chataudit.spotcheck.comparing import OPEN_EYED
from chataudit.spotcheck.drawn import Draw
from chataudit.spotcheck.estimating import ANY
from chataudit.spotcheck.population import Population
from chataudit.spotcheck.reasons import draw_id
from chataudit.spotcheck.reviews import Reviews

MOST_ROWS = 300
CASES = {"bad": ("要改进", "to improve"), "good": ("好样板", "good example"), "disputed": ("有争议", "disputed")}
LOST, DECIDED = ("not_met", "partly"), ("met", "partly", "not_met")


@dataclass(frozen=True)
class Results:
    """Everything that a spot-check handed back yields, as tables."""

    reviews: Reviews
    estimates: pd.DataFrame
    agreement: pd.DataFrame
    precision: pd.DataFrame
    disagreements: pd.DataFrame
    cases: pd.DataFrame


def render_results(
    population: Population, draw: Draw, lexicon: Lexicon, results: Results, chats: Sequence[Chat], speech: Speech
) -> str:
    """Return the page, self-contained and under 5 MB; ``chats``: the conversations that it names."""
    html, room = [], LIMIT - SPARE - 900_000
    anchors = {}
    for chat in chats:
        made = chat_html(chat, speech)
        room -= len(made.encode())
        if room < 0:
            break
        html.append(made)
        anchors[(chat.view.session_id, chat.view.agent or "")] = chat.view.anchor
    names = _names(lexicon, speech)
    rates, items = _estimates(results.estimates)
    shares = _machine_shares(results.reviews, draw)
    days = population.units["day"].dropna()
    view = {
        "draw": draw_id(population, draw),
        "version": chataudit.__version__,
        "plan": draw.plan.title(speech.lang),
        "first_day": min(days, default=""),
        "last_day": max(days, default=""),
        "raters": speech.t("、", ", ").join(results.reviews.raters),
        "drawn_n": int(draw.taken.sum()),
        "finished_n": len([one for one in results.reviews.done if draw.taken[one]]),
        "warnings": warnings(draw, results.reviews, speech),
        "question": question(draw, speech),
        "rates": rates,
        "by_item": [
            {**one, **names[(one["card"], one["item"])], "machine": shares.get((one["card"], one["item"]))}
            for one in items
        ],
        "how": _how(speech),
        "agreement": [_agreed(one, names, speech) for one in records(results.agreement)],
        "eyed": _eyed(results.agreement, speech),
        "precision": [
            {**one, "rate": one["precision"], "name": lexicon.title(str(one["rule"]), speech.lang)}
            for one in records(results.precision)
        ],
        "differ": [
            _differ(one, names, lexicon, anchors, speech) for one in records(results.disagreements.head(MOST_ROWS))
        ],
        "differ_n": len(results.disagreements),
        "cases": [
            {
                **one,
                "name": CASES[one["kind"]][speech.lang == "en"],
                "why": speech.text(one["why"], 400),
                "anchor": _anchor(one, anchors),
            }
            for one in records(results.cases)
        ],
    }
    limit = draw.plan.question.limit
    return environment(speech.lang).get_template("spotcheck_results.html").render(view=view, chats=html, limit=limit)


def warnings(draw: Draw, reviews: Reviews, speech: Speech) -> tuple[str, ...]:
    """Say what is left out of the estimates."""
    drawn = set(np.flatnonzero(draw.taken).tolist())
    unfinished = len(drawn - reviews.done)
    judged = set(reviews.marks["unit"])
    by_hand, started = len(judged - drawn), len((judged & drawn) - reviews.done)
    said = []
    if unfinished:
        said.append(
            speech.t(
                f"抽到的还有 {unfinished} 个没看完：推算时当作随机缺失；如果恰好缺的是难的，结果会偏。",
                f"{unfinished} of those drawn are not finished: taken as missing at random; if it is the hard ones, estimates lean.",
            )
        )
    if started:
        said.append(
            speech.t(
                f"其中 {started} 个填了一部分、没选“看完了”：判定照样生效，但不进任何推算。",
                f"{started} of them are partly filled in without “read to the end”: their marks settle, but are in no estimate.",
            )
        )
    if by_hand:
        said.append(
            speech.t(
                f"{by_hand} 个会话不是这次抽到的（手工挑的）：判定照样生效，但不进任何推算。",
                f"{by_hand} conversations were not drawn but chosen by hand: their marks settle, but are in no estimate.",
            )
        )
    return tuple(said)


def _how(speech: Speech) -> tuple[str, ...]:
    return (
        speech.t(
            "推算：随机抽到的每个会话按机会的倒数代表别的会话，必查的只算自己；"
            "区间按有效样本量用 Clopper–Pearson 法，分层抽到 0 个错不当作没有错。",
            "Each conversation drawn at random stands for others by the inverse of its chance, always-reviewed ones for themselves; the "
            "interval is Clopper–Pearson's at the effective sample size, and a stratum without a fault is not taken for one that has none.",
        ),
        speech.t(
            "纠偏：在机器判有错、无错、不适用、判不了的会话里，各看人判的结果，再按它们在全部会话里各有多少加权（双重抽样）。虚线是要低于的线。",
            "Corrected: people's results among those that the machine found faulty, sound, not applicable or open, weighted by how many "
            "there are of each in all (double sampling). Dashed: the limit to stay under.",
        ),
    )


def _eyed(agreement: pd.DataFrame, speech: Speech) -> str:
    """Say once what stands beside every comparison whose raters saw the machine's marks."""
    said = OPEN_EYED.said(speech.lang)
    return said if len(agreement) and said in set(agreement["note"]) else ""


def _names(lexicon: Lexicon, speech: Speech) -> dict[tuple[str | None, str], dict[str, Any]]:
    names: dict[tuple[str | None, str], dict[str, Any]] = {}
    for card, made in lexicon.cards.items():
        for item in made.items:
            names[(card, item.id)] = {"name": item.name_en if speech.lang == "en" else item.name, "red": item.red}
    whole = {"name": speech.t("整个会话有没有错", "anything faulty"), "red": False}
    return {**names, (None, ANY): whole, (ANY, ANY): whole}


def _estimates(table: pd.DataFrame) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the question's lines for all subjects, and the items' lines for all conversations."""
    rows = records(table)
    corrected = {_key(one): one for one in rows if one["basis"] == "corrected"}
    drawn = [{**one, "corrected": corrected[_key(one)]} for one in rows if one["basis"] == "drawn"]
    rates = [one for one in drawn if one["item"] == ANY]
    return rates, [one for one in drawn if one["subject_kind"] == "all" and one["item"] != ANY]


def _key(one: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(one[name] for name in ("subject_kind", "subject", "card", "item"))


def _machine_shares(reviews: Reviews, draw: Draw) -> dict[tuple[str, str], float]:
    """Return for each item the share that the machine finds faulty, of those that it judged."""
    decided = reviews.machine[reviews.machine["outcome"].isin(list(DECIDED)).to_numpy(dtype=bool)]
    lost = decided.assign(lost=decided["outcome"].isin(list(LOST)).to_numpy(dtype=float))
    return {
        (str(card), str(item)): float(one)
        for (card, item), one in lost.groupby(["card", "item"])["lost"].mean().items()
    }


def _agreed(
    one: dict[str, Any], names: Mapping[tuple[str | None, str], dict[str, Any]], speech: Speech
) -> dict[str, Any]:
    said = one["note"] or ""
    return {**one, **names[(one["card"], one["item"])], "said": "" if said == OPEN_EYED.said(speech.lang) else said}


def _differ(
    one: dict[str, Any],
    names: Mapping[tuple[str | None, str], dict[str, Any]],
    lexicon: Lexicon,
    anchors: Mapping[tuple[str, str], str],
    speech: Speech,
) -> dict[str, Any]:
    first, _, rest = str(one["about"]).partition(" ")
    name = f"{rest} {names[(first, rest)]['name']}" if (first, rest) in names else lexicon.title(first, speech.lang)
    reason = speech.text(one["reason"], 300)
    return {**one, "name": name, "reason": reason, "anchor": _anchor(one, anchors)}


def _anchor(one: Mapping[str, Any], anchors: Mapping[tuple[str, str], str]) -> str:
    return anchors.get((str(one["session_id"]), one["agent"] or ""), "")
