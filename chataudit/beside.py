"""The tables beside the chats: orders, people, sheets and workbooks handed back; named by the user or found in a folder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from chataudit import ingest
from chataudit.errors import Fault, Faults, Words
from chataudit.ingest.filled import read_sheet_file
from chataudit.ingest.inputs import Input
from chataudit.settings import Settings
from chataudit.tables import ORDERS, PEOPLE, SHEETS


@dataclass(frozen=True)
class Named:
    """The files that the user named."""

    orders: tuple[Path, ...] = ()
    sheets: tuple[Path, ...] = ()
    people: Path | None = None

    @property
    def paths(self) -> list[Path]:
        """Return all of them."""
        return [*self.orders, *self.sheets, *([self.people] if self.people else [])]


@dataclass(frozen=True)
class Beside:
    """The tables (``verdicts`` null: no workbook was handed back) and the trace of the files named."""

    orders: pd.DataFrame
    people: pd.DataFrame
    sheets: pd.DataFrame
    verdicts: pd.DataFrame | None
    inputs: tuple[Input, ...]


def gather(named: Named, taken: ingest.Ingested, settings: Settings) -> Beside:
    """Return what stands beside the chats; a people table that is named replaces those found.

    Raises:
        Faults: what is wrong in the files, or an account of two persons.
    """
    inputs: list[Input] = []
    found = taken.companions
    orders, people, sheets = (list(found.get(name, [])) for name in ("orders", "people", "sheets"))
    verdicts: list[pd.DataFrame] = []
    for path in named.orders:
        table, one = ingest.read_named(path, "orders", settings)
        orders.append(table)
        inputs.append(one)
    if named.people is not None:
        table, one = ingest.read_named(named.people, "people", settings)
        people = [table]
        inputs.append(one)
    for path in named.sheets:
        filled = read_sheet_file(path, settings)
        inputs.append(filled.input)
        sheets += [filled.sheet] if filled.sheet is not None else []
        verdicts += [filled.verdicts] if filled.verdicts is not None else []
    return Beside(
        _below(orders, ORDERS.empty()).drop_duplicates("order_id").reset_index(drop=True),
        _people(_below(people, PEOPLE.empty()), str(named.people or "people")),
        _below(sheets, SHEETS.empty()),
        pd.concat(verdicts, ignore_index=True) if verdicts else None,
        tuple(inputs),
    )


def _people(people: pd.DataFrame, file: str) -> pd.DataFrame:
    """Return one row for each account."""
    pairs = people.drop_duplicates(["account", "person"])
    double = sorted({str(name) for name in pairs["account"][pairs["account"].duplicated()]})
    if double:
        raise Faults(
            [
                Fault(
                    Words(
                        f"一个账号只能属于一个人：{'、'.join(double)}。",
                        f"One account is one person's: {', '.join(double)}.",
                    ),
                    file,
                )
            ]
        )
    return people.drop_duplicates("account", keep="last").reset_index(drop=True)


def _below(tables: Iterable[pd.DataFrame], empty: pd.DataFrame) -> pd.DataFrame:
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else empty
