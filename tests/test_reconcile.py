"""Reconciling: report columns read as they are written, and the switch that closes a made-up gap is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from logs import frame_of
from slow.dialogue import dialogue

from chataudit.errors import Faults
from chataudit.metrics.presets import load
from chataudit.metrics.reports import fold_header, read_value
from chataudit.reconcile import read_report, reconcile
from chataudit.settings import Settings, lexicons_folder
from chataudit.tables import ORDERS, PEOPLE

POLICIES = load(lexicons_folder(), Settings()).policies
TALK = """
    = b1
    B 07:30:00 在吗
    S1 07:35:00 在
    = b2
    B 10:00:00 在吗
    S1 10:00:10 在
    B 10:01:00 好的
    = b3
    B 11:00:00 有货吗
    S1 11:10:00 有
"""


def report(folder: Path, text: str) -> Path:
    path = folder / "report.csv"
    path.write_text(text, encoding="utf-8-sig")
    return path


def rows(path: Path, talk: str = TALK) -> dict[str, dict[str, object]]:
    settings = Settings()
    table = reconcile(
        frame_of(dialogue(talk)), PEOPLE.empty(), ORDERS.empty(), read_report(path, settings), settings, POLICIES
    )
    return {str(row["header"]): row for row in table.to_dict("records")}


@pytest.mark.parametrize(
    ("cell", "unit", "header", "value"),
    [
        ("99.71%", "share", "", 0.9971),
        ("0.9971", "share", "", 0.9971),
        ("99.71", "share", "", 0.9971),
        ("1", "share", "", 1.0),
        ("123%", "ratio", "", 1.23),
        ("1.23", "ratio", "", 1.23),
        ("1.5分钟", "seconds", "", 90.0),
        ("1.5", "seconds", "平均响应(分钟)", 90.0),
        ("00:01:30", "seconds", "", 90.0),
        ("12.5秒", "seconds", "", 12.5),
        ("1,234.50", "money", "", 1234.5),
        ("-", "count", "", None),
        ("延迟统计", "count", "", None),
        ("", "count", "", None),
    ],
)
def test_values_are_read_as_reports_write_them(cell: str, unit: str, header: str, value: float | None) -> None:
    assert read_value(cell, unit, header) == value  # type: ignore[arg-type]


def test_headers_lose_spaces_and_units() -> None:
    assert fold_header("首次响应时长（秒)") == "首次响应时长"
    assert fold_header("3分钟人工回复率 (会话)") == "3分钟人工回复率(会话)"


def test_totals_and_delayed_cells_are_no_figures(tmp_path: Path) -> None:
    theirs = read_report(
        report(tmp_path, "客服昵称,咨询人数,接待人数,旺旺回复率\n1,3,延迟统计,100%\n汇总,3,3,100%\n均值,3,3,100%\n"),
        Settings(),
    )
    assert theirs.report == "生意参谋"
    assert theirs.figures["header"].tolist() == ["咨询人数", "旺旺回复率"]


def test_equal_figures_have_no_cause(tmp_path: Path) -> None:
    found = rows(report(tmp_path, "客服昵称,咨询人数,接待人数,旺旺回复率\n1,3,3,100.00%\n"))
    assert {header: (row["difference"], row["setting"]) for header, row in found.items()} == {
        "咨询人数": (0.0, None),
        "接待人数": (0.0, None),
        "旺旺回复率": (0.0, None),
    }


def test_the_window_is_named_where_it_closes_the_gap(tmp_path: Path) -> None:
    # In hours one round of 10 s, one of 600 s and 好的 pending: 1/3. Over the whole day 07:30's 300 s joins: 1/4.
    found = rows(report(tmp_path, "客服昵称,咨询人数,3分钟人工响应率\n1,3,25.00%\n"))["3分钟人工响应率"]
    assert (found["ours"], found["setting"], found["closed"]) == (pytest.approx(1 / 3), "service_hours: all", 0.25)


def test_closing_lines_are_named_where_they_close_the_gap(tmp_path: Path) -> None:
    found = rows(report(tmp_path, "客服昵称,咨询人数,3分钟人工响应率\n1,3,50.00%\n"))["3分钟人工响应率"]
    assert (found["setting"], found["closed"]) == ("policies: closing: ignored", 0.5)


def test_what_no_switch_closes_has_no_cause(tmp_path: Path) -> None:
    found = rows(report(tmp_path, "客服昵称,咨询人数,接待人数\n1,77,3\n"))["咨询人数"]
    assert found["difference"] == -74
    assert found["setting"] is None


def test_an_unknown_report_says_which_are_known(tmp_path: Path) -> None:
    with pytest.raises(Faults, match="Known reports: 生意参谋"):
        read_report(report(tmp_path, "a,b\n1,2\n"), Settings())


def test_the_jd_session_workbook_is_summed_up_by_agent(tmp_path: Path) -> None:
    rows_ = (
        "咨询时间 ,咨询类型,客服,转接后客服,顾客,首次响应时间,新平均响应时间(S),客户消息数,客服消息数,cid\n"
        "'2026-03-02 10:00:00,售前咨询,A,,j1,2026-03-02 10:00:20,12.5,2,3,c1\n"
        "'2026-03-02 11:00:00,售前咨询,A,,j2,2026-03-02 11:01:00,37.5,4,3,c2\n"
        "'2026-03-02 12:00:00,售前咨询,A,B,j3,-,-,-,0,c3\n"
    )
    figures = read_report(report(tmp_path, rows_), Settings()).figures
    got = {(row["agent"], row["metric"]): row["theirs"] for row in figures.to_dict("records")}
    assert got == {
        ("A", "session_n"): 2,
        ("A", "buyer_msg_n"): 6,
        ("A", "agent_msg_n"): 6,
        ("A", "jd.mean_response"): 25,
        ("A", "jd.first_30s"): 0.5,
        ("B", "session_n"): 1,
        ("B", "buyer_msg_n"): 0,
        ("B", "agent_msg_n"): 0,
        ("B", "jd.first_30s"): 0,
    }
