"""Golden scores of the filled sample sheets: ``python tests/cards/samples.py`` writes them anew; read the difference."""

from __future__ import annotations

import csv
import sys
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from golden import LOGS, report_of  # noqa: E402

from chataudit.cards.periods import read_period  # noqa: E402
from chataudit.cards.slips import total_of  # noqa: E402
from chataudit.scoring import Scored, ScoreRequest, score  # noqa: E402
from chataudit.settings import lexicons_folder, read_settings  # noqa: E402

SHEETS = LOGS / "sheets"
KEPT = HERE / "samples"
NAMES = tuple(sorted(path.stem for path in SHEETS.glob("*.csv")))


@cache
def filled(name: str) -> dict[str, Scored]:
    """Return a sample sheet filled from the audit of the sample shop, for every period that it names."""
    settings = read_settings(LOGS / "settings.yaml")
    return {
        period: score(ScoreRequest(name, period, (report_of("shop"),), sheets=(SHEETS / f"{name}.csv",)), settings)
        for period in periods(name)
    }


def periods(name: str) -> list[str]:
    """Return the periods that a sample sheet names, in order."""
    with (SHEETS / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        named = {row["周期"] for row in csv.DictReader(file)}
    return sorted(named, key=lambda one: read_period(one).start)


def said(name: str) -> str:
    """Return scores, marks and pay of a sample sheet as text."""
    lines: list[str] = []
    for done in filled(name).values():
        for person, result in sorted(done.last.items()):
            if result.score is None and not any(mark.points is not None for mark in result.marks):
                lines.append(f"{done.period.name} {person}: nothing known")
                continue
            open_ = " provisional" if result.provisional else ""
            bounds = f"{_plain(result.score)} ({_plain(result.low)} to {_plain(result.high)})"
            place = "-" if result.place is None else f"{result.place:g}"
            lines.append(f"{done.period.name} {person}: {bounds} {result.grade or '-'}, place {place}{open_}")
            lines += [f"    group {one.group}: {_plain(one.points)} of {_plain(one.of)}" for one in result.parts]
            lines += [
                f"    {mark.line.id}: {_plain(mark.points)} {mark.outcome}, {mark.value or '-'}"
                for mark in result.marks
            ]
            slip = done.slips.get((done.period, person), ())
            lines += [f"    {one.line.id} = {one.worked} = {_money(one.value)}" for one in slip]
            lines += [f"    {done.card.pay.total} = {_money(total_of(list(slip)))}"] if slip and done.card.pay else []
        for one in done.happened:
            how = "due" if one.due else "open"
            lines.append(f"{done.period.name} {one.subject}: {how}: {one.consequence.says}")
    return "\n".join(lines) + "\n"


def _plain(value: float | None) -> str:
    return "-" if value is None else f"{value:g}" if abs(value) < 1000 else f"{value:.6f}".rstrip("0").rstrip(".")


def _money(value: object) -> str:
    return "?" if value is None else str(value)


def main() -> None:
    """Write all golden files."""
    KEPT.mkdir(exist_ok=True)
    for name in NAMES:
        (KEPT / f"{name}.txt").write_text(said(name), encoding="utf-8", newline="\n")
    print(f"wrote {KEPT}; read the difference before you keep it ({lexicons_folder() / 'cards'})")


if __name__ == "__main__":
    main()
