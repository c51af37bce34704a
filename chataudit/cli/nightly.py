"""``chataudit nightly``: the batch that cron or systemd starts."""

from __future__ import annotations

import gc
import sys
import traceback
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from chataudit import store
from chataudit.cli.console import lang_option, progress, say, with_faults
from chataudit.cli.days import read_days
from chataudit.cli.db import db_option
from chataudit.errors import Faults, Words
from chataudit.nightly import Night, NightRequest, run_night, summary_lines
from chataudit.notices import read_channels
from chataudit.settings import read_settings

FILE = click.Path(path_type=Path)


@click.command()
@click.option("--inbox", type=FILE, required=True, help="Folder into which exports are dropped.")
@db_option
@click.option("--out", type=FILE, default=Path("chataudit-nightly"), show_default=True, help="Folder for reports.")
@click.option("--date", "days", metavar="D[..D]", help="Audit only this day or these days; other days stay due.")
@click.option("--settings", "settings_file", type=FILE, help="Settings file (YAML).")
@click.option("--card", "cards", multiple=True, help="Card to fill (default: those of every audit).")
@click.option("--model", type=FILE, help="Model of risk written by chataudit learn.")
@click.option("--notify", type=FILE, help="Channels for notices (YAML; see chataudit notices).")
@click.option("--log", "log_file", type=FILE, help="Append a JSON line for each step (default: standard error).")
@click.option(
    "--settle",
    type=click.FloatRange(0, 86_400),
    default=60,
    show_default=True,
    help="A file changed in the last so many seconds is still being written.",
)
@click.option("--keep-files", is_flag=True, help="Leave finished files in the inbox (they are known by their content).")
@click.option("--accept-clock", is_flag=True, help="Go on though the clock stands before the last night.")
@click.option("--sample", type=click.IntRange(0, 1000), default=10, show_default=True, help="Conversations per agent.")
@click.option("--unmasked", is_flag=True, help="Show phone numbers, addresses and order numbers as they are.")
@lang_option
@with_faults
def nightly(**options: Any) -> None:
    """Take in what is new in the inbox, audit the days it tells of, fill the cards that are due, write reports, tell people.

    Safe to run at any time and any number of times: files may come late, twice, overlapping, in any order; a run that was
    killed is finished by the next. Exit 0: done; 1: done, but something wants a look; 2: not done.

    \b
    chataudit nightly --inbox 收件箱 --db chataudit.db
    chataudit nightly --inbox /srv/inbox --db postgresql://audit@db/chataudit --notify notices.yaml --log nightly.jsonl
    """
    gc.disable()  # one run, then the process ends
    lang = options["lang"]
    settings = read_settings(options["settings_file"])
    channels = read_channels(options["notify"]) if options["notify"] is not None else ()
    database = store.open_database(options["url"])
    store.ready(database, make=True)
    with ExitStack() as held:
        log = held.enter_context(options["log_file"].open("a", encoding="utf-8")) if options["log_file"] else sys.stderr
        request = NightRequest(
            inbox=options["inbox"],
            out=options["out"],
            cards=options["cards"],
            days=read_days(options["days"]),
            model=options["model"],
            keep_files=options["keep_files"],
            settle_s=options["settle"],
            accept_clock=options["accept_clock"],
            sample=options["sample"],
            masked=not options["unmasked"],
            lang=lang,
            channels=channels,
            apart=tuple(options[one] for one in ("settings_file", "model", "notify", "log_file") if options[one]),
            log=log,
        )
        show = held.enter_context(progress(lang))
        try:
            night = run_night(database, request, settings, show)
        except Faults:
            raise
        except Exception:  # whatever it is: not done, and never the 1 that means done
            traceback.print_exc()
            sys.exit(2)
    _say(night, lang)
    sys.exit(1 if night.outcome == "attention" else 0)


def _say(night: Night, lang: str) -> None:
    for line in summary_lines(night):
        say(line.said(lang))
    for name in night.quarantined:
        say(Words(f"隔离：{name}", f"Quarantined: {name}").said(lang))
    for name in night.growing:
        say(Words(f"还在写入，下次再读：{name}", f"Still being written, read next time: {name}").said(lang))
    for what in night.failed:
        say(Words(f"需要处理：{what.zh}", f"Wants a look: {what.en}").said(lang))
    for one in night.sent:
        say(one.said(lang))
    for out in night.reports:
        page = (out / "index.html").resolve()
        say(Words(f"报告：{page}", f"Report: {page}").said(lang))
