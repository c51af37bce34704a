"""Workbooks handed back: marks settle, scores follow, and what is inferred from them is right."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.exceptions import IllegalCharacterError

from chataudit.cli import main
from chataudit.ingest.handed_back import read_judged
from chataudit.spotcheck.settling import within
from tests.golden import LOGS, report_of

Fill = Callable[[str, dict[str, str]], dict[str, object]]
HEAD = 3


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["spotcheck", *(str(word) for word in words)])


def filled(source: Path, target: Path, rater: str, fill: Fill) -> Path:
    """Write a copy in which ``fill`` said what stands in a row's cells, by its kind and texts."""
    book = openpyxl.load_workbook(source)
    book.worksheets[0]["B3"] = rater
    for sheet in book.worksheets[1:]:
        at = {str(cell.value): number for number, cell in enumerate(sheet[HEAD])}
        for row in sheet.iter_rows(min_row=HEAD + 1):
            said = {name: str(row[number].value or "") for name, number in at.items()}
            for name, value in fill(said["行"], said).items():
                row[at[name]].value = value
    book.save(target)
    return target


def finished(kind: str, row: dict[str, str]) -> dict[str, object]:
    """Agree with the machine and finish everything; what it left open is met."""
    if kind == "mark" and row["机器判定"].startswith(("待人工", "缺数据")):
        return {"人工判定": "符合"}
    return {"人工判定": "是"} if kind == "done" else {}


