"""``chataudit spotcheck``: which conversations people read, and what their marks prove."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click

from chataudit import __version__
from chataudit import cards as card_stage
from chataudit import rules as rule_stage
from chataudit.cli.console import lang_option, say, settings_option, with_faults
from chataudit.errors import Fault, Faults, Together, Words
from chataudit.ingest.handed_back import read_handed_back
from chataudit.report.spotcheck import Lexicon, read_run, write_draw, write_results
from chataudit.settings import Settings, lexicons_folder, read_settings
from chataudit.spotcheck import Draw, Plan, Population, Reviews, carry_out, gather, read_plan, read_population
from chataudit.spotcheck.reasons import draw_id

FILE = click.Path(path_type=Path)
NONE_FINISHED = Words(
    "注意：没有一个抽到的会话在末尾选了“是”（看完了），所以什么都推算不了。",
    "Note: no drawn conversation has a yes at its end (read to the end), so nothing can be inferred.",
)
BOOKS = (".xlsx", ".xlsm")


@click.command()
@click.option(
    "--from", "folders", metavar="FOLDER...", multiple=True, required=True, type=FILE, help="Folders of audits."
)
@click.argument("more", metavar="", nargs=-1, type=FILE)
@click.option(
    "--plan", "plan_name", help="Plan: a shipped one (daily, random, strata, risk, newcomers) or a YAML file."
)
@click.option("--n", type=click.IntRange(1, 5000), help="Draw so many at random in all, instead of the plan's number.")
@click.option("--per-agent", type=click.IntRange(1, 1000), help="Draw so many at random from each agent instead.")
@click.option("--seed", help="The same seed on the same audits draws the same (default 1).")
@click.option("--out", type=FILE, default=Path("chataudit-spotcheck"), show_default=True, help="Folder to write to.")
@click.option(
    "--sheet",
    "sheets",
    metavar="FILE...",
    multiple=True,
    type=FILE,
    help="Workbooks handed back; the last one decides.",
)
@click.option("--blind", is_flag=True, help="Hide the machine's marks; two raters' copies unless --rater names others.")
@click.option(
    "--rater", "raters", multiple=True, help="A copy of the workbook for this person; may be given more than once."
)
@settings_option
@lang_option
@with_faults
def spotcheck(**options: Any) -> None:
    """Draw conversations for people to read; with --sheet, say what their marks prove.

    \b
    chataudit spotcheck --from chataudit-report
    chataudit spotcheck --from 周一 周二 --plan strata --per-agent 5 --seed 2026-W10
    chataudit spotcheck --from chataudit-report --blind --rater 王姐 --rater 李哥 --out 双评
    chataudit spotcheck --from chataudit-report --sheet chataudit-spotcheck/spotcheck.xlsx
    """
    lang, out = options["lang"], options["out"]
    folders, sheets = _sorted(options)
    options = {**options, "folders": folders, "sheets": sheets}
    settings = read_settings(options["settings_file"])
    asked, lexicon, hashes = _asked(options, lexicons_folder(settings.lexicons))
    population = read_population(options["folders"], risk=asked.plan.asks_risk)
    same_cards(population, hashes)
    draw = carry_out(asked.plan, population, asked.seed)
    run = run_of(asked, population, draw)
    if sheets:
        reviews = _handed_back(sheets, settings, population, draw, lexicon)
        write_results(population, draw, lexicon, reviews, sheets, out, run, lang=lang)
        said = told_results(population, draw, reviews, out)
    else:
        raters = options["raters"] or ((("甲", "乙") if lang == "zh" else ("A", "B")) if options["blind"] else ())
        run = {**run, "blind": options["blind"], "raters": list(raters)}
        books = write_draw(population, draw, lexicon, out, run, raters=raters, blind=options["blind"], lang=lang)
        said = told_draw(population, draw, out, books)
    for line in said:
        say(line.said(lang))


def _sorted(options: dict[str, Any]) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Return folders and workbooks; what follows the first of either without its option is told by what it is."""
    sheets = [path for path in options["more"] if path.suffix.lower() in BOOKS or path.is_file()]
    folders = [path for path in options["more"] if path not in sheets]
    return (*options["folders"], *folders), (*options["sheets"], *sheets)


def _handed_back(
    sheets: Sequence[Path], settings: Settings, population: Population, draw: Draw, lexicon: Lexicon
) -> Reviews:
    """Return what people judged; the faults of all workbooks at once."""
    tried = Together()
    files = [tried.get(partial(read_handed_back, path, settings)) for path in sheets]
    tried.settle()
    return gather([one for file in files if file for one in file], draw_id(population, draw), population, lexicon.cards)


@dataclass(frozen=True)
class Asked:
    """A plan as asked for, with its name, the hash of its file, and the seed."""

    id: str
    plan: Plan
    digest: str
    seed: str


