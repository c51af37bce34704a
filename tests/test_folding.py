"""How phrases are found as people write them: each way of folding, what it finds and what it leaves alone."""

from __future__ import annotations

import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chataudit.rules.entities import PATTERNS, SPOKEN
from chataudit.rules.fold import SIZE, fold, fold_line, fold_phrase, plain_table, tables
from chataudit.rules.lists import Fold, WordList
from chataudit.rules.matching import Matcher
from chataudit.rules.phrases import PhraseIndex
from chataudit.rules.search import Pattern, search
from chataudit.segmenter import Segmenter

SEGMENTER = Segmenter()
ALOUD = Fold(sound=True, look=True, digits=True)


def found(words: WordList, *lines: str) -> list[tuple[str, str]]:
    """Return what was found in the lines: the characters as they were written, and the phrase."""
    matches = search(pa.array(lines, pa.large_string()), {"list": words}, {}, SEGMENTER).matches["list"]
    columns = (column.tolist() for column in matches)
    return [(lines[text][start:end], words.phrases[phrase]) for text, start, end, phrase in zip(*columns, strict=True)]


@pytest.mark.parametrize(
    ("phrase", "line", "written"),
    [
        ("加微信", "可以加卫星聊", "加卫星"),
        ("加微信", "加 薇 芯", "加 薇 芯"),
        ("加微信", "加ＶＸ", "加ＶＸ"),
        ("加微信", "佳微信吧", "佳微信"),
        ("加微信", "加V❤信", "加V❤信"),
        ("加微", "➕v吧", "➕v"),
        ("好评返现", "好评反现", "好评反现"),
        ("好评返现", "号评·返现哦", "号评·返现"),
        ("私下转账", "私下砖账", "私下砖账"),
        ("傻逼", "你个傻 b", "傻 b"),
        ("拨打138", "拨打幺叁⑧", "拨打幺叁⑧"),
    ],
)
def test_what_sounds_or_looks_alike_is_found_as_it_was_written(phrase: str, line: str, written: str) -> None:
    assert found(WordList(phrases=(phrase,), fold=ALOUD), line) == [(written, phrase)]
    assert found(WordList(phrases=(phrase,)), line) in ([], [(written, phrase)])


@pytest.mark.parametrize(
    ("phrase", "line"),
    [
        ("加微", "这个价位合适"),
        ("好评返现", "这个号评不反线"),
        ("微信", "微星的主板"),
        ("加微", "加油微笑"),
        ("现货", "献祸"),
    ],
)
def test_honest_words_are_left_alone(phrase: str, line: str) -> None:
    assert found(WordList(phrases=(phrase,), fold=ALOUD, border=False), line) == []


def test_context_and_exemptions_are_read_as_written() -> None:
    words = WordList(phrases=("加微",), fold=ALOUD, exempt=("加v领",), not_after=("不要",), not_before=("骗",))
    assert found(words, "加V领的", "请不要加薇", "加v都是骗子", "加v聊") == [("加v", "加微")]


@pytest.mark.parametrize(
    ("off", "same", "other"),
    [("case", "VX", "vx"), ("width", "vx", "ｖｘ"), ("traditional", "发货", "發貨")],
)
def test_each_folding_can_be_switched_off(off: str, same: str, other: str) -> None:
    words = WordList(phrases=(same,), border=False, fold=Fold(**{off: False}))
    assert found(words, f"看{same}", f"看{other}") == [(same, same)]
    assert len(found(WordList(phrases=(same,), border=False), f"看{same}", f"看{other}")) == 2


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("打幺三八0013八000", "幺三八0013八000"),
        ("号码①③⑧ 零零一三 捌零零零", None),
        ("1 3 8 0 0 1 3 8 0 0 0 这个", "1 3 8 0 0 1 3 8 0 0 0"),
        ("138.0013.8000", "138.0013.8000"),
        ("壹叁捌零零壹叁捌零零零", "壹叁捌零零壹叁捌零零零"),
        ("尺码160-165-170-175都有", ""),
        ("一共三百八十五元，一三五发货", ""),
        ("订单138001380001234567", ""),
    ],
)
def test_spoken_numbers(line: str, number: str | None) -> None:
    patterns = {"plain": Pattern(PATTERNS["phone"]), "aloud": Pattern(SPOKEN["phone"], spoken=True)}
    texts = pa.array([line], pa.large_string())
    matcher = Matcher(texts, search(texts, {}, patterns, SEGMENTER), patterns, 2)
    hit = any(matcher.matching(name, np.array([0])).any() for name in patterns)
    assert number is None or hit == bool(number)


def test_patterns_are_asked_in_two_threads_as_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    patterns = {name: Pattern(name, frozenset([name])) for name in ("微信", "信加")}
    texts = pa.array(["微信", "信加", "信加", "微信加"] * 25_000, pa.large_string())
    searched = search(texts, {}, patterns, SEGMENTER)
    every = np.arange(len(texts))

    matcher = Matcher(texts, searched, patterns, 1)

    def found(name: str) -> set[int]:
        return {int(matcher.matching(name, every).sum()) for _ in range(150)}

    monkeypatch.setattr(matcher, "_answers", lambda name, wanted, texts: np.ones(len(wanted), dtype=bool))
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(2) as pool:
            assert list(pool.map(found, patterns)) == [{50_000}, {75_000}]
    finally:
        sys.setswitchinterval(interval)


def test_the_table_folds_width_case_and_traditional_characters() -> None:
    assert fold_line("ＡbＣ　１発貨ΑΣİ") == "abc 1発货ασİ"
    for point in range(0xFF01, 0xFF5F):
        assert tables()[0][point] == ord(unicodedata.normalize("NFKC", chr(point)).lower())
    for point in range(0x41, 0x500):
        if len(chr(point).lower()) == 1:
            assert plain_table(width=False, case=True, traditional=False)[point] == ord(chr(point).lower())
    assert len(tables()[0]) == SIZE


@given(st.lists(st.text(max_size=12), max_size=6))
def test_folding_keeps_every_position(lines: list[str]) -> None:
    folded = fold(pa.array(lines, pa.large_string()))
    assert folded.lines().to_pylist() == [fold_line(line.replace("\x1e", " ")) for line in lines]
    assert [len(line) for line in folded.lines().to_pylist()] == [len(line) for line in lines]
    assert folded.text.replace("\x1e", "") == "".join(fold_phrase(line.replace("\x1e", "")) for line in lines)


@pytest.mark.parametrize("more", [0, 20_000])
@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.text("微信加a1𠮷", min_size=1, max_size=3), min_size=1, max_size=6),
    st.text("微信加a1𠮷好", max_size=20),
)
def test_every_occurrence_is_found_whatever_bytes_its_characters_have(more: int, phrases: list[str], line: str) -> None:
    others = [chr(0x4E00 + number) for number in range(more)]
    index = PhraseIndex([*others, *phrases])
    spans = index.scan(fold(pa.array([line], pa.large_string())))
    words = list(index.numbers)
    kept = fold_phrase(line)
    slow = {(start, word) for word in words for start in range(len(kept)) if kept.startswith(word, start)}
    assert {(int(start), words[phrase]) for phrase, start, _ in zip(*spans, strict=True)} == slow
    assert [kept[start:end] for _, start, end in zip(*spans, strict=True)] == [words[one] for one in spans.phrase]
