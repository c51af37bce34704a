"""``chataudit spotcheck``: which conversations people read, and what their marks prove."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from chataudit import __version__
from chataudit import cards as card_stage
from chataudit import rules as rule_stage
from chataudit.cli.console import lang_option, say, settings_option, with_faults
from chataudit.errors import Fault, Faults, Together, Words
from chataudit.report.spotcheck import Lexicon, write_draw
from chataudit.settings import lexicons_folder, read_settings
from chataudit.spotcheck import Draw, PlanFile, Population, carry_out, read_plan, read_population
from chataudit.spotcheck.reasons import draw_id

FILE = click.Path(path_type=Path)


@click.command()
@click.option("--from", "folders", multiple=True, required=True, type=FILE, help="Folder that `chataudit audit` wrote.")
@click.option(
    "--plan", "plan_name", help="Plan: a shipped one (daily, random, strata, risk, newcomers) or a YAML file."
)
@click.option("--n", type=click.IntRange(1, 5000), help="Draw so many at random in all, instead of the plan's number.")
@click.option("--per-agent", type=click.IntRange(1, 1000), help="Draw so many at random from each agent instead.")
@click.option("--seed", default="1", show_default=True, help="The same seed on the same audits draws the same.")
@click.option("--out", type=FILE, default=Path("chataudit-spotcheck"), show_default=True, help="Folder to write to.")
@click.option("--blind", is_flag=True, help="Hide the machine's marks; two raters' copies unless --rater names others.")
@click.option(
    "--rater", "raters", multiple=True, help="A copy of the workbook for this person; may be given more than once."
)
@settings_option
@lang_option
@with_faults
def spotcheck(**options: Any) -> None:
    """Draw conversations for people to read.

    \b
    chataudit spotcheck --from chataudit-report
    chataudit spotcheck --from 周一 --from 周二 --plan strata --per-agent 5 --seed 2026-W10
    chataudit spotcheck --from chataudit-report --blind --rater 王姐 --rater 李哥 --out 双评
    """
    lang = options["lang"]
    asked, lexicon = _asked(options)
    population = read_population(options["folders"], risk=asked.plan.asks_risk)
    _same_cards(population, lexicon[1])
    draw = carry_out(asked.plan, population, options["seed"])
    raters = options["raters"] or ((("甲", "乙") if lang == "zh" else ("A", "B")) if options["blind"] else ())
    run = _run(options, asked, population, draw)
    books = write_draw(
        population, draw, lexicon[0], options["out"], run, raters=raters, blind=options["blind"], lang=lang
    )
    _summary(population, draw, options["out"], books, lang)


def _asked(options: dict[str, Any]) -> tuple[PlanFile, tuple[Lexicon, dict[str, str]]]:
    """Return the plan as asked for, and cards and rules with the cards' hashes."""
    if options["n"] is not None and options["per_agent"] is not None:
        what = Words("--n 和 --per-agent 只能给一个。", "Give --n or --per-agent, not both.")
        raise Faults([Fault(what)])
    folder = lexicons_folder(read_settings(options["settings_file"]).lexicons)
    tried = Together()
    library = tried.get(lambda: rule_stage.load(folder))
    deck = tried.get(lambda: card_stage.load(folder, library.rules)) if library else None
    file = tried.get(lambda: read_plan(options["plan_name"], folder, library.rules)) if library else None
    tried.settle()
    assert library and deck and file
    size = {key: options[key] for key in ("n", "per_agent") if options[key] is not None}
    if size:
        plan = file.plan.model_copy(update={"n": None, "per_agent": None, **size})
        file = PlanFile(file.id, plan, file.digest)
    return file, (Lexicon(deck.cards, library.rules), deck.hashes)


def _same_cards(population: Population, hashes: dict[str, str]) -> None:
    """Raise Faults where an audit was scored with other cards than these."""
    used = sorted(set(population.tables["marks"]["card"].astype(str)))
    faults = []
    for name in used:
        then = {dict(run["lexicons"]).get(f"cards/{name}") for run in population.runs} - {None}  # type: ignore[call-overload]
        if then and then != {hashes.get(f"cards/{name}")}:
            what = Words(f"评分表 “{name}” 和审核时的不一样了。", f"Card {name!r} is not the one of the audit.")
            hint = Words("用 --settings 给出审核时的设置，或重新审核。", "Give the audit's --settings, or audit again.")
            faults.append(Fault(what, hint=hint))
    if faults:
        raise Faults(faults)


def _run(options: dict[str, Any], asked: PlanFile, population: Population, draw: Draw) -> dict[str, Any]:
    return {
        "program": "chataudit spotcheck",
        "version": __version__,
        "draw": draw_id(population, draw),
        "seed": options["seed"],
        "plan": {"id": asked.id, "sha256": asked.digest, **asked.plan.model_dump(mode="json")},
        "conversations_sha256": population.digest,
        "conversations": len(population.units),
        "drawn": int(draw.taken.sum()),
        "audits": [
            {key: run.get(key) for key in ("version", "settings_sha256", "inputs", "lexicons")}
            for run in population.runs
        ],
        "blind": options["blind"],
        "raters": list(options["raters"]),
    }


def _summary(population: Population, draw: Draw, out: Path, books: list[str], lang: str) -> None:
    events = sum(draw.strata[at].kind == "event" for at in draw.stratum[draw.taken].tolist())
    random = int(draw.taken.sum()) - events
    lines = [
        Words(
            f"{len(population.units)} 个会话，随机抽 {random}，必查 {events}；抽检编号 {draw_id(population, draw)}",
            f"{len(population.units)} conversations: {random} drawn at random, {events} always reviewed; draw "
            f"{draw_id(population, draw)}",
        ),
        *(Words(f"请填：{(out / name).resolve()}", f"To fill in: {(out / name).resolve()}") for name in books),
        Words(f"页面：{(out / 'index.html').resolve()}", f"Page: {(out / 'index.html').resolve()}"),
    ]
    for line in lines:
        say(line.said(lang))
