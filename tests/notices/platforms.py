"""What the platforms demand of a message, written from their documents and not from our code."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

SECRET = "SEC-9b1c+s/e=cret"
TOKEN = "t0ken-7f3a+b/c="
QUOTED = "t0ken-7f3a%2Bb%2Fc%3D"
HOUR_S = 3600
PATHS = {
    "dingtalk": f"/robot/send?access_token={QUOTED}",
    "wecom": f"/cgi-bin/webhook/send?key={QUOTED}",
    "feishu": "/open-apis/bot/v2/hook/t0ken-7f3a",
}


def hmac_sha256(key: bytes, text: bytes) -> str:
    """Return HMAC-SHA256 in base64, by the definition of RFC 2104."""
    padded = (key if len(key) <= 64 else hashlib.sha256(key).digest()).ljust(64, b"\0")
    inner = hashlib.sha256(bytes(one ^ 0x36 for one in padded) + text).digest()
    return base64.b64encode(hashlib.sha256(bytes(one ^ 0x5C for one in padded) + inner).digest()).decode()


def answer(url: str, body: bytes, now_s: float) -> dict[str, Any]:
    """Return what the platform whose path it is says to a POST at ``now_s``."""
    path = urlsplit(url).path
    if path == "/robot/send":
        return _dingtalk(url, body, now_s)
    return _wecom(url, body) if path == "/cgi-bin/webhook/send" else _feishu(path, body, now_s)


def _query(url: str) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(url).query, strict_parsing=True).items()}


def _dingtalk(url: str, body: bytes, now_s: float) -> dict[str, Any]:
    query = _query(url)
    if query["access_token"] != TOKEN:
        return {"errcode": 300001, "errmsg": "token is not exist"}
    signed = f"{query.get('timestamp')}\n{SECRET}".encode()
    if abs(now_s * 1000 - int(query.get("timestamp", 0))) > HOUR_S * 1000:
        return {"errcode": 310000, "errmsg": "invalid timestamp"}
    if query.get("sign") != hmac_sha256(SECRET.encode(), signed):
        return {"errcode": 310000, "errmsg": "sign not match"}
    if len(body) > 20_000:
        return {"errcode": 460101, "errmsg": "message too long, exceed 20000 bytes"}
    message = json.loads(body)
    if message["msgtype"] != "markdown" or not message["markdown"]["title"] or not message["markdown"]["text"]:
        return {"errcode": 400105, "errmsg": "unsupported message"}
    return {"errcode": 0, "errmsg": "ok"}


def _wecom(url: str, body: bytes) -> dict[str, Any]:
    if _query(url) != {"key": TOKEN}:
        return {"errcode": 93000, "errmsg": "invalid webhook url, hint: [1], from ip: 127.0.0.1"}
    message = json.loads(body)
    if message["msgtype"] != "markdown" or not message["markdown"]["content"]:
        return {"errcode": 40008, "errmsg": "invalid message type"}
    if len(message["markdown"]["content"].encode()) > 4096:
        return {"errcode": 40058, "errmsg": "markdown.content exceed max length 4096"}
    return {"errcode": 0, "errmsg": "ok"}


def _feishu(path: str, body: bytes, now_s: float) -> dict[str, Any]:
    if path != PATHS["feishu"]:
        return {"code": 19001, "msg": "param invalid: incoming webhook access token invalid"}
    message = json.loads(body)
    stamp = message.get("timestamp", "")
    key = f"{stamp}\n{SECRET}".encode()
    fresh = isinstance(stamp, str) and stamp.isdigit() and abs(now_s - int(stamp)) <= HOUR_S
    if not fresh or message.get("sign") != hmac_sha256(key, b""):
        return {"code": 19021, "msg": "sign match fail or timestamp is not within one hour from current time"}
    card = message["card"]
    if len(body) > 20 * 1024 or message["msg_type"] != "interactive" or not card["elements"]:
        return {"code": 9499, "msg": "Bad Request", "data": {}}
    if not card["header"]["title"]["content"]:
        return {"code": 9499, "msg": "Bad Request", "data": {}}
    return {"StatusCode": 0, "StatusMessage": "success", "code": 0, "data": {}, "msg": "success"}
