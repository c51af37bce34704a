"""The rules' verdicts as one block of bytes: positions and flags, no text of any chat."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from chataudit.arrays import Flags, Ints
from chataudit.errors import Words
from chataudit.rulings import Found, Judged, Rulings

PLACES = ("row", "start", "end", "label")
INTS = [f"{side}_{part}" for side in ("broken", "kept") for part in (*PLACES, "agent")]
SCHEMA = pa.schema(
    [
        ("rule", pa.string()),
        ("title_zh", pa.string()),
        ("title_en", pa.string()),
        ("missing", pa.bool_()),
        *((name, pa.large_list(pa.int64())) for name in INTS),
        ("judged", pa.large_list(pa.bool_())),
        ("applies", pa.large_list(pa.bool_())),
    ]
)


def packed(rulings: Rulings) -> bytes:
    """Return rulings as a compressed Arrow stream, a row a rule."""
    names = list(rulings.titles)
    judged = [rulings.judged.get(name) for name in names]
    columns: list[pa.Array] = [
        pa.array(names, pa.string()),
        pa.array([rulings.titles[name].zh for name in names], pa.string()),
        pa.array([rulings.titles[name].en for name in names], pa.string()),
        pa.array([None if one is None else one.missing for one in judged], pa.bool_()),
    ]
    for name in INTS:
        columns.append(_lists([None if one is None else _ints(one, name) for one in judged], pa.int64()))
    for name in ("judged", "applies"):
        columns.append(_lists([None if one is None else getattr(one, name) for one in judged], pa.bool_()))
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(sink, SCHEMA, options=options) as stream:
        stream.write_batch(pa.record_batch(columns, schema=SCHEMA))
    return bytes(sink.getvalue())


def _ints(one: Judged, name: str) -> Ints:
    side, part = name.split("_")
    if part == "agent":
        return one.agent if side == "broken" else one.kept_agent
    found: Ints = getattr(getattr(one, side), part)
    return found


def _lists(arrays: list[Ints | None] | list[Flags | None], kind: pa.DataType) -> pa.Array:
    sizes = np.array([0 if one is None else len(one) for one in arrays], dtype=np.int64)
    known = [one for one in arrays if one is not None]
    values = pa.array(np.concatenate(known) if known else np.array([], dtype=np.int64), kind)
    offsets = pa.array(np.concatenate([[0], np.cumsum(sizes)]), pa.int64())
    return pa.LargeListArray.from_arrays(offsets, values)


def unpacked(content: bytes) -> Rulings:
    """Return the rulings of such a stream."""
    table = pa.ipc.open_stream(content).read_all().combine_chunks()
    judged: dict[str, Judged] = {}
    titles: dict[str, Words] = {}
    for row in range(len(table)):
        name = str(table["rule"][row])
        titles[name] = Words(str(table["title_zh"][row]), str(table["title_en"][row]))
        missing = table["missing"][row].as_py()
        if missing is not None:
            judged[name] = _judged(table, row, missing)
    return Rulings(judged, titles)


def _judged(table: pa.Table, row: int, missing: bool) -> Judged:
    def ints(name: str) -> Ints:
        return np.array(table[name][row].values.to_numpy(), dtype=np.int64)

    def flags(name: str) -> Flags:
        return np.array(table[name][row].values.to_numpy(zero_copy_only=False), dtype=bool)

    broken, kept = (Found(*(ints(f"{side}_{part}") for part in PLACES)) for side in ("broken", "kept"))
    return Judged(broken, ints("broken_agent"), missing, kept, ints("kept_agent"), flags("judged"), flags("applies"))
