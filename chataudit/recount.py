"""Audited chats and later orders in, the figures that rest on orders counted anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from chataudit.arrays import as_code
from chataudit.cards import ordered_facts
from chataudit.counting import count
from chataudit.ingest.folders import Folder, merged
from chataudit.ingest.roles import MASK
from chataudit.settings import Policy, Settings
from chataudit.tables import ORDERED


def with_orders(
    facts: pd.DataFrame,
    folders: Sequence[Folder],
    orders: pd.DataFrame,
    people: pd.DataFrame,
    settings: Settings,
    policies: Mapping[str, Policy],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the facts with those of orders replaced, and the conversions; sessions stay as they were audited.

    Reads of each folder ``messages`` (their texts may be masked: nothing here reads them but closing lines).
    """
    messages = merged(folders, "messages", ["message_id"])
    messages["masked"] = messages["buyer"].astype(str).str.contains(MASK, regex=False).to_numpy()
    messages["source"] = messages["file"].cat.codes.to_numpy().astype("int64")
    counted = count(messages, people, orders, settings, policies)
    made = ordered_facts(counted.persons)
    kept = facts[~facts["fact"].isin(ORDERED)]
    table = pd.concat([kept.astype({"person": "str", "fact": "str"}), made], ignore_index=True)
    for name in ("person", "fact"):
        table[name] = as_code(table[name])
    return table, counted.conversions
