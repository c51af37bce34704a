"""The shipped rules: what they cover, what evades them, what they must leave alone."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from chataudit.examples import transcript
from chataudit.ingest import from_rows
from chataudit.ingest.identity import identify
from chataudit.ingest.kinds import fill_kinds
from chataudit.ingest.refs import find_refs
from chataudit.rules import Library, flag, load
from chataudit.segmenter import Segmenter
from chataudit.sessions import split
from chataudit.settings import Settings, lexicons_folder

HERE = Path(__file__).parent
GROUPS = {
    "greeting",
    "closing",
    "courtesy",
    "waiting",
    "followup",
    "understanding",
    "recommend",
    "payment",
    "order",
    "promise",
    "advertising",
    "contact",
    "platform",
    "privacy",
    "insult",
    "argument",
    "shirking",
    "review",
    "transfer",
    "bots",
}
NOT_IN_TEXT = "not in the text of a chat: "
# Every readable item of the published inspection lists, and the rules that carry it, or why no rule on text can.
COVERED = {
    "接待无欢迎语": "greeting/standard-opening",
    "结束语不规范": "closing/courtesy closing/leave-taking closing/more-asked",
    "优秀结束语": "closing/warm",
    "重复让顾客复述问题": "understanding/already-said understanding/same-question transfer/asked-anew",
    "长时间等待客服未致歉": "waiting/slow-without-apology",
    "漏跟进": "followup/hold-not-followed followup/promise-kept",
    "会话结束未邀评": "closing/rating-invited",
    "多次邀评": "closing/rating-pressed",
    "转接": "transfer/without-word transfer/passed-around transfer/receiver-greets",
    "首响超时": "waiting/slow-first waiting/first-30s",
    "首句无您好": "greeting/first-reply-hello",
    "未用标准开场白": "greeting/standard-opening greeting/offers-help",
    "连续兜底": "bots/fallback",
    "未转人工": "transfer/human-asked",
    "无录音、通话过短": NOT_IN_TEXT + "recordings of telephone calls",
    "平均响应": NOT_IN_TEXT + "a figure (mean_response_s), scored by cards",
    "超时回复": "waiting/slow-reply",
    "建工单、未登记申请": "followup/registered",
    "违规承诺": "promise/special promise/delivery promise/price promise/refund promise/quality promise/stock promise/compensation",
    "诱导": "review/inducement review/brushing advertising/pressure payment/pressing",
    "辱骂": "insult/abuse insult/threat insult/discrimination",
    "泄露隐私": "privacy/buyer-data privacy/number-written privacy/secret-asked",
    "敏感词、禁用词": "platform/evading platform/other-named courtesy/coarse",
    "差评后跟进": "followup/bad-review",
    "客户重复追问": "followup/buyer-repeats followup/delivery-asked-again followup/chased",
    "答非所问": "understanding/off-topic",
    "机器人未命中知识库": "bots/fallback",
    "机器人答非所问": "bots/not-helped",
    "错误转人工": NOT_IN_TEXT + "whether a hand-over was needed is known to the robot alone",
    "未引导留资": NOT_IN_TEXT + "marketplaces forbid asking for contacts (contact/off-platform)",
    "机器人无来源": NOT_IN_TEXT + "where a robot's answer comes from is not in an export",
    "机器人未解决": "bots/nobody-after",
    "机器人不合规生成": "bots/forbidden-words",
    "重复追问未升级": "followup/escalated bots/loop",
    "响应超限": "waiting/slow-reply",
    "必用词": "order/returns-told greeting/standard-opening",
    "开头未自我介绍": "greeting/self-introduction",
    "停顿未说请稍后": "waiting/silence-without-word",
    "抢插话": NOT_IN_TEXT + "voice only",
    "礼貌用语缺失": "courtesy/thanks-answered order/thanked courtesy/service-words",
    "称呼不当": "courtesy/address courtesy/ni",
    "冷场": "waiting/silence-without-word followup/left-midway",
    "不耐烦": "argument/impatience",
    "反问或打断、质问争辩": "argument/rhetorical argument/accuses argument/after-upset courtesy/many-marks",
    "冷淡、被动应付、轻视客户": "courtesy/cold courtesy/bare-reply courtesy/sneer insult/belittling closing/sent-off",
    "态度引起客户不满": "understanding/buyer-upset argument/after-upset",
    "表达随意、不确定词": "courtesy/casual understanding/vague understanding/uncertain",
    "禁语 喂、不对、你错了": "courtesy/corrects-buyer courtesy/casual",
    "禁语 这个、那个": NOT_IN_TEXT + "fillers of speech; in writing 这个 points at goods",
    "未理解需求、未委婉请客户复述": "understanding/blunt-repeat",
    "流程错误": "order/details-confirmed order/address-changed order/note-confirmed",
    "解答不正确": NOT_IN_TEXT + "needs to know what is true of the goods; a person judges",
    "解答不完整": "understanding/only-greeted followup/unanswered",
    "记录错误": NOT_IN_TEXT + "records are kept outside the chat; order/note-confirmed sees that a wish was confirmed",
    "反馈遗漏": "followup/promise-kept",
    "断线未回拨": "followup/promise-kept",
    "处理效率低": NOT_IN_TEXT + "figures (duration_s, round_n), scored by cards",
    "命令语气、拖延敷衍生硬": "courtesy/commanding shirking/delays courtesy/flat-refusal payment/threat",
    "拒报工号": "argument/name-refused",
    "误导": "advertising/effect advertising/statistics advertising/pressure",
    "错误登记": NOT_IN_TEXT + "records are kept outside the chat",
    "反查用户资料": "privacy/looked-up",
    "保险分级 A+ 到 C": NOT_IN_TEXT + "a scheme of points, not an item; levels red, major, minor carry it",
    "客户诉求": "understanding/summed-up",
    "解决方案": "followup/registered understanding/soothed",
    "升级风险": "understanding/escalation-risk",
    "自我介绍": "greeting/self-introduction",
    "表明来意": NOT_IN_TEXT + "said in calls that the seller begins; in a shop's chat the buyer comes",
    "需求挖掘": "recommend/need-question",
    "产品优点": "recommend/selling-points",
    "询问历史渠道": "recommend/history-asked",
    "成功案例": "recommend/proof",
    "优惠活动": "recommend/offer-told",
    "引导行动": "recommend/to-cart payment/promised-not-reminded",
    "添加联系方式": NOT_IN_TEXT + "on marketplaces the reverse is due: contact/off-platform",
    "总结": "understanding/summed-up",
    "流失风险": "understanding/churn-risk",
    "升级处理不当": "transfer/supervisor-refused followup/escalated",
    "重复循环": "bots/loop courtesy/same-text",
    "禁语 不行、没办法": "courtesy/flat-refusal",
    "禁语 不知道、这不归我管": "followup/not-known shirking/pushed-away",
    "极限词": "advertising/absolute",
    "必说 7 天无理由退换时效": "order/returns-told platform/no-returns",
    "冷漠回应、推卸责任、消极应付": "courtesy/cold shirking/pushed-away shirking/self-service shirking/rule-blamed",
    "及时安抚": "waiting/upset-waits understanding/soothed understanding/empathy",
    "平台高风险词 站外": "contact/off-platform contact/other-platform contact/qr-code contact/group contact/off-site-link",
    "平台高风险词 绝对化": "advertising/absolute advertising/effect advertising/puffed",
    "平台高风险词 诱导": "review/inducement review/brushing platform/price-change contact/private-payment",
    "绝对正品、100%有效、肯定能退款": "advertising/puffed advertising/effect promise/refund",
    "不可能、不知道、你不懂、别啰嗦、这不是我的问题": (
        "courtesy/flat-refusal followup/not-known insult/belittling courtesy/commanding shirking/pushed-away"
    ),
    "不退款、没有发票、不支持信用卡、缺货": (
        "platform/refund-refused platform/invoice-refused platform/card-refused recommend/alternative"
    ),
    "鄙视语、烦躁语": "insult/belittling argument/impatience insult/sarcasm",
}


class Said(NamedTuple):
    """A line of an agent, what it stands for in the file, and the levels of the rules that hit it."""

    label: str
    text: str
    hit: dict[str, str]


@pytest.fixture(scope="module")
def library() -> Library:
    return load(lexicons_folder(None))


@pytest.fixture(scope="module")
def lines(library: Library) -> dict[str, list[Said]]:
    """Every line of the file as the second message of a conversation of its own, and its prohibitions' hits."""
    written = yaml.safe_load((HERE / "evasions.yaml").read_text(encoding="utf-8"))
    said = {
        part: [Said(label, text, {}) for label, texts in written[part].items() for text in texts]
        for part in ("evasions", "later", "traps")
    }
    every = [one for part in said.values() for one in part]
    rows = [
        row for at, one in enumerate(every) for row in transcript(f"B 在吗\nA {one.text}", f"{at:06d}", "evasions.yaml")
    ]
    settings = Settings()
    frame = from_rows(rows, settings.timezone)
    frame["file"], frame["source"], frame["masked"] = "example", 0, False
    frame["file"] = frame["file"].astype("category")
    frame = fill_kinds(frame)
    frame["refs"] = find_refs(frame["text"])
    hits = flag(split(identify(frame)[0], settings), library, Segmenter(settings.product_words)).hits
    for hit in hits.itertuples():
        rule = library.rules[str(hit.rule)]
        if rule.expect == "none" and "agent" in rule.find.who:
            every[int(str(hit.session_id))].hit[str(hit.rule)] = rule.level
    return said


