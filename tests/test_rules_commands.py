"""The commands on rules: try, explain, list, new, test, diff, stats, reference."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from golden import ROOT
from openpyxl import Workbook, load_workbook

from chataudit.cli import main
from chataudit.judged import precision, read_judged, wilson
from chataudit.reference import page
from chataudit.rules import load
from chataudit.settings import lexicons_folder

HEAD = {"name": "规则", "name_en": "rule", "level": "major", "why": "test", "source": "test", "say": "换个说法"}
CARD = {
    "name": "表",
    "name_en": "card",
    "source": "test",
    "subject": "conversation",
    "items": [
        {
            "id": "1",
            "name": "项",
            "name_en": "item",
            "points": 100,
            "checklist": {"judge": "prohibition", "must_not": ["shop/contact"]},
        },
    ],
}
LOG = "会话ID,买家,客服,发送方,时间,内容\n" + "\n".join(
    f"{session},b{session},{agent},{sender},2026-03-02 10:{session:02d}:{second:02d},{text}"
    for session, agent, lines in (
        (1, "小美", ("在吗", "加微信聊")),
        (2, "小美", ("便宜吗", "加薇聊13800138000")),
        (3, "小丽", ("在吗", "在的亲")),
    )
    for second, (sender, text) in enumerate(zip(("买家", "客服"), lines, strict=True))
)


def lexicons(folder: Path, **words: object) -> Path:
    """Return a folder of lexicons with one rule, one list and one card."""
    files = {
        "rules/shop/contact.yaml": {
            **HEAD,
            "find": {"words": "shop/contact"},
            "examples": [{"hit": "A 加微信"}, {"ok": "A 好"}],
        },
        "words/shop/contact.yaml": {"phrases": ["加微信"], **words},
        "cards/shop.yaml": CARD,
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    shutil.copytree(lexicons_folder() / "presets", folder / "presets")
    return folder


def run(*words: str | Path, code: int = 0) -> Result:
    done = CliRunner().invoke(main, ["rules", *map(str, words), "--lang", "en"])
    assert done.exit_code == code, done.output
    return done


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Return a settings file with lexicons of its own; a changed copy and a log stand beside them."""
    lexicons(tmp_path / "old")
    lexicons(tmp_path / "new", phrases=["加微", "加微信"], fold={"look": True})
    (tmp_path / "settings.yaml").write_text("lexicons: new\n", encoding="utf-8")
    (tmp_path / "log.csv").write_text(LOG, encoding="utf-8")
    return tmp_path / "settings.yaml"


def test_try_says_what_hits(shop: Path) -> None:
    said = run("try", "亲，加V聊", "--settings", shop).output
    assert "shop/contact\tmajor\t“加V” @2-4" in said and "换个说法" in said
    assert run("try", "加V聊", "--who", "buyer", "--settings", shop).output == "Nothing hits.\n"
    assert "“加薇”" in run("try", "B 在吗\nA 加薇吧", "--settings", shop).output


def test_explain_says_how_it_was_written_and_what_took_it_out(shop: Path) -> None:
    said = run("explain", "shop/contact", "加薇吧", "--settings", shop).output
    assert "tokens: 加 / 薇 / 吧" in said and "加微 ← 加薇 (look-alikes) @0-2: hit" in said
    assert "nothing occurs" in run("explain", "shop/contact", "你好", "--settings", shop).output
    unknown = run("explain", "shop/contacts", "你好", "--settings", shop, code=2)
    assert "Did you mean shop/contact" in unknown.output


def test_list_filters(shop: Path) -> None:
    assert run("list", "--settings", shop).output == "shop/contact\tmajor\trule\n"
    for words in (("--level", "red"), ("--group", "contact"), ("--expect", "some"), ("--with", "发票")):
        assert run("list", "--settings", shop, *words).output == ""
    for words in (("--level", "major"), ("--group", "shop"), ("--expect", "none"), ("--with", "contact")):
        assert run("list", "--settings", shop, *words).output != ""


