"""``chataudit rules diff`` and ``rules stats``: what rules do on real logs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pandas as pd

from chataudit.audit import Request
from chataudit.audit import audit as audit_request
from chataudit.backtest import Difference, compare
from chataudit.cli.console import lang_option, progress, say, settings_option, with_faults
from chataudit.cli.days import read_days
from chataudit.errors import Words
from chataudit.judged import precision, read_judged
from chataudit.report.csvs import safe_frame
from chataudit.settings import read_settings
from chataudit.usage import to_judge, usage

FILE = click.Path(path_type=Path)
SAFE = {"strings_to_formulas": False, "strings_to_urls": False}
log_options = (
    click.option("--orders", multiple=True, type=FILE, help="Order export; may be given more than once."),
    click.option("--people", type=FILE, help="Table account → person, team, since, shifts."),
    click.option("--date", "days", metavar="D[..D]", help="Only sessions of this day, or of these days."),
    click.option("--out", type=FILE, help="Folder for the tables as CSV."),
    click.option("--unmasked", is_flag=True, help="Show phone numbers, addresses and order numbers as they are."),
)


def on_logs(command: Any) -> Any:
    """Add the options of commands that read logs."""
    for option in reversed(log_options):
        command = option(command)
    return command


@click.command()
@click.argument("old", type=FILE)
@click.argument("new", type=FILE)
@click.option("--on", "paths", multiple=True, required=True, type=FILE, help="Chat export or folder; may be repeated.")
@click.option("--most", type=click.IntRange(0, 1000), default=3, show_default=True, help="Sentences shown per rule.")
@on_logs
@settings_option
@lang_option
@with_faults
def diff(old: Path, new: Path, **options: Any) -> None:
    """Say what a changed library does on logs: hits that appear and vanish, scores that move.

    OLD and NEW are lexicons folders.

    \b
    chataudit rules diff lexicons my-lexicons --on 导出/ --out 对比
    """
    lang = options["lang"]
    with progress(lang) as show:
        found = compare(
            _request(options),
            read_settings(options["settings_file"]),
            old,
            new,
            masked=not options["unmasked"],
            progress=show,
        )
    for line in _told(found, options["most"], lang):
        say(line)
    if options["out"] is not None:
        _write(options["out"], {name: getattr(found, name) for name in ("hits", "rules", "agents", "scores")})


def _request(options: dict[str, Any]) -> Request:
    return Request(
        paths=options["paths"],
        orders=options["orders"],
        people=options["people"],
        days=read_days(options["days"]),
        lang=options["lang"],
    )


def _told(found: Difference, most: int, lang: str) -> list[str]:
    lines = []
    for row in found.rules.itertuples():
        counts = f"{row.before} → {row.after} (+{row.appears} −{row.vanishes})"
        lines.append(f"{row.rule}\t{counts}")
        mine = found.hits[found.hits["rule"] == row.rule]
        for sign, change in (("+", "appears"), ("−", "vanishes")):
            lines += [
                f"\t{sign} {one.agent}: {one.sentence}"
                for one in mine[mine["change"] == change].head(most).itertuples()
            ]
    if not lines:
        lines.append(Words("命中没有变化。", "No hit changes.").said(lang))
    elif len(found.agents):
        lines.append(Words("按客服：", "By agent:").said(lang))
        lines += [
            f"\t{row.agent}\t{row.before} → {row.after} (+{row.appears} −{row.vanishes})"
            for row in found.agents.itertuples()
        ]
    moved = found.scores
    lines.append(
        Words(f"评分：{found.scored} 个中 {len(moved)} 个变化。", f"Scores: {len(moved)} of {found.scored} move.").said(
            lang
        )
    )
    for (card, kind), group in moved.groupby(["card", "subject_kind"], sort=True):
        low, mean, high = (f"{getattr(group['change'], of)():+.2f}" for of in ("min", "mean", "max"))
        text = Words(
            f"\t{card} {kind}：{len(group)} 个变化，平均 {mean}，最低 {low}，最高 {high}",
            f"\t{card} {kind}: {len(group)} move, mean {mean}, from {low} to {high}",
        )
        lines.append(text.said(lang))
    return lines


@click.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=FILE)
@click.option("--judged", multiple=True, type=FILE, help="Judged hits (CSV or XLSX): columns rule, verdict, phrase.")
@click.option("--to-judge", type=FILE, help="Write hits with an empty verdict column (CSV or XLSX).")
@click.option("--most", type=click.IntRange(1, 10_000), default=50, show_default=True, help="Hits to judge per rule.")
@on_logs
@settings_option
@lang_option
@with_faults
def stats(judged: tuple[Path, ...], **options: Any) -> None:
    """Say how often each rule hits on logs, and from judged hits how often it is right.

    \b
    chataudit rules stats 导出/ --to-judge 待判定.xlsx
    chataudit rules stats --judged 待判定.xlsx
    """
    lang, tables = options["lang"], {}
    if options["paths"]:
        with progress(lang) as show:
            audited = audit_request(_request(options), read_settings(options["settings_file"]), show)
        tables["usage"] = usage(audited)
        for line in _used(tables["usage"], lang):
            say(line)
        if options["to_judge"] is not None:
            _write_one(options["to_judge"], to_judge(audited, options["most"], masked=not options["unmasked"]))
    if judged:
        every = pd.concat([read_judged(path) for path in judged], ignore_index=True)
        tables["precision_rules"] = precision(every, ["rule"])
        tables["precision_phrases"] = precision(every[every["phrase"] != ""], ["rule", "phrase"])
        for name in ("precision_rules", "precision_phrases"):
            for line in _right(tables[name], lang):
                say(line)
    if not tables:
        raise click.UsageError("PATH or --judged is needed")
    if options["out"] is not None:
        _write(options["out"], tables)


def _used(table: pd.DataFrame, lang: str) -> list[str]:
    states = {
        "never": Words("从未命中", "never hits"),
        "always": Words("每段会话都命中", "hits in every session"),
        "no_data": Words("没有数据，判不了", "no data to judge by"),
        "nobody": Words("没有适用的会话", "for no session"),
        "": Words("", ""),
    }
    lines = [
        Words("规则\t级别\t命中\t会话\t客服\t占会话\t说明", "rule\tlevel\thits\tsessions\tagents\tshare\tnote").said(
            lang
        )
    ]
    for row in table.itertuples():
        share = "–" if pd.isna(row.session_share) else f"{row.session_share:.1%}"
        note = states[str(row.state)].said(lang)
        lines.append(f"{row.rule}\t{row.level}\t{row.hits}\t{row.sessions}\t{row.agents}\t{share}\t{note}")
    return lines


def _right(table: pd.DataFrame, lang: str) -> list[str]:
    lines = [
        Words("规则\t判定数\t正确\t准确率（95% 区间）", "rule\tjudged\tright\tprecision (95 % interval)").said(lang)
    ]
    for row in table.itertuples():
        name = row.rule if "phrase" not in table else f"{row.rule} “{row.phrase}”"
        lines.append(f"{name}\t{row.judged}\t{row.right}\t{row.precision:.1%} ({row.low:.1%}–{row.high:.1%})")
    return lines


def _write(folder: Path, tables: dict[str, pd.DataFrame]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        _write_one(folder / f"{name}.csv", table)


def _write_one(path: Path, table: pd.DataFrame) -> None:
    """Write a table as CSV or, if the name says so, as a workbook; no cell is one that a spreadsheet would run."""
    if path.suffix.lower() == ".xlsx":
        with pd.ExcelWriter(path, engine="xlsxwriter", engine_kwargs={"options": SAFE}) as writer:
            table.to_excel(writer, index=False, sheet_name="hits")
            if "verdict" in table:
                column = list(table.columns).index("verdict")
                words = {"validate": "list", "source": ["对", "错"]}
                writer.sheets["hits"].data_validation(1, column, max(len(table), 1), column, words)
        return
    safe_frame(table).to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")