def _asked(options: dict[str, Any], folder: Path) -> tuple[Asked, Lexicon, dict[str, str]]:
    """Return the plan as asked for, cards and rules, and the cards' hashes."""
    if options["n"] is not None and options["per_agent"] is not None:
        what = Words("--n 和 --per-agent 只能给一个。", "Give --n or --per-agent, not both.")
        raise Faults([Fault(what)])
    tried = Together()
    library = tried.get(lambda: rule_stage.load(folder))
    deck = tried.get(lambda: card_stage.load(folder, library.rules)) if library else None
    asked = tried.get(lambda: _plan(options, folder, library.rules)) if library else None
    tried.settle()
    assert library and deck and asked
    return asked, Lexicon(deck.cards, library.rules), deck.hashes


def _plan(options: dict[str, Any], folder: Path, rules: Iterable[str]) -> Asked:
    """Return the plan of the command line; handing back without one, that of the draw in ``--out``."""
    said = [name for name in ("plan_name", "n", "per_agent", "seed") if options[name] is not None]
    before = read_run(options["out"]) if options["sheets"] and not said else None
    if before is not None:
        return Asked(before.id, before.plan, before.digest, before.seed)
    file = read_plan(options["plan_name"], folder, rules)
    size = {key: options[key] for key in ("n", "per_agent") if options[key] is not None}
    plan = file.plan.model_copy(update={"n": None, "per_agent": None, **size}) if size else file.plan
    return Asked(file.id, plan, file.digest, options["seed"] or "1")


def same_cards(population: Population, hashes: dict[str, str]) -> None:
    """Raise Faults where an audit's conversations were scored with other cards than these."""
    faults, marks = [], population.tables["marks"]
    of_conversations = (marks["subject_kind"] == "conversation").to_numpy(dtype=bool)
    for name in sorted(set(marks["card"][of_conversations].astype(str))):
        key = f"cards/{name}"
        then = {used[key] for run in population.runs if isinstance(used := run.get("lexicons"), dict) and key in used}
        if then and then != {hashes.get(f"cards/{name}")}:
            what = Words(f"评分表 “{name}” 和审核时的不一样了。", f"Card {name!r} is not the one of the audit.")
            hint = Words("用 --settings 给出审核时的设置，或重新审核。", "Give the audit's --settings, or audit again.")
            faults.append(Fault(what, hint=hint))
    if faults:
        raise Faults(faults)


def run_of(asked: Asked, population: Population, draw: Draw) -> dict[str, Any]:
    """Return what a draw is traced by."""
    kept = ("version", "settings_sha256", "inputs", "lexicons")
    return {
        "program": "chataudit spotcheck",
        "version": __version__,
        "draw": draw_id(population, draw),
        "seed": asked.seed,
        "plan": {"id": asked.id, "sha256": asked.digest, "said": asked.plan.model_dump(mode="json")},
        "conversations_sha256": population.digest,
        "conversations": len(population.units),
        "drawn": int(draw.taken.sum()),
        "audits": [{key: run.get(key) for key in kept} for run in population.runs],
    }


def told_draw(population: Population, draw: Draw, out: Path, books: list[str]) -> list[Words]:
    """Say what was drawn and where it lies."""
    events = sum(draw.strata[at].kind == "event" for at in draw.stratum[draw.taken].tolist())
    random, id_ = int(draw.taken.sum()) - events, draw_id(population, draw)
    page = (out / "index.html").resolve()
    return [
        Words(
            f"{len(population.units)} 个会话，随机抽 {random}，必查 {events}；抽检编号 {id_}",
            f"{len(population.units)} conversations: {random} at random, {events} always reviewed; draw {id_}",
        ),
        *(Words(f"请填：{(out / name).resolve()}", f"To fill in: {(out / name).resolve()}") for name in books),
        Words(f"页面：{page}", f"Page: {page}"),
    ]


def told_results(population: Population, draw: Draw, reviews: Reviews, out: Path) -> list[Words]:
    """Say what came back and where the results lie."""
    finished = sum(bool(draw.taken[one]) for one in reviews.done)
    written = int(reviews.marks["explicit"].sum())
    page = (out / "results.html").resolve()
    return [
        Words(
            f"评分人 {'、'.join(reviews.raters)}：抽到 {int(draw.taken.sum())}，看完 {finished}；"
            f"人工判定 {written}，命中判定 {len(reviews.verdicts)}",
            f"Raters {', '.join(reviews.raters)}: {int(draw.taken.sum())} drawn, {finished} finished; {written} marks, "
            f"{len(reviews.verdicts)} verdicts on hits",
        ),
        *([] if finished else [NONE_FINISHED]),
        Words(f"结果：{page}", f"Results: {page}"),
    ]
