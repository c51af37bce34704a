"""``chataudit audit``: exports in, report out."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import click

from chataudit.apart import Apart, is_large
from chataudit.cli.console import lang_option, with_faults
from chataudit.cli.later import Later

FILE = click.Path(path_type=Path)


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=FILE)
@click.option("--orders", multiple=True, type=FILE, help="Order export; may be given more than once.")
@click.option("--sheet", "sheets", multiple=True, type=FILE, help="Sheet of figures, or a checklists.xlsx handed back.")
@click.option("--people", type=FILE, help="Table account → person, team, since, shifts.")
@click.option("--settings", "settings_file", type=FILE, help="Settings file (YAML).")
@click.option(
    "--format",
    "layout",
    type=Later("chataudit.cli.formats", "FORMATS"),
    help="Read all chats, or all orders, as this layout.",
)
@click.option("--platform", type=Later("chataudit.tables", "PLATFORMS"), help="Platform of logs that do not say it.")
@click.option(
    "--date",
    "days",
    metavar="D[..D]",
    help="Only sessions of this day or these days; one day is also that of times without a date.",
)
@click.option("--card", "cards", multiple=True, help="Card to fill (default: all shipped ones).")
@click.option(
    "--sample",
    type=click.IntRange(0, 1000),
    default=10,
    show_default=True,
    help="Conversations per agent in page and workbook.",
)
@click.option("--model", type=FILE, help="Model of risk written by chataudit learn (default: signs, untrained).")
@click.option("--out", type=FILE, default=Path("chataudit-report"), show_default=True, help="Folder for the report.")
@click.option("--db", "url", metavar="URL", help="Keep the audit in this database, too (a file, or postgresql://…).")
@click.option("--timezone", help="Time zone of times without offset (default Asia/Shanghai).")
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    help="Rules judged and tables written at the same time; from 2 on, a second interpreter helps.",
)
@click.option("--unmasked", is_flag=True, help="Show phone numbers, addresses and order numbers as they are.")
@lang_option
@click.option(
    "--fail-under", type=float, metavar="SCORE", help="Exit 1 if an agent's score of the first card is lower."
)
@with_faults
def audit(**options: Any) -> None:
    """Audit chat exports: files or folders, formats told by content.

    \b
    chataudit audit 千牛_聊天记录.txt
    chataudit audit 导出/ --people 人员.csv --sheet 填报表.csv --out 报告
    chataudit audit chats.csv --date 2026-03-01..2026-03-31 --card presales-checklist
    chataudit audit 导出/ --db chataudit.db
    """
    gc.disable()  # one run, then the process ends: millions of short-lived tuples are no garbage to look for
    with Apart("chataudit.report", wanted=options["jobs"] > 1 and is_large(options["paths"])) as apart:
        from chataudit.cli.auditing import run  # loads for a second, as the second interpreter does meanwhile

        run(apart, **options)
