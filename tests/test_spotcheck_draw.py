"""Draws from audit folders: repeatable, by plan, said in words; workbooks and pages that can be read and handed back."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from chataudit import rules
from chataudit.cli import main
from chataudit.errors import Faults
from chataudit.settings import lexicons_folder
from chataudit.spotcheck import Draw, Population, carry_out, read_plan, read_population
from chataudit.spotcheck.plans import Plan
from chataudit.spotcheck.reasons import draw_id, drawn_table
from tests.golden import report_of

HEAD = {"name": "测", "name_en": "test", "source": "test"}


@pytest.fixture(scope="module")
def shop() -> Population:
    return read_population([report_of("shop")], risk=False)


def drawn(population: Population, seed: str = "1", **plan: object) -> Draw:
    return carry_out(Plan.model_validate({**HEAD, **plan}), population, seed)


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["spotcheck", *(str(word) for word in words)])


def names(population: Population, draw: Draw) -> set[tuple[str, str]]:
    units = population.units[draw.taken]
    return set(zip(units["session_id"], units["agent"], strict=True))


def test_conversations_are_those_of_the_scores(shop: Population) -> None:
    scores = shop.tables["scores"]
    mine = scores[scores["subject_kind"].astype(str) == "conversation"]
    assert set(zip(shop.units["session_id"], shop.units["agent"], strict=True)) == set(
        zip(mine["subject"], mine["agent"], strict=True)
    )


def test_the_same_seed_draws_the_same_whatever_the_order_of_folders(shop: Population, tmp_path: Path) -> None:
    plain, whole = report_of("plain"), report_of("shop")
    both = [read_population(paths, risk=False) for paths in ([plain, whole], [whole, plain], [whole, plain, whole])]
    drawings = [drawn(one, n=20, strata=["agent"], always=[]) for one in both]
    assert len({frozenset(names(one, draw)) for one, draw in zip(both, drawings, strict=True)}) == 1
    assert len({draw_id(one, draw) for one, draw in zip(both, drawings, strict=True)}) == 1
    assert names(shop, drawn(shop, n=20)) == names(shop, drawn(shop, n=20))
    assert names(shop, drawn(shop, n=20)) != names(shop, drawn(shop, seed="2", n=20))


def test_events_are_on_top_and_certain(shop: Population) -> None:
    red = [{"name": "红线", "name_en": "red", "when": {"levels": ["red"]}}]
    draw = drawn(shop, n=30, strata=["agent"], always=red)
    hits = shop.tables["hits"]
    pairs = hits[hits["level"].astype(str) == "red"][["session_id", "agent"]].astype(str).drop_duplicates()
    event = draw.stratum == 0
    assert {tuple(pair) for pair in pairs.to_numpy()} == set(
        zip(shop.units["session_id"][event], shop.units["agent"][event], strict=True)
    )
    assert event.any() and draw.taken[event].all() and (draw.probability[event] == 1).all()
    assert (draw.taken & ~event).sum() == 30


def test_a_capped_event_is_a_random_draw_of_its_own(shop: Population) -> None:
    red = [{"name": "红线", "name_en": "red", "when": {"levels": ["red"]}, "most": 3}]
    draw = drawn(shop, n=5, always=red)
    size = int((draw.stratum == 0).sum())
    assert size > 3 and draw.taken[draw.stratum == 0].sum() == 3
    assert draw.probability[draw.stratum == 0] == pytest.approx(3 / size)


def test_each_agent_has_its_number(shop: Population) -> None:
    draw = drawn(shop, per_agent=5, strata=["shift", "platform", "outcome"])
    counts = shop.units[draw.taken].groupby("agent").size()
    assert (counts == 5).all() and len(counts) == shop.units["agent"].nunique()


def test_fewer_than_strata_still_leave_everyone_a_chance(shop: Population) -> None:
    draw = drawn(shop, n=4, strata=["agent", "shift", "platform", "outcome"])
    assert draw.taken.sum() == 4
    assert draw.probability == pytest.approx(4 / len(shop.units))


def test_new_agents_and_quotas_are_drawn_more(shop: Population) -> None:
    more = {"new_agents": {"within_days": 90, "times": 4}}
    draw = drawn(shop, n=40, more=more)
    new = shop.units["new_days"].to_numpy() < 90
    assert new.any() and not new.all()
    assert draw.probability[new] == pytest.approx(4 * draw.probability[~new][0])
    lost = {"new_within_days": 90, "outcome": "lost"}
    quota = drawn(shop, n=10, quotas=[{"name": "新人", "name_en": "new", "when": lost, "n": 6}])
    assert quota.taken[quota.stratum == 0].sum() == 6 and quota.taken.sum() == 16


def test_probabilities_are_never_0_and_add_up_to_the_draw(shop: Population) -> None:
    for plan in ({"n": 30}, {"n": 30, "strata": ["outcome"], "shares": "equal"}, {"per_agent": 3}, {"n": 5000}):
        draw = drawn(shop, **plan)
        assert (draw.probability > 0).all()
        assert draw.probability.sum() == pytest.approx(draw.taken.sum())


def test_outcomes_are_those_of_the_orders(shop: Population) -> None:
    """An order that was paid by the day after its enquiry makes it ordered."""
    paid = shop.tables["conversions"]
    paid = paid[(paid["judged_by"].astype(str) == "order_first") & paid["session_id"].notna() & paid["paid_at"].notna()]
    outcome = dict(zip(shop.units["session_id"], shop.units["outcome"], strict=True))
    credited = [str(one) for one in paid["session_id"] if str(one) in outcome]
    assert credited and {outcome[one] for one in credited} == {"ordered"}
    assert set(shop.units["outcome"]) == {"ordered", "lost", "after_sales"}


def test_why_is_said_with_the_chance(shop: Population) -> None:
    draw = carry_out(read_plan("daily", lexicons_folder(), rules.load(lexicons_folder()).rules).plan, shop, "1")
    table = drawn_table(shop, draw, set(), "zh")
    assert table["why"][table["kind"] == "event"].str.startswith("必查：").all()
    drawn_ = table[table["kind"] == "random"]
    assert drawn_["why"].str.contains("机会").all()
    assert drawn_["weight"].sum() == pytest.approx(float((draw.probability < 1).sum()))


@pytest.mark.parametrize("name", sorted(path.stem for path in (lexicons_folder() / "plans").glob("*.yaml")))
def test_shipped_plans_are_sound(name: str) -> None:
    read_plan(name, lexicons_folder(), rules.load(lexicons_folder()).rules)


def test_all_faults_of_a_plan_at_once(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(
        "name: x\nname_en: x\nsource: x\nn: 3\nalways:\n"
        "  - name: a\n    name_en: a\n    when: {rules: [insult/abus], levels: [rad]}\n",
        encoding="utf-8",
    )
    with pytest.raises(Faults) as caught:
        read_plan(str(file), lexicons_folder(), ["insult/abuse"])
    said = [fault.said("en") for fault in caught.value.faults]
    assert len(said) == 2 and all(f"{file}:8:" in one for one in said)
    assert "Did you mean insult/abuse" in said[0] and "Did you mean red" in said[1]


@pytest.mark.parametrize(
    "text",
    [
        "n: 3\nper_agent: 3\n",
        "strata: [agent]\n",
        "n: 3\nstrata: [agent, agent]\n",
        "n: 0\n",
        "n: 3\nsize: 4\n",
        "n: 3\nquestion: {limit: 0.1, good: 0.2}\n",
        "n: 3\nalways: [{name: a, name_en: a, when: {}}]\n",
        "n: 3\nmore: {risk: 0.5}\n",
        "n: 3\nmore: {risk: .nan}\n",
        "n: [3]\n",
        "- 3\n",
    ],
)
def test_bad_plans_are_said_with_their_line(text: str, tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(f"name: x\nname_en: x\nsource: x\n{text}", encoding="utf-8")
    done = run("--from", report_of("plain"), "--plan", file, "--out", tmp_path / "out")
    assert done.exit_code == 2 and f"{file}:" in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_risk_is_asked_for_in_clear_words(tmp_path: Path) -> None:
    folder = tmp_path / "audit"
    shutil.copytree(report_of("plain"), folder)
    (folder / "tables" / "risk.csv").unlink(missing_ok=True)
    done = run("--from", folder, "--plan", "risk", "--out", tmp_path / "out", "--lang", "en")
    assert done.exit_code == 2 and "risk scores" in done.stderr


def test_folders_may_follow_each_other(tmp_path: Path) -> None:
    both = [report_of("plain"), report_of("uneed")]
    for name, words in (("a", ["--from", *both]), ("b", ["--from", both[1], "--from", both[0]])):
        assert run(*words, "--out", tmp_path / name, "--n", 6).exit_code == 0
    drawn_ = [(tmp_path / name / "tables" / "drawn.csv").read_bytes() for name in ("a", "b")]
    assert drawn_[0] == drawn_[1]


def test_what_is_wrong_on_the_command_line(tmp_path: Path) -> None:
    assert run("--from", tmp_path).exit_code == 2
    assert "--n" in run("--from", report_of("plain"), "--n", 3, "--per-agent", 3).stderr
    assert "daily" in run("--from", report_of("plain"), "--plan", "dayly").stderr
    twice = run("--from", report_of("plain"), "--out", tmp_path / "o", "--rater", "a/b", "--rater", "a_b")
    assert twice.exit_code == 2


def test_two_runs_write_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert run("--from", report_of("shop"), "--out", tmp_path / name).exit_code == 0
    files = [
        sorted(path.relative_to(tmp_path / name) for path in (tmp_path / name).rglob("*.*")) for name in ("one", "two")
    ]
    assert files[0] == files[1] and len(files[0]) == 5
    for file in files[0]:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes(), file


def test_a_filled_workbook_is_never_written_over(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("--from", report_of("plain"), "--out", out).exit_code == 0
    assert run("--from", report_of("plain"), "--out", out, "--seed", "2").exit_code == 0, "nobody has written in it"
    book = openpyxl.load_workbook(out / "spotcheck.xlsx")
    book.worksheets[0]["B3"] = "王姐"
    book.save(out / "spotcheck.xlsx")
    before = (out / "spotcheck.xlsx").read_bytes()
    refused = run("--from", report_of("plain"), "--out", out, "--seed", "3")
    assert refused.exit_code == 2 and "--sheet" in refused.stderr
    assert (out / "spotcheck.xlsx").read_bytes() == before
    assert json.loads((out / "spotcheck.json").read_text(encoding="utf-8"))["seed"] == "2"


def test_blind_copies_show_nothing_of_the_machine(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("--from", report_of("shop"), "--out", out, "--blind").exit_code == 0
    books = sorted(path.name for path in out.glob("*.xlsx"))
    assert books == ["spotcheck-乙.xlsx", "spotcheck-甲.xlsx"]
    cells = {
        str(cell)
        for name in books
        for sheet in openpyxl.load_workbook(out / name).worksheets[1:]
        for row in sheet.iter_rows(min_row=4, values_only=True)
        for cell in row[3:5]
        if cell
    }
    assert cells == {"选“是”才进入统计 →"}
    page = (out / "index.html").read_text(encoding="utf-8")
    assert "<mark" not in page and "必查：" not in page


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    """A shop's chat may hold formulas and markup; neither runs in the workbook or on the page."""
    log = tmp_path / "log.csv"
    evil = ['=HYPERLINK("http://x","y")', "<script>alert(1)</script>", "+1+1", "电话13800138000"]
    rows = [
        f's{at},买{at},小店:<b>,{who},2026-03-02 10:0{at}:00,"{said.replace(chr(34), chr(34) * 2)}"'
        for at, said in enumerate(evil)
        for who in ("买家", "客服")
    ]
    log.write_text("会话ID,买家,客服,发送方,时间,内容\n" + "\n".join(rows) + "\n", encoding="utf-8")
    assert CliRunner().invoke(main, ["audit", str(log), "--out", str(tmp_path / "audit")]).exit_code == 0
    assert run("--from", tmp_path / "audit", "--out", tmp_path / "out").exit_code == 0
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "<script" not in page and "&lt;script&gt;" in page and "13800138000" not in page
    book = openpyxl.load_workbook(tmp_path / "out" / "spotcheck.xlsx")
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert not any("13800138000" in str(cell.value) for cell in cells)
    assert any("'=HYPERLINK" in str(cell.value) for cell in cells)


