"""The overview's charts as SVG with real text: drawn without a network, small, readable in print."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from chataudit.report.overview import Bucket, Compared, Hour
from chataudit.report.wording import NOTHING, Speech, decimal, share

FONT = "'Microsoft YaHei','PingFang SC','Noto Sans CJK SC',sans-serif"
ACCENT, SOFT, INK, FAINT, GRID = "#0f6b6f", "#9cc7c5", "#2b3338", "#68747a", "#e6eaea"
WIDE, ROW = 790, 26
LONGEST = 170  # pixels of a name
PANEL = 235
Spec = dict[str, Any]


def warm() -> None:
    """Begin to load the libraries that draw, beside other work: they take about a second."""

    def load() -> None:
        import altair  # noqa: F401 - loaded for the functions below
        import vl_convert

        vl_convert.vegalite_to_svg({"data": {"values": []}, "mark": "bar"})

    threading.Thread(target=load).start()


def draw_waits(buckets: Sequence[Bucket], speech: Speech) -> str:
    """Return the distribution of response times; pending rounds stand apart in outline."""
    import altair as alt

    rows = [{**asdict(one), "text": f"{one.n:,} · {one.share:.1%}"} for one in buckets]
    top = max(one.n for one in buckets) * 1.12 or 1
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("label:N", sort=None, title=None, axis=alt.Axis(labelAngle=0)),
        y=alt.Y(
            "n:Q",
            title=speech.t("轮次", "rounds"),
            axis=alt.Axis(tickCount=4),
            scale=alt.Scale(domain=[0, top], nice=False),
        ),
    )
    bars = base.transform_filter("!datum.pending").mark_bar(width={"band": 0.62}, cornerRadiusEnd=2, color=ACCENT)
    pending = base.transform_filter("datum.pending").mark_bar(
        width={"band": 0.62}, cornerRadiusEnd=2, color="#ffffff", stroke=FAINT, strokeDash=[3, 2]
    )
    words = base.mark_text(dy=-8, color=INK, fontSize=12).encode(text="text:N")
    return _svg((bars + pending + words).properties(width=WIDE, height=190), "waits")


def draw_hours(hours: Sequence[Hour], speech: Speech) -> str:
    """Return rounds opened by hour of the day above the mean wait of that hour."""
    import altair as alt

    rows = [{**asdict(one), "label": f"{one.hour:02d}"} for one in hours]
    axis = alt.X("label:N", title=None, axis=alt.Axis(labelAngle=0, ticks=False))
    base = alt.Chart(alt.Data(values=rows))
    ticks = alt.Axis(tickCount=4)
    opened = base.encode(x=axis, y=alt.Y("n:Q", title=speech.t("轮次", "rounds"), axis=ticks))
    waits = base.encode(x=axis, y=alt.Y("wait_s:Q", title=speech.t("平均等待 秒", "mean wait, s"), axis=ticks))
    top = opened.mark_bar(width={"band": 0.7}, color=SOFT, cornerRadiusEnd=2)
    dots = waits.mark_point(color=ACCENT, filled=True, size=34, opacity=1)
    low = waits.mark_line(color=ACCENT, strokeWidth=1.5) + dots
    panels = [one.properties(width=WIDE, height=110) for one in (top, low)]
    return _svg(alt.vconcat(*panels, spacing=14), "hours")


def draw_agents(agents: Sequence[Compared], speech: Speech) -> str:
    """Return the agents beside each other: mean response, share within 180 s, checklist score with its bounds."""
    import altair as alt

    rows = [
        {
            **asdict(one),
            "mean_text": _with_n(decimal(one.mean_s), one.answered_n, speech),
            "share_text": _with_n(share(one.share), one.timed_n, speech),
            "score_text": _with_n(decimal(one.score), one.scored_n, speech),
        }
        for one in agents
    ]
    data = alt.Data(values=rows)
    bars = [
        _bars(data, "mean_s", speech.t("平均响应 秒", "mean response, s"), rows, True),
        _bars(data, "share", speech.t("180 秒内回复", "within 180 s"), rows, False),
    ]
    scale = alt.Scale(domain=[0, 175], nice=False)
    y = alt.Y("name:N", sort=None, title=None, axis=None)
    base = alt.Chart(data)
    axis = alt.Axis(values=[0, 50, 100], title=None)
    span = base.mark_rule(strokeWidth=7, opacity=1, color=SOFT).encode(
        y=y, x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q"
    )
    dot = base.mark_point(filled=True, size=46, color=ACCENT, opacity=1).encode(
        y=y, x=alt.X("score:Q", scale=scale, axis=axis)
    )
    words = base.mark_text(align="left", color=INK, fontSize=11).encode(
        y=y, x=alt.value(PANEL * 0.62), text="score_text:N"
    )
    title = speech.t("评分表得分（上下限）", "checklist score (bounds)")
    score = (span + dot + words).properties(width=PANEL, height=ROW * len(rows), title=title)
    return _svg(alt.hconcat(*bars, score, spacing=18), "agents")


def _with_n(figure: str, number: int, speech: Speech) -> str:
    return figure if figure == NOTHING else figure + speech.t(f"（n={number}）", f" (n={number})")


def _bars(data: Any, field: str, title: str, rows: list[dict[str, Any]], names: bool) -> Any:
    import altair as alt

    most = max([row[field] for row in rows if row[field] is not None], default=1) or 1
    room = _room([str(row["name"]) for row in rows])
    axis = alt.Axis(labelLimit=LONGEST, minExtent=room, ticks=False, domain=False, labelColor=INK) if names else None
    base = alt.Chart(data).encode(y=alt.Y("name:N", sort=None, title=None, axis=axis))
    bars = base.mark_bar(height={"band": 0.5}, color=ACCENT, cornerRadiusEnd=2).encode(
        x=alt.X(f"{field}:Q", axis=None, scale=alt.Scale(domain=[0, most * 1.9], nice=False))
    )
    words = base.mark_text(align="left", dx=6, color=INK, fontSize=11).encode(
        x=alt.X(f"{field}:Q"), text=f"{field.removesuffix('_s')}_text:N"
    )
    return (bars + words).properties(width=PANEL, height=ROW * len(rows), title=title)


def _room(names: Sequence[str]) -> float:
    """Return room for the longest of names, whatever fonts the machine has on which the chart is drawn."""
    return min(max((sum(12.0 if ord(sign) >= 0x2E80 else 7.0 for sign in name) for name in names), default=0), LONGEST)


def _svg(chart: Any, name: str) -> str:
    """Return a chart's SVG for inlining: no namespaces, ids of its own, scaled by the page."""
    import vl_convert

    font = {"labelFont": FONT, "titleFont": FONT}
    spec: Spec = chart.to_dict()
    spec["config"] = {
        "font": FONT,
        "background": None,
        "view": {"stroke": None},
        "axis": {
            **font,
            "labelFontSize": 11,
            "titleFontSize": 11,
            "labelColor": FAINT,
            "titleColor": FAINT,
            "titleFontWeight": "normal",
            "gridColor": GRID,
            "domainColor": GRID,
            "tickColor": GRID,
        },
        "axisX": {"grid": False},
        "title": {"font": FONT, "fontSize": 12, "fontWeight": "normal", "color": FAINT, "anchor": "start"},
        "text": {"font": FONT},
    }
    drawn = str(vl_convert.vegalite_to_svg(spec))
    drawn = re.sub(r'\s(?:xmlns(?::xlink)?|version|class|aria-[a-z]+|role)="[^"]*"', "", drawn)
    # The renderer numbers its ids on from chart to chart: numbered anew, the same data makes the same page.
    ids = {one: f"{name}-{number}" for number, one in enumerate(dict.fromkeys(re.findall(r'\bid="([^"]+)"', drawn)))}
    drawn = re.sub(r'\bid="([^"]+)"', lambda found: f'id="{ids[found[1]]}"', drawn)
    drawn = re.sub(r"url\(#([^)]+)\)", lambda found: f"url(#{ids.get(found[1], found[1])})", drawn)
    drawn = re.sub(r"^<svg", f'<svg role="img" data-chart="{name}"', drawn)
    return re.sub(r' width="(\d+(?:\.\d+)?)" height="[^"]*"', r' style="max-width:\1px"', drawn, count=1)
