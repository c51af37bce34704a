"""What the rule language can say: each form on a small transcript, hit and not hit, with the place it points at."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import yaml
from hypothesis import strategies as st

from chataudit.errors import Faults
from chataudit.examples import agrees, run_examples
from chataudit.rules import load
from chataudit.rules.fold import fold_line, fold_phrase
from chataudit.rules.library import Library
from chataudit.rules.literals import needed
from chataudit.rules.resolve import conditions
from chataudit.segmenter import Segmenter
from chataudit.settings import Settings, lexicons_folder

HEAD = {"name": "规则", "name_en": "rule", "level": "minor", "why": "test", "source": "test"}
FORMS: dict[str, tuple[dict[str, Any], str, str]] = {
    "said": ({"find": {"phrases": ["随便您"]}}, "B 选哪个\nA 随便您", "B 随便您\nA 都好"),
    "said by the buyer": ({"find": {"who": "buyer", "phrases": ["投诉"]}}, "B 我要投诉", "A 我要投诉"),
    "at most n times": (
        {"find": {"phrases": ["马上发"]}, "at_most": 1},
        "A 马上发\nA 真的马上发",
        "A 马上发\nB 马上发",
    ),
    "at least n times": (
        {"find": {"phrases": ["包邮"]}, "expect": "some", "at_least": 2},
        "B 在\nA 全店包邮",
        "B 在\nA 全店包邮\nA 两件也包邮",
    ),
    "first k": (
        {"find": {"phrases": ["您好"]}, "expect": "some", "window": {"first": 2}},
        "B 在吗\nA 在\nA 说\nA 您好",
        "B 在吗\nA 在\nA 您好",
    ),
    "last k": (
        {"find": {"phrases": ["再见"]}, "expect": "some", "window": {"last": 1}},
        "A 再见\nA 还有吗",
        "A 还有吗\nA 再见",
    ),
    "A then B within k messages": (
        {
            "anchor": {"who": "buyer", "phrases": ["多少钱"]},
            "window": {"messages": 2},
            "find": {"phrases": ["元"]},
            "expect": "some",
        },
        "B 多少钱\nA 您好\nA 稍等\nA 99元",
        "B 多少钱\nA 您好\nA 99元",
    ),
    "A then B within s seconds": (
        {
            "anchor": {"who": "buyer", "phrases": ["多少钱"]},
            "window": {"seconds": 60},
            "find": {"phrases": ["元"]},
            "expect": "some",
        },
        "B 10:00:00 多少钱\nA 10:01:01 99元",
        "B 10:00:00 多少钱\nA 10:01:00 99元",
    ),
    "slow without apology": (
        {
            "anchor": {"wait": {"over": 180}},
            "window": {"side": "from", "messages": 2},
            "find": {"phrases": ["抱歉", "久等"]},
            "expect": "some",
        },
        "B 10:00:00 在吗\nA 10:03:01 在的\nA 10:03:05 您说\nA 10:03:10 抱歉",
        "B 10:00:00 在吗\nA 10:03:01 让您久等了",
    ),
    "question left unanswered": ({"find": {"who": "buyer", "pending": True}}, "B 在吗\nA 在\nB 有货吗", "B 在吗\nA 在"),
    "holding never followed up": (
        {"anchor": {"phrases": ["稍等"]}, "window": {"seconds": 900}, "find": {"who": "agent"}, "expect": "some"},
        "A 10:00:00 稍等\nA 10:15:01 有的",
        "A 10:00:00 稍等\nA 10:15:00 有的",
    ),
    "same text repeated": (
        {"find": {"repeats": {"times": 3, "min_chars": 4}}},
        "A 欢迎光临\nA 欢迎光临\nA 欢迎光临",
        "A 欢迎光临\nA 欢迎光临\nB 欢迎光临",
    ),
    "phone": ({"find": {"entity": "phone"}}, "A 打我138 0013 8000", "A 订单1380013800012345"),
    "foreign link": (
        {"find": {"entity": "link"}},
        "A 看https://example.invalid/a",
        "A https://item.taobao.com/item.htm?id=600000000001 这款",
    ),
    "WeChat id": ({"find": {"entity": "wechat"}}, "A 微信号abc_12345", "A 微信支付也可以"),
    "bank card": ({"find": {"entity": "bank_card"}}, "A 打到6222 0000 1234 5678 901", "A 编号 9222000012345678901"),
    "any, all, not": (
        {"find": {"any": [{"phrases": ["加我"]}, {"phrases": ["联系我"]}], "not": {"phrases": ["订单"]}}},
        "A 加我吧",
        "A 联系我查订单",
    ),
    "unless": (
        {"find": {"phrases": ["不清楚"]}, "unless": {"phrases": ["帮您查"]}},
        "A 不清楚",
        "A 不清楚\nA 我帮您查",
    ),
    "length": ({"find": {"length": {"at_most": 1}}}, "A 嗯", "A 嗯嗯"),
    "pattern": ({"find": {"pattern": r"^滚[吧。!]*$"}}, "A 滚！", "A 滚筒的"),
    "marks between characters": ({"find": {"phrases": ["加微信"]}}, "A 加 微*信", "A 我加，微信"),
    "width, case, traditional": ({"find": {"phrases": ["加wechat"]}}, "A 加ＷｅＣｈａｔ", "A 加we"),
    "word border": ({"find": {"phrases": ["第一"]}}, "A 全网第一", "A 第一次买吗"),
}


def library(folder: Path, rules: dict[str, Any], words: dict[str, Any] | None = None) -> Library:
    for kind, files in (("rules", rules), ("words", words or {})):
        (folder / kind).mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / kind / f"{name}.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return load(folder)


@pytest.mark.parametrize("form", FORMS)
def test_form(form: str, tmp_path: Path) -> None:
    rule, hit, clear = FORMS[form]
    made = library(tmp_path, {"one": {**HEAD, **rule, "examples": [{"hit": hit}, {"ok": clear}]}})
    assert [(one.stated, one.real) for one in run_examples(made, Settings(), Segmenter())] == [
        ("hit", "hit"),
        ("ok", "ok"),
    ]


def test_a_duty_without_its_trigger_is_not_judged(tmp_path: Path) -> None:
    rule = {
        **HEAD,
        "anchor": {"who": "buyer", "phrases": ["多少钱"]},
        "find": {"phrases": ["元"]},
        "expect": "some",
        "examples": [{"hit": "B 多少钱\nA 好"}, {"skip": "B 在吗\nA 在"}],
    }
    assert [one.real for one in run_examples(library(tmp_path, {"one": rule}), Settings(), Segmenter())] == [
        "hit",
        "skip",
    ]


def test_a_wrong_verdict_is_noticed(tmp_path: Path) -> None:
    rule = {**HEAD, "find": {"phrases": ["好"]}, "examples": [{"hit": "A 坏"}, {"ok": "A 好"}]}
    outcomes = run_examples(library(tmp_path, {"one": rule}), Settings(), Segmenter())
    assert [agrees(one) for one in outcomes] == [False, False]


def test_words_context_and_exemptions(tmp_path: Path) -> None:
    words = {
        "phrases": ["加微信"],
        "border": False,
        "exempt": ["添加微信支付"],
        "not_after": ["不要", "请勿"],
        "not_before": ["骗子"],
    }
    rule = {
        **HEAD,
        "find": {"words": "contact"},
        "examples": [
            {"hit": "A 可以加微信"},
            {"ok": "A 请不要加微信哦"},
            {"ok": "A 加微信的都是骗子"},
            {"ok": "A 支持添加微信支付"},
            {"hit": "A 不要急。加微信聊"},
        ],
    }
    outcomes = run_examples(library(tmp_path, {"one": rule}, {"contact": words}), Settings(), Segmenter())
    assert [one.real for one in outcomes] == [one.stated for one in outcomes]


def test_all_faults_of_all_files_at_once(tmp_path: Path) -> None:
    good = {**HEAD, "find": {"phrases": ["好"]}, "examples": [{"hit": "A 好"}, {"ok": "A 坏"}]}
    with pytest.raises(Faults) as caught:
        library(
            tmp_path,
            {
                "a": {**good, "levle": "red"},
                "b": {**good, "find": {"words": "lst"}},
                "c": {**good, "find": {"pattern": "(a"}},
                "d": {**good, "window": {"messages": 3}},
            },
            {"list": {"phrases": ["。。"]}},
        )
    said = caught.value.said("en")
    for part in (
        "a.yaml",
        "Did you mean level",
        "no word list 'lst'",
        "Did you mean list",
        "pattern is wrong",
        "d.yaml",
        "only marks",
    ):
        assert part in said
    assert all(fault.line and fault.column for fault in caught.value.faults)


def test_the_shipped_examples_hold() -> None:
    outcomes = run_examples(load(lexicons_folder()), Settings(), Segmenter())
    assert len(outcomes) > 150
    assert [one for one in outcomes if not agrees(one)] == []


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("(不要|请勿).{0,6}(加|添加)", {"不要", "请勿"}),
        ("发票(税|个点)", {"发票税", "发票个点"}),
        (
            "[您你](可)?真(行|牛)",
            {"您真行", "您真牛", "你真行", "你真牛", "您可真行", "您可真牛", "你可真行", "你可真牛"},
        ),
        ("(x|)发货", {"发货", "x发货"}),
        ("不[，。]?要", {"不要"}),
        ("a.*加我|加我b", {"加我", "加我b"}),
        ("[0-9]+", None),
        ("(a|[0-9])", None),
        ("x?", None),
        ("(保证)+", {"保证"}),
        ("一", None),
    ],
)
def test_what_a_pattern_needs(pattern: str, words: set[str] | None) -> None:
    assert needed(pattern) == (None if words is None else frozenset(words))


PATTERNS = sorted(
    {part.pattern for rule in load(lexicons_folder()).rules.values() for _, part in conditions(rule) if part.pattern}
)


@hypothesis.settings(max_examples=150, suppress_health_check=list(hypothesis.HealthCheck))
@hypothesis.given(st.data())
def test_what_matches_has_what_its_pattern_needs(data: st.DataObject) -> None:
    pattern = data.draw(st.sampled_from(PATTERNS))
    words = needed(pattern)
    if words is not None:
        line = fold_line(data.draw(st.from_regex(pattern, fullmatch=True)))
        if re.search(pattern, line):
            assert any(word in fold_phrase(line) for word in words)
