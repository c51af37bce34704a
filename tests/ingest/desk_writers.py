"""Writers of the layouts of help desks, 微信, QQ and twcs, and what makes a drawn talk one that each can carry."""

from __future__ import annotations

import csv
import datetime as dt
import html
import json
from itertools import groupby
from pathlib import Path
from typing import Any

Message = dict[str, Any]
CHINA = dt.timezone(dt.timedelta(hours=8))
WECHAT = [
    "localId",
    "TalkerId",
    "Type",
    "SubType",
    "IsSender",
    "CreateTime",
    "Status",
    "StrContent",
    "StrTime",
    "Remark",
    "NickName",
    "Sender",
]
TWCS = ["tweet_id", "author_id", "inbound", "created_at", "text", "response_tweet_id", "in_response_to_tweet_id"]


def seconds(message: Message) -> int:
    return int(message["sent_at"].replace(tzinfo=CHINA).timestamp())


def by_buyer(message: Message) -> bool:
    return bool(message["sender"] == "buyer")


def lines(path: Path, objects: list[Message]) -> None:
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects), encoding="utf-8")


# --- What each can carry ---------------------------------------------------------------------------------------------


def of_outside(messages: list[Message]) -> list[Message]:
    """Customers of 企业微信 have ids that begin with wm."""
    return [{**one, "buyer": f"wm{one['buyer']}"} for one in messages]


def opened(messages: list[Message]) -> list[Message]:
    """Every session begins with its buyer."""
    seen: set[str] = set()
    made = []
    for one in messages:
        made.append(one if one["session_id"] in seen else {**one, "sender": "buyer"})
        seen.add(one["session_id"])
    return made


def of_markup(messages: list[Message]) -> list[Message]:
    """Every session begins with its buyer; a body is not blank, and its ends are trimmed."""
    return [{**one, "text": one["text"].strip() or "在"} for one in opened(messages)]


def of_two(messages: list[Message]) -> list[Message]:
    """One buyer, who begins, and one agent; each body is a line."""
    first = {**messages[0], "sender": "buyer"}
    mine = [first, *(one for one in messages[1:] if one["buyer"] == first["buyer"])]
    return [{**one, "agent": "我", "text": " ".join(one["text"].split()) or "在"} for one in mine]


def of_lines(messages: list[Message]) -> list[Message]:
    return [{**one, "text": " ".join(one["text"].split()) or "在"} for one in messages]


def of_brand(messages: list[Message]) -> list[Message]:
    """One brand, to which every customer writes first."""
    return [{**one, "agent": "ExampleCare"} for one in opened(messages)]


# --- Writers ---------------------------------------------------------------------------------------------------------


def wecom(path: Path, messages: list[Message]) -> None:
    lines(
        path,
        [
            {
                "msgid": f"{number}_1",
                "action": "send",
                "from": one["buyer"] if by_buyer(one) else one["agent"],
                "tolist": [one["agent"] if by_buyer(one) else one["buyer"]],
                "roomid": "",
                "msgtime": seconds(one) * 1000,
                "msgtype": "text",
                "text": {"content": one["text"]},
            }
            for number, one in enumerate(messages)
        ],
    )


def weixin_kf(path: Path, messages: list[Message]) -> None:
    made = [
        {
            "msgid": f"m{number}",
            "open_kfid": one["shop"],
            "external_userid": one["buyer"],
            "send_time": seconds(one),
            "origin": 3 if by_buyer(one) else 5,
            **({} if by_buyer(one) else {"servicer_userid": one["agent"]}),
            "msgtype": "text",
            "text": {"content": one["text"]},
        }
        for number, one in enumerate(messages)
    ]
    path.write_text(json.dumps({"errcode": 0, "msg_list": made}), encoding="utf-8")


def mp_kf(path: Path, messages: list[Message]) -> None:
    made = [
        {
            "openid": one["buyer"],
            "opercode": 2003 if by_buyer(one) else 2002,
            "text": one["text"],
            "time": seconds(one),
            "worker": f"{one['agent']}@{one['shop']}",
        }
        for one in messages
    ]
    path.write_text(json.dumps({"recordlist": made, "number": len(made)}, ensure_ascii=False), encoding="gb18030")


