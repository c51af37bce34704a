"""Entities in talk: numbers, addresses and links that lead away from the platform. RE2 patterns on folded text.

An entity may have a second pattern, read where number words and marked digits stand as digits (`SPOKEN`).
"""

from __future__ import annotations

from chataudit.rules.condition import Entity

OWN_HOSTS = (
    "taobao.com|tmall.com|tmall.hk|1688.com|alipay.com|tb.cn|jd.com|jd.hk|3.cn|pinduoduo.com|yangkeduo.com|"
    "jinritemai.com|douyin.com|iesdouyin.com|alicdn.com|360buyimg.com"
)
NOT_DIGIT, END = r"(?:^|[^\d=/a-z-])", r"(?:$|[^\d])"
GAP = r"[ .,、·*_~|-]{1,3}"
WECHAT = "|".join([one + other for one in "微薇威溦徽卫v" for other in "信芯星x"])

PATTERNS: dict[Entity, str] = {
    "phone": rf"{NOT_DIGIT}(?P<hit>(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{{4}}){{2}}){END}",
    "link": r"(?P<hit>(?:https?://|www\.)[^\s一-鿿，。]+)",
    "wechat": (
        rf"(?:{WECHAT}|wx|wechat|加v|\+v|加薇|加微)(?:号|是|为|id|:|：|\s|❤|♥|️)*"
        r"(?P<hit>[a-z][a-z0-9_-]{5,19}|1[3-9]\d{9})"
    ),
    "qq": r"(?:qq|扣扣|企鹅|加q|\+q)(?:号|群|是|为|:|：|\s)*(?P<hit>[1-9]\d{4,10})",
    "bank_card": rf"{NOT_DIGIT}(?P<hit>62\d{{2}}[ -]?(?:\d{{4}}[ -]?){{3}}\d{{0,3}}){END}",
    "email": r"(?P<hit>[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+)",
    "id_card": r"(?:^|[^\da-z])(?P<hit>[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dx])(?:$|[^\da-z])",
}
INNOCENT: dict[Entity, str] = {
    "link": rf"^(?:https?://)?(?:[a-z0-9-]+\.)*(?:{OWN_HOSTS.replace('.', chr(92) + '.')})(?:[:/?#].*)?$"
}
SPOKEN: dict[Entity, str] = {
    "phone": (
        rf"(?:^|[^\d=/a-z-])(?P<hit>1[3-9]\d{{9}}|1{GAP}[3-9](?:{GAP}\d){{9}}"
        rf"|1[3-9]\d{GAP}\d{{4}}{GAP}\d{{4}}){END}"
    ),
}
LEAST_DIGITS = 11
