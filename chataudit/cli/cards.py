"""``chataudit cards``: look at the cards and check them."""

from __future__ import annotations

from pathlib import Path

import click

from chataudit import cards as card_stage
from chataudit.cli.console import lang_option, say, with_faults
from chataudit.cli.rules import settings_option
from chataudit.errors import Words
from chataudit.rules import load as load_rules
from chataudit.settings import lexicons_folder, read_settings


@click.group()
def cards() -> None:
    """The scoring cards."""


def _load(settings_file: Path | None) -> card_stage.Cards:
    folder = lexicons_folder(read_settings(settings_file).lexicons)
    return card_stage.load(folder, load_rules(folder).rules)


@cards.command("list")
@settings_option
@lang_option
@with_faults
def list_cards(settings_file: Path | None, lang: str) -> None:
    """List the cards: id, subject, number of items, name.

    \b
    chataudit cards list
    """
    for name, card in _load(settings_file).cards.items():
        say(f"{name}\t{card.subject}\t{len(card.items)}\t{card.title(lang)}")


@cards.command()
@settings_option
@lang_option
@with_faults
def check(settings_file: Path | None, lang: str) -> None:
    """Check all rules, word lists and cards; every fault at once, with file, line and column.

    \b
    chataudit cards check --settings 设置.yaml
    """
    deck = _load(settings_file)
    said = Words(f"{len(deck.cards)} 张评分表没有问题。", f"{len(deck.cards)} cards are sound.")
    say(said.said(lang))
