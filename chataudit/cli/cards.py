"""``chataudit cards``: look at the cards, check them, begin a new one, see what a change does."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any

import click

from chataudit import cards as card_stage
from chataudit.cards.compared import Change, changes
from chataudit.cards.described import described
from chataudit.cards.library import Known, read_card
from chataudit.cards.model import Card, Item, full_marks
from chataudit.cards.template import new_card
from chataudit.cli.console import lang_option, say, settings_option, with_faults
from chataudit.errors import Fault, Faults, Together, Words, one_of
from chataudit.rules import load as load_rules
from chataudit.scoring import ScoreRequest, score_both
from chataudit.settings import lexicons_folder, read_settings

FILE = click.Path(path_type=Path)
NAME = re.compile(r"[\w-]+(/[\w-]+)*")


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


@cards.command()
@click.argument("card")
@settings_option
@lang_option
@with_faults
def show(card: str, settings_file: Path | None, lang: str) -> None:
    """Show CARD in words: what each item reads, how it gives points, what is inferred, what follows.

    \b
    chataudit cards show presales-standard
    """
    deck = _load(settings_file)
    for line in _shown(card, card_stage.chosen(deck, [card])[card], lang):
        say(line)


def _shown(name: str, card: Card, lang: str) -> list[str]:
    inferred, default = Words("推定", "inferred").said(lang), Words("默认", "default").said(lang)
    lines = [f"{name}  {card.title(lang)}", card.source]
    lines.append(
        Words(
            f"对象 {card.subject}，周期 {card.period}，满分 {full_marks(card):g}",
            f"per {card.subject} and {card.period}, full marks {full_marks(card):g}",
        ).said(lang)
    )
    lines += [f"{inferred}：{card.inferred}"] if card.inferred else []
    for kind in (card.items, card.adjustments):
        for one in kind:
            points = f"{one.points:g}" if isinstance(one, Item) else "±"
            title = one.name_en if lang == "en" else one.name
            lines.append(f"  {one.id}  {title}  [{points}]  {described(one).said(lang)}")
            lines += [
                f"      {word}：{text}" for word, text in ((inferred, one.inferred), (default, one.default)) if text
            ]
    for key, param in card.params.items():
        why = param.inferred or param.default
        lines.append(
            f"  {key} = {param.value:g}{param.unit or ''}"
            + (f"  {inferred if param.inferred else default}：{why}" if why else "")
        )
    lines += [f"  {grade.name}" + (f" ≥ {grade.from_:g}" if grade.from_ is not None else "") for grade in card.grades]
    lines += [f"  → {one.says}" for one in card.consequences]
    lines += [
        f"  ¥ {line.name_en if lang == 'en' else line.name} = {line.formula}"
        for line in (card.pay.lines if card.pay else ())
    ]
    return lines


@cards.command()
@click.argument("name")
@click.option("--copy", "source", metavar="CARD", help="Begin with a copy of this card.")
@click.option("--out", type=FILE, help="File to write (default: NAME.yaml in the shop's own cards, else here).")
@settings_option
@lang_option
@with_faults
def new(name: str, source: str | None, out: Path | None, settings_file: Path | None, lang: str) -> None:
    """Begin a card: a commented example that is sound as it stands, or a copy of another card.

    \b
    chataudit cards new 本店月度
    chataudit cards new 本店月度 --copy presales-kpi --settings 设置.yaml
    """
    if not NAME.fullmatch(name):
        what = Words(
            f"名称 “{name}” 只能有文字、数字、- 和 _。", f"Name {name!r} may hold letters, digits, - and _ only."
        )
        raise Faults([Fault(what)])
    settings = read_settings(settings_file)
    folder = lexicons_folder(settings.lexicons)
    place = out or (folder / "cards" if settings.lexicons is not None else Path()) / f"{name}.yaml"
    if place.exists():
        raise Faults(
            [
                Fault(
                    Words("已经有这个文件。", "The file exists already."),
                    str(place),
                    hint=Words("换个名称或 --out。", "Choose another name or --out."),
                )
            ]
        )
    text = _copied(folder, source) if source else new_card(name, next(iter(load_rules(folder).rules), "x"))
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    except OSError as error:
        what = Words(f"写不进去：{error.strerror}", f"Can't be written: {error.strerror}")
        raise Faults([Fault(what, str(place))]) from error
    say(
        Words(
            f"已写 {place}；改好后运行 chataudit cards check。",
            f"Wrote {place}; edit it, then run chataudit cards check.",
        ).said(lang)
    )


def _copied(folder: Path, source: str) -> str:
    path = folder / "cards" / f"{source}.yaml"
    known = [one.relative_to(folder / "cards").with_suffix("").as_posix() for one in (folder / "cards").rglob("*.yaml")]
    if source not in known:
        raise Faults(
            [Fault(Words(f"没有评分表 “{source}”。", f"There is no card {source!r}."), hint=one_of(source, known))]
        )
    return path.read_text(encoding="utf-8")


@cards.command()
@click.argument("old", type=FILE)
@click.argument("new_file", metavar="NEW", type=FILE)
@click.option("--period", required=True, help="Period, e.g. 2026-03.")
@click.option("--from", "folders", multiple=True, type=FILE, help="Folder of an audit; may be given more than once.")
@click.option("--sheet", "sheets", multiple=True, type=FILE, help="Filled sheet.")
@click.option("--people", type=FILE, help="Table account → person.")
@settings_option
@lang_option
@with_faults
def diff(old: Path, new_file: Path, settings_file: Path | None, lang: str, **options: Any) -> None:
    """Fill two versions of a card (files) from the same facts: whose score and grade change, and why.

    Of a card of conversations, OLD's file name is the card's id in the audits.

    \b
    chataudit cards diff 旧版.yaml 新版.yaml --period 2026-03 --from chataudit-report
    """
    settings = read_settings(settings_file)
    request = ScoreRequest(
        old.stem, options["period"], options["folders"], (), options["sheets"], options["people"], lang
    )
    before, after = score_both(request, settings, read_versions(old, new_file, settings.lexicons))
    found = changes(before.last, after.last)
    regraded = sum(one.regraded for one in found)
    say(
        Words(
            f"{len({*before.last, *after.last})} 人中 {len(found)} 人有变化，{regraded} 人等级改变。",
            f"Of {len({*before.last, *after.last})}, {len(found)} change, {regraded} get another grade.",
        ).said(lang)
    )
    for change in found:
        for line in _changed(change):
            say(line)


def read_versions(old: Path, new_file: Path, lexicons: Path | None) -> tuple[Card, Card]:
    """Return the cards of two files; the faults of both at once."""
    known = Known(frozenset(load_rules(lexicons_folder(lexicons)).rules))
    tried = Together()
    made = [tried.get(partial(read_card, path, known)) for path in (old, new_file)]
    tried.settle()
    assert made[0] is not None and made[1] is not None
    return made[0][0], made[1][0]


def _changed(change: Change) -> list[str]:
    def said(score: float | None, grade: str | None) -> str:
        return f"{'—' if score is None else format(score, '.2f')} {grade or ''}".strip()

    old, new_ = (said(one.score, one.grade) if one else "—" for one in (change.old, change.new))
    lines = [f"{change.subject}\t{old} → {new_}"]
    for one in change.lines:
        before, after = (
            "—" if points is None else f"{points:g}" + ("" if full is None else f"/{full:g}")
            for points, full in ((one.old, one.old_full), (one.new, one.new_full))
        )
        lines.append(f"  {one.id} {one.name}\t{before} → {after}")
    return lines
