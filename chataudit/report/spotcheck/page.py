"""The page of a draw: what was drawn and why, what it can prove, the conversations; self-contained, under 5 MB."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

import chataudit
from chataudit.report.page import LIMIT, SPARE, environment
from chataudit.report.spotcheck.chats import Chat
from chataudit.report.wording import Speech, share
from chataudit.spotcheck.drawn import Draw
from chataudit.spotcheck.population import Population
from chataudit.spotcheck.reasons import KINDS, draw_id

MOST_LISTED = 5_000


@dataclass(frozen=True)
class StratumLine:
    """A line of the table of parts."""

    kind: str
    name: str
    size: int
    n: int
    chance: str


@dataclass(frozen=True)
class DrawnLine:
    """A line of the table of conversations."""

    anchor: str
    agent: str
    buyer: str
    time: str
    why: str
    shown: bool


def render_draw(
    population: Population, draw: Draw, coverage: pd.DataFrame, chats: Sequence[Chat], speech: Speech, *, blind: bool
) -> str:
    """Return the page; conversations that find no room are in the workbook."""
    html, room = [], LIMIT - SPARE - 400_000
    for chat in chats:
        html.append(chat_html(chat, speech, blind=blind))
        room -= len(html[-1].encode())
        if room < 0:
            html.pop()
            break
    days = population.units["day"].dropna()
    kinds = np.array([one.kind for one in draw.strata])[draw.stratum[draw.taken]]
    view = {
        "draw": draw_id(population, draw),
        "seed": draw.seed,
        "version": chataudit.__version__,
        "plan": draw.plan.title(speech.lang),
        "first_day": min(days, default=""),
        "last_day": max(days, default=""),
        "about": about_draw(speech),
        "population": len(population.units),
        "random": int((kinds != "event").sum()),
        "events": int((kinds == "event").sum()),
        "strata": [_stratum(draw, number, speech) for number in range(len(draw.strata))],
        "drawn": [
            DrawnLine(
                chat.view.anchor,
                chat.view.agent or "",
                chat.view.buyer,
                f"{chat.view.day} {chat.view.time}".strip(),
                "；".join(chat.view.why),
                at < len(html),
            )
            for at, chat in enumerate(chats)
        ],
        "coverage": records(coverage),
        "question": question(draw, speech),
        "notes": _notes(draw, speech),
        "left": len(chats) - len(html),
    }
    return environment(speech.lang).get_template("spotcheck.html").render(view=view, chats=html, blind=blind)


def chat_html(chat: Chat, speech: Speech, *, blind: bool = False) -> Markup:
    """Return a conversation as HTML; texts are escaped by the template."""
    view = replace(chat.view, checklists=()) if blind else chat.view
    return Markup(environment(speech.lang).get_template("conversation.html").render(one=view))


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table's rows for a template: null is None."""
    cells = table.astype(object)
    return [
        {str(key): cell for key, cell in row.items()} for row in cells.where(cells.notna(), None).to_dict("records")
    ]


def about_draw(speech: Speech) -> tuple[str, ...]:
    """Say what must not be misread."""
    return (
        speech.t(
            "必查的会话因为出了事才被抽到：它们只代表自己（限了数的，只代表同类事件）；其余的差错率只由随机抽到的推算，并按各自的机会加权。",
            "Always-reviewed conversations were drawn because something happened: they stand for themselves alone "
            "(where only some were taken, for that event alone). The rest is inferred from those drawn at random, by their chances.",
        ),
        speech.t(
            "填 spotcheck.xlsx，再用 chataudit spotcheck … --sheet 交回：算出差错率、机器准不准、评分人是否一致。",
            "Fill in spotcheck.xlsx and hand it back with chataudit spotcheck … --sheet.",
        ),
    )


def question(draw: Draw, speech: Speech) -> str:
    """Say what the sample is asked to prove."""
    asked = draw.plan.question
    what = (
        speech.t("任一项失分", "any item lost points")
        if asked.faulty == "any"
        else speech.t("触及红线项", "a red item broken")
    )
    return speech.t(
        f"“有错”= {what}。要回答：有错的会话是否少于 {share(asked.limit)}；想要的精度 ±{share(asked.margin)}，"
        f"把握 {share(asked.confidence)}。",
        f"“Faulty”: {what}. Asked: are fewer than {share(asked.limit)} of the conversations faulty? Margin wanted "
        f"±{share(asked.margin)}, confidence {share(asked.confidence)}.",
    )


def _stratum(draw: Draw, number: int, speech: Speech) -> StratumLine:
    one, mine = draw.strata[number], draw.probability[draw.stratum == number]
    low, high = (float(mine.min()), float(mine.max())) if len(mine) else (0.0, 0.0)
    chance = "—" if not len(mine) else share(high) if high - low < 1e-9 else f"{share(low)}–{share(high)}"
    return StratumLine(KINDS[one.kind].said(speech.lang), one.name.said(speech.lang), one.size, one.n, chance)


def _notes(draw: Draw, speech: Speech) -> tuple[str, ...]:
    asked = draw.plan.question
    return (
        speech.t(
            "“机器判有错”是机器对全部会话的判定，不是推算；“能给出的区间”是假如人判下来也是这个比例，随机部分能推到的范围。",
            "“Faulty by machine” is the machine's word on all conversations, not an estimate; the interval is what the random "
            "part would give if people found the same share.",
        ),
        speech.t(
            "“还差”按再随机均匀抽多少个算；会话不够时最多到全查。",
            "“More” counts further conversations drawn evenly at random; at most all.",
        ),
        speech.t(
            f"验收方案：均匀随机抽这么多个，有错的不超过容许数才算“少于 {share(asked.limit)}”；真到 {share(asked.limit)} 时误收不超过 "
            f"{share(asked.buyer_risk)}，真只有 {share(asked.good)} 时误拒不超过 {share(asked.shop_risk)}（超几何分布）。",
            f"Acceptance: draw so many evenly at random, accept with at most so many faulty. At {share(asked.limit)} faults it passes with "
            f"at most {share(asked.buyer_risk)}, at {share(asked.good)} it fails with at most {share(asked.shop_risk)} "
            "(hypergeometric).",
        ),
    )
