"""Cards filled from audit folders: what the audit itself said, later orders, several folders, faults."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from chataudit.cards.rows import score_rows
from chataudit.errors import Faults
from chataudit.ingest.folders import read_folder
from chataudit.scoring import Scored, ScoreRequest, score
from chataudit.settings import Settings, read_settings
from tests.golden import LOGS, report_of

SHOP = LOGS / "shop"
ORDERS = (SHOP / "订单.csv", SHOP / "淘宝订单.csv")


def scored(card: str, period: str = "2026-03", **given: object) -> Scored:
    request = ScoreRequest(card, period, **{"folders": (report_of("shop"),), **given})  # type: ignore[arg-type]
    return score(request, read_settings(LOGS / "settings.yaml"))


def audited(card: str) -> pd.DataFrame:
    table = read_folder(report_of("shop"), ["scores"]).tables["scores"]
    rows = table[(table["card"] == card) & (table["subject_kind"] == "person")].astype({"subject": "str"})
    return rows.sort_values("subject").reset_index(drop=True)


@pytest.mark.parametrize(
    ("card", "given"),
    [
        ("presales-checklist", {}),
        ("presales-standard", {"sheets": (SHOP / "填报表.csv",)}),
        ("presales-standard", {"sheets": (SHOP / "填报表.csv",), "orders": ORDERS}),
    ],
)
def test_a_score_from_the_folder_is_the_audits_own(card: str, given: dict[str, object]) -> None:
    made, own = scored(card, **given), audited(card)
    again = score_rows(card, "person", made.last.values()).sort_values("subject").reset_index(drop=True)
    assert len(own) == 6
    for name in ("subject", "score", "score_low", "score_high", "grade", "provisional", "red_lines", "sample_n"):
        assert again[name].fillna("").tolist() == own[name].astype(object).fillna("").tolist(), name


def test_without_the_sheet_its_items_wait_and_the_bounds_open() -> None:
    with_sheet = scored("presales-standard", sheets=(SHOP / "填报表.csv",)).last
    without = scored("presales-standard").last
    for person, result in without.items():
        waiting = {mark.line.id for mark in result.marks if mark.outcome == "no_data"}
        assert {"correct", "exam", "lead", "growth"} <= waiting, person
        assert result.low is not None and result.high is not None and result.low < result.high
        assert result.low <= with_sheet[person].score <= result.high or with_sheet[person].score > 100


def test_no_orders_in_an_audit_may_be_made_up_for_later(tmp_path: Path) -> None:
    from chataudit.audit import Request, audit
    from chataudit.report import write

    chats = tmp_path / "chats"
    shutil.copytree(SHOP, chats)
    for name in ORDERS:
        (chats / name.name).unlink()
    (chats / "填报表.csv").unlink()
    settings = read_settings(LOGS / "settings.yaml")
    write(audit(Request((chats,)), settings), tmp_path / "bare")
    late = score(ScoreRequest("presales-standard", "2026-03", (tmp_path / "bare",), ORDERS), settings)
    whole = scored("presales-standard")
    paid = [{person: _points(one, "paid") for person, one in made.last.items()} for made in (late, whole)]
    assert paid[0] == paid[1] and None not in paid[0].values()


def _points(result: object, item: str) -> float | None:
    return next(mark.points for mark in result.marks if mark.line.id == item)  # type: ignore[attr-defined]


def test_the_same_messages_in_two_folders_are_a_fault(tmp_path: Path) -> None:
    shutil.copytree(report_of("shop"), tmp_path / "again")
    with pytest.raises(Faults, match="Shares 4313 messages"):
        scored("presales-standard", folders=(report_of("shop"), tmp_path / "again"))


def test_two_folders_of_different_chats_add_up() -> None:
    both = scored("presales-standard", folders=(report_of("shop"), report_of("plain")))
    assert set(scored("presales-standard").last) <= set(both.last)


def test_faults_of_card_and_period_are_said_together() -> None:
    with pytest.raises(Faults) as caught:
        scored("presales-standrd", "2026-3")
    said = [fault.said("en") for fault in caught.value.faults]
    assert any("Did you mean presales-standard?" in one for one in said)
    assert any("2026-3" in one and "2026Q1" in one for one in said)


def test_a_period_without_scores_says_what_there_is() -> None:
    with pytest.raises(Faults, match="begin with 2026-03"):
        scored("presales-standard", "2025-12")


def test_every_person_has_an_interval_or_a_reason_for_none() -> None:
    checklist = scored("presales-checklist")
    for person, interval in checklist.intervals.items():
        assert interval.low is not None and interval.high is not None
        assert interval.low <= checklist.last[person].score <= interval.high  # type: ignore[operator]
        assert str(checklist.last[person].sample_n) in interval.basis.en
    figures = scored("presales-standard")  # three days of log
    assert all(one.low is None and "3 days" in one.basis.en for one in figures.intervals.values())


def test_the_same_folders_give_the_same_intervals_and_scores() -> None:
    assert scored("presales-checklist").last == scored("presales-checklist").last
    assert scored("presales-checklist").intervals == scored("presales-checklist").intervals


def test_settings_may_be_the_defaults() -> None:
    made = score(ScoreRequest("presales-checklist", "2018-09", (report_of("uneed"),)), Settings())
    assert made.last


def test_any_card_may_be_filled_for_any_period() -> None:
    month, week = (scored("presales-standard", name) for name in ("2026-03", "2026-W10"))
    # the three days of the log lie in one week: counted as one period, the figures are the month's
    assert {who: _points(one, "consulted") for who, one in week.last.items()} == {
        who: _points(one, "consulted") for who, one in month.last.items()
    }
    assert any("2026-W10 is counted as one period" in note.en for note in week.notes)
    day = scored("presales-checklist", "2026-03-03")
    whole = scored("presales-checklist")
    assert 0 < sum(one.sample_n for one in day.last.values()) < sum(one.sample_n for one in whole.last.values())
    assert scored("presales-checklist", "2026").last.keys() == whole.last.keys()


def test_any_card_may_score_teams() -> None:
    teams = scored("presales-standard", subject="team")
    assert set(teams.last) == {"售前一组", "售前二组"}
    persons = read_folder(report_of("shop"), ["facts"]).tables["facts"]
    asked = persons[(persons["fact"] == "consulted_n") & persons["person"].notna()]["value"].sum()
    shown = [mark for one in teams.last.values() for mark in one.marks if mark.line.id == "consulted"]
    assert sum(mark.evidence["consulted_n"] for mark in shown) == asked
    checklist = scored("presales-checklist", subject="team")
    assert set(checklist.last) == {"售前一组", "售前二组"}
    assert sum(one.sample_n for one in checklist.last.values()) == sum(
        one.sample_n for one in scored("presales-checklist").last.values()
    )