def test_coverage_counts_everyone(tmp_path: Path, shop: Population) -> None:
    assert run("--from", report_of("shop"), "--out", tmp_path / "out").exit_code == 0
    table = pd.read_csv(tmp_path / "out" / "tables" / "coverage.csv")
    persons = table[table["subject_kind"] == "person"]
    assert persons["conversation_n"].sum() == len(shop.units)
    assert persons["drawn_n"].sum() == table["drawn_n"].iat[0] == (table["event_n"] + table["random_n"]).iat[0]
    faulty = shop.units["any"][shop.units["judged"]].mean()
    assert table["machine_fault_share"].iat[0] == pytest.approx(faulty, abs=1e-6)
    assert np.isfinite(table["expected_low"]).all()


def test_the_plan_that_the_readme_shows_is_sound(tmp_path: Path) -> None:
    readme = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")
    text = readme.split("# my-plans/evening.yaml\n")[1].split("```")[0]
    file = tmp_path / "evening.yaml"
    file.write_text(text, encoding="utf-8")
    assert read_plan(str(file), lexicons_folder(), []).plan.n == 24


def test_more_agents_than_sheets_share_the_last_one(
    shop: Population, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chataudit.report.spotcheck.workbook.MOST_SHEETS", 3)
    assert run("--from", report_of("shop"), "--out", tmp_path / "out", "--plan", "random", "--n", 293).exit_code == 0
    book = openpyxl.load_workbook(tmp_path / "out" / "spotcheck.xlsx", read_only=True)
    assert len(book.sheetnames) == 4 and book.sheetnames[-1] == "其余客服"
    lines = [row[-1] for sheet in book.worksheets[1:] for row in sheet.iter_rows(values_only=True)]
    assert lines.count("done") == len(shop.units)


def test_a_draw_from_other_findings_has_another_id(shop: Population) -> None:
    """Rules that changed change the events; a workbook of the draw before must not pass for this one."""
    draw = drawn(shop, n=10)
    other = Draw(draw.plan, draw.seed, draw.strata, draw.stratum, draw.probability, ~draw.taken, draw.events)
    assert draw_id(shop, draw) == draw_id(shop, drawn(shop, n=10)) != draw_id(shop, other)
