"""Every layout: its hand-made export, its mangled twins, its example, and talks written and read back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st
from ingest.cases import CASES, FOLDER, Case
from ingest.mangling import BROKEN, SAME, other_sheets
from ingest.test_reading_back import read_back, talks, told

from chataudit import ingest
from chataudit.errors import Faults
from chataudit.ingest.detection import look
from chataudit.ingest.layout import POSSIBLE
from chataudit.ingest.layouts import LAYOUTS
from chataudit.ingest.sources import Source
from chataudit.settings import Settings

COLUMNS = ("row", "platform", "shop", "session_id", "buyer", "agent", "sender", "sent_at", "kind", "refs", "text")
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.layout)


def shown(taken: ingest.Ingested) -> str:
    """Return messages, rejects and notes as lines, as `expected.txt` has them."""
    lines = [" | ".join(_cell(row[name]) for name in COLUMNS) for _, row in taken.messages.iterrows()]
    lines += [f"reject {_cell(row['row'])}: {row['reason']}" for _, row in taken.rejects.iterrows()]
    lines += [f"note {note.en}" for note in taken.notes]
    return "\n".join([" | ".join(COLUMNS), *lines, ""])


def _cell(value: Any) -> str:
    if pd.isna(value):
        return "-"
    text = f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, pd.Timestamp) else str(value)
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def read(path: Path) -> ingest.Ingested:
    taken = ingest.read([path], Settings())
    counts = taken.counts
    assert counts["rows"] == counts["messages"] + counts["duplicates"] + counts["rejects"]
    assert (counts["messages"], counts["rejects"]) == (len(taken.messages), len(taken.rejects))
    return taken


def test_every_layout_has_its_case() -> None:
    names = [layout.name for layout in LAYOUTS]
    assert len(set(names)) == len(names)
    assert sorted({case.layout for case in CASES}) == sorted(names)
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(names)


@every_case
def test_the_hand_made_export_is_read_as_expected(case: Case) -> None:
    assert shown(read(case.path)) == (case.path.parent / "expected.txt").read_text(encoding="utf-8")


@every_case
def test_the_hand_made_export_is_no_other_layout(case: Case) -> None:
    found = look(Source(case.file, case.path), Settings())
    assert found[0].layout.name == case.layout
    assert all(match.sign.surety < found[0].sign.surety for match in found[1:])
    assert found[0].sign.surety > POSSIBLE or case.layout == "plain"
    assert all(match.sign.why.zh and match.sign.why.en for match in found)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_the_example_is_one(layout: ingest.Layout, tmp_path: Path) -> None:
    path = tmp_path / "例子.dat"
    path.write_text(layout.example, encoding="utf-8")
    assert [match.layout.name for match in look(Source(path.name, path), Settings())][0] == layout.name
    taken = read(path)
    assert len(taken.messages) and not len(taken.rejects)


def same_messages(one: ingest.Ingested, other: ingest.Ingested, *, rows: bool) -> bool:
    names = [name for name in COLUMNS if rows or name != "row"]
    return bool(one.messages[names].astype(str).equals(other.messages[names].astype(str)))


@every_case
def test_the_same_talk_in_other_bytes(case: Case, tmp_path: Path) -> None:
    whole, data = read(case.path), case.path.read_bytes()
    twins = [(mangle.__name__, twin) for mangle in SAME[case.form] for twin in mangle(data)]
    if case.form == "workbook":
        twins += [("other_sheets", twin) for twin in other_sheets(case.path, tmp_path)]
    for number, (name, twin) in enumerate(twins):
        path = tmp_path / str(number) / case.file
        path.parent.mkdir()
        path.write_bytes(twin)
        assert same_messages(read(path), whole, rows=True), f"{name} {number}\n{shown(read(path))}"


@every_case
def test_broken_twins_end_in_messages_or_faults(case: Case, tmp_path: Path) -> None:
    data, ends = case.path.read_bytes(), []
    for mangle in BROKEN[case.form]:
        for number, twin in enumerate(mangle(data)):
            path = tmp_path / f"{mangle.__name__}{number}" / case.file
            path.parent.mkdir()
            path.write_bytes(twin)
            try:
                ends.append(len(read(path).messages))
            except Faults as error:
                assert all("Broken in the middle" not in fault.what.en for fault in error.faults), error
                ends.append(0)
    assert ends


@pytest.mark.parametrize("case", [case for case in CASES if case.write], ids=lambda case: case.layout)
@limits(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_what_is_written_is_read_back(case: Case, data: st.DataObject) -> None:
    assert case.write is not None
    messages = case.fit(data.draw(talks(senders=("buyer", "agent"), kinds=False)))
    assert read_back(case.write, messages, case.names, case.file) == told(messages, case.names)
