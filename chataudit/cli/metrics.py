"""``chataudit metrics``: what is measured, what made a figure, figures by period."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pandas as pd

from chataudit import ingest
from chataudit.beside import Beside, Named, gather
from chataudit.cli.console import lang_option, say, with_faults
from chataudit.counting import Counted, count
from chataudit.errors import Fault, Faults, Words, one_of
from chataudit.explain import made_of
from chataudit.metrics import presets
from chataudit.metrics.definitions import BY_NAME, DEFINITIONS
from chataudit.metrics.periods import SHOWN, by_period, of_span
from chataudit.privacy import mask_text
from chataudit.settings import Settings, lexicons_folder, read_settings
from chataudit.work import Work

FILE = click.Path(path_type=Path)
settings_option = click.option("--settings", "settings_file", type=FILE, help="Settings file (YAML).")
orders_option = click.option("--orders", multiple=True, type=FILE, help="Order export; may be given more than once.")
people_option = click.option("--people", type=FILE, help="Table account → person, team, since, shifts.")


@click.group()
def metrics() -> None:
    """The figures: what they mean, what made them, how they move."""


@metrics.command("list")
@settings_option
@lang_option
@with_faults
def list_metrics(settings_file: Path | None, lang: str) -> None:
    """List every figure with its definition and source.

    \b
    chataudit metrics list
    """
    settings = read_settings(settings_file)
    for one in DEFINITIONS:
        say(f"{one.metric}\t{one.name.said(lang)}\t{one.formula.said(lang)}")
    for name, policy in presets.load(lexicons_folder(settings.lexicons), settings).policies.items():
        say(f"{name}\t{policy.name_en if lang == 'en' else policy.name}\t{policy.source}")


def counted_of(
    paths: tuple[Path, ...], options: dict[str, Any], settings: Settings
) -> tuple[Counted, Beside, ingest.Ingested]:
    """Return what is counted of exports with the orders and people named, or found in their folder."""
    named = Named(orders=options["orders"], people=options["people"])
    taken = ingest.read(paths, settings, own=named.paths)
    beside = gather(named, taken.companions, settings)
    policies = presets.load(lexicons_folder(settings.lexicons), settings).policies
    return count(taken.messages, beside.people, beside.orders, settings, policies), beside, taken


@metrics.command()
@click.argument("metric")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=FILE)
@click.option("--agent", help="Only this agent.")
@click.option("--day", help="Only this day, e.g. 2026-03-02.")
@click.option("--most", type=click.IntRange(1), default=50, show_default=True, help="Rows to print.")
@click.option("--unmasked", is_flag=True, help="Show personal data in the messages.")
@orders_option
@people_option
@settings_option
@lang_option
@with_faults
def explain(metric: str, paths: tuple[Path, ...], **options: Any) -> None:
    """Show what METRIC means, under which settings, and the very messages that made it.

    \b
    chataudit metrics explain mean_response_s 导出/ --agent 示例旗舰店:小雨 --day 2026-03-02
    chataudit metrics explain taobao.within_180s 导出/
    """
    lang = options["lang"]
    settings = read_settings(options["settings_file"])
    policies = presets.load(lexicons_folder(settings.lexicons), settings).policies
    known = [*BY_NAME, *policies]
    if metric not in known:
        raise Faults(
            [Fault(Words(f"没有指标 “{metric}”。", f"There is no metric {metric!r}."), hint=one_of(metric, known))]
        )
    done, beside, _ = counted_of(paths, options, settings)
    _define(metric, policies, settings, lang)
    work = Work.of(done.log, settings)
    rows = made_of(
        metric, done.log, work, policies, settings, orders=beside.orders, agent=options["agent"], day=options["day"]
    )
    hide = (lambda text: text) if options["unmasked"] else mask_text
    for row in rows.head(options["most"]).astype(object).where(rows.notna(), None).to_dict("records"):
        asked, replied = (hide(str(row[name] or "")).replace("\n", " ")[:40] for name in ("asked", "replied"))
        value = "—" if row["value"] is None else f"{row['value']:g}"
        say(
            f"{row['agent'] or '—'}\t{row['buyer']}\t{_clock(row['asked_at'])} {asked}\t→ {_clock(row['replied_at'])} {replied}\t{value}"
            f"\t{row['file']}:{row['row']}"
        )
    known_values = pd.to_numeric(rows["value"]).dropna()
    said = Words(
        f"共 {len(rows)} 条，显示 {min(len(rows), options['most'])} 条；合计 {known_values.sum():g}，平均 "
        f"{known_values.mean() if len(known_values) else float('nan'):g}。",
        f"{len(rows)} rows, {min(len(rows), options['most'])} shown; sum {known_values.sum():g}, mean "
        f"{known_values.mean() if len(known_values) else float('nan'):g}.",
    )
    say(said.said(lang))


def _clock(instant: Any) -> str:
    return f"{instant:%m-%d %H:%M:%S}" if isinstance(instant, pd.Timestamp) and not pd.isna(instant) else "—"


def _define(metric: str, policies: Any, settings: Settings, lang: str) -> None:
    if metric in policies:
        policy = policies[metric]
        say(f"{metric}  {policy.name_en if lang == 'en' else policy.name}")
        say(Words(f"出处：{policy.source}", f"Source: {policy.source}").said(lang))
        if policy.why:
            say(Words(f"说明：{policy.why}", f"Why: {policy.why}").said(lang))
        fields = {
            name: value
            for name, value in policy.model_dump().items()
            if name not in ("name", "name_en", "source", "why")
        }
        say(Words("口径：", "Policy: ").said(lang) + ", ".join(f"{name}={value}" for name, value in fields.items()))
        return
    one = BY_NAME[metric]
    say(f"{metric}  {one.name.said(lang)} = {one.formula.said(lang)}")
    say(Words(f"出处：{one.source}", f"Source: {one.source}").said(lang))
    names = (
        "service_hours",
        "hours_by",
        "holidays",
        "session_gap",
        "late_reply",
        "cut_hour",
        "slow_after",
        "long_after",
        "after_sales_days",
        "credit_days",
        "conversion_window",
        "inquiry_rule",
        "transfer_counts",
        "received_on",
        "detect_auto",
    )
    say(Words("设置：", "Settings: ").said(lang) + ", ".join(f"{name}={getattr(settings, name)}" for name in names))


@metrics.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=FILE)
@click.option(
    "--by",
    type=click.Choice(["day", "week", "month", "quarter", "all"]),
    default="month",
    show_default=True,
    help="Length of a period; all: the whole span of the data.",
)
@click.option(
    "--date", "days", metavar="D..D", help="These days as one period, beside as many days before; instead of --by."
)
@orders_option
@people_option
@settings_option
@lang_option
@with_faults
def show(paths: tuple[Path, ...], by: str, days: str | None, **options: Any) -> None:
    """Show figures per period and agent with the change on the period before; all rates rebuilt from counts.

    \b
    chataudit metrics show 导出/ --by week
    """
    from chataudit.cli.days import read_days

    settings = read_settings(options["settings_file"])
    done, _, _ = counted_of(paths, options, settings)
    window = read_days(days)
    table = by_period(done.agents, by) if window is None else of_span(done.agents, *window)  # type: ignore[arg-type]
    say("\t".join(["period", "agent", *SHOWN]))
    for row in table.astype(object).where(table.notna(), None).to_dict("records"):
        say(
            "\t".join(
                [
                    str(row["period"] or "—"),
                    str(row["agent"] or "—"),
                    *(_with_change(row.get(name), row.get(f"before_{name}")) for name in SHOWN),
                ]
            )
        )


def _with_change(value: Any, before: Any) -> str:
    if value is None:
        return "—"
    shown = f"{float(value):.4g}"
    return shown if before is None else f"{shown} ({float(value) - float(before):+.3g})"
