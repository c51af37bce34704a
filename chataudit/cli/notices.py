"""``chataudit notices``: the channels that notices go to, checked and tried."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from chataudit.cli.console import lang_option, say, with_faults
from chataudit.errors import Words
from chataudit.notices import Notice, read_channels, send

FILE = click.Path(path_type=Path)
# It has an entry in every list, so that channels of every `when` get it.
TEST = Notice(
    title=Words("chataudit 质检通知：测试", "chataudit notice: a test"),
    summary=(Words("能看到这条，说明通道已接通。", "You read this: the channel works."),),
    red_lines=(Words("测试：这里列出红线。", "Test: red lines stand here."),),
    failed=(Words("测试：这里列出没有做成的事。", "Test: what failed stands here."),),
    reports=("chataudit-report/index.html",),
)


@click.group()
def notices() -> None:
    """Notices to 钉钉, 企业微信, 飞书 and by mail: the file of channels, checked and tried."""


@notices.command()
@click.argument("file", type=FILE)
@lang_option
@with_faults
def check(file: Path, lang: str) -> None:
    """Check the channels FILE without sending anything; exit 2 if something is wrong.

    \b
    chataudit notices check notices.yaml
    """
    for number, channel in enumerate(read_channels(file), 1):
        say(f"{channel.name(number).said(lang)}\t{channel.when}")


@notices.command()
@click.argument("file", type=FILE)
@lang_option
@with_faults
def test(file: Path, lang: str) -> None:
    """Send a test notice to every channel of FILE, whatever its `when`; exit 1 if one did not take it.

    \b
    chataudit notices test notices.yaml
    """
    results = send(TEST, read_channels(file), lang)
    for one in results:
        say(one.said(lang))
    sys.exit(0 if all(one.ok for one in results) else 1)
