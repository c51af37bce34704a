"""``chataudit rules``: look at the rules, run their examples, try them, see what a change would do."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from chataudit.cli.console import lang_option, say, settings_option, with_faults
from chataudit.cli.rules_backtest import diff, stats
from chataudit.cli.rules_try import explain, try_text
from chataudit.cli.rules_write import new, reference
from chataudit.errors import Words
from chataudit.examples import agrees, run_examples
from chataudit.rules import load
from chataudit.rules.tracing import swallowed, unreachable
from chataudit.segmenter import Segmenter
from chataudit.settings import lexicons_folder, read_settings
from chataudit.tables import LEVELS


@click.group()
def rules() -> None:
    """The rules: what is looked for, and whether they do what their examples say."""


@rules.command()
@click.option("--words", is_flag=True, help="Also name phrases that longer dictionary words hold.")
@settings_option
@lang_option
@with_faults
def test(words: bool, settings_file: Path | None, lang: str) -> None:
    """Run the examples of every rule; exit 1 if one gives another verdict than it states, or a phrase can never hit.

    \b
    chataudit rules test
    """
    settings = read_settings(settings_file)
    library, segmenter = load(lexicons_folder(settings.lexicons)), Segmenter(settings.product_words)
    outcomes = run_examples(library, settings, segmenter)
    wrong = [one for one in outcomes if not agrees(one)]
    for one in wrong:
        say(
            Words(
                f"{one.rule} 第 {one.number} 个示例：写的是 {one.stated}，实际 {one.real}",
                f"{one.rule} example {one.number}: states {one.stated}, is {one.real}",
            ).said(lang)
        )
    never = unreachable(library, segmenter)
    for fault in never:
        say(fault.said(lang))
    if words:
        bordered = {phrase for one in library.words.values() if one.border for phrase in one.phrases}
        for phrase, longer in sorted(swallowed(bordered, segmenter).items()):
            held = "、".join(longer)
            text = Words(f"“{phrase}” 在 {held} 里不算命中", f"{phrase!r} is no hit inside {held}")
            say(text.said(lang))
    said = Words(
        f"{len(outcomes)} 个示例，{len(wrong)} 个不符；{len(never)} 个词永远不会命中。",
        f"{len(outcomes)} examples, {len(wrong)} wrong; {len(never)} phrases can never hit.",
    )
    say(said.said(lang))
    sys.exit(1 if wrong or never else 0)


@rules.command("list")
@click.option("--level", type=click.Choice(LEVELS), multiple=True, help="Only of this level; may be repeated.")
@click.option("--group", multiple=True, help="Only of this folder; may be repeated.")
@click.option("--expect", type=click.Choice(["none", "some", "count"]), help="Only prohibitions, duties or tallies.")
@click.option("--with", "text", help="Only rules whose id, name, reason or words hold this text.")
@settings_option
@lang_option
@with_faults
def list_rules(
    level: tuple[str, ...],
    group: tuple[str, ...],
    expect: str | None,
    text: str | None,
    settings_file: Path | None,
    lang: str,
) -> None:
    """List the rules: id, level, name.

    \b
    chataudit rules list --level red --lang en
    """
    settings = read_settings(settings_file)
    for name, rule in load(lexicons_folder(settings.lexicons)).rules.items():
        if level and rule.level not in level or group and name.rpartition("/")[0] not in group:
            continue
        if expect and rule.expect != expect:
            continue
        if text and text not in f"{name} {rule.name} {rule.name_en} {rule.why} {rule.find!r} {rule.anchor!r}":
            continue
        say(f"{name}\t{rule.level}\t{rule.name_en if lang == 'en' else rule.name}")


for command in (try_text, explain, new, reference, diff, stats):
    rules.add_command(command)
