"""The tables beside the chats: orders, people, sheets and workbooks handed back; named by the user or found in a folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from chataudit import ingest
from chataudit.errors import Fault, Faults, Together, Words
from chataudit.ingest.filled import read_sheet_file
from chataudit.ingest.inputs import Input
from chataudit.ingest.orders import merged
from chataudit.settings import Settings
from chataudit.tables import PEOPLE, REJECTS, SHEETS


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
    """The tables (``verdicts`` null: no workbook was handed back), the trace of the files named, their rejects, notes."""

    orders: pd.DataFrame
    people: pd.DataFrame
    sheets: pd.DataFrame
    verdicts: pd.DataFrame | None
    inputs: tuple[Input, ...]
    rejects: pd.DataFrame
    notes: tuple[Words, ...] = ()


def gather(
    named: Named, found: Mapping[str, list[pd.DataFrame]], settings: Settings, layout: str | None = None
) -> Beside:
    """Return what stands beside the chats; a people table that is named replaces those ``found``.

    Exports of orders that overlap are merged (`chataudit.ingest.orders.merged`); ``layout`` may name an order dialect.

    Raises:
        Faults: what is wrong in all the files, or an account of two persons.
    """
    inputs: list[Input] = []
    rejects: list[pd.DataFrame] = []
    notes: list[Words] = []
    tried = Together()
    orders, people, sheets = (list(found.get(name, [])) for name in ("orders", "people", "sheets"))
    verdicts: list[pd.DataFrame] = []
    if named.people is not None:
        people = []
    wanted = [(path, "orders", orders) for path in named.orders]
    wanted += [(named.people, "people", people)] if named.people is not None else []
    for path, name, tables in wanted:
        read = tried.get(partial(ingest.read_named, path, name, settings, layout))
        if read is not None:
            companion, place = read
            tables.append(companion.table)
            inputs.append(place)
            rejects.append(companion.rejects)
            notes += companion.notes
    for path in named.sheets:
        filled = tried.get(partial(read_sheet_file, path, settings))
        if filled is not None:
            inputs.append(filled.input)
            sheets += [filled.sheet] if filled.sheet is not None else []
            verdicts += [filled.verdicts] if filled.verdicts is not None else []
    accounts = tried.get(lambda: _people(_below(people, PEOPLE.empty()), str(named.people or "people")))
    tried.settle()
    assert accounts is not None
    return Beside(
        merged(orders),
        accounts,
        _below(sheets, SHEETS.empty()),
        pd.concat(verdicts, ignore_index=True) if verdicts else None,
        tuple(inputs),
        _below(rejects, REJECTS.empty()),
        tuple(notes),
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
