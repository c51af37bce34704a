"""Why the platform's figures differ from ours: ours recomputed under each switch, the closest one named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from chataudit.counting import Counted, count
from chataudit.errors import Fault, Faults, Words
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular import read_sheet
from chataudit.metrics.jd_workbook import NEEDED, figures_of, is_session_workbook
from chataudit.metrics.periods import by_period
from chataudit.metrics.platform import measure_platforms
from chataudit.metrics.reports import AGENTS, COLUMNS, DAYS, NOBODY, Column, fold_header, read_value
from chataudit.metrics.switches import SWITCHES, Switch
from chataudit.settings import Policy, Settings

FIGURES = ["agent", "day", "header", "metric", "unit", "theirs"]
CLOSE = {"count": 0.5, "share": 0.00006, "seconds": 0.06, "ratio": 0.006, "money": 0.006}
BETTER = 0.5


@dataclass(frozen=True)
class Theirs:
    """A report's figures: which report, and for each cell the agent, day (null: the whole span), column and value."""

    report: str
    figures: pd.DataFrame
    skipped: tuple[str, ...]


def read_report(path: Path, settings: Settings) -> Theirs:
    """Return the figures of a platform's performance export; totals, means and empty cells are no figures.

    Raises:
        Faults: not a table, or no agent column, or no column that is one of our figures.
    """
    if not path.is_file():
        raise Faults([Fault(Words("没有这个文件。", "No such file."), str(path))])
    source = Source(path.name, path, named=True)
    sheet = read_sheet(source, {name: name for name in NEEDED}, {})
    if sheet is not None and is_session_workbook(sheet.header):
        rows = [{**row, "day": None} for row in figures_of(sheet.frame.set_axis(sheet.header, axis=1))]
        return Theirs("京东", pd.DataFrame(rows, columns=FIGURES), ())
    best: tuple[int, str, pd.DataFrame] | None = None
    for report, columns in COLUMNS.items():
        sheet = read_sheet(source, _names(columns), {})
        if sheet is None:
            continue
        known = len({fold_header(cell) for cell in sheet.header} & {column.header for column in columns})
        if known and (best is None or known > best[0]):
            frame = sheet.frame.copy()
            frame.columns = pd.Index(sheet.header)
            best = known, report, frame
    if best is None or not _column(best[2], AGENTS):
        what = Words(
            "看不出是哪个平台的绩效表：要有客服列和指标列。",
            "No known performance report: it needs an agent column and figures.",
        )
        raise Faults(
            [
                Fault(
                    what,
                    str(path),
                    1,
                    hint=Words(f"认识的报表：{'、'.join(COLUMNS)}。", f"Known reports: {', '.join(COLUMNS)}."),
                )
            ]
        )
    return _figures(best[1], best[2])


def _names(columns: tuple[Column, ...]) -> dict[str, str]:
    """Return the header words by which a report's header row is found: bare, and with the usual units in brackets."""
    units = ("", "(秒)", "(s)", "(分钟)", "(%)", "(元)", "(8-23点)", "(全天)")
    named = {column.header: " ".join(column.header + unit for unit in units) for column in columns}
    return {"agent": " ".join(AGENTS), "day": " ".join(DAYS), **named}


def _column(frame: pd.DataFrame, names: tuple[str, ...]) -> str | None:
    folded = {fold_header(str(name)): str(name) for name in reversed(list(frame.columns))}
    return next((folded[name] for name in names if name in folded), None)


def _figures(report: str, frame: pd.DataFrame) -> Theirs:
    who, when = _column(frame, AGENTS), _column(frame, DAYS)
    rows, skipped = [], []
    columns = {column.header: column for column in COLUMNS[report]}
    for line in frame.astype(object).where(frame.notna(), "").to_dict("records"):
        agent = str(line[who]).strip()
        if not agent or NOBODY.match(agent):
            skipped.append(agent)
            continue
        day = str(line[when])[:10].replace("/", "-") if when and line[when] else None
        for header, cell in line.items():
            column = columns.get(fold_header(str(header)))
            if column is not None:
                value = read_value(str(cell), column.unit, str(header))
                if value is not None:
                    rows.append(
                        {
                            "agent": agent,
                            "day": day,
                            "header": str(header),
                            "metric": column.metric,
                            "unit": column.unit,
                            "theirs": value,
                        }
                    )
    return Theirs(report, pd.DataFrame(rows, columns=FIGURES), tuple(skipped))


