"""The command line: one module for each command."""

from __future__ import annotations

import click

import chataudit
from chataudit.cli.audit import audit
from chataudit.cli.cards import cards
from chataudit.cli.db import db
from chataudit.cli.formats import formats
from chataudit.cli.learn import learn_command
from chataudit.cli.metrics import metrics
from chataudit.cli.nightly import nightly
from chataudit.cli.notices import notices
from chataudit.cli.reconcile import reconcile_command
from chataudit.cli.rules import rules
from chataudit.cli.score import score
from chataudit.cli.sheet import sheet
from chataudit.cli.spotcheck import spotcheck
from chataudit.cli.status import status
from chataudit.cli.topics import topics_command
from chataudit.cli.trend import report_command, trend


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(chataudit.__version__)
def main() -> None:
    """Audit customer-service chats: exports in, filled checklists out.

    \b
    Start here:
      chataudit audit 聊天记录.txt            one export
      chataudit audit 导出文件夹 --out 报告     a folder of exports, orders, people and sheets
    """


for command in (
    audit,
    metrics,
    reconcile_command,
    spotcheck,
    sheet,
    score,
    formats,
    learn_command,
    topics_command,
    nightly,
    status,
    trend,
    report_command,
    db,
    notices,
    rules,
    cards,
):
    main.add_command(command)

__all__ = ["main"]