def test_new_writes_a_rule_that_passes_its_own_test(shop: Path) -> None:
    run("new", "shop/late", "--settings", shop)
    assert "4 examples, 0 wrong" in run("test", "--settings", shop).output
    assert "such a rule already" in run("new", "shop/late", "--settings", shop, code=2).output
    assert "lexicons" in run("new", "shop/late", code=2).output
    run("new", "../out", "--settings", shop, code=2)


def test_test_names_phrases_that_can_never_hit(shop: Path) -> None:
    words = {"phrases": ["加微信", "稍等"], "exempt": ["加微信"]}
    path = shop.parent / "new" / "words" / "shop" / "contact.yaml"
    path.write_text(yaml.safe_dump(words, allow_unicode=True), encoding="utf-8")
    said = run("test", "--settings", shop, "--words", code=1).output
    assert "'加微信' can never hit" in said and "1 phrases can never hit" in said and "请稍等" in said


def test_diff_says_what_appears_for_whom_and_what_scores_do(shop: Path) -> None:
    here = shop.parent
    words = ("diff", here / "old", here / "new", "--on", here / "log.csv", "--out", here / "diff")
    said = run(*words).output
    assert "shop/contact\t1 → 2 (+1 −0)" in said and "+ 小美: 加薇聊138********" in said
    assert "小美\t1 → 2 (+1 −0)" in said
    assert "shop conversation: 1 move, mean -100.00" in said
    with (here / "diff" / "scores.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert {row["subject_kind"]: row["change"] for row in rows} == {"conversation": "-100.0", "person": "-50.0"}
    same = run("diff", here / "old", here / "old", "--on", here / "log.csv").output
    assert "No hit changes." in same and "Scores: 0 of" in same


def test_stats_counts_and_judged_hits_give_precision(shop: Path) -> None:
    here = shop.parent
    run_ = ("stats", here / "log.csv", "--settings", shop, "--to-judge", here / "judge.xlsx")
    assert "shop/contact\tmajor\t2\t2\t1\t66.7%" in run(*run_).output
    book = load_workbook(here / "judge.xlsx")
    rows = [list(row) for row in book.active.iter_rows(values_only=True)]
    verdict = rows[0].index("verdict") + 1
    assert len(rows) == 3 and all("13800138000" not in str(row) for row in rows)
    book.active.cell(2, verdict).value, book.active.cell(3, verdict).value = "对", "错"
    book.save(here / "judge.xlsx")
    said = run("stats", "--judged", here / "judge.xlsx", "--out", here / "stats").output
    assert "shop/contact\t2\t1\t50.0% (9.5%–90.5%)" in said
    assert (here / "stats" / "precision_phrases.csv").is_file()


def test_stats_without_anything_is_a_usage_error() -> None:
    assert "PATH or --judged" in run("stats", code=2).output


def test_faults_of_a_judged_table(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["rule", "verdict"])
    book.active.append(["a", "perhaps"])
    book.save(tmp_path / "a.xlsx")
    said = run("stats", "--judged", tmp_path / "a.xlsx", code=2).output
    assert "a.xlsx:2:2" in said and "right or wrong" in said
    (tmp_path / "b.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    assert "rule and verdict" in run("stats", "--judged", tmp_path / "b.csv", code=2).output


def test_precision_counts_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "judged.csv"
    path.write_text("规则,词,判定\na,x,对\na,x,对\na,y,错\nb,z,\n", encoding="gb18030")
    table = precision(read_judged(path), ["rule", "phrase"])
    assert table[["phrase", "judged", "right"]].to_numpy().tolist() == [["y", 1, 0], ["x", 2, 2]]
    assert wilson(0, 0) == (0.0, 1.0)
    low, high = wilson(95, 100)
    assert (round(low, 4), round(high, 4)) == (0.8882, 0.9785)


def test_the_reference_page_is_current() -> None:
    """Both ways: every rule of the library stands there as its file says, and nothing else does."""
    shown = (ROOT / "lexicons" / "REFERENCE.md").read_text(encoding="utf-8")
    assert shown == page(load(lexicons_folder())), "run: chataudit rules reference"
