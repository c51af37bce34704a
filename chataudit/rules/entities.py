"""Entities in talk: numbers, addresses and links that lead away from the platform. RE2 patterns on folded text."""

from __future__ import annotations

from chataudit.rules.model import Entity

OWN_HOSTS = (
    "taobao.com|tmall.com|tmall.hk|1688.com|alipay.com|tb.cn|jd.com|jd.hk|3.cn|pinduoduo.com|yangkeduo.com|"
    "jinritemai.com|douyin.com|iesdouyin.com|alicdn.com|360buyimg.com"
)
NOT_DIGIT, END = r"(?:^|[^\d=/a-z-])", r"(?:$|[^\d])"

PATTERNS: dict[Entity, str] = {
    "phone": rf"{NOT_DIGIT}(?P<hit>(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{{4}}){{2}}){END}",
    "link": r"(?P<hit>(?:https?://|www\.)[^\s一-鿿，。]+)",
    "wechat": (
        r"(?:微信|威信|薇信|v信|vx|wx|wechat)(?:号|是|为|id|:|：|\s)*"
        r"(?P<hit>[a-z][a-z0-9_-]{5,19}|1[3-9]\d{9})"
    ),
    "qq": r"(?:qq|扣扣|企鹅)(?:号|群|是|为|:|：|\s)*(?P<hit>[1-9]\d{4,10})",
    "bank_card": rf"{NOT_DIGIT}(?P<hit>62\d{{2}}[ -]?(?:\d{{4}}[ -]?){{3}}\d{{0,3}}){END}",
    "email": r"(?P<hit>[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+)",
    "id_card": r"(?:^|[^\da-z])(?P<hit>[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dx])(?:$|[^\da-z])",
}
INNOCENT: dict[Entity, str] = {
    "link": rf"^(?:https?://)?(?:[a-z0-9-]+\.)*(?:{OWN_HOSTS.replace('.', chr(92) + '.')})(?:[:/?#].*)?$"
}
