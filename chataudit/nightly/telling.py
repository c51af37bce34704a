"""What people are told of a night: numbers, red lines by rule and agent, what failed; nothing that was said in a chat."""

from __future__ import annotations

from dataclasses import dataclass, field

from chataudit import store
from chataudit.errors import Faults, Words
from chataudit.nightly.request import Night
from chataudit.notices import Notice
from chataudit.tools import Tools

MOST_RED = 50


@dataclass(frozen=True)
class RedLines:
    """Red lines to be told, by rule's title and agent; and the days looked at, with their run and how many each has."""

    lines: dict[tuple[Words, str], int] = field(default_factory=dict)
    days: list[tuple[str, int, int]] = field(default_factory=list)


def red_lines_to_tell(database: store.Database, tools: Tools) -> RedLines:
    """Return the red lines of days whose number has grown since people were told: a day audited anew is not told again."""
    found = RedLines()
    for day in store.days_of(database):
        if day.run is None or day.run == day.told:
            continue
        red = store.red_of(database, day.run)
        count = sum(red.values())
        found.days.append((day.day, day.run, count))
        for (rule, agent), n in red.items() if count > (day.told_n or 0) else ():
            known = tools.library.rules.get(rule)
            title = Words(known.name, known.name_en) if known else Words(rule, rule)
            found.lines[title, agent] = found.lines.get((title, agent), 0) + n
    return found


def failed_notice(error: Exception) -> Notice:
    """Return the notice of a night that could not be done; of faults what they say, of others only their kind."""
    title = Words("客服质检：没有完成", "Service audit: not done")
    faults = error.faults if isinstance(error, Faults) else ()
    said = tuple(Words(fault.said("zh"), fault.said("en")) for fault in faults)
    kind = type(error).__name__
    return Notice(title, failed=said or (Words(f"程序出错：{kind}", f"The program failed: {kind}"),))


def notice_of(night: Night) -> Notice:
    """Return the notice of a night."""
    return Notice(_title(night), tuple(summary_lines(night)), _red_lines(night), tuple(night.failed), _reports(night))


def _title(night: Night) -> Words:
    days = night.days
    span = "" if not days else days[0] if len(days) == 1 else f"{days[0]}..{days[-1]}"
    if night.outcome == "attention":
        return Words(
            f"客服质检 {span}：需要处理".replace("  ", " "), f"Service audit {span}: wants a look".replace("  ", " ")
        )
    return Words(f"客服质检 {span or '没有新数据'}", f"Service audit {span or 'nothing new'}")


def summary_lines(night: Night) -> list[Words]:
    """Return a night in a few lines."""
    lines = [
        Words(
            f"文件：新收 {len(night.taken)}，已有 {len(night.known)}，隔离 {len(night.quarantined)}，还在写入 {len(night.growing)}",
            f"Files: {len(night.taken)} new, {len(night.known)} known, {len(night.quarantined)} quarantined, "
            f"{len(night.growing)} still being written",
        ),
        Words(
            f"行：{night.rows} = 消息 {night.messages} + 重复 {night.duplicates} + 拒收 {night.rejects}",
            f"Rows: {night.rows} = {night.messages} messages + {night.duplicates} duplicates + {night.rejects} rejects",
        ),
    ]
    if night.days:
        lines.append(
            Words(
                f"审核了 {len(night.days)} 天：{'、'.join(night.days)}",
                f"Audited {len(night.days)} days: {', '.join(night.days)}",
            )
        )
    if night.scored:
        lines.append(Words(f"评分：{'、'.join(night.scored)}", f"Scored: {', '.join(night.scored)}"))
    red = sum(night.red.values())
    lines.append(Words(f"红线：{red}", f"Red lines: {red}"))
    return lines


def _red_lines(night: Night) -> tuple[Words, ...]:
    ranked = sorted(night.red.items(), key=lambda one: (-one[1], one[0]))
    lines = [Words(f"{title.zh} · {agent} × {n}", f"{title.en} · {agent} × {n}") for (title, agent), n in ranked]
    more = len(lines) - MOST_RED
    rest = [Words(f"还有 {more} 项", f"{more} more")] if more > 0 else []
    return tuple([*lines[:MOST_RED], *rest])


def _reports(night: Night) -> tuple[str, ...]:
    return tuple(str(one / "index.html") for one in night.reports)
