"""Topics: what is a question, what is put together, what became of it; and how sure it is."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from chataudit import rules
from chataudit.cli import main
from chataudit.examples import _messages, transcript
from chataudit.learn.clusters import cluster, content_words
from chataudit.learn.questions import ask, replies, stages
from chataudit.learn.topics import find
from chataudit.log import Log
from chataudit.segmenter import Segmenter
from chataudit.sessions import split
from chataudit.settings import Settings
from chataudit.shares import Share, difference

assert rules
CUT = Segmenter().cut


def log_of(*dialogues: str) -> Log:
    rows = [row for at, text in enumerate(dialogues) for row in transcript(text, f"{at:06d}", "here")]
    return split(_messages(rows, Settings()), Settings())


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def test_what_asks_is_a_question() -> None:
    log = log_of("B 你好\nB 这款多久发货\nA 今天发\nB 好的\nB 能开发票吗\nA 可以的\nA 备注抬头\nB 谢谢", "B 我看看再说")
    questions = ask(log)
    said = log.messages["text"].tolist()
    assert [said[row] for row in questions.row] == ["这款多久发货", "能开发票吗"]
    assert replies(log, questions.answer) == ["今天发", "可以的 备注抬头"]
    assert questions.session.tolist() == [0, 0]


def test_a_question_without_an_answer_has_none() -> None:
    assert ask(log_of("B 有货吗", "A 您好")).answer.tolist() == [-1]


def test_stages_by_hand() -> None:
    log = log_of(
        "B 有货吗",
        "B 有货吗\nA 有",
        "B 有货吗\nA 有\nB 多少钱\nA 十元",
        "B 一\nA 一\nB 二\nA 二\nB 三\nA 三\nB 四\nA 四",
        "A 您好",
    )
    assert stages(log).tolist() == ["unanswered", "one_round", "few_rounds", "long_talk", ""]


def test_words_that_say_what_a_text_is_about() -> None:
    assert content_words(CUT, "请问这款能开发票吗？") == ["开发票"]
    assert content_words(CUT, "在吗") == []
    assert content_words(CUT, "我们用顺丰") == ["顺丰"]


def test_alike_texts_are_put_together_and_strangers_left_out() -> None:
    texts = ["发票怎么开", "发票什么时候给", "快递发哪家", "用什么快递", "在吗"]
    found = cluster(texts, np.array([3, 3, 3, 3, 3]), CUT, 2, 0)
    assert found.of[0] == found.of[1] != found.of[2] == found.of[3]
    assert found.of[4] == -1
    assert {words[0] for words in found.words} == {"发票", "快递"}


@given(st.integers(0, 50), st.integers(0, 50), st.sampled_from([0.8, 0.95, 0.99]))
def test_an_interval_holds_its_share(hits: int, others: int, level: float) -> None:
    share = Share(hits, hits + others)
    ends = share.interval(level)
    if share.of == 0:
        assert ends is None and share.value is None
        return
    assert ends is not None and share.value is not None
    assert 0 <= ends[0] <= share.value + 1e-12 and share.value - 1e-12 <= ends[1] <= 1


@given(st.integers(0, 30), st.integers(1, 30), st.integers(0, 30), st.integers(1, 30))
def test_a_difference_turned_round_is_its_negative(a: int, b: int, c: int, d: int) -> None:
    one, other = Share(min(a, b), b), Share(min(c, d), d)
    there, back = difference(one, other), difference(other, one)
    assert there is not None and back is not None
    assert there == pytest.approx((-back[0], -back[2], -back[1]))
    assert there[1] <= there[0] <= there[2]


def test_a_worked_difference() -> None:
    """Newcombe 1998, table II, example (a): 56/70 less 48/80, method 10: 0.0524 to 0.3339."""
    found = difference(Share(56, 70), Share(48, 80))
    assert found == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def shop() -> tuple[Log, np.ndarray]:
    """Return a log in which who asks for the invoice orders, and who asks for the courier does where told 顺丰."""
    draw = random.Random(0)
    talks, sold = [], []
    for number in range(80):
        if number % 2:
            talks.append("B 可以开发票吗\nA 可以开发票的")
            sold.append(draw.random() < 0.9)
        else:
            good = number % 4 == 0
            talks.append("B 用什么快递\nA " + ("我们用顺丰速运" if good else "中通圆通随机"))
            sold.append(good)
    return log_of(*talks), np.array(sold)


def test_what_goes_with_orders() -> None:
    log, sold = shop()
    found = find(log, sold, CUT, count=2, least=5, seed=0)
    by_word = {topic.words[0]: topic for topic in found.topics}
    assert {name: (topic.questions, topic.share.of) for name, topic in by_word.items()} == {
        "开发票": (40, 40),
        "快递": (40, 40),
    }
    assert by_word["快递"].share.hits == 20 and by_word["快递"].lost_last == 20
    gaps = {answer.words[0]: answer.difference for answer in by_word["快递"].answers}
    better = [gap for gap in gaps.values() if gap is not None and gap[1] > 0]
    worse = [gap for gap in gaps.values() if gap is not None and gap[2] < 0]
    assert better and worse and len(gaps) == 2
    assert found == find(log, sold, CUT, count=2, least=5, seed=0)


def test_without_orders_nothing_is_said_of_them() -> None:
    log, _ = shop()
    found = find(log, None, CUT, count=2, least=5, seed=0)
    assert not found.ordered
    assert [topic.difference for topic in found.topics] == [None, None]


def test_few_talks_make_no_topic_and_no_comparison() -> None:
    log, sold = shop()
    assert find(log, sold, CUT, count=2, least=41, seed=0).topics == ()
    assert find(log, sold, CUT, count=2, least=41, seed=0).small == 2
    found = find(log, sold, CUT, count=2, least=30, seed=0)
    assert [topic.answers for topic in found.topics if topic.words[0] == "快递"] == [()]


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("topics")
    with (folder / "chats.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["session_id", "buyer", "agent", "sender", "text"])
        for number in range(30):
            said = "<script>alert(1)</script> 发票怎么开？我电话13800138000" if number % 2 else "=1+1 用什么快递"
            rows.writerow([f"t{number}", f"客人{number}", "小雨", "buyer", said])
            rows.writerow([f"t{number}", f"客人{number}", "小雨", "agent", "杨女士，今天发货"])
    assert run("audit", folder / "chats.csv", "--unmasked", "--out", folder / "audit").exit_code == 0
    return folder / "audit"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_is_masked_escaped_and_loads_nothing(tmp_path: Path, audited: Path, lang: str) -> None:
    done = run("topics", "--from", audited, "--least", "5", "--out", tmp_path / "out", "--lang", lang)
    assert done.exit_code == 0, done.output
    page = (tmp_path / "out" / "topics.html").read_text(encoding="utf-8")
    assert "<script>" not in page and "&lt;script&gt;" in page
    assert "13800138000" not in page
    assert "杨女士" not in page and "*女士" in page
    assert "src=" not in page and "http" not in page.replace("http-equiv", "")
    assert ("有订单" in page or "没有给订单" in page) if lang == "zh" else "had no orders" in page


def test_the_table_runs_nothing_and_null_is_not_0(tmp_path: Path, audited: Path) -> None:
    assert run("topics", "--from", audited, "--least", "5", "--out", tmp_path / "a").exit_code == 0
    assert run("topics", "--from", audited, "--least", "5", "--out", tmp_path / "b").exit_code == 0
    for name in ("topics.csv", "topics.html"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    with (tmp_path / "a" / "topics.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["kind"] for row in rows} == {"topic", "answer", "stage"}
    assert {row["ordered"] for row in rows} == {""} == {row["ordered_share"] for row in rows}
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "@", "\t"))]


def test_a_log_without_questions_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "chats.csv").write_text("session_id,buyer,sender,text\n1,a,buyer,我先随便逛逛\n", encoding="utf-8")
    assert run("audit", tmp_path / "chats.csv", "--out", tmp_path / "audit").exit_code == 0
    done = run("topics", "--from", tmp_path / "audit", "--out", tmp_path / "out", "--lang", "en")
    assert done.exit_code == 2 and "No buyer asks" in done.output and not (tmp_path / "out").exists()
