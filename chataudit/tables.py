"""Every table that a stage reads or gives: columns, dtypes, units and null rules, written down once.

Types: ``str`` (pandas' Arrow string), ``code`` (a string with few distinct values, kept as a categorical whose
categories are sorted), ``time`` (an instant, milliseconds, in the shop's zone), ``date`` (a local day as
``YYYY-MM-DD`` text, or ``ALL``), ``int``, ``real``, ``bool``, ``money`` (decimal text in yuan). A column's name
carries its unit: ``_s`` seconds, ``_n`` a count, ``_share`` 0..1, ``_at`` an instant.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

TALK_KINDS = ("text", "image", "card", "emoji", "file")
KINDS = (*TALK_KINDS, "recall", "transfer", "event")
SENDERS = ("buyer", "agent", "assist", "auto", "bot", "system")
LEVELS = ("info", "minor", "major", "red")
OUTCOMES = ("met", "partly", "not_met", "not_applicable", "no_data", "needs_review")
PLATFORMS = ("plain", "taobao", "jd", "pdd", "douyin")


@dataclass(frozen=True)
class Column:
    """A column's name, type (see the module) and whether a cell may be null."""

    name: str
    kind: str
    null: bool = False


@dataclass(frozen=True)
class Table:
    """A table's name and columns; `check` says what a frame has wrong."""

    name: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """Return the columns' names in order."""
        return [column.name for column in self.columns]

    def empty(self) -> pd.DataFrame:
        """Return the table with its columns and no row."""
        return pd.DataFrame({column.name: pd.Series([], dtype=DTYPES[column.kind]) for column in self.columns})

    def check(self, frame: pd.DataFrame) -> list[str]:
        """Return a sentence per fault of ``frame``: missing columns, wrong types, nulls that must not be."""
        faults = [f"{self.name} lacks {name}" for name in self.names if name not in frame.columns]
        for column in self.columns:
            if column.name not in frame.columns:
                continue
            cells = frame[column.name]
            if len(cells) and not KIND_TESTS[column.kind](cells):
                faults.append(f"{self.name}.{column.name} is {cells.dtype}, not {column.kind}")
            if not column.null and bool(cells.isna().any()):
                faults.append(f"{self.name}.{column.name} has nulls")
        return faults


def _is_text(cells: pd.Series) -> bool:
    dtype = cells.dtype.categories.dtype if isinstance(cells.dtype, pd.CategoricalDtype) else cells.dtype
    return bool(pd.api.types.is_string_dtype(dtype)) or bool(cells.isna().all())


KIND_TESTS: dict[str, Callable[[Any], bool]] = {
    "str": _is_text,
    "code": _is_text,
    "date": _is_text,
    "money": lambda cells: bool(cells.isna().all()) or _is_text(cells) or cells.dtype == object,
    "time": lambda cells: isinstance(cells.dtype, pd.DatetimeTZDtype) and cells.dtype.unit == "ms",
    "int": lambda cells: bool(pd.api.types.is_integer_dtype(cells.dtype)) or bool(cells.isna().all()),
    "real": lambda cells: bool(pd.api.types.is_numeric_dtype(cells.dtype)) or bool(cells.isna().all()),
    "bool": lambda cells: bool(pd.api.types.is_bool_dtype(cells.dtype)) or bool(cells.isna().all()),
}
DTYPES: dict[str, object] = {
    "str": pd.StringDtype("pyarrow", na_value=np.nan),
    "code": pd.StringDtype("pyarrow", na_value=np.nan),
    "date": pd.StringDtype("pyarrow", na_value=np.nan),
    "money": pd.StringDtype("pyarrow", na_value=np.nan),
    "time": pd.DatetimeTZDtype("ms", "UTC"),
    "int": "Int64",
    "real": "float64",
    "bool": "boolean",
}


def _table(name: str, spec: str) -> Table:
    """Build a table from lines of ``kind: names``; a name that ends with ``?`` may be null.

    Columns stand in the order written, so a kind may come more than once.
    """
    columns = []
    for line in spec.strip().splitlines():
        kind, names = line.split(":")
        columns += [Column(word.rstrip("?"), kind.strip(), word.endswith("?")) for word in names.split()]
    return Table(name, tuple(columns))


