"""The settings of a run: how to read, how to count, where the lexicons are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from chataudit.errors import Fault, Faults, Words
from chataudit.settings.document import Document, read_document, validate
from chataudit.settings.hours import read_hours
from chataudit.settings.policy import Policy

CLOSING_LINES = [
    "好",
    "好的",
    "好哒",
    "好滴",
    "嗯",
    "嗯嗯",
    "哦",
    "哦哦",
    "行",
    "可以",
    "ok",
    "谢谢",
    "谢谢啦",
    "谢了",
    "多谢",
    "知道了",
    "明白了",
    "收到",
    "拜拜",
    "再见",
]


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Lines = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Filters(BaseModel):
    """Which receptions do not count as received (all off by default); what is filtered is shown in the report.

    ``empty``: the buyer said nothing; ``few_lines``: the buyer said at most so many lines; ``single_line``: the buyer
    said exactly one line and the agent at most so many; ``forwarded_after``: the agent handed the chat on after at most
    so many own lines; ``own_team``: the buyer is one of the shop's own accounts; ``code_words``: the agent typed one of
    them at least ``code_times`` times.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    empty: bool = False
    few_lines: int | None = Field(None, ge=0)
    single_line: int | None = Field(None, ge=0)
    forwarded_after: int | None = Field(None, ge=0, le=10)
    own_team: bool = False
    code_words: Lines = ()
    code_times: int = Field(1, ge=1, le=10)


class Settings(BaseModel):
    """Everything a shop may set; the defaults are the contract's."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    timezone: str = "Asia/Shanghai"
    platform: Literal["plain", "taobao", "jd", "pdd", "douyin"] | None = None
    shop: str | None = None
    log_date: str | None = None
    session_gap: int = Field(1800, gt=0)
    late_reply: int = Field(3600, ge=0)
    closing_lines: Lines = tuple(CLOSING_LINES)
    service_hours: str = "08:00-23:00"
    hours_by: Literal["service_hours", "shifts"] = "service_hours"
    holidays: Lines = ()
    cut_hour: float = Field(0, ge=-12, le=12)
    slow_after: float = Field(60, ge=0)
    long_after: float = Field(900, ge=0)
    after_sales_days: int = Field(15, ge=0, le=365)
    credit_days: int = Field(2, ge=0, le=365)
    conversion_window: Literal["same_day", "next_day", "three_days", "24h", "final"] = "next_day"
    payment_delay_days: int = Field(7, ge=0, le=60)
    inquiry_rule: Literal["no_recent_order", "unless_new_order"] = "no_recent_order"
    jd_window_hours: float | None = Field(None, gt=0)
    agents: Lines = ()
    bots: Lines = ()
    assists: Lines = ()
    auto_replies: Lines = ()
    detect_auto: Literal["report", "apply", "off"] = "report"
    filters: Filters = Filters()
    transfer_counts: Literal["speaker", "receiver"] = "speaker"
    received_on: Literal["session", "reply"] = "session"
    wait_buckets: tuple[float, ...] = (30, 60, 180, 300)
    columns: dict[str, str] = {}
    product_words: Lines = ()
    slots: Path | None = None
    agent_tags: dict[str, Lines] = {}
    policies: dict[str, Policy] = {}
    lexicons: Path | None = None
    max_unpacked_mb: int = Field(4096, gt=0)

    @field_validator("timezone")
    @classmethod
    def _zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ValueError, OSError, KeyError) as error:
            raise ValueError(
                Words(f"没有时区 “{name}”，例如 Asia/Shanghai。", f"No time zone {name!r}; e.g. Asia/Shanghai.")
            ) from error
        return name

    @field_validator("log_date")
    @classmethod
    def _log_date(cls, day: str | None) -> str | None:
        return cls._days((day,))[0] if day is not None else None

    @field_validator("holidays")
    @classmethod
    def _days(cls, days: tuple[str, ...]) -> tuple[str, ...]:
        for day in days:
            if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", day):
                raise ValueError(Words(f"日期 “{day}” 要写成 2026-02-17。", f"Day {day!r} must read like 2026-02-17."))
        return days

    @field_validator("wait_buckets")
    @classmethod
    def _rising(cls, edges: tuple[float, ...]) -> tuple[float, ...]:
        if list(edges) != sorted(set(edges)) or not edges or edges[0] <= 0:
            raise ValueError(
                Words("wait_buckets 要写大于 0、从小到大的秒数。", "wait_buckets must be rising seconds above 0.")
            )
        return edges

    @field_validator("service_hours")
    @classmethod
    def _hours(cls, text: str) -> str:
        read_hours(text)
        return text


def read_settings(path: Path | None, **given: Any) -> Settings:
    """Return the settings of the file at ``path`` (YAML), with what the command line gave on top.

    Relative ``lexicons`` and ``slots`` are taken from the settings file's own folder.

    Raises:
        Faults: an unreadable file, unknown keys, wrong values; all at once.
    """
    given = {name: value for name, value in given.items() if value is not None}
    for name, value in given.items():
        validate(Document(f"--{name}", {name: value}, {}, ""), Settings)
    document = read_document(_content(path), str(path or "settings"))
    if isinstance(document.data, dict):
        document.data.update(given)
    settings = validate(document, Settings)
    if path is not None:
        own = {name: path.parent / given for name in ("lexicons", "slots") if (given := getattr(settings, name))}
        settings = settings.model_copy(update=own)
    return settings


def _content(path: Path | None) -> bytes:
    if path is None:
        return b"{}"
    if not path.is_file():
        raise Faults([Fault(Words("没有这个设置文件。", "No such settings file."), str(path))])
    return path.read_bytes()
