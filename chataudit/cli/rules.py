"""``chataudit rules``: look at the rules and run their examples."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from chataudit.cli.console import lang_option, say, with_faults
from chataudit.errors import Words
from chataudit.examples import agrees, run_examples
from chataudit.rules import load
from chataudit.segmenter import Segmenter
from chataudit.settings import lexicons_folder, read_settings

FILE = click.Path(path_type=Path)
settings_option = click.option("--settings", "settings_file", type=FILE, help="Settings file (YAML).")


@click.group()
def rules() -> None:
    """The rules: what is looked for, and whether they do what their examples say."""


@rules.command()
@settings_option
@lang_option
@with_faults
def test(settings_file: Path | None, lang: str) -> None:
    """Run the examples of every rule; exit 1 if one gives another verdict than it states.

    \b
    chataudit rules test
    """
    settings = read_settings(settings_file)
    outcomes = run_examples(load(lexicons_folder(settings.lexicons)), settings, Segmenter(settings.product_words))
    wrong = [one for one in outcomes if not agrees(one)]
    for one in wrong:
        say(
            Words(
                f"{one.rule} 第 {one.number} 个示例：写的是 {one.stated}，实际 {one.real}",
                f"{one.rule} example {one.number}: states {one.stated}, is {one.real}",
            ).said(lang)
        )
    said = Words(f"{len(outcomes)} 个示例，{len(wrong)} 个不符。", f"{len(outcomes)} examples, {len(wrong)} wrong.")
    say(said.said(lang))
    sys.exit(1 if wrong else 0)


@rules.command("list")
@settings_option
@lang_option
@with_faults
def list_rules(settings_file: Path | None, lang: str) -> None:
    """List the rules: id, level, name.

    \b
    chataudit rules list --lang en
    """
    settings = read_settings(settings_file)
    for name, rule in load(lexicons_folder(settings.lexicons)).rules.items():
        say(f"{name}\t{rule.level}\t{rule.name_en if lang == 'en' else rule.name}")
