"""``chataudit sheet``: empty sheets for what only people know."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from chataudit import cards as card_stage
from chataudit import ingest, rules
from chataudit.cards.model import Card
from chataudit.cards.periods import Period, period_of, read_period
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
@click.option("--period", help="Period, e.g. 2026-03 or 2026Q1 (default: the card's own period that today lies in).")
@click.option("--people", "people_file", required=True, type=FILE, help="Table account → person.")
@click.option("--out", type=FILE, help="File to write (default CARD-PERIOD.xlsx).")
@click.option("--settings", "settings_file", type=FILE, help="Settings file (YAML).")
@lang_option
@with_faults
def new(
    card: str, period: str | None, people_file: Path, out: Path | None, settings_file: Path | None, lang: str
) -> None:
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
    asked_for = _period(period) if period is not None else period_of(_today(), chosen.period)
    name = asked_for.name
    people, _ = ingest.read_named(people_file, "people", settings)
    out = out or Path(f"{card}-{name}.xlsx")
    names = list(dict.fromkeys(str(one) for one in people.table["person"]))
    cells = write_sheet(chosen, out, period=name, people=names)
    say(
        Words(
            f"已写 {out}：{len(names)} 人，{cells} 格待填。",
            f"Wrote {out}: {len(names)} people, {cells} cells to fill.",
        ).said(lang)
    )
    other = _other_length(card, chosen, asked_for)
    if other is not None:
        say(other.said(lang))


def _today() -> date:
    return date.today()


def _period(name: str) -> Period:
    try:
        return read_period(name)
    except ValueError as error:
        raise Faults([Fault(error.args[0], "--period")]) from error


def _other_length(name: str, card: Card, period: Period) -> Words | None:
    """Say what follows where a sheet's period is not as long as the card's own."""
    if period.length == card.period:
        return None
    if any(period.length == one.period for one in card.rollups):
        return Words(
            f"注意：“{card.name}”的 {period.name} 由各 {card.period} 的分数合成，填报表也按 {card.period} 写；"
            f"周期写 {period.name} 的行不会用上。",
            f"Note: {card.name_en} makes {period.name} of the scores of each {card.period}, and reads sheets by {card.period}: "
            f"rows that name {period.name} are not used.",
        )
    return Words(
        f"注意：“{card.name}”按 {card.period} 编写；计分时周期要和填报表相同：chataudit score {name} --period {period.name}。",
        f"Note: {card.name_en} is written for a {card.period}; score it by the period that the sheet names: "
        f"chataudit score {name} --period {period.name}.",
    )
