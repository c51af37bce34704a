"""The settings that the slow implementation reads, with the contract's defaults."""

from dataclasses import dataclass

CLOSING_LINES = (
    "好", "好的", "好哒", "好滴", "嗯", "嗯嗯", "哦", "哦哦", "行", "可以", "ok", "谢谢", "谢谢啦", "谢了", "多谢",
    "知道了", "明白了", "收到", "拜拜", "再见",
)  # fmt: skip


@dataclass(frozen=True)
class SlowSettings:
    """What a shop can change about the counting; spans in seconds unless the name says otherwise."""

    timezone: str = "Asia/Shanghai"
    session_gap: float = 1800
    late_reply: float = 3600
    closing_lines: tuple[str, ...] = CLOSING_LINES
    service_hours: tuple[tuple[str, str], ...] | str = (("08:00", "23:00"),)
    slow_after: float = 60
    long_after: float = 900
    cut_hour: float = 0
    after_sales_days: int = 15
    credit_days: int = 2
