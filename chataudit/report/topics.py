"""Topics shown: a page for people and a table for programs; self-contained, masked, with sample sizes and intervals."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

import chataudit
from chataudit.errors import Words
from chataudit.learn.topics import Topics
from chataudit.report.csvs import write_table
from chataudit.report.folder import written_whole
from chataudit.report.page import environment
from chataudit.shares import Share
from chataudit.tables import TOPICS

STAGES = {
    "unanswered": Words("买家最后的话没人回", "the buyer's last words were not answered"),
    "one_round": Words("一问一答后", "after one round"),
    "few_rounds": Words("两三轮后", "after two or three rounds"),
    "long_talk": Words("四轮及以上", "after four rounds or more"),
}
SEPARATOR = " / "


def write_topics(found: Topics, out: Path, *, lang: str = "zh") -> None:
    """Write ``topics.html`` and ``topics.csv`` into ``out``.

    Raises:
        Faults: the folder can't be written.
    """
    with written_whole(out) as folder:
        (folder / "topics.html").write_text(render(found, lang), encoding="utf-8")
        write_table(table(found), TOPICS, folder / "topics.csv")


def render(found: Topics, lang: str) -> str:
    """Return the page."""
    made = environment(lang)
    made.filters["span"] = span
    made.filters["gap"] = gap
    most = max((one.share.of for one in found.topics), default=1)
    return made.get_template("topics.html").render(
        found=found, stages=STAGES, most=most, version=chataudit.__version__, sep=SEPARATOR
    )


def span(share: Share) -> str:
    """Return a share's interval for people."""
    ends = share.interval()
    return "—" if ends is None else f"{ends[0] * 100:.0f}–{ends[1] * 100:.0f}%"


def gap(difference: tuple[float, float, float] | None) -> str:
    """Return a difference of shares with its interval, in percentage points."""
    if difference is None:
        return "—"
    value, low, high = (part * 100 for part in difference)
    return f"{value:+.0f} ({low:+.0f} … {high:+.0f})"


def table(found: Topics) -> pd.DataFrame:
    """Return all of it as the `topics` table; what is not known is null."""
    rows = [*_topics(found), *_stages(found)]
    frame = pd.DataFrame(rows, columns=TOPICS.names)
    for name in ("questions", "sessions", "ordered", "lost_last"):
        frame[name] = frame[name].astype("Int64")
    return frame


def _topics(found: Topics) -> Iterator[dict[str, Any]]:
    for topic in found.topics:
        name = SEPARATOR.join(topic.words)
        row = _row(found, "topic", name, name, topic.share, topic.difference)
        lost = topic.lost_last if found.ordered else None
        yield {**row, "questions": topic.questions, "lost_last": lost, "examples": SEPARATOR.join(topic.examples)}
        for answer in topic.answers:
            row = _row(found, "answer", name, SEPARATOR.join(answer.words), answer.share, answer.difference)
            yield {**row, "examples": SEPARATOR.join(answer.examples)}


def _stages(found: Topics) -> Iterator[dict[str, Any]]:
    for stage in found.stages:
        yield _row(found, "stage", "", stage.name, stage.share, None)


def _row(
    found: Topics, kind: str, topic: str, name: str, share: Share, difference: tuple[float, float, float] | None
) -> dict[str, Any]:
    ends = share.interval() if found.ordered else None
    gaps = difference or (None, None, None)
    return {
        "kind": kind,
        "topic": topic or None,
        "name": name,
        "questions": None,
        "sessions": share.of,
        "ordered": share.hits if found.ordered else None,
        "ordered_share": share.value if found.ordered else None,
        "low": ends[0] if ends else None,
        "high": ends[1] if ends else None,
        "difference": gaps[0],
        "difference_low": gaps[1],
        "difference_high": gaps[2],
        "lost_last": None,
        "examples": None,
    }
