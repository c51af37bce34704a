"""Scoring functions said in words, for people who never open the card file."""

from __future__ import annotations

from chataudit.cards.formulas import parse, written
from chataudit.cards.model import Item, Scoring, Span
from chataudit.cards.model.bands import ranges_of
from chataudit.errors import Words


def described(line: Scoring) -> Words:
    """Return what a line reads and how it gives points."""
    if isinstance(line, Item) and line.checklist is not None:
        return _checklist(line)
    reads = written(parse(str(line.value)))
    how = _how(line)
    return Words(f"{reads}：{how.zh}", f"{reads}: {how.en}")


def _checklist(item: Item) -> Words:
    assert item.checklist is not None
    kinds = {
        "prohibition": Words("不得有", "must not"),
        "duty": Words("应有", "due"),
        "judgement": Words("看迹象", "signs"),
    }
    kind = kinds[item.checklist.judge]
    names = ", ".join((*item.checklist.must, *item.checklist.must_not, *item.checklist.signs))
    return Words(f"{kind.zh}：{names}", f"{kind.en}: {names}")


def _how(line: Scoring) -> Words:
    if line.bands:
        return _bands(line)
    if line.levels:
        parts = [
            (f"{one.points:g}" if one.key == f"{one.points:g}" else f"{one.key} {one.points:g}")
            if one.points is not None
            else f"{one.key} {one.from_:g}–{one.to:g}"
            for one in line.levels
        ]
        return _same("；".join(parts), "; ".join(parts))
    if line.rank is not None:
        return _rank(line)
    if line.to_mean is not None:
        rule = line.to_mean
        low, middle, high = (f"{one:g}" for one in rule.points)
        edges = f"{rule.low:.0%}–{rule.high:.0%}"
        better = Words("大者优", "higher is better") if rule.best == "high" else Words("小者优", "lower is better")
        return Words(
            f"与平均值比（{edges} 得 {middle}，差于它 {low}，优于它 {high}；{better.zh}）",
            f"against the mean ({edges} gives {middle}, worse {low}, better {high}; {better.en})",
        )
    return _counted(line)


def _counted(line: Scoring) -> Words:
    if line.per_step is not None:
        step = line.per_step
        top = (
            Words("不封顶", "no upper limit")
            if step.cap is None
            else Words(f"最多 {step.cap:g}", f"at most {step.cap:g}")
        )
        return Words(
            f"从 {step.start:g} 起每 {step.step:g} 加 {step.points:g} 分，{top.zh}",
            f"from {step.start:g}, {step.points:g} for every {step.step:g}, {top.en}",
        )
    if line.per_count is not None:
        rule = line.per_count
        free = (
            Words(f"（前 {rule.beyond:g} 个不计）", f" (the first {rule.beyond:g} are free)")
            if rule.beyond
            else Words("", "")
        )
        return Words(
            f"{rule.full:g} 分，每个扣 {rule.minus:g}{free.zh}，最低 {rule.floor:g}",
            f"{rule.full:g} less {rule.minus:g} each{free.en}, at least {rule.floor:g}",
        )
    if line.each is not None:
        return Words(f"每个 {line.each.points:+g} 分", f"{line.each.points:+g} each")
    if line.linear is not None:
        pairs = "、".join(f"{value:g}→{points:g}" for value, points in line.linear.pairs)
        return Words(f"按直线：{pairs}", f"on a line: {pairs}")
    if line.rating is not None:
        span = f"{line.rating.low:g}–{line.rating.high:g}"
        return Words(f"{span} 按比例给分", f"in proportion from {span}")
    direct = line.direct or Span()
    low = "…" if direct.from_ is None else f"{direct.from_:g}"
    high = "…" if direct.to is None else f"{direct.to:g}"
    return Words(f"直接给 {low} 到 {high} 分", f"the points themselves, {low} to {high}")


def _bands(line: Scoring) -> Words:
    """Return bands from the highest down, with the end that each one holds."""
    parts = []
    for low, high, points in reversed(ranges_of(line.bands)):
        if low is None and high is None:
            parts.append(f"{points:g}")
        elif low is None:
            parts.append(f"{'<' if line.closed == 'from' else '≤'}{high:g}→{points:g}")
        else:
            parts.append(f"{'≥' if line.closed == 'from' else '>'}{low:g}→{points:g}")
    return _same("；".join(parts), "; ".join(parts))


def _rank(line: Scoring) -> Words:
    assert line.rank is not None
    zh, en, start = [], [], 1
    for place in line.rank.places:
        if place.to is None:
            zh.append(f"第 {start} 名及以后 {place.points:g}")
            en.append(f"place {start} on {place.points:g}")
        else:
            span = f"{start}" if place.to == start else f"{start}–{place.to}"
            zh.append(f"第 {span} 名 {place.points:g}")
            en.append(f"place {span} {place.points:g}")
            start = place.to + 1
    if line.rank.last is not None:
        zh.append(f"末名 {line.rank.last:g}")
        en.append(f"last {line.rank.last:g}")
    order = Words("大者在前", "highest first") if line.rank.best == "high" else Words("小者在前", "lowest first")
    return Words("；".join([*zh, order.zh]), "; ".join([*en, order.en]))


def _same(zh: str, en: str) -> Words:
    return Words(zh, en)
