"""One entry for each layout: its hand-made export and, where it can be written, how messages are written in it.

``layouts/NAME/`` holds the export and ``expected.txt``: what each message of it must be read as, checked by hand.
The tests in `test_layouts` take these entries; a layout without one fails.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest import desk_writers, platform_writers
from ingest import export_writers as out

FOLDER = Path(__file__).parent / "layouts"
Message = dict[str, Any]
TALK = ("buyer", "sender", "sent_at", "text")
Write = Callable[[Path, list[Message]], None]


def same(messages: list[Message]) -> list[Message]:
    return messages


@dataclass(frozen=True)
class Case:
    """``layout`` and its ``file`` in `FOLDER`; ``form``: ``text``, ``json``, ``csv`` or ``workbook`` (how it is mangled).

    For the property test: ``write`` a drawn talk to a file; ``names``: the columns that are read back; ``fit`` turns
    drawn messages into such as the layout can carry (and into what must be read back).
    """

    layout: str
    file: str
    form: str
    write: Write | None = None
    names: tuple[str, ...] = ("platform", "shop", "buyer", "sender", "sent_at", "text")
    fit: Callable[[list[Message]], list[Message]] = same

    @property
    def path(self) -> Path:
        return FOLDER / self.layout / self.file


CASES = (
    Case("wangwang", "小雨.txt", "text"),  # written and read back in test_reading_back, as is each without a writer
    Case("qianniu_im", "2026-03-02 聊天.txt", "text", out.qianniu_im, fit=out.trimmed_talk),
    Case("qianniu_clipboard", "复制.txt", "text", out.qianniu_clipboard, fit=out.trimmed_talk),
    Case(
        "qianniu_book",
        "千牛聊天记录_原始逐条_2026-03-02_10-05.xlsx",
        "workbook",
        platform_writers.qianniu_book,
        fit=platform_writers.of_one_day,
    ),
    Case(
        "qianniu_cells",
        "聊天记录_2026-03-02.xlsx",
        "workbook",
        platform_writers.qianniu_cells,
        fit=platform_writers.of_cells,
    ),
    Case("qianniu_fulltext", "全文.csv", "csv", out.qianniu_fulltext, fit=out.one_talk),
    Case("qianniu_web", "复制.txt", "text", out.qianniu_web, fit=out.one_talk),
    Case("qianniu_push", "推送.jsonl", "json", out.qianniu_push),
    Case(
        "pdd_scraped",
        f"{platform_writers.ORDER}_chat.json",
        "json",
        platform_writers.pdd_scraped,
        ("platform", "shop", "session_id", *TALK),
        platform_writers.of_order,
    ),
    Case("pdd_push", "推送.jsonl", "json", platform_writers.pdd_push, fit=platform_writers.of_pdd),
    Case("jd_api", "聊天记录.json", "json", out.jd_api, fit=out.of_jd),
    Case(
        "jd_im_log",
        "消息.json",
        "json",
        platform_writers.jd_im_log,
        ("platform", "shop", "session_id", *TALK),
        platform_writers.of_answered_jd,
    ),
    Case("jd_log", "聊天记录.log", "text"),
    Case(
        "feige",
        "飞鸽_2026-03-03.csv",
        "csv",
        out.feige,
        ("platform", "buyer", "sender", "sent_at", "text"),
        out.of_douyin,
    ),
    Case("wecom", "会话存档.jsonl", "json", desk_writers.wecom, TALK, desk_writers.of_outside),
    Case("weixin_kf", "sync_msg.json", "json", desk_writers.weixin_kf, ("shop", *TALK)),
    Case("mp_kf", "getmsglist.json", "json", desk_writers.mp_kf, ("shop", *TALK)),
    Case("wechat_csv", "聊天记录.csv", "csv", desk_writers.wechat_csv, TALK),
    Case("wechat_txt", "示例买家.txt", "text", desk_writers.wechat_txt, TALK, desk_writers.of_two),
    Case("qq_txt", "消息记录.txt", "text", desk_writers.qq_txt, TALK, desk_writers.of_lines),
    Case("qiyu", "session.jsonl", "json", desk_writers.qiyu, ("session_id", *TALK)),
    Case(
        "chatwoot", "messages.json", "json", desk_writers.chatwoot, ("shop", "session_id", *TALK), desk_writers.opened
    ),
    Case("zendesk", "comments.json", "json", desk_writers.zendesk, ("session_id", *TALK)),
    Case(
        "intercom", "conversations.json", "json", desk_writers.intercom, ("session_id", *TALK), desk_writers.of_markup
    ),
    Case("tencent_ccc", "聊天.json", "json", desk_writers.tencent_ccc, TALK, desk_writers.of_two),
    Case("twcs", "twcs.csv", "csv", desk_writers.twcs, TALK, desk_writers.of_brand),
    Case("jddc", "chat.txt", "text"),
    Case("uneed", "dialogues.json", "json"),
    Case("plain", "聊天.csv", "csv"),
)
