"""The command line: one module for each command, loaded when its command is given."""

from __future__ import annotations

import difflib
from importlib import import_module

import click

import chataudit

COMMANDS = {
    "audit": "audit:audit",
    "metrics": "metrics:metrics",
    "reconcile": "reconcile:reconcile_command",
    "spotcheck": "spotcheck:spotcheck",
    "sheet": "sheet:sheet",
    "score": "score:score",
    "formats": "formats:formats",
    "learn": "learn:learn_command",
    "topics": "topics:topics_command",
    "nightly": "nightly:nightly",
    "status": "status:status",
    "trend": "trend:trend",
    "report": "trend:report_command",
    "db": "db:db",
    "notices": "notices:notices",
    "rules": "rules:rules",
    "cards": "cards:cards",
}


class Commands(click.Group):
    """The commands of `COMMANDS`; the libraries behind all of them together take two seconds to load."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted(COMMANDS)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return a command by the first argument, or name the nearest one."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-") and not ctx.resilient_parsing:
            near = difflib.get_close_matches(name, COMMANDS, 1)
            ctx.fail(f"No such command {name!r}." + (f" Did you mean {near[0]!r}?" if near else ""))
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by its name."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(f"chataudit.cli.{module}"), name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(chataudit.__version__)
def main() -> None:
    """Audit customer-service chats: exports in, filled checklists out.

    \b
    Start here:
      chataudit audit 聊天记录.txt            one export
      chataudit audit 导出文件夹 --out 报告     a folder of exports, orders, people and sheets
    """


__all__ = ["main"]
