"""All rows of `platform_metrics.csv`; what each metric counts stands in `taobao`, `jd`, `pdd`, `douyin`.

Readings:
- A shop's log has rows when it has a message with time; messages without are left out (`log`).
- Rows: every (local day, agent) with talk of buyer, agent or assist that day, and every one that the metric's own units
  name, has a row in every metric, also with nothing counted: denominator 0, numerator 0, value null. (ALL, agent) and
  (day, ALL) follow from these, (ALL, ALL) is always there. Who compares may leave out rows with denominator 0.
- Rows with agent null are the empty agent's; the word ALL stands for all days or all agents.
- An ALL row adds up its units, so a buyer with two agents counts twice in `taobao.reply_share`, whose unit is buyer ×
  agent × day; in the `pdd` metrics it counts once a day.
"""

from collections.abc import Iterable

from . import douyin, jd, pdd, taobao
from .log import Log, Unit, logs
from .settings import SlowSettings
from .terms import Message, Row, is_agent_talk, is_buyer_talk, ratio

ALL = "ALL"
Both = tuple[list[Unit], list[Unit]]


def platform_metrics(messages: Iterable[Message], settings: SlowSettings) -> list[Row]:
    """One row for each metric, day, shop and agent, and their totals; `messages` as `split` gives them."""
    return [
        {"platform": place["platform"], "metric": metric, "day": day, "shop": place["shop"], "agent": agent, **figures}
        for place, log in logs(messages, settings)
        for metric, (by_agent, overall) in _units(log).items()
        for day, agent, figures in _rows(log, by_agent, overall)
    ]


def _units(log: Log) -> dict[str, Both]:
    """The units of each metric, for the rows of agents and for the rows of all agents."""
    once = {
        "taobao.within_180s": taobao.within_180s(log),
        "taobao.mean_response": taobao.mean_response(log),
        "taobao.reply_share": taobao.reply_share(log),
        "jd.first_30s": jd.first_30s(log),
        "jd.mean_response": jd.mean_response(log),
        "douyin.first_response": douyin.first_response(log),
        "douyin.within_180s_rounds": douyin.within_180s_rounds(log),
        "douyin.within_180s_sessions": douyin.within_180s_sessions(log),
    }
    return {
        **{metric: (units, units) for metric, units in once.items()},
        "pdd.within_180s_buyers": pdd.within_180s_buyers(log),
        "pdd.valid_reply_1h": pdd.valid_reply_1h(log),
    }


def _rows(log: Log, by_agent: list[Unit], overall: list[Unit]) -> list[tuple[str, str | None, Row]]:
    talk = [message for message in log.messages if is_buyer_talk(message) or is_agent_talk(message)]
    pairs = dict.fromkeys([(log.day(one), one["agent"]) for one in talk] + [(one.day, one.agent) for one in by_agent])
    days, agents = dict.fromkeys(day for day, _ in pairs), dict.fromkeys(agent for _, agent in pairs)
    return [
        *[(str(day), agent, _sum(u for u in by_agent if (u.day, u.agent) == (day, agent))) for day, agent in pairs],
        *[(ALL, agent, _sum(u for u in by_agent if u.agent == agent)) for agent in agents],
        *[(str(day), ALL, _sum(u for u in overall if u.day == day)) for day in days],
        (ALL, ALL, _sum(overall)),
    ]


def _sum(units: Iterable[Unit]) -> Row:
    units = list(units)
    numerator, denominator = sum(unit.numerator for unit in units), sum(unit.denominator for unit in units)
    return {"numerator": numerator, "denominator": denominator, "value": ratio(numerator, denominator)}