@pytest.mark.parametrize("part", ["evasions", "later"])
def test_of_the_evasions_95_in_100_are_caught(part: str, lines: dict[str, list[Said]], library: Library) -> None:
    evasions = lines[part]
    assert len(evasions) >= 200 and {one.label for one in evasions} <= set(library.rules)
    missed = [one for one in evasions if one.label not in one.hit]
    print(*(f"missed: {one.label}: {one.text} {sorted(one.hit)}" for one in missed), sep="\n")
    assert 1 - len(missed) / len(evasions) >= 0.95


def test_honest_lines_are_left_alone_by_red_and_major(lines: dict[str, list[Said]]) -> None:
    traps = lines["traps"]
    caught = [(one.text, sorted(one.hit)) for one in traps if {"red", "major"} & set(one.hit.values())]
    assert len(traps) >= 200 and caught == []


def test_at_least_eighty_rules_in_their_groups(library: Library) -> None:
    groups = {name.split("/")[0] for name in library.rules}
    assert len(library.rules) >= 80 and groups >= GROUPS


def test_every_published_item_has_its_rules_or_a_reason(library: Library) -> None:
    for item, carried in COVERED.items():
        unknown = (
            [] if carried.startswith(NOT_IN_TEXT) else [one for one in carried.split() if one not in library.rules]
        )
        assert not unknown, f"{item}: {unknown}"


def test_every_rule_says_why_from_where_and_what_to_say(library: Library) -> None:
    for name, rule in library.rules.items():
        positive = rule.expect == "count"
        assert len(rule.why) >= 20 and (positive or rule.say), name
        assert "/work" not in rule.source and "research" not in rule.source, name


def test_every_word_list_is_used(library: Library) -> None:
    texts = "\n".join(path.read_text(encoding="utf-8") for path in lexicons_folder(None).rglob("*.yaml"))
    assert [name for name in library.words if texts.count(name) == 0] == []
