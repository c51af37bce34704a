"""``chataudit rules try`` and ``rules explain``: a sentence put before the rules."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from chataudit import trial
from chataudit.cli.console import lang_option, say, settings_option, with_faults
from chataudit.errors import Fault, Faults, Words, one_of
from chataudit.rules import Library, load, read_slots
from chataudit.segmenter import Segmenter
from chataudit.settings import Settings, lexicons_folder, read_settings

who_option = click.option(
    "--who", type=click.Choice(list(trial.SPEAKERS)), default="agent", show_default=True, help="Who says it."
)


@click.command("try")
@click.argument("text")
@who_option
@settings_option
@lang_option
@with_faults
def try_text(text: str, who: str, settings_file: Path | None, lang: str) -> None:
    """Say what hits in a sentence, or in a transcript (lines of ``B …``, ``A …``; - reads it from the input).

    \b
    chataudit rules try "加薇聊，给您便宜"
    chataudit rules try "投诉你们" --who buyer
    """
    settings, library, segmenter = loaded(settings_file)
    said = sys.stdin.read() if text == "-" else text
    duties = trial.LINE.match(said) is not None
    found = trial.hits(trial.put(said, who, settings), library, segmenter, lang, duties=duties)
    for one in found:
        rule = library.rules[one.rule]
        place = f"“{one.line[one.start : one.end]}” @{one.start}-{one.end}" if one.end > one.start else f"“{one.line}”"
        say(f"{one.rule}\t{rule.level}\t{place}\t{one.reason}")
        if rule.say:
            say("\t" + Words(f"建议：{rule.say}", f"say instead: {rule.say}").said(lang))
    if not found:
        say(Words("没有命中。", "Nothing hits.").said(lang))


@click.command()
@click.argument("rule_id", metavar="RULE")
@click.argument("text")
@who_option
@settings_option
@lang_option
@with_faults
def explain(rule_id: str, text: str, who: str, settings_file: Path | None, lang: str) -> None:
    """Say why a rule hits a sentence or not: tokens, phrases, how they were written, what took them out.

    \b
    chataudit rules explain contact/off-platform "请不要加薇信"
    """
    settings, library, segmenter = loaded(settings_file)
    if rule_id not in library.rules:
        what = Words(f"没有规则 “{rule_id}”。", f"There is no rule {rule_id!r}.")
        raise Faults([Fault(what, hint=one_of(rule_id, library.rules))])
    found = trial.hits(trial.put(text, who, settings), library, segmenter, lang, duties=True)
    mine = [one for one in found if one.rule == rule_id]
    for one in mine:
        say(Words(f"命中：{one.reason}", f"hit: {one.reason}").said(lang))
    if not mine:
        say(Words("没有命中。", "No hit.").said(lang))
    for line in trial.explained(library.rules[rule_id], library, " ".join(text.split()), segmenter, lang):
        say(f"  {line}")


def loaded(settings_file: Path | None) -> tuple[Settings, Library, Segmenter]:
    """Return settings, their library with its slots filled, and a segmenter with their words."""
    settings = read_settings(settings_file)
    library = load(lexicons_folder(settings.lexicons)).filled(read_slots(settings.slots))
    return settings, library, Segmenter(settings.product_words)