def reconcile(
    messages: pd.DataFrame,
    people: pd.DataFrame,
    orders: pd.DataFrame,
    theirs: Theirs,
    settings: Settings,
    policies: Mapping[str, Policy],
) -> pd.DataFrame:
    """Return per agent and metric: theirs, ours, difference, and the switch that comes closest where they differ.

    Columns: agent, day, header, metric, theirs, ours, difference, cause_zh, cause_en, setting, closed (ours under that
    setting). A switch is only named where it leaves at most half of the difference.
    """
    base = count(messages, people, orders, settings, policies)
    rows = theirs.figures.assign(ours=_ours(base, theirs.figures))
    rows["difference"] = rows["ours"] - rows["theirs"]
    tolerance = rows["unit"].map(CLOSE).astype(float)
    open_ = (rows["difference"].abs() > tolerance).to_numpy()
    best = rows["difference"].abs().to_numpy(dtype=float, na_value=np.nan) * BETTER
    cause: list[Switch | None] = [None] * len(rows)
    closed = np.full(len(rows), np.nan)
    for switch, values in _variants(messages, people, orders, base, rows[open_], settings, policies):
        for place, value in zip(np.flatnonzero(open_), values, strict=True):
            gap = abs(value - rows["theirs"].iloc[place])
            if not np.isnan(gap) and gap <= best[place] and (cause[place] is None or gap < best[place] - 1e-9):
                best[place], cause[place], closed[place] = gap, switch, value
    rows["cause_zh"] = [one.name.zh if one else None for one in cause]
    rows["cause_en"] = [one.name.en if one else None for one in cause]
    rows["setting"] = [one.setting if one else None for one in cause]
    rows["closed"] = closed
    return rows


def _variants(
    messages: pd.DataFrame,
    people: pd.DataFrame,
    orders: pd.DataFrame,
    base: Counted,
    rows: pd.DataFrame,
    settings: Settings,
    policies: Mapping[str, Policy],
) -> Iterator[tuple[Switch, list[float]]]:
    """Yield each switch with our figures under it (NaN where it does not touch the figure)."""
    if not len(rows):
        return
    platform = {name: policies[name] for name in set(rows["metric"]) & set(policies)}
    for switch in SWITCHES:
        values = np.full(len(rows), np.nan)
        mine = rows["metric"].isin(policies).to_numpy()
        if switch.policy is not None and platform:
            changed = {
                name: one for name, policy in platform.items() if (one := _changed(policy, switch.policy)) is not None
            }
            if changed:
                frame = measure_platforms(base.log, changed, settings)
                touched = mine & rows["metric"].isin(changed).to_numpy()
                values[touched] = _of_platform(frame, rows[touched])
        if switch.settings is not None and (~mine).any():
            other = Settings.model_validate({**settings.model_dump(), **switch.settings})
            if other != settings:
                counted = count(messages, people, orders, other, {})
                values[~mine] = _of_agents(counted.agents, rows[~mine])
        if not np.isnan(values).all():
            yield switch, values.tolist()


def _changed(policy: Policy, change: Mapping[str, object]) -> Policy | None:
    """Return the policy with the change; None where it changes nothing or makes no sense."""
    values = {**policy.model_dump(), **change}
    if values["measure"] != "within" and values["unit"] == "buyer_day":
        return None
    if values["pending"] != "capped":
        values["cap_s"] = None
    if values["rounds"] == "day":
        values.update(clock="message", hours_of="opening", merge_s=None)
    try:
        other = Policy.model_validate(values)
    except ValueError:
        return None
    return None if other == policy else other


def _ours(counted: Counted, rows: pd.DataFrame) -> np.ndarray:
    values = np.full(len(rows), np.nan)
    platform = rows["metric"].str.contains(".", regex=False).to_numpy(dtype=bool)
    values[platform] = _of_platform(counted.platform_metrics, rows[platform])
    values[~platform] = _of_agents(counted.agents, rows[~platform])
    return values


def _of_platform(frame: pd.DataFrame, rows: pd.DataFrame) -> list[float]:
    found = frame.astype({"metric": object, "agent": object, "day": object})
    table = found.groupby(["metric", "agent", "day"])[["numerator", "denominator"]].sum()
    result = []
    for row in rows.itertuples():
        key = (row.metric, row.agent, row.day or "ALL")
        result.append(
            table.loc[key, "numerator"] / table.loc[key, "denominator"]
            if key in table.index and table.loc[key, "denominator"]
            else float("nan")
        )
    return result


def _of_agents(agents: pd.DataFrame, rows: pd.DataFrame) -> list[float]:
    whole: dict[str | None, pd.DataFrame] = {None: by_period(agents, "all")}
    whole |= {str(day): part for day, part in by_period(agents, "day").groupby("period")}
    result = []
    for row in rows.itertuples():
        frame = whole.get(row.day if isinstance(row.day, str) else None)
        mine = frame[frame["agent"].astype(object) == row.agent] if frame is not None else None
        value = mine[row.metric].iloc[0] if mine is not None and len(mine) and row.metric in mine else None
        result.append(float("nan") if value is None or pd.isna(value) else float(value))
    return result