def wechat_csv(path: Path, messages: list[Message]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(WECHAT)
        for number, one in enumerate(messages):
            mine = [one["buyer"], "我", one["agent"]] if not by_buyer(one) else [one["buyer"], one["buyer"], "wxid_1"]
            head = [number, one["session_id"], 1, 0, int(not by_buyer(one)), seconds(one), 3]
            out.writerow([*head, one["text"], f"{one['sent_at']:%Y-%m-%d %H:%M:%S}", *mine])


def wechat_txt(path: Path, messages: list[Message]) -> None:
    blocks = [
        f"{one['sent_at']:%Y-%m-%d %H:%M:%S} {one['buyer'] if by_buyer(one) else one['agent']}\n{one['text']}\n"
        for one in messages
    ]
    path.write_text("\n".join(blocks), encoding="utf-8")


def qq_txt(path: Path, messages: list[Message]) -> None:
    rule = "=" * 64
    made = ["消息记录（此消息记录为文本格式，不支持重新导入）", ""]
    for buyer, block in groupby(messages, key=lambda one: one["buyer"]):
        made += [rule, "消息分组:我的好友", rule, f"消息对象:{buyer}", rule, ""]
        for one in block:
            who = f"{buyer}(10000001)" if by_buyer(one) else f"{one['agent']}<kefu@example.invalid>"
            made += [f"{one['sent_at']:%Y-%m-%d} {one['sent_at'].hour}:{one['sent_at']:%M:%S} {who}", one["text"], ""]
    path.write_text("\r\n".join(made), encoding="utf-8-sig", newline="")


def qiyu(path: Path, messages: list[Message]) -> None:
    buyers = {one["session_id"]: one["buyer"] for one in messages}
    sessions = [
        {"id": name, "sType": 0, "staffId": 1, "staffName": "小雨", "userId": who} for name, who in buyers.items()
    ]
    talk = [
        {
            "id": number,
            "content": one["text"],
            "type": "text",
            "time": seconds(one) * 1000,
            "fromUser": int(by_buyer(one)),
            "msgIdClient": f"{one['session_id']}#{number}",
            "sessionId": one["session_id"],
        }
        for number, one in enumerate(messages)
    ]
    lines(path, [*sessions, *talk])


def chatwoot(path: Path, messages: list[Message]) -> None:
    made = [
        {
            "id": number,
            "content": one["text"],
            "inbox_id": one["shop"],
            "conversation_id": one["session_id"],
            "message_type": 0 if by_buyer(one) else 1,
            "created_at": seconds(one),
            "private": False,
            "sender": {"id": one["buyer"]} if by_buyer(one) else {"id": 7, "name": one["agent"]},
        }
        for number, one in enumerate(messages)
    ]
    path.write_text(json.dumps({"meta": {}, "payload": made}, ensure_ascii=False), encoding="utf-8")


def zendesk(path: Path, messages: list[Message]) -> None:
    tickets = []
    for (ticket, buyer), block in groupby(messages, key=lambda one: (one["session_id"], one["buyer"])):
        comments = [
            {
                "author_id": buyer if by_buyer(one) else one["agent"],
                "body": one["text"],
                "public": True,
                "created_at": one["sent_at"].replace(tzinfo=CHINA).astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            }
            for one in block
        ]
        tickets.append({"id": ticket, "requester_id": buyer, "comments": comments})
    lines(path, tickets)


def intercom(path: Path, messages: list[Message]) -> None:
    made = []
    for session, block in groupby(messages, key=lambda one: one["session_id"]):
        parts = [
            {
                "part_type": "comment",
                "body": f"<p>{html.escape(one['text']).replace(chr(10), '<br>')}</p>",
                "created_at": seconds(one),
                "author": {"type": "user", "id": one["buyer"]}
                if by_buyer(one)
                else {"type": "admin", "name": one["agent"]},
            }
            for one in block
        ]
        source = {name: parts[0][name] for name in ("body", "author")}
        rest = {"conversation_parts": {"conversation_parts": parts[1:]}}
        made.append({"id": session, "created_at": parts[0]["created_at"], "source": source, **rest})
    lines(path, made)


def tencent_ccc(path: Path, messages: list[Message]) -> None:
    made = [
        {
            "Timestamp": seconds(one),
            "From": one["buyer"] if by_buyer(one) else one["agent"],
            "Messages": [{"Type": "Text", "Content": one["text"]}],
        }
        for one in messages
    ]
    path.write_text(json.dumps({"TotalCount": len(made), "Messages": made}), encoding="utf-8")


def twcs(path: Path, messages: list[Message]) -> None:
    last: dict[str, int] = {}
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(TWCS)
        for number, one in enumerate(messages, start=1):
            asked = "" if by_buyer(one) else f"{last[one['buyer']]}.0"
            time = one["sent_at"].replace(tzinfo=CHINA).astimezone(dt.UTC).strftime("%a %b %d %H:%M:%S +0000 %Y")
            author = one["buyer"] if by_buyer(one) else one["agent"]
            out.writerow([number, author, by_buyer(one), time, one["text"], "", asked])
            last[one["buyer"]] = number if by_buyer(one) else last[one["buyer"]]