MESSAGES = _table(
    "messages",
    """
    str: message_id
    code: platform shop session_id buyer agent? sender
    time: sent_at?
    code: kind
    str: text refs?
    code: file
    int: row
""",
)
SESSIONS = _table(
    "sessions",
    """
    code: session_id platform shop buyer
    str: agents?
    date: day?
    time: started_at? ended_at?
    real: duration_s?
    int: buyer_n agent_n bot_n round_n pending_n
    real: first_response_s? mean_response_s? max_response_s?
    code: last_sender?
    bool: transferred
""",
)
ROUNDS = _table(
    "rounds",
    """
    code: session_id
    int: round
    code: agent?
    time: opened_at? replied_at?
    real: wait_s?
    code: replied_by?
    bool: counted
""",
)
AGENTS = _table(
    "agents",
    """
    date: day?
    code: platform shop agent?
    int: consulted_n received_n unreplied_n
    real: reply_share?
    int: session_n round_n pending_n buyer_msg_n agent_msg_n
    real: reply_ratio? first_response_s? mean_response_s? p50_response_s? p90_response_s?
    real: within_30s_share? within_180s_share?
    int: slow_n? long_n? inquiry_n? ordered_n? paid_n?
    real: conversion_share?
    money: sales? refunds? effective_sales? order_value?
""",
)
CONVERSIONS = _table(
    "conversions",
    """
    str: order_id
    code: judged_by role shop? buyer? agent? session_id?
    time: ordered_at? paid_at?
    money: amount? refund? postage? commission?
    code: join?
    bool: final
""",
)
PLATFORM_METRICS = _table(
    "platform_metrics",
    """
    code: platform metric
    date: day
    code: shop agent?
    real: numerator denominator value?
""",
)
HITS = _table(
    "hits",
    """
    code: rule level session_id
    str: message_id?
    code: agent? sender?
    time: sent_at?
    int: start? end?
    str: text? reason
""",
)
MARKS = _table(
    "marks",
    """
    code: card period subject_kind subject agent? item outcome
    real: points? max_points?
    str: value? evidence? reason?
    code: decided_by
""",
)
SCORES = _table(
    "scores",
    """
    code: card period subject_kind subject agent?
    real: score? score_low? score_high?
    code: grade?
    bool: provisional
    str: red_lines?
    int: sample_n
    real: applicable_share?
    int: days_covered?
""",
)
REJECTS = _table(
    "rejects",
    """
    str: file
    int: row?
    str: column? reason value?
""",
)
ORDERS = _table(
    "orders",
    """
    str: order_id
    code: platform? shop? buyer?
    time: ordered_at? paid_at? closed_at?
    money: amount? postage? commission? refund?
    time: refunded_at?
    str: item_ids? status?
""",
)
PEOPLE = _table(
    "people",
    """
    code: account person team?
    date: since?
    str: shifts?
""",
)
SHEETS = _table(
    "sheets",
    """
    code: period person item
    str: value?
    code: rater?
    str: remark?
""",
)

FACTS = _table(
    "facts",
    """
    date: day?
    code: person? fact
    real: value
""",
)
RISK = _table(
    "risk",
    """
    code: session_id
    real: risk?
    code: model
    str: reasons?
""",
)

RANKING = _table(
    "ranking",
    """
    code: card period subject_kind subject
    real: place? score? low_95? high_95?
    str: basis?
    int: sample_n
    bool: unranked
""",
)
PAY = _table(
    "pay",
    """
    code: card period person line name
    str: formula worked
    money: value?
    code: unit
    bool: counts provisional
    str: reason?
""",
)
CONSEQUENCES = _table(
    "consequences",
    """
    code: card period subject
    str: says
    bool: due
    str: periods?
    int: known_n of_n
""",
)
COSTS = _table(
    "costs",
    """
    code: card item name
    int: decided_n waiting_n
    real: lost mean_lost? share?
""",
)
ASSOCIATIONS = _table(
    "associations",
    """
    code: card item name
    int: met_ordered_n met_n missed_ordered_n missed_n
    real: difference? low_95? high_95?
""",
)
SCORED_OUTPUTS = (MARKS, SCORES, RANKING, PAY, CONSEQUENCES, COSTS, ASSOCIATIONS)
TOPICS = _table(
    "topics",
    """
    code: kind topic? name
    int: questions? sessions ordered?
    real: ordered_share? low? high? difference? difference_low? difference_high?
    int: lost_last?
    str: examples?
""",
)

CHANGES = _table(
    "changes",
    """
    code: period before subject? figure
    real: value? value_before?
""",
)

OUTPUTS = (
    MESSAGES,
    SESSIONS,
    ROUNDS,
    AGENTS,
    CONVERSIONS,
    PLATFORM_METRICS,
    HITS,
    MARKS,
    SCORES,
    REJECTS,
    PEOPLE,
    FACTS,
    RISK,
)

# The agents table's counts, and the sums behind its means and shares: both add up over days and agents.
VOLUMES = ("consulted_n", "received_n", "session_n", "round_n", "pending_n", "buyer_msg_n", "agent_msg_n")
WAITS = (
    "first_wait_s",
    "first_answered_n",
    "wait_s",
    "answered_n",
    "within_30s_n",
    "first_n",
    "within_180s_n",
    "timed_n",
)
BUYERS = ("slow_n", "long_n", "inquiry_n", "ordered_n", "paid_n")
SALES = ("sales", "refunds", "effective_sales", "order_n", "returned_order_n", "payer_n", "refunded_n")
ORDERED = ("inquiry_n", "ordered_n", "paid_n", *SALES)
ADDITIVE = (*VOLUMES, *WAITS, *BUYERS, *SALES)

# What a spot-check writes beside the audit's own tables.
DRAWN = _table(
    "drawn",
    """
    code: session_id agent? person team? platform
    date: day?
    code: kind stratum
    str: why
    real: probability weight risk?
    code: outcome?
    bool: finished
""",
)
COVERAGE = _table(
    "coverage",
    """
    code: subject_kind subject
    int: conversation_n drawn_n event_n random_n
    real: drawn_share machine_fault_share? expected_low? expected_high?
    int: more_for_margin_n? more_to_settle_n? accept_n? accept_c?
    str: note?
""",
)
ESTIMATES = _table(
    "estimates",
    """
    code: subject_kind subject card? item? basis
    real: rate? low? high?
    int: random_n certain_n fault_n more_for_margin_n? more_to_settle_n?
    str: note?
""",
)
AGREEMENT = _table(
    "agreement",
    """
    code: card item between coefficient
    int: n
    real: observed? value? low? high?
    str: note?
""",
)
PRECISION = _table(
    "precision",
    """
    code: rule
    int: right_n wrong_n unsure_n
    real: precision? low? high? weighted?
""",
)
VERDICTS = _table(
    "verdicts",
    """
    code: rule
    str: message_id
    int: start end
    code: verdict rater
""",
)
DISAGREEMENTS = _table(
    "disagreements",
    """
    code: kind about session_id agent?
    str: marks reason?
""",
)
CASES = _table(
    "cases",
    """
    code: kind session_id agent?
    str: why
""",
)
