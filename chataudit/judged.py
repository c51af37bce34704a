"""Hits that a person has judged: how often each rule and phrase is right, with an interval."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd

from chataudit.errors import Fault, Faults, Words
from chataudit.rules.lists import first_sheet, text_of
from chataudit.shares import Share

VERDICTS = ("verdict", "判定", "结论", "复核")
RULES = ("rule", "规则")
PHRASES = ("phrase", "词", "短语")
RIGHT = {"对", "正确", "是", "准", "right", "yes", "y", "true", "1", "✓", "√"}
WRONG = {"错", "误判", "否", "不准", "wrong", "no", "n", "false", "0", "×", "x"}
UNSURE = {"拿不准", "unsure", "?", "？"}


def wilson(right: int, number: int) -> tuple[float, float]:
    """Return the 95 % interval of a share by Wilson's score method.

    >>> [round(bound, 3) for bound in wilson(8, 10)]
    [0.49, 0.943]
    """
    return Share(right, number).interval() or (0.0, 1.0)


def read_judged(path: Path) -> pd.DataFrame:
    """Return rule, phrase and right (true or false) of each judged row; rows without a verdict, or with one that is unsure, are left out.

    Raises:
        Faults: no such file, columns that are missing, verdicts that can't be read, each with its row.
    """
    if not path.is_file():
        raise Faults([Fault(Words("没有这个文件。", "No such file."), str(path))])
    content = path.read_bytes()
    if path.suffix.lower() == ".csv":
        grid = [list(row) for row in csv.reader(io.StringIO(text_of(content, path)))]
    else:
        grid = first_sheet(content, path)
    head = [cell.strip().lower() for cell in grid[0]] if grid else []
    places = [next((head.index(name) for name in names if name in head), None) for names in (RULES, PHRASES, VERDICTS)]
    rule, phrase, verdict = places
    if rule is None or verdict is None:
        what = Words("要有 规则（rule）和 判定（verdict）两列。", "The columns rule and verdict are needed.")
        raise Faults([Fault(what, str(path), 1)])
    rows, faults = [], []
    for number, row in enumerate(grid[1:], start=2):
        cells = [cell.strip().lstrip("'") for cell in row] + [""] * (len(head) - len(row))
        said = cells[verdict].lower()
        if not said or said in UNSURE:
            continue
        if said not in RIGHT | WRONG:
            what = Words(f"判定 “{cells[verdict]}” 看不懂。", f"Verdict {cells[verdict]!r} is not known.")
            faults.append(Fault(what, str(path), number, verdict + 1, Words("写 对 或 错。", "Write right or wrong.")))
            continue
        rows.append((cells[rule], cells[phrase] if phrase is not None else "", said in RIGHT))
    if faults:
        raise Faults(faults)
    return pd.DataFrame(rows, columns=["rule", "phrase", "right"])


def precision(judged: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return for each ``by`` the judged, the right, their share and its Wilson interval; the least sure first."""
    groups = judged.groupby(by, sort=True)["right"].agg(["size", "sum"]).reset_index()
    bounds = [wilson(int(right), int(number)) for right, number in zip(groups["sum"], groups["size"], strict=True)]
    table = groups.rename(columns={"size": "judged", "sum": "right"}).assign(
        precision=groups["sum"] / groups["size"], low=[one[0] for one in bounds], high=[one[1] for one in bounds]
    )
    return table.sort_values(["low", *by], kind="stable", ignore_index=True)
