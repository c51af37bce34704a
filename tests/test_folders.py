"""Audit folders read back: the same tables, and clear words where a folder is none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from chataudit import tables
from chataudit.errors import Faults
from chataudit.ingest.folders import merged, read_folder, read_folders
from chataudit.report import writing
from chataudit.report.csvs import write_named
from chataudit.settings import Settings
from tests.golden import report_of

NAMES = [table.name for table in tables.OUTPUTS]


def test_a_folder_written_again_has_the_same_bytes(tmp_path: Path) -> None:
    out = report_of("shop")
    folder = read_folder(out, NAMES)
    assert [table.check(folder.tables[table.name]) for table in tables.OUTPUTS] == [[]] * len(NAMES)
    for name in NAMES:
        write_named(name, folder.tables[name], tmp_path, masked=False)
        written, again = out / "tables" / f"{name}.csv", tmp_path / f"{name}.csv"
        assert written.read_bytes() == again.read_bytes(), name


def test_an_error_of_the_audit_is_not_said_as_one_of_writing_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ConnectionResetError), writing(tmp_path / "new" / "out", Settings()):
        raise ConnectionResetError("the share went away")
    assert list(tmp_path.iterdir()) == []


def test_rows_of_two_folders_count_once() -> None:
    folder = read_folder(report_of("shop"), ["messages"])
    assert len(merged([folder, folder], "messages", ["message_id"])) == len(folder.tables["messages"])


def test_what_is_no_audit_folder_is_said_of_all_at_once(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged"
    shutil.copytree(report_of("plain"), damaged)
    (damaged / "tables" / "hits.csv").unlink()
    (damaged / "tables" / "rounds.csv").write_text("session_id,round\ns1,1\n", encoding="utf-8-sig")
    with pytest.raises(Faults) as caught:
        read_folders([tmp_path, damaged], ["hits", "rounds"])
    said = [fault.what.en for fault in caught.value.faults]
    assert len(said) == 3
    assert "no run.json" in said[0] and "missing" in said[1] and "agent" in said[2]


def test_facts_add_up_to_the_agents_table() -> None:
    folder = read_folder(report_of("shop"), ["facts", "agents", "hits", "people"])
    facts, agents = folder.tables["facts"], folder.tables["agents"]
    people = dict(zip(folder.tables["people"]["account"], folder.tables["people"]["person"], strict=True))
    one = [person for person in set(people.values()) if list(people.values()).count(person) == 1]
    for person in one:
        account = next(name for name, own in people.items() if own == person)
        for name in ("consulted_n", "agent_msg_n", "round_n", "paid_n"):
            mine = facts[(facts["person"] == person) & (facts["fact"] == name)]["value"].sum()
            assert mine == pd.to_numeric(agents[agents["agent"] == account][name]).sum(), (person, name)


def test_facts_count_messages_that_rules_hit() -> None:
    folder = read_folder(report_of("shop"), ["facts", "hits", "people"])
    facts, hits = folder.tables["facts"], folder.tables["hits"]
    people = dict(zip(folder.tables["people"]["account"], folder.tables["people"]["person"], strict=True))
    rule = str(hits[hits["end"] > hits["start"]]["rule"].value_counts().index[0])
    expected: dict[str, int] = {}
    for account, ids in hits[hits["rule"] == rule].groupby("agent", observed=True)["message_id"]:
        expected[people[account]] = expected.get(people[account], 0) + ids.nunique()
    mine = facts[facts["fact"] == f"hit:{rule}"].groupby("person", observed=True)["value"].sum()
    assert expected and {name: int(value) for name, value in mine.items()} == expected
