"""The 京东 consultation workbook: a row per session, summed up to figures of agents."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from chataudit.metrics.reports import fold_header, read_value

NEEDED = {"咨询时间", "客服", "顾客"}
COUNTED = {"客户消息数": "buyer_msg_n", "客服消息数": "agent_msg_n"}
MEAN = ("新平均响应时间", "平均响应时间")


def is_session_workbook(header: list[str]) -> bool:
    """Return whether a table's header is that of the session workbook."""
    return {fold_header(cell) for cell in header} >= NEEDED


def figures_of(frame: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Yield the figures of each agent over all sessions: counts added up, the mean over sessions that have one.

    A transferred session is the receiver's. The share answered within 30 s is of the sessions with a first reply's
    time or without any (``-``: not answered). Cells that are missing (``-``) are in no sum.
    """
    folded = frame.rename(columns={name: fold_header(str(name)) for name in frame.columns})
    cells = folded.astype(object).where(folded.notna(), "").map(lambda cell: str(cell).strip().lstrip("'"))
    agent = (
        cells["转接后客服"].where(~cells["转接后客服"].isin(["", "-"]), cells["客服"])
        if "转接后客服" in cells
        else cells["客服"]
    )
    for name, rows in cells[~agent.isin(["", "-"])].groupby(agent):
        yield {
            "agent": str(name),
            "header": "咨询量",
            "metric": "session_n",
            "unit": "count",
            "theirs": float(len(rows)),
        }
        for header, metric in COUNTED.items():
            if header in rows:
                values = [value for cell in rows[header] if (value := read_value(cell, "count", header)) is not None]
                yield {
                    "agent": str(name),
                    "header": header,
                    "metric": metric,
                    "unit": "count",
                    "theirs": float(sum(values)),
                }
        mean = next((header for header in MEAN if header in rows), None)
        waits = [value for cell in rows[mean] if (value := read_value(cell, "seconds", "")) is not None] if mean else []
        if waits:
            theirs = sum(waits) / len(waits)
            yield {
                "agent": str(name),
                "header": str(mean),
                "metric": "jd.mean_response",
                "unit": "seconds",
                "theirs": theirs,
            }
        if "首次响应时间" in rows:
            share = _within_30s(rows)
            yield {
                "agent": str(name),
                "header": "首次响应时间",
                "metric": "jd.first_30s",
                "unit": "share",
                "theirs": share,
            }


def _within_30s(rows: pd.DataFrame) -> float:
    asked = pd.to_datetime(rows["咨询时间"], format="%Y-%m-%d %H:%M:%S", errors="coerce")
    replied = pd.to_datetime(rows["首次响应时间"], format="%Y-%m-%d %H:%M:%S", errors="coerce")
    return float(((replied - asked).dt.total_seconds() <= 30).sum() / len(rows))
