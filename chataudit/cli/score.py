"""``chataudit score``: a card filled for any period from audit folders and sheets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from chataudit.cli.console import lang_option, say, with_faults
from chataudit.cli.db import ready_database
from chataudit.errors import Fault, Faults, Words
from chataudit.nightly import held_in
from chataudit.report.score import write_score
from chataudit.scoring import Held, Scored, ScoreRequest, no_more
from chataudit.scoring import score as score_request
from chataudit.settings import read_settings

FILE = click.Path(path_type=Path)


@click.command()
@click.argument("card")
@click.option("--period", required=True, help="2026-03-02, 2026-W10, 2026-03, 2026Q1, 2026H1 or 2026.")
@click.option("--from", "folders", multiple=True, type=FILE, help="Folder of an audit; may be given more than once.")
@click.option("--db", "url", metavar="URL", envvar="CHATAUDIT_DB", help="Database of audits instead of folders.")
@click.option("--run", "runs", multiple=True, type=int, help="With --db: only these runs (default: the nightly days).")
@click.option("--orders", multiple=True, type=FILE, help="Later order export: figures of orders are counted anew.")
@click.option("--sheet", "sheets", multiple=True, type=FILE, help="Filled sheet; several raters' sheets combine.")
@click.option("--people", type=FILE, help="Table account → person, team, since (default: the audits' own).")
@click.option("--subject", type=click.Choice(["person", "team"]), help="Whom to score (default: as the card says).")
@click.option("--settings", "settings_file", type=FILE, help="Settings file (YAML).")
@click.option("--out", type=FILE, default=Path("chataudit-score"), show_default=True, help="Folder for the result.")
@lang_option
@with_faults
def score(**options: Any) -> None:
    """Fill CARD for a period: scores, ranking, pay slips, what follows from them.

    \b
    chataudit score presales-standard --period 2026-03 --from chataudit-report --sheet 填报表.csv
    chataudit score presales-kpi --period 2026Q1 --from 一月 --from 二月 --from 三月 --orders 订单.csv
    chataudit score presales-standard --period 2026-03 --db chataudit.db
    """
    request = ScoreRequest(
        card=options["card"],
        period=options["period"],
        folders=options["folders"],
        orders=options["orders"],
        sheets=options["sheets"],
        people=options["people"],
        lang=options["lang"],
        subject=options["subject"],
    )
    done = score_request(request, read_settings(options["settings_file"]), _held(options))
    write_score(done, options["out"], lang=options["lang"])
    _summary(done, options["out"], options["lang"])


def _held(options: dict[str, Any]) -> Held:
    """Return what gives the audits of the database that the user named, if any.

    Raises:
        Faults: folders and a database, or runs without one.
    """
    if options["folders"] and options["url"] is not None:
        what = Words("--from 和 --db 只能用一个。", "Name folders with --from or a database with --db, not both.")
        raise Faults([Fault(what)])
    if options["url"] is None:
        if options["runs"]:
            raise Faults([Fault(Words("--run 要和 --db 一起用。", "--run goes with --db."))])
        return no_more
    return held_in(ready_database(options["url"]), options["runs"])


def _summary(done: Scored, out: Path, lang: str) -> None:
    last = done.last.values()
    scored = [one for one in last if one.score is not None]
    waiting = sum(one.provisional for one in last)
    lines = [
        Words(
            f"{done.card.name} {done.period.name}：{len(scored)} 人有分数，{waiting} 人的分数未定。",
            f"{done.card.name_en} {done.period.name}: {len(scored)} scored, {waiting} provisional.",
        )
    ]
    lines += [Words(f"注意：{note.zh}", f"Note: {note.en}") for note in done.notes]
    page = (out / "index.html").resolve()
    lines.append(Words(f"结果：{page}", f"Result: {page}"))
    for line in lines:
        say(line.said(lang))
