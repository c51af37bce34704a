"""Stars of maintenance workers: every edge, complaints, approvals, pay to the cent, a quarter without complaint."""

from __future__ import annotations

import pytest

from cards.cases import book, follows, paid, result

TITLES = "周期 姓名 正品台数 B类台数 入库单签字 维修质量投诉 重大质量投诉 情节严重 批准升星 批准增加提成"


def star(row: str, period: str = "2026-02") -> tuple[str | None, dict[str, str | None]]:
    filled = book("maintenance-star", sheets=f"{TITLES}\n{period} 甲 {row}")
    return result(filled, period, "甲").grade, paid(filled, period, "甲")


@pytest.mark.parametrize(
    ("number", "grade", "base", "commission"),
    [
        (0, "一星级", "800.00", "0.00"),
        (120, "一星级", "800.00", "0.00"),
        (121, "一星级", "800.00", "0.00"),  # 121 to 149: unstated, read as one star
        (149, "一星级", "800.00", "0.00"),
        (150, "二星级", "300.00", "750.00"),
        (179, "二星级", "300.00", "895.00"),
        (180, "三星级", "400.00", "900.00"),
        (229, "三星级", "400.00", "1145.00"),
        (230, "四星级", "450.00", "1150.00"),
        (279, "四星级", "450.00", "1395.00"),
        (280, "五星级", "500.00", "1400.00"),
    ],
)
def test_edges(number: int, grade: str, base: str, commission: str) -> None:
    # 5 yuan for each
    made, pay = star(f"{number} 0 1 0 0 0 - -")
    assert (made, pay["底薪"], pay["提成"]) == (grade, base, commission)


@pytest.mark.parametrize(
    ("row", "grade", "total"),
    [
        ("150 40 1 0 0 0 - -", "三星级", "1310.00"),  # 400 + 150 × 5 + 40 × 4
        ("150 40 0 0 0 0 - -", "三星级", "400.00"),  # the stock-in list is not signed
        ("150 40 1 1 1 0 - -", "二星级", "1210.00"),  # a serious complaint: 300 + 910
        ("150 40 1 2 2 0 - -", "一星级", "800.00"),  # two of them: one star, no commission
        ("150 0 1 2 2 0 - -", "一星级", "800.00"),  # never under one star
        ("280 0 1 2 0 0 - -", "五星级", "1900.00"),  # two complaints about quality take nothing
        ("280 0 1 3 0 0 - -", "一星级", "800.00"),  # three: one star and retraining
        ("150 40 1 0 0 0 1 -", "四星级", "1360.00"),  # one star more approved: 450 + 910
        ("280 0 1 0 0 0 2 -", "五星级", "1900.00"),  # five is the most
        ("150 40 1 0 0 0 - 10%", "三星级", "1401.00"),  # 400 + 910 × 1.1
        ("150 40 - 0 0 0 - -", "三星级", None),  # nobody says whether it is signed
        ("100 20 - 0 0 0 - -", "一星级", "800.00"),  # with one star that does not matter
        ("150 - 1 0 0 0 - -", None, None),
    ],
)
def test_stars_and_pay(row: str, grade: str | None, total: str | None) -> None:
    made, pay = star(row)
    assert (made, pay["total"]) == (grade, total)


def test_complaints_have_consequences() -> None:
    rows = "2026-02 甲 280 0 1 3 0 0 - -\n2026-02 乙 280 0 1 1 1 1 - -\n2026-02 丙 280 0 1 2 1 0 - -"
    filled = book("maintenance-star", sheets=f"{TITLES}\n{rows}")
    assert follows(filled, "2026-02") == {
        ("甲", "一月三次以上维修质量投诉"),
        ("乙", "重大质量投诉情节严重"),
    }


@pytest.mark.parametrize(
    ("complaints", "prizes"),
    [
        ("0 0 0", ["0.00", "0.00", "200.00"]),
        ("1 0 0", ["0.00", "0.00", "0.00"]),
        ("0 1 0", ["0.00", "0.00", "0.00"]),
        ("0 0 1", ["0.00", "0.00", "0.00"]),
        ("- 0 0", ["0.00", "0.00", None]),  # January is not known
        ("- 1 0", ["0.00", "0.00", "0.00"]),  # but it no longer matters
    ],
)
def test_a_quarter_without_complaint(complaints: str, prizes: list[str | None]) -> None:
    lines = [f"2026-0{at} 甲 100 0 1 {one} 0 0 - -" for at, one in enumerate(complaints.split(), 1)]
    filled = book("maintenance-star", sheets="\n".join([TITLES, *lines]))
    assert [paid(filled, f"2026-0{month}", "甲")["无投诉奖"] for month in (1, 2, 3)] == prizes
