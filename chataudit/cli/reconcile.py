"""``chataudit reconcile``: why the platform's figures differ from ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pandas as pd

from chataudit.cli.console import lang_option, say, with_faults
from chataudit.cli.metrics import counted_of, orders_option, people_option, settings_option
from chataudit.errors import Words
from chataudit.metrics import presets
from chataudit.reconcile import read_report, reconcile
from chataudit.settings import lexicons_folder, read_settings

FILE = click.Path(path_type=Path)
HEAD = Words(
    "客服\t日期\t指标\t平台\t本程序\t差\t最可能的原因\t设置\t按此设置",
    "agent\tday\tmetric\ttheirs\tours\tdifference\tlikeliest cause\tsetting\tunder it",
)


@click.command("reconcile")
@click.argument("paths", metavar="EXPORT...", nargs=-1, required=True, type=FILE)
@click.option("--with", "report", required=True, type=FILE, help="The platform's own performance export.")
@click.option("--out", type=FILE, help="Write the table as CSV, too.")
@orders_option
@people_option
@settings_option
@lang_option
@with_faults
def reconcile_command(paths: tuple[Path, ...], report: Path, out: Path | None, **options: Any) -> None:
    """Compare the platform's figures with ours, per agent and metric, and name the setting that closes each gap.

    \b
    chataudit reconcile 导出/ --with 生意参谋_客服绩效.xlsx
    """
    lang = options["lang"]
    settings = read_settings(options["settings_file"])
    theirs = read_report(report, settings)
    _, beside, taken = counted_of(paths, options, settings)
    policies = presets.load(lexicons_folder(settings.lexicons), settings).policies
    table = reconcile(taken.messages, beside.people, beside.orders, theirs, settings, policies)
    say(Words(f"报表：{theirs.report}，{len(table)} 个数", f"Report: {theirs.report}, {len(table)} figures").said(lang))
    say(HEAD.said(lang))
    for row in table.astype(object).where(table.notna(), None).to_dict("records"):
        cause = row["cause_en"] if lang == "en" else row["cause_zh"]
        say(
            "\t".join(
                [
                    row["agent"],
                    row["day"] or "—",
                    f"{row['header']} ({row['metric']})",
                    _number(row["theirs"]),
                    _number(row["ours"]),
                    _number(row["difference"]),
                    cause or "—",
                    row["setting"] or "—",
                    _number(row["closed"]),
                ]
            )
        )
    missing = table[table["ours"].isna()]["agent"].unique()
    if len(missing):
        say(Words(f"聊天里没有这些客服：{'、'.join(missing)}", f"Not in the chats: {', '.join(missing)}").said(lang))
    if out is not None:
        pd.DataFrame(table).to_csv(out, index=False, encoding="utf-8-sig")


def _number(value: Any) -> str:
    return "—" if value is None else f"{float(value):.6g}"
