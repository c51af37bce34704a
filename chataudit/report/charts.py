"""The overview's charts as SVG with real text: drawn without a network, small, readable in print."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from chataudit.report.overview import Bucket, Compared, Hour
from chataudit.report.wording import NOTHING, Speech, decimal, share

MEASURED = "sans-serif"  # a list of fonts, most of them not there, takes twice as long to measure text in
FONT = "'Microsoft YaHei','PingFang SC','Noto Sans CJK SC',sans-serif"
ACCENT, SOFT, INK, FAINT, GRID = "#0f6b6f", "#9cc7c5", "#2b3338", "#68747a", "#e6eaea"
WIDE, ROW = 790, 26
LONGEST = 170  # pixels of a name
PANEL = 235
FONTS = {"labelFont": MEASURED, "titleFont": MEASURED}
CONFIG = {
    "font": MEASURED,
    "background": None,
    "view": {"stroke": None},
    "axis": {
        **FONTS,
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
    "title": {"font": MEASURED, "fontSize": 12, "fontWeight": "normal", "color": FAINT, "anchor": "start"},
    "text": {"font": MEASURED},
}
Spec = dict[str, Any]


def draw_times(buckets: Sequence[Bucket], hours: Sequence[Hour], speech: Speech) -> dict[str, str]:
    """Return the charts of rounds that there is something to draw for, by name."""
    waits = {"waits": draw_waits(buckets, speech)} if buckets else {}
    return waits | ({"hours": draw_hours(hours, speech)} if hours else {})


def draw_waits(buckets: Sequence[Bucket], speech: Speech) -> str:
    """Return the distribution of response times; pending rounds stand apart in outline."""
    rows = [{**asdict(one), "text": f"{one.n:,} · {one.share:.1%}"} for one in buckets]
    top = max(one.n for one in buckets) * 1.12 or 1
    x = {**_nominal("label"), "sort": None, "title": None, "axis": {"labelAngle": 0}}
    y = {
        **_number("n"),
        "title": speech.t("轮次", "rounds"),
        "axis": {"tickCount": 4},
        "scale": {"domain": [0, top], "nice": False},
    }
    bar = {"type": "bar", "width": {"band": 0.62}, "cornerRadiusEnd": 2}
    outline = {**bar, "color": "#ffffff", "stroke": FAINT, "strokeDash": [3, 2]}
    place = {"x": x, "y": y}
    layers = [
        {**_drawn({**bar, "color": ACCENT}, **place), "transform": [{"filter": "!datum.pending"}]},
        {**_drawn(outline, **place), "transform": [{"filter": "datum.pending"}]},
        _drawn({"type": "text", "dy": -8, "color": INK, "fontSize": 12}, **place, text=_nominal("text")),
    ]
    return _svg({"data": {"values": rows}, "layer": layers, "width": WIDE, "height": 190}, "waits")


def draw_hours(hours: Sequence[Hour], speech: Speech) -> str:
    """Return rounds opened by hour of the day above the mean wait of that hour."""
    rows = [{**asdict(one), "label": f"{one.hour:02d}"} for one in hours]
    x = {**_nominal("label"), "title": None, "axis": {"labelAngle": 0, "ticks": False}}
    ticks = {"axis": {"tickCount": 4}}
    opened = {**_number("n"), "title": speech.t("轮次", "rounds"), **ticks}
    wait = {**_number("wait_s"), "title": speech.t("平均等待 秒", "mean wait, s"), **ticks}
    line = {"type": "line", "color": ACCENT, "strokeWidth": 1.5}
    dot = {"type": "point", "color": ACCENT, "filled": True, "size": 34, "opacity": 1}
    size = {"width": WIDE, "height": 110}
    bar = {"type": "bar", "width": {"band": 0.7}, "color": SOFT, "cornerRadiusEnd": 2}
    panels = [
        {**_drawn(bar, x=x, y=opened), **size},
        {"layer": [_drawn(line, x=x, y=wait), _drawn(dot, x=x, y=wait)], **size},
    ]
    return _svg({"data": {"values": rows}, "vconcat": panels, "spacing": 14}, "hours")


def draw_agents(agents: Sequence[Compared], speech: Speech) -> str:
    """Return the agents beside each other: mean response, share within 180 s, checklist score with its bounds."""
    rows = [
        {
            **asdict(one),
            "mean_text": _with_n(decimal(one.mean_s), one.answered_n, speech),
            "share_text": _with_n(share(one.share), one.timed_n, speech),
            "score_text": _with_n(decimal(one.score), one.scored_n, speech),
        }
        for one in agents
    ]
    panels = [
        _bars("mean_s", speech.t("平均响应 秒", "mean response, s"), rows, True),
        _bars("share", speech.t("180 秒内回复", "within 180 s"), rows, False),
        _scores(speech.t("评分表得分（上下限）", "checklist score (bounds)"), rows),
    ]
    return _svg({"data": {"values": rows}, "hconcat": panels, "spacing": 18}, "agents")


def _with_n(figure: str, number: int, speech: Speech) -> str:
    return figure if figure == NOTHING else figure + speech.t(f"（n={number}）", f" (n={number})")


def _bars(field: str, title: str, rows: list[dict[str, Any]], names: bool) -> Spec:
    most = max([row[field] for row in rows if row[field] is not None], default=1) or 1
    room = _room([str(row["name"]) for row in rows])
    axis = {"labelLimit": LONGEST, "minExtent": room, "ticks": False, "domain": False, "labelColor": INK}
    y = {**_nominal("name"), "sort": None, "title": None, "axis": axis if names else None}
    x = {**_number(field), "axis": None, "scale": {"domain": [0, most * 1.9], "nice": False}}
    bar = {"type": "bar", "height": {"band": 0.5}, "color": ACCENT, "cornerRadiusEnd": 2}
    words = {"type": "text", "align": "left", "dx": 6, "color": INK, "fontSize": 11}
    said = _nominal(f"{field.removesuffix('_s')}_text")
    return _panel([_drawn(bar, x=x, y=y), _drawn(words, x=_number(field), y=y, text=said)], title, rows)


def _scores(title: str, rows: list[dict[str, Any]]) -> Spec:
    y = {**_nominal("name"), "sort": None, "title": None, "axis": None}
    look = {"scale": {"domain": [0, 175], "nice": False}, "axis": {"values": [0, 50, 100], "title": None}}
    rule = {"type": "rule", "strokeWidth": 7, "opacity": 1, "color": SOFT}
    dot = {"type": "point", "filled": True, "size": 46, "color": ACCENT, "opacity": 1}
    words = {"type": "text", "align": "left", "color": INK, "fontSize": 11}
    layers = [
        _drawn(rule, y=y, x={**_number("low"), **look}, x2={"field": "high"}),
        _drawn(dot, y=y, x={**_number("score"), **look}),
        _drawn(words, y=y, x={"value": PANEL * 0.62}, text=_nominal("score_text")),
    ]
    return _panel(layers, title, rows)


def _panel(layers: list[Spec], title: str, rows: Sequence[object]) -> Spec:
    return {"layer": layers, "width": PANEL, "height": ROW * len(rows), "title": title}


def _drawn(mark: Spec, **places: Spec) -> Spec:
    return {"mark": mark, "encoding": places}


def _nominal(field: str) -> Spec:
    return {"field": field, "type": "nominal"}


def _number(field: str) -> Spec:
    return {"field": field, "type": "quantitative"}


def _room(names: Sequence[str]) -> float:
    """Return room for the longest of names, whatever fonts the machine has on which the chart is drawn."""
    return min(max((sum(12.0 if ord(sign) >= 0x2E80 else 7.0 for sign in name) for name in names), default=0), LONGEST)


def _svg(spec: Spec, name: str) -> str:
    """Return a Vega-Lite chart's SVG for inlining: no namespaces, ids of its own, scaled by the page."""
    import vl_convert

    drawn = str(vl_convert.vegalite_to_svg({**spec, "config": CONFIG}))
    drawn = drawn.replace(f'font-family="{MEASURED}"', f'font-family="{FONT}"')
    drawn = re.sub(r'\s(?:xmlns(?::xlink)?|version|class|aria-[a-z]+|role)="[^"]*"', "", drawn)
    # The renderer numbers its ids on from chart to chart: numbered anew, the same data makes the same page.
    ids = {one: f"{name}-{number}" for number, one in enumerate(dict.fromkeys(re.findall(r'\bid="([^"]+)"', drawn)))}
    drawn = re.sub(r'\bid="([^"]+)"', lambda found: f'id="{ids[found[1]]}"', drawn)
    drawn = re.sub(r"url\(#([^)]+)\)", lambda found: f"url(#{ids.get(found[1], found[1])})", drawn)
    drawn = re.sub(r"^<svg", f'<svg role="img" data-chart="{name}"', drawn)
    return re.sub(r' width="(\d+(?:\.\d+)?)" height="[^"]*"', r' style="max-width:\1px"', drawn, count=1)
