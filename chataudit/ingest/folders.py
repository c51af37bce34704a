"""Folders that `chataudit audit` wrote, read back: tables with their types, and what the runs were made from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from chataudit import tables
from chataudit.arrays import arrow, as_code, text
from chataudit.errors import Fault, Faults, Together, Words
from chataudit.tables import Column, Table

FORMULA = r"^'[=+\-@\t\r]"
AUDIT_FIRST = Words(
    "先运行 chataudit audit，再把它写的文件夹给 --from。", "Run chataudit audit first and name its folder."
)


@dataclass(frozen=True)
class Folder:
    """One audit folder: where it is, its ``run.json``, and the tables that were asked for, typed as in `tables`."""

    path: Path
    run: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]

    @property
    def zone(self) -> str:
        """Return the zone of the audit's instants."""
        return str(self.run.get("settings", {}).get("timezone", "Asia/Shanghai"))


def read_folders(paths: Iterable[Path], names: Iterable[str]) -> list[Folder]:
    """Return audit folders with the tables named (``messages``, ``hits``, …), in the order given.

    Raises:
        Faults: folders that are none, tables that are missing or damaged; all at once.
    """
    wanted = list(names)
    tried = Together()
    folders = [tried.get(partial(read_folder, path, wanted)) for path in paths]
    tried.settle()
    return [folder for folder in folders if folder is not None]


def read_folder(path: Path, names: Iterable[str]) -> Folder:
    """Return one audit folder.

    Raises:
        Faults: no audit folder, or a table that is missing or damaged.
    """
    run_file = path / "run.json"
    if not run_file.is_file():
        what = Words(
            "不是 chataudit audit 写的文件夹（没有 run.json）。", "Not a folder of chataudit audit (no run.json)."
        )
        raise Faults([Fault(what, str(path), hint=AUDIT_FIRST)])
    try:
        run = json.loads(run_file.read_text(encoding="utf-8"))
        zone = str(run["settings"]["timezone"])
    except (ValueError, KeyError, TypeError) as error:
        what = Words("run.json 读不出来。", "run.json can't be read.")
        raise Faults([Fault(what, str(run_file), hint=AUDIT_FIRST)]) from error
    tried = Together()
    read = {name: tried.get(partial(read_table, path / "tables" / f"{name}.csv", _table(name), zone)) for name in names}
    tried.settle()
    return Folder(path, run, {name: frame for name, frame in read.items() if frame is not None})


def _table(name: str) -> Table:
    found: Table = getattr(tables, name.upper())
    return found


def read_table(path: Path, table: Table, zone: str) -> pd.DataFrame:
    """Return one written table with the types of ``table``; what was put before a formula is taken off again.

    Raises:
        Faults: no such file, columns that are missing, or a cell that is not of its column's type.
    """
    if not path.is_file():
        what = Words("缺少这个表；请用现在的版本重新审核。", "The table is missing; audit again with this version.")
        raise Faults([Fault(what, str(path), hint=AUDIT_FIRST)])
    kinds = {column.name: pa.large_string() for column in table.columns}
    options = pa_csv.ConvertOptions(
        column_types=kinds, strings_can_be_null=True, quoted_strings_can_be_null=False, null_values=[""]
    )
    try:
        content = pa_csv.read_csv(
            path, convert_options=options, parse_options=pa_csv.ParseOptions(newlines_in_values=True)
        )
    except pa.ArrowException as error:
        raise Faults([Fault(Words(f"读不出来：{error}", f"Can't be read: {error}"), str(path))]) from error
    lacks = [name for name in table.names if name not in content.column_names]
    if lacks:
        what = Words(f"缺少列：{'、'.join(lacks)}。", f"Columns missing: {', '.join(lacks)}.")
        raise Faults([Fault(what, str(path), 1, hint=AUDIT_FIRST)])
    made = {}
    for column in table.columns:
        cells = content.column(column.name).combine_chunks()
        try:
            made[column.name] = _typed(cells, column, zone)
        except (ValueError, pa.ArrowException, ArithmeticError) as error:
            what = Words(f"“{column.name}” 列里有读不懂的值。", f"Column {column.name!r} holds what can't be read.")
            raise Faults([Fault(what, str(path), hint=AUDIT_FIRST)]) from error
    return pd.DataFrame(made)


def _typed(cells: pa.Array, column: Column, zone: str) -> pd.Series:
    if column.kind == "int":
        return pd.Series(pd.array(cells.cast(pa.int64()).to_pandas(integer_object_nulls=True), dtype="Int64"))
    if column.kind == "real":
        return pd.Series(cells.cast(pa.float64()).to_numpy(zero_copy_only=False).astype(float))
    if column.kind == "bool":
        flags = pc.equal(cells, pa.scalar("true", pa.large_string())).to_pandas()
        return flags.astype("boolean") if column.null else flags.astype(bool)
    if column.kind == "time":
        return _instants(cells, zone)
    if column.kind == "money":
        return pd.Series([None if one is None else Decimal(one) for one in cells.to_pylist()], dtype=object)
    plain = pc.if_else(
        pc.fill_null(pc.match_substring_regex(cells, FORMULA), False), pc.utf8_slice_codeunits(cells, 1), cells
    )
    return as_code(text(plain)) if column.kind == "code" else text(plain)


def _instants(cells: pa.Array, zone: str) -> pd.Series:
    times = pd.to_datetime(text(cells), format="ISO8601", utc=True)
    return times.dt.tz_convert(zone).astype(pd.DatetimeTZDtype("ms", zone))


def merged(folders: Iterable[Folder], name: str, key: list[str]) -> pd.DataFrame:
    """Return one table of several folders; of rows with the same ``key`` the first folder's stands."""
    frames = [folder.tables[name] for folder in folders]
    filled = [frame for frame in frames if len(frame)] or frames[:1]
    table = pd.concat([frame.astype(dict.fromkeys(_coded(frame), "str")) for frame in filled], ignore_index=True)
    table = table.drop_duplicates(key).reset_index(drop=True)
    for column in _table(name).columns:
        if column.kind == "code":
            table[column.name] = as_code(text(arrow(table[column.name])))
    return table


def _coded(frame: pd.DataFrame) -> list[str]:
    return [name for name in frame.columns if isinstance(frame[name].dtype, pd.CategoricalDtype)]