def table(out: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(out / "tables" / f"{name}.csv", dtype={"item": "str"})


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("spot") / "out"
    assert run("--from", report_of("shop"), "--out", folder).exit_code == 0
    return folder


def hand_back(out: Path, tmp_path: Path, fill: Fill, rater: str = "王姐") -> Path:
    """Hand a filled copy back into a folder of its own and return it."""
    mine = tmp_path / "mine"
    shutil.copytree(out, mine)
    sheet = filled(out / "spotcheck.xlsx", tmp_path / f"{rater}.xlsx", rater, fill)
    done = run("--from", report_of("shop"), "--out", mine, "--sheet", sheet)
    assert done.exit_code == 0, done.stderr
    return mine


def test_agreeing_with_everything_is_the_machines_own_rate(out: Path, tmp_path: Path) -> None:
    """All agreed: every estimate of what people found lies where the machine's share of all lies, kappa is 1."""
    mine = hand_back(out, tmp_path, finished)
    estimates = table(mine, "estimates")
    whole = estimates[(estimates["subject_kind"] == "all") & (estimates["basis"] == "corrected")]
    machine = pd.read_csv(report_of("shop") / "tables" / "marks.csv", dtype={"item": "str"})
    machine = machine[machine["subject_kind"] == "conversation"]
    for item in ("1.01", "1.04", "2.03", "3.01"):
        mark = machine[machine["item"] == item]["outcome"]
        share = mark.isin(["not_met", "partly"]).sum() / mark.isin(["met", "not_met", "partly"]).sum()
        row = whole[whole["item"] == item].iloc[0]
        assert row["rate"] == pytest.approx(share, abs=0.02), item
        assert row["low"] <= share <= row["high"]
    agreement = table(mine, "agreement")
    assert set(agreement["value"].dropna()) == {1.0}
    assert (agreement["low"] < 1).all() or agreement["low"].isna().any()
    assert len(table(mine, "disagreements")) == 0
    assert table(mine, "drawn")["finished"].all()


def test_estimates_by_hand(out: Path, tmp_path: Path) -> None:
    """Everything drawn at random is found faulty on 1.05, no event is: the rate is what was not certain, of all."""

    def fill(kind: str, row: dict[str, str]) -> dict[str, object]:
        if kind == "mark" and row["编号"] == "1.05":
            return {"人工判定": "符合" if row["会话编号"] in events else "不符合"}
        return finished(kind, row)

    drawn = table(out, "drawn")
    events = set(drawn[drawn["kind"] == "event"]["session_id"])
    mine = hand_back(out, tmp_path, fill)
    row = table(mine, "estimates").query("subject_kind == 'all' and item == '1.05' and basis == 'drawn'").iloc[0]
    n, certain = 293, len(drawn[drawn["kind"] == "event"])
    assert (row["random_n"], row["certain_n"], row["fault_n"]) == (30, certain, 30)
    assert row["rate"] == pytest.approx((n - certain) / n, abs=1e-6)
    assert row["high"] == pytest.approx(row["rate"])


def test_scores_are_those_of_an_audit_with_the_same_marks(out: Path, tmp_path: Path) -> None:
    """The checklists workbook of an audit says the same marks; both ways give the same scores and persons' scores."""
    wanted = {"1.04": "不符合", "2.03": "不适用", "3.02": "符合"}

    def fill(kind: str, row: dict[str, str]) -> dict[str, object]:
        if kind == "mark" and row["编号"] in wanted:
            return {"人工判定": wanted[row["编号"]]}
        return {"人工得分": 2} if kind == "mark" and row["编号"] == "1.02" else {}

    mine = hand_back(out, tmp_path, fill)
    again = tmp_path / "again"
    words = [
        "audit",
        LOGS / "shop",
        "--settings",
        LOGS / "settings.yaml",
        "--out",
        again,
        "--sheet",
        tmp_path / "王姐.xlsx",
    ]
    assert CliRunner().invoke(main, [str(word) for word in words]).exit_code == 0
    keys = ["card", "period", "subject_kind", "subject", "agent"]
    ours, theirs = (table(folder, "scores").fillna({"agent": "", "red_lines": ""}) for folder in (mine, again))
    both = ours.merge(theirs, on=keys, suffixes=("", "_theirs"))
    assert len(both) == len(ours) > 39 and set(both["subject_kind"]) >= {"conversation", "person"}
    for name in ("score", "score_low", "score_high", "applicable_share"):
        pd.testing.assert_series_equal(both[name], both[f"{name}_theirs"], check_names=False, atol=2e-6)
    for name in ("grade", "provisional", "red_lines", "sample_n", "days_covered"):
        pd.testing.assert_series_equal(both[name], both[f"{name}_theirs"], check_names=False)
    marks = table(mine, "marks")
    assert set(marks["decided_by"]) == {"machine", "sheet:王姐"}
    settled = marks[marks["decided_by"] == "sheet:王姐"]
    theirs = table(again, "marks").query("decided_by == 'sheet:王姐'")
    pairs = [
        set(zip(one["subject"], one["item"], one["outcome"], one["points"].fillna(-1), strict=True))
        for one in (settled, theirs)
    ]
    assert pairs[0] == pairs[1]


def test_what_is_not_finished_settles_but_is_in_no_estimate(out: Path, tmp_path: Path) -> None:
    def fill(kind: str, row: dict[str, str]) -> dict[str, object]:
        return {"人工判定": "不符合"} if kind == "mark" and row["编号"] == "1.04" else {}

    mine = hand_back(out, tmp_path, fill)
    assert (table(mine, "marks")["decided_by"] == "sheet:王姐").sum() == 39
    assert table(mine, "estimates")["rate"].isna().all()
    assert table(mine, "agreement")["n"].eq(0).all()
    assert not table(mine, "drawn")["finished"].any()
    assert "不进任何推算" in (mine / "results.html").read_text(encoding="utf-8")


def test_conversations_chosen_by_hand_are_in_no_estimate(out: Path, tmp_path: Path) -> None:
    """The audit's own checklists workbook settles marks of conversations that nobody drew."""
    sheet = tmp_path / "checklists.xlsx"
    book = openpyxl.load_workbook(report_of("shop") / "checklists.xlsx")
    for page in book.worksheets:
        heads = {str(cell.value): number for number, cell in enumerate(page[HEAD])}
        if "人工判定" in heads:
            for row in page.iter_rows(min_row=HEAD + 1):
                if row[heads["评分表编号"]].value:
                    row[heads["人工判定"]].value, row[heads["评分人"]].value = "不符合", "李哥"
    book.save(sheet)
    mine = tmp_path / "mine"
    shutil.copytree(out, mine)
    assert run("--from", report_of("shop"), "--out", mine, "--sheet", sheet).exit_code == 0
    assert (table(mine, "marks")["decided_by"] == "sheet:李哥").sum() > 100
    assert table(mine, "estimates")["rate"].isna().all()


def test_two_blind_raters(tmp_path: Path) -> None:
    """One says met everywhere, the other not met on 1.04: kappa of two is undefined or low, the last file settles."""
    out = tmp_path / "out"
    assert run("--from", report_of("shop"), "--out", out, "--plan", "random", "--n", 12, "--blind").exit_code == 0

    def met(kind: str, row: dict[str, str]) -> dict[str, object]:
        return {"人工判定": {"blind": "符合", "done": "是"}[kind]} if kind in ("blind", "done") else {}

    def strict(kind: str, row: dict[str, str]) -> dict[str, object]:
        return {"人工判定": "不符合"} if kind == "blind" and row["编号"] == "1.04" else met(kind, row)

    first = filled(out / "spotcheck-甲.xlsx", tmp_path / "a.xlsx", "甲", met)
    second = filled(out / "spotcheck-乙.xlsx", tmp_path / "b.xlsx", "乙", strict)
    done = run("--from", report_of("shop"), "--out", out, "--sheet", first, "--sheet", second)
    assert done.exit_code == 0, done.stderr
    agreement = table(out, "agreement").set_index(["item", "between"])
    assert agreement.loc[("1.04", "甲–乙"), "observed"] == 0 and agreement.loc[("1.04", "甲–乙"), "value"] == 0
    assert pd.isna(agreement.loc[("1.01", "甲–乙"), "value"]) and agreement.loc[("1.01", "甲–乙"), "observed"] == 1
    assert "算不出来" in agreement.loc[("1.01", "甲–乙"), "note"]
    assert agreement.loc[("1.04", "评分人之间"), "coefficient"] == "alpha"
    assert agreement.loc[("1.04", "评分人之间"), "value"] < 0
    differ = table(out, "disagreements")
    assert differ["about"].str.endswith("1.04").sum() == 12
    assert differ["marks"].str.contains("甲：符合；乙：不符合").sum() == 12
    rate = table(out, "estimates").query("subject_kind == 'all' and item == '1.04' and basis == 'drawn'").iloc[0]
    assert rate["rate"] == 1 and rate["random_n"] == 12


def test_verdicts_make_precision(out: Path, tmp_path: Path) -> None:
    seen: list[str] = []

    def fill(kind: str, row: dict[str, str]) -> dict[str, object]:
        if kind != "hit" or row["规则编号"] != "courtesy/ni":
            return {}
        seen.append(row["消息编号"])
        return {"人工判定": ["对", "错", "拿不准"][len(seen) % 3]}

    mine = hand_back(out, tmp_path, fill)
    row = table(mine, "precision").set_index("rule").loc["courtesy/ni"]
    counts = [sum(number % 3 == part for number in range(1, len(seen) + 1)) for part in range(3)]
    assert [row["right_n"], row["wrong_n"], row["unsure_n"]] == counts
    assert row["precision"] == pytest.approx(counts[0] / (counts[0] + counts[1]), abs=1e-6)
    assert row["low"] < row["precision"] < row["high"]
    with (mine / "tables" / "verdicts.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["rule", "message_id", "start", "end", "verdict", "rater"]
    assert len(rows) == len(seen) and {one["verdict"] for one in rows} == {"right", "wrong", "unsure"}
    hits = {(one["rule"], one["message_id"], one["start"], one["end"]) for one in rows}
    with (report_of("shop") / "tables" / "hits.csv").open(encoding="utf-8-sig", newline="") as file:
        known = {(one["rule"], one["message_id"], one["start"], one["end"]) for one in csv.DictReader(file)}
    assert hits <= known
    stats = CliRunner().invoke(main, ["rules", "stats", "--judged", str(mine / "tables" / "verdicts.csv")])
    assert stats.exit_code == 0, stats.output
    assert "courtesy/ni" in stats.stdout


def test_every_bad_cell_is_said_by_sheet_and_cell(out: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(out / "spotcheck.xlsx")
    sheet = book.worksheets[1]
    at = {str(cell.value): number for number, cell in enumerate(sheet[HEAD])}
    rows: dict[str, list[Any]] = {"mark": [], "hit": [], "done": []}
    for row in sheet.iter_rows(min_row=HEAD + 1):
        if row[at["行"]].value in rows:
            rows[row[at["行"]].value].append(row)
    marks = rows["mark"]
    bad = {
        "对对": marks[0][at["人工判定"]],
        "=1+1": rows["hit"][0][at["人工判定"]],
        "也许": rows["done"][0][at["人工判定"]],
        "满分": marks[1][at["人工得分"]],
        "999": marks[2][at["人工得分"]],
        "-1": marks[3][at["人工得分"]],
    }
    for text, cell in bad.items():
        cell.value = int(text) if text == "999" else text
        cell.data_type = "n" if text == "999" else "s"
    marks[4][at["人工判定"]].value, marks[4][at["人工得分"]].value = "符合", 0
    marks[5][at["人工判定"]].value, marks[5][at["编号"]].value = "符合", "9.99"
    rows["hit"][1][at["人工判定"]].value, rows["hit"][1][at["消息编号"]].value = "对", "0" * 24
    path = tmp_path / "bad.xlsx"
    book.save(path)
    done = run("--from", report_of("shop"), "--out", out, "--sheet", path)
    assert done.exit_code == 2 and "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    words = [cell.coordinate for cell in bad.values() if cell.value != 999]
    assert len(lines) == len(words), done.stderr
    assert all(any(f"[{sheet.title}!{name}]" in line for line in lines) for name in words)
    for name in words:  # the words being right, what does not fit the draw and the cards is said
        sheet[name].value = None
    book.save(path)
    done = run("--from", report_of("shop"), "--out", out, "--sheet", path)
    lines = done.stderr.strip().splitlines()
    assert done.exit_code == 2 and len(lines) == 4, done.stderr
    assert not (out / "results.html").exists()


def test_a_workbook_of_another_draw_is_refused(out: Path, tmp_path: Path) -> None:
    sheet = filled(out / "spotcheck.xlsx", tmp_path / "a.xlsx", "甲", finished)
    done = run("--from", report_of("shop"), "--out", tmp_path / "b", "--seed", "9", "--sheet", sheet)
    assert done.exit_code == 2 and "--seed" in done.stderr
    other = run("--from", report_of("plain"), "--out", tmp_path / "b", "--sheet", sheet)
    assert other.exit_code == 2
    assert run("--from", report_of("shop"), "--out", tmp_path / "b", "--sheet", sheet).exit_code == 0, (
        "same plan, same draw"
    )


def test_what_is_no_workbook_is_refused(out: Path, tmp_path: Path) -> None:
    text = tmp_path / "a.xlsx"
    text.write_text("a,b\n", encoding="utf-8")
    assert run("--from", report_of("shop"), "--out", out, "--sheet", text).exit_code == 2
    missing = run("--from", report_of("shop"), "--out", out, "--sheet", tmp_path / "none.xlsx", "--sheet", text)
    assert missing.exit_code == 2 and len(missing.stderr.strip().splitlines()) == 2


def test_without_a_name_the_file_is_the_rater(out: Path, tmp_path: Path) -> None:
    sheet = filled(out / "spotcheck.xlsx", tmp_path / "小李.xlsx", "", finished)
    assert read_judged(sheet).rater == "小李"


def test_the_workbook_may_be_handed_back_where_it_lies(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("--from", report_of("shop"), "--out", out, "--n", 8, "--seed", "x")
    filled(out / "spotcheck.xlsx", out / "spotcheck.xlsx", "王姐", finished)
    before = (out / "spotcheck.xlsx").read_bytes()
    done = run("--from", report_of("shop"), "--out", out, "--sheet", out / "spotcheck.xlsx")
    assert done.exit_code == 0, done.stderr
    assert (out / "spotcheck.xlsx").read_bytes() == before
    assert json.loads((out / "results.json").read_text(encoding="utf-8"))["seed"] == "x"
    first = {path.name: path.read_bytes() for path in out.rglob("*.*")}
    run("--from", report_of("shop"), "--out", out, "--sheet", out / "spotcheck.xlsx")
    assert first == {path.name: path.read_bytes() for path in out.rglob("*.*")}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cells=st.lists(
        st.tuples(
            st.integers(4, 60),
            st.integers(1, 18),
            st.one_of(
                st.sampled_from(["符合", "不符合", "对", "错", "是", "mark", "done", "blind"]),
                st.text(max_size=8),
                st.floats(-5, 20),
            ),
        ),
        max_size=6,
    )
)
def test_a_workbook_scribbled_in_never_breaks_the_program(
    out: Path, tmp_path: Path, cells: list[tuple[int, int, Any]]
) -> None:
    book = openpyxl.load_workbook(out / "spotcheck.xlsx")
    for row, column, value in cells:
        cell = book.worksheets[1].cell(row, column)
        if type(cell).__name__ != "MergedCell":
            try:
                cell.value = value
            except (ValueError, IllegalCharacterError):
                continue
    path = tmp_path / "scribbled.xlsx"
    book.save(path)
    done = run("--from", report_of("shop"), "--out", tmp_path / "out", "--sheet", path)
    assert done.exit_code in (0, 2), done.exception


def test_periods_hold_their_days() -> None:
    days = pd.Series(["2026-03-02", "2026-07-01", None], dtype="str")
    held = {
        period: within(days, period).tolist() for period in ("2026", "2026H2", "2026Q1", "2026-03", "2026-03-02", None)
    }
    assert held == {
        "2026": [True, True, False],
        "2026H2": [False, True, False],
        "2026Q1": [True, False, False],
        "2026-03": [True, False, False],
        "2026-03-02": [True, False, False],
        None: [False, False, True],
    }


def test_remarks_are_masked(out: Path, tmp_path: Path) -> None:
    def fill(kind: str, row: dict[str, str]) -> dict[str, object]:
        remark = {"备注": "'=HYPERLINK(1) 买家电话13800138000"} if kind == "mark" else {}
        return {**({"人工判定": "不符合"} if kind == "mark" else finished(kind, row)), **remark}

    mine = hand_back(out, tmp_path, fill)
    written = {
        path.name: path.read_text(encoding="utf-8-sig") for path in mine.rglob("*") if path.suffix in (".csv", ".html")
    }
    assert [name for name, text in written.items() if "13800138000" in text] == []
    assert "138********" in written["results.html"] and "138********" in written["disagreements.csv"]


def test_events_that_are_not_finished_are_not_taken_for_known(out: Path, tmp_path: Path) -> None:
    """Half the red lines unread: what is known of the rest of them is uncertain, so the interval is wider."""
    drawn = table(out, "drawn")
    events = sorted(drawn[drawn["kind"] == "event"]["session_id"])

    def fill(kind: str, row: dict[str, str]) -> dict[str, object]:
        return {} if kind == "done" and row["会话编号"] in events[::2] else finished(kind, row)

    whole, part = hand_back(out, tmp_path / "whole", finished), hand_back(out, tmp_path / "part", fill)
    rows = [
        table(folder, "estimates").query("subject == '龙小例' and item == '3.02' and basis == 'drawn'").iloc[0]
        for folder in (whole, part)
    ]
    assert rows[0]["certain_n"] == len(events) and rows[0]["random_n"] == 4
    left = rows[0]["certain_n"] + rows[0]["random_n"] - len(events[::2])
    assert rows[1]["certain_n"] + rows[1]["random_n"] == left, "what is not finished is in no estimate"
    assert rows[1]["certain_n"] < len(events[1::2]), "half of the red lines are a sample of them all"
    assert "没看完" in (part / "results.html").read_text(encoding="utf-8")
