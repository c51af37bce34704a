"""Figures from the nightly days, period by period: counted by hand, and their changes on the period before."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from inbox_shop import FILES, a_night, drop, make_lexicons

from chataudit.arrays import as_code
from chataudit.cards.periods import read_period
from chataudit.cli import main
from chataudit.history import FIGURES, Change, changes
from chataudit.report.history import shown_change

FIGURE = {figure.name: figure for figure in FIGURES}


def facts(rows: str) -> pd.DataFrame:
    """Return a facts table from lines of day, person (- nobody), fact, value."""
    cells = [line.split() for line in rows.strip().splitlines()]
    return pd.DataFrame(
        {
            "day": [one[0] for one in cells],
            "person": as_code(pd.Series([None if one[1] == "-" else one[1] for one in cells], dtype="str")),
            "fact": as_code(pd.Series([one[2] for one in cells], dtype="str")),
            "value": [float(one[3]) for one in cells],
        }
    )


TWO_WEEKS = facts(
    """
    2026-03-02 -    session_n 5
    2026-03-02 甲   session_n 3
    2026-03-02 甲   paid_n 1
    2026-03-02 甲   inquiry_n 2
    2026-03-02 乙   session_n 2
    2026-03-09 -    session_n 9
    2026-03-09 甲   session_n 4
    2026-03-09 甲   paid_n 3
    2026-03-09 甲   inquiry_n 4
    2026-03-09 甲   hit:red-one 2
    2026-03-10 -    session_n 1
    2026-03-10 甲   session_n 1
    """
)


def test_a_week_stands_beside_the_week_before() -> None:
    standing = changes(TWO_WEEKS, read_period("2026-W11"), {"red-one": "red"})
    assert (standing.before.name, standing.days, standing.days_before) == ("2026-W10", 2, 1)
    assert [line.subject for line in standing.lines] == ["", "甲"]
    both, mine = ({one.figure.name: one for one in line.changes} for line in standing.lines)
    assert (mine["session_n"].value, mine["session_n"].before, mine["session_n"].by) == (5, 3, 2)
    assert (both["session_n"].value, both["session_n"].before) == (5, 5)
    assert (mine["conversion_share"].value, mine["conversion_share"].by) == (Decimal("0.75"), Decimal("0.25"))
    assert mine["conversion_share"].good is True
    assert (mine["hits:red"].value, mine["hits:red"].before, mine["hits:red"].good) == (2, 0, False)
    assert mine["first_response_s"].value is None and mine["first_response_s"].by is None


@pytest.mark.parametrize(
    ("name", "value", "before", "said"),
    [
        ("reply_share", "0.9", "0.95", "-5.0 pp"),
        ("sales", "1200.5", "200", "+1,000.50"),
        ("session_n", "3", "3", "±0"),
        ("session_n", "3", None, "—"),
    ],
)
def test_changes_are_said_in_their_unit(name: str, value: str, before: str | None, said: str) -> None:
    change = Change(FIGURE[name], Decimal(value), None if before is None else Decimal(before))
    assert shown_change(change) == said


def test_the_commands(url: str, tmp_path: Path) -> None:
    settings = make_lexicons(tmp_path)
    drop(tmp_path / "inbox", FILES)
    a_night(url, tmp_path, settings)
    said = CliRunner().invoke(main, ["trend", "何小雯", "--db", url, "--by", "day", "--last", "3", "--lang", "en"])
    assert said.exit_code == 0, said.output
    row = next(line for line in said.output.splitlines() if "Sessions" in line)
    assert row.replace("│", " ").split()[1:] == ["2", "1", "2"]
    assert "month 2026-03" in said.output
    nobody = CliRunner().invoke(main, ["trend", "无此人", "--db", url, "--lang", "en"])
    assert nobody.exit_code == 2 and "何小雯" in nobody.output
    out = tmp_path / "period"
    done = CliRunner().invoke(main, ["report", "--db", url, "--period", "2026-03-03", "--out", str(out)])
    assert done.exit_code == 0, done.output
    with (out / "tables" / "changes.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {(row["subject"], row["figure"]): row for row in csv.DictReader(file)}
    assert (rows["何小雯", "session_n"]["value"], rows["何小雯", "session_n"]["value_before"]) == ("1", "2")
    assert "何小雯" in (out / "index.html").read_text(encoding="utf-8")
    none = CliRunner().invoke(main, ["report", "--db", url, "--period", "2025-01", "--lang", "en"])
    assert none.exit_code == 2 and "2026-03-02..2026-03-04" in none.output
