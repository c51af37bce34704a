"""``chataudit sheet``: empty sheets for what only people know."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from chataudit import cards as card_stage
from chataudit import ingest, rules
from chataudit.cards.periods import read_period
from chataudit.cli.console import lang_option, say, with_faults
from chataudit.errors import Fault, Faults, Words
from chataudit.report.sheets import asked, write_sheet
from chataudit.settings import lexicons_folder, read_settings

FILE = click.Path(path_type=Path)


@click.group()
def sheet() -> None:
    """Sheets of figures that only people know."""


@sheet.command()
@click.argument("card")
@click.option(
    "--period", default=lambda: f"{date.today():%Y-%m}", show_default="this month", help="Period, e.g. 2026-03."
)
@click.option("--people", "people_file", required=True, type=FILE, help="Table account → person.")
@click.option("--out", type=FILE, help="File to write (default CARD-PERIOD.xlsx).")
@click.option("--settings", "settings_file", type=FILE, help="Settings file (YAML).")
@lang_option
@with_faults
def new(card: str, period: str, people_file: Path, out: Path | None, settings_file: Path | None, lang: str) -> None:
    """Write an empty sheet for CARD: a row for each person and figure, to fill in and hand back with --sheet.

    \b
    chataudit sheet new presales-standard --period 2026-03 --people 人员.csv
    """
    settings = read_settings(settings_file)
    folder = lexicons_folder(settings.lexicons)
    deck = card_stage.load(folder, rules.load(folder).rules)
    chosen = card_stage.chosen(deck, [card])[card]
    if not list(asked(chosen)):
        what = Words(
            f"“{chosen.name}” 没有要填报的数；对话评分请填 audit 生成的 checklists.xlsx。",
            f"{chosen.name_en} takes no figures from a sheet; fill in the checklists.xlsx that audit writes.",
        )
        raise Faults([Fault(what)])
    try:
        name = read_period(period).name
    except ValueError as error:
        raise Faults([Fault(error.args[0], "--period")]) from error
    people, _ = ingest.read_named(people_file, "people", settings)
    out = out or Path(f"{card}-{name}.xlsx")
    names = list(dict.fromkeys(str(name) for name in people.table["person"]))
    cells = write_sheet(chosen, out, period=name, people=names)
    say(
        Words(
            f"已写 {out}：{len(names)} 人，{cells} 格待填。",
            f"Wrote {out}: {len(names)} people, {cells} cells to fill.",
        ).said(lang)
    )
