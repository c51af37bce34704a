"""Texts prepared, grams found, blocks told apart: each beside the plainest way to do it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chataudit import rules
from chataudit.examples import _messages, transcript
from chataudit.learn.blocks import BLOCKS, speak
from chataudit.learn.grams import LONGEST, Vocabulary, pack, unpack
from chataudit.learn.prepare import BREAK, prepare
from chataudit.learn.vocabulary import LEAST_BUYERS, collect, without_names
from chataudit.learn.weigh import SHORT, values
from chataudit.log import Log
from chataudit.sessions import split
from chataudit.settings import Settings

assert rules
CHATTER = st.text(alphabet="好的谢啦? a" + BREAK, max_size=12)


def log_of(*dialogues: str) -> Log:
    rows = [row for at, text in enumerate(dialogues) for row in transcript(text, f"{at:06d}", "here")]
    return split(_messages(rows, Settings()), Settings())


@given(st.lists(CHATTER, max_size=6), st.sets(st.text(alphabet="好的谢啦?a", min_size=1, max_size=LONGEST), max_size=8))
def test_every_place_of_every_gram_is_found(texts: list[str], grams: set[str]) -> None:
    vocabulary = Vocabulary(sorted(grams))
    found = vocabulary.find(pa.array(texts, pa.large_string()))
    places = {(text, vocabulary.grams[gram], at) for text, gram, at in zip(*map(np.ndarray.tolist, found), strict=True)}
    expected = {
        (number, gram, at)
        for number, text in enumerate(texts)
        for gram in grams
        for at in range(len(text))
        if text.startswith(gram, at)
    }
    assert places == expected and len(found.text) == len(expected)


@given(st.text(alphabet=st.characters(min_codepoint=1, exclude_categories=["Cs"]), min_size=1, max_size=LONGEST))
def test_grams_are_numbers_and_back(gram: str) -> None:
    assert unpack(pack(gram)) == gram


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("我的电话13800138000", "我的电话"),
        ("我的电话138********", "我的电话"),
        ("微信号：abc_12345", "微信号:"),
        ("发到 https://item.taobao.com/item.htm?id=1 看", "发到|看"),
        ("@小雨爱吃糖 在吗", "|在吗"),
        ("我是王女士", "我是"),
        ("订单jd_6aexample退款", "订单|退款"),
        ("ＯＫ！", "ok!"),
    ],
)
def test_what_belongs_to_a_person_ends_a_word(said: str, left: str) -> None:
    assert prepare(pa.array([said]))[0].as_py().replace(BREAK, "|").rstrip("|") == left


@given(st.lists(st.text(max_size=30), max_size=5))
def test_no_digit_or_mask_is_left(texts: list[str]) -> None:
    for one in prepare(pa.array(texts, pa.large_string())).to_pylist():
        assert not any(mark in "0123456789*" for mark in one)


def test_parts_of_a_talk() -> None:
    log = log_of("B 有货吗\nB 在吗\nA 在的\nO 稍后回复您\nB 好的\nA 有的\nB 谢谢", "B 人呢\nB 人呢人呢", "A 您好")
    spoken = speak(log)
    texts = spoken.texts.to_pylist()
    said = [
        [
            "|".join(
                sorted(texts[text] for at, block, text in zip(*spoken[:3], strict=True) if (at, block) == (row, place))
            )
            for place in range(len(BLOCKS))
        ]
        for row in range(3)
    ]
    assert said == [
        ["在吗|有货吗", "好的|谢谢", "谢谢", "在的|有的"],
        ["人呢|人呢人呢", "", "人呢|人呢人呢", ""],
        ["", "", "", "您好"],
    ]
    assert spoken.lengths.tolist() == [[5, 4, 2, 4], [6, 0, 6, 0], [0, 0, 0, 2]]


def test_the_value_of_words_by_hand() -> None:
    """谢谢 stands in the last turn once: two places of 谢, one of 谢谢, over the root of eight."""
    spoken = speak(log_of("B 有货吗\nA 有\nB 谢谢"))
    weights = np.zeros((2, 4))
    weights[:, 2] = (1.0, 10.0)
    weights[0, 3] = 100.0
    found = values(spoken, Vocabulary(["谢", "谢谢"]), weights)
    assert found.tolist() == [[0.0, 0.0, pytest.approx(12 / np.sqrt(SHORT)), 0.0]]


def test_what_few_buyers_say_is_not_learnt() -> None:
    dialogues = ["B 你好呀"] * LEAST_BUYERS + ["B 秘密口令"] * (LEAST_BUYERS - 1) + ["B 你好呀"]
    log = log_of(*dialogues)
    spoken = speak(log)
    person = np.arange(len(dialogues))
    grams = collect(spoken, person, np.ones(len(dialogues), dtype=bool)).grams
    assert sorted(grams) == sorted(["你", "好", "呀", "你好", "好呀", "你好呀"])
    one_buyer = np.zeros(len(dialogues), dtype=np.int64)
    assert collect(spoken, one_buyer, np.ones(len(dialogues), dtype=bool)).grams == ()


def test_names_of_buyer_and_agent_are_taken_out() -> None:
    log = log_of("B 我是买家甲\nA 好的买家甲，我是店:小雨")
    messages = log.messages.assign(
        buyer=log.messages["buyer"].cat.rename_categories({log.messages["buyer"].iloc[0]: "买家甲"}),
        agent=log.messages["agent"].cat.rename_categories({log.messages["agent"].iloc[1]: "店铺:小雨"}),
    )
    from dataclasses import replace

    said = "".join(without_names(replace(log, messages=messages)).messages["text"])
    assert "买家甲" not in said and "小雨" not in said and "我是" in said
