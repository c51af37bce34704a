"""How the agents work: how fast they are, how they greet, and the chance of each fault."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Manner:
    """One way of working: median and spread (log-normal) of the waits, chance of each fault, stock phrases."""

    median_s: float
    spread: float
    faults: dict[str, float]
    refund_chance: float
    order_chance: float
    hellos: tuple[str, ...]
    hellos_again: tuple[str, ...]
    byes: tuple[str, ...]
    rates: tuple[str, ...]
    canned: str


_WARM = {
    "hellos": (
        "您好亲，欢迎光临示例暖居，我是客服{me}，很高兴为您服务{emo}",
        "亲，您好，示例暖居客服{me}为您服务，请问有什么可以帮您",
        "您好，欢迎光临示例暖居，我是{me}，请问有什么可以帮到您呢",
        "在的亲，您好，我是示例暖居的客服{me}{emo}",
    ),
    "hellos_again": ("您好，欢迎再次光临示例暖居，我是{me}{emo}", "亲您好，又见面啦，我是{me}，很高兴为您服务"),
    "byes": (
        "感谢您光临示例暖居，祝您生活愉快{emo}",
        "谢谢您的支持，后续有任何问题随时联系我哈，祝您每天好心情",
        "感谢您的咨询，有需要随时找{me}，祝您购物愉快",
    ),
    "rates": (
        "满意的话麻烦您给{me}的服务点个好评，谢谢您",
        "稍后会有服务评价，方便的话请您打个分，感谢",
        "如果您对我的服务满意，麻烦给个五星评价呢，谢谢亲",
    ),
}
_PLAIN = {
    "hellos": ("您好，欢迎光临，有什么可以帮您", "您好，在的，请问有什么可以帮您的", "亲，您好，请问想咨询哪款呢"),
    "hellos_again": ("您好，欢迎再来", "亲，您好，在的呢"),
    "byes": ("感谢您的咨询，祝您生活愉快", "谢谢光临，有问题再联系我", "好的呢，感谢支持，祝您购物愉快"),
    "rates": ("麻烦您给个评价，谢谢", "方便的话请给个好评哈"),
}

MANNERS = {
    "good": Manner(
        median_s=14,
        spread=0.5,
        faults={"slow_sorry": 0.04, "no_cart": 0.05, "close_partly": 0.05},
        refund_chance=0.04,
        order_chance=0.58,
        canned="",
        **_WARM,
    ),
    "average": Manner(
        median_s=30,
        spread=0.6,
        faults={
            "no_greeting": 0.12,
            "casual": 0.15,
            "skipped_steps": 0.12,
            "recommend_no_reason": 0.2,
            "slow_sorry": 0.08,
            "slow": 0.06,
            "vague": 0.08,
            "dont_know": 0.05,
            "hold_lost": 0.04,
            "no_cart": 0.4,
            "no_confirm": 0.12,
            "no_delivery": 0.15,
            "close_partly": 0.3,
            "no_close": 0.2,
            "no_empathy": 0.3,
        },
        refund_chance=0.07,
        order_chance=0.45,
        canned="亲，商品详情页有介绍的呢，您可以先看下",
        **_PLAIN,
    ),
    "careless": Manner(
        median_s=55,
        spread=0.8,
        faults={
            "no_greeting": 0.4,
            "casual": 0.6,
            "skipped_steps": 0.3,
            "repeat_question": 0.3,
            "recommend_no_reason": 0.25,
            "no_recommend": 0.35,
            "slow": 0.12,
            "vague": 0.12,
            "dont_know": 0.14,
            "make_repeat": 0.1,
            "hold_lost": 0.12,
            "canned": 0.1,
            "abandon": 0.04,
            "no_cart": 0.7,
            "private_promise": 0.12,
            "no_confirm": 0.4,
            "no_delivery": 0.3,
            "close_partly": 0.3,
            "no_close": 0.5,
            "argue_no_apology": 0.2,
            "no_empathy": 0.3,
            "unresolved": 0.25,
        },
        refund_chance=0.12,
        order_chance=0.36,
        canned="亲，详情页都有写的，请看详情页",
        **_PLAIN,
    ),
    "bad": Manner(
        median_s=70,
        spread=0.8,
        faults={
            "no_greeting": 0.45,
            "casual": 0.7,
            "skipped_steps": 0.25,
            "repeat_question": 0.2,
            "recommend_no_reason": 0.1,
            "no_recommend": 0.35,
            "overstated": 0.22,
            "false_policy": 0.12,
            "slow": 0.08,
            "vague": 0.12,
            "dont_know": 0.12,
            "make_repeat": 0.08,
            "hold_lost": 0.05,
            "canned": 0.06,
            "abandon": 0.07,
            "insult": 0.45,
            "no_cart": 0.6,
            "private_promise": 0.25,
            "off_platform": 0.28,
            "no_confirm": 0.4,
            "no_delivery": 0.3,
            "close_partly": 0.2,
            "no_close": 0.65,
            "argue_no_apology": 0.55,
            "no_empathy": 0.3,
            "unresolved": 0.15,
        },
        refund_chance=0.2,
        order_chance=0.28,
        canned="亲，请自行查看详情页",
        **_PLAIN,
    ),
}
