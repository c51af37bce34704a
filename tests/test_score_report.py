"""What `chataudit score` writes: page and workbook say the tables' numbers, worked out, safe and always the same bytes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from chataudit.cards.model import Card
from chataudit.cards.periods import read_period
from chataudit.ingest.folders import read_table
from chataudit.report.score import write_score
from chataudit.scoring import Material, Scored, filled
from chataudit.tables import MARKS, PAY, RANKING, SCORED_OUTPUTS, SCORES
from tests.cards.cases import facts_of, people_of, sheets_of

CARD = Card.model_validate(
    {
        "name": "月度<表>",
        "name_en": "Month",
        "source": "=cmd()",
        "subject": "person",
        "params": {"底数": {"value": 3000, "name": "底薪基数", "unit": "元", "default": "请自定"}},
        "inputs": {"态度": {"kind": "text"}, "投诉": {"low": 0}},
        "items": [
            {
                "id": "1.1",
                "name": "转化",
                "name_en": "Conversion",
                "points": 60,
                "value": "conversion_share",
                "bands": [{"from": 0.5, "points": 60}, {"from": 0.3, "points": 40}, {"points": 0}],
                "inferred": "原文缺失",
            },
            {
                "id": "attitude",
                "name": "态度",
                "name_en": "Attitude",
                "points": 40,
                "value": "态度",
                "levels": [{"key": "A", "from": 30, "to": 40}, {"key": "B", "from": 0, "to": 30}],
            },
        ],
        "adjustments": [{"id": "c", "name": "投诉", "name_en": "Complaints", "value": "投诉", "each": {"points": -5}}],
        "grades": [{"name": "优", "from": 80}, {"name": "差"}],
        "consequences": [{"says": "面谈", "when": {"grade": "差"}}],
        "pay": {
            "lines": [
                {"id": "base", "name": "底薪", "name_en": "Base", "formula": "底数"},
                {"id": "bonus", "name": "奖金", "name_en": "Bonus", "formula": "底数 * 10% * score / 100"},
            ]
        },
    }
)
FACTS = """
周期     姓名           session_n  paid_n  inquiry_n
2026-03  甲             30         12      20
2026-03  =HYPERLINK(1)  30         7       20
2026-03  丙             30         0       20
"""
SHEETS = """
周期     姓名           态度  投诉
2026-03  甲             35    1
2026-03  =HYPERLINK(1)  A     0
2026-03  丙             10    0
"""


@pytest.fixture(scope="module")
def scored() -> Scored:
    people = people_of("姓名 小组 入职日期\n甲 <b>一组</b> 2026-01-01\n丙 <b>一组</b> 2026-01-01")
    material = Material(facts_of(FACTS), people, sheets_of(SHEETS), frozenset(), (), None, None)  # type: ignore[arg-type]
    return filled("month", CARD, read_period("2026-03"), material, {"version": "x"})


@pytest.fixture(scope="module", params=["zh", "en"])
def written(
    request: pytest.FixtureRequest, scored: Scored, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    out = tmp_path_factory.mktemp(request.param) / "out"
    write_score(scored, out, lang=request.param)
    return request.param, out


def table(out: Path, spec: Any) -> pd.DataFrame:
    return read_table(out / "tables" / f"{spec.name}.csv", spec, "Asia/Shanghai")


def test_the_hand_counted_scores(written: tuple[str, Path]) -> None:
    _, out = written
    scores = table(out, SCORES)
    people = scores[scores["subject_kind"] == "person"].astype({"subject": "str"}).set_index("subject")
    # 甲: 12/20 = 0.6 → 60, level 35, one complaint −5: 95 − 5 = 90. 丙: 0 + 10. The third waits for points in 30–40:
    # 7/20 = 0.35 → 40 of 60, so 40/60 × 100 = 66.67 now, between (40 + 30) and (40 + 40).
    assert people.loc["甲", "score"] == 90 and people.loc["丙", "score"] == 10
    third = people.loc["=HYPERLINK(1)"]
    assert (third["score"], third["score_low"], third["score_high"]) == (66.666667, 66.666667, 80)
    pay = table(out, PAY)
    mine = {str(row.line): str(row.value) for row in pay[pay["person"] == "甲"].itertuples()}
    assert mine == {"base": "3000.00", "bonus": "270.00"}  # 3000 × 10 % × 90 / 100


def test_every_table_is_of_its_type(written: tuple[str, Path]) -> None:
    for spec in SCORED_OUTPUTS:
        assert spec.check(table(written[1], spec)) == [], spec.name


def test_the_page_says_the_scores_and_works_them_out(written: tuple[str, Path]) -> None:
    lang, out = written
    page = (out / "index.html").read_text(encoding="utf-8")
    for said in ("90.00", "10.00", "66.67", "3,000.00", "270.00", "12 ÷ 20 = 0.6", "面谈"):
        assert said in page, said
    for said in ("排名", "工资单", "推定") if lang == "zh" else ("Ranking", "Pay slip", "inferred"):
        assert said in page, said
    assert "3000 × 0.1 × 90 ÷ 100" in page


def test_names_can_inject_neither_html_nor_formulas(written: tuple[str, Path]) -> None:
    _, out = written
    page = (out / "index.html").read_text(encoding="utf-8")
    assert "<b>一组</b>" not in page and "月度<表>" not in page
    assert not re.search(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//""", page)
    book = openpyxl.load_workbook(out / "score.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    assert table(out, RANKING)["subject"].astype(str).tolist()[1] == "=HYPERLINK(1)"
    raw = (out / "tables" / "ranking.csv").read_text(encoding="utf-8-sig")
    assert '"\'=HYPERLINK(1)"' in raw


def test_the_workbook_has_a_sheet_for_each_person_and_the_same_scores(written: tuple[str, Path]) -> None:
    lang, out = written
    book = openpyxl.load_workbook(out / "score.xlsx")
    assert len(book.sheetnames) == 3 + 3
    summary = book[book.sheetnames[0]]
    rows = {row[1]: row[2] for row in summary.iter_rows(min_row=4, max_row=6, values_only=True)}
    assert rows["甲"] == 90 and rows["丙"] == 10
    person = book["甲"]
    said = [cell.value for row in person.iter_rows() for cell in row if cell.value is not None]
    assert 60 in said and 35 in said and any("签字" in str(one) or "Signed" in str(one) for one in said)
    assert book["工资单" if lang == "zh" else "Pay slips"].max_row > 5
    assert summary.freeze_panes == "C4"


def test_the_same_score_is_the_same_bytes(scored: Scored, written: tuple[str, Path], tmp_path: Path) -> None:
    lang, out = written
    write_score(scored, tmp_path / "again", lang=lang)
    for file in sorted(one for one in out.rglob("*") if one.is_file()):
        assert file.read_bytes() == (tmp_path / "again" / file.relative_to(out)).read_bytes(), file.name


def test_marks_of_the_page_are_those_of_the_table(written: tuple[str, Path]) -> None:
    marks = table(written[1], MARKS)
    waiting = marks[marks["outcome"] == "needs_review"]
    assert waiting["subject"].astype(str).tolist() == ["=HYPERLINK(1)"] and waiting["points"].isna().all()
