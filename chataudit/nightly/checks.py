"""What must hold before a night begins: the clock goes on, and days begin where they did before."""

from __future__ import annotations

from chataudit import store
from chataudit.errors import Fault, Faults, Words
from chataudit.nightly.request import NightRequest
from chataudit.settings import Settings

CLOCK_SLACK_S = 300


def check_clock(database: store.Database, request: NightRequest) -> None:
    """Check that the clock does not stand before the last night.

    Raises:
        Faults: it does.
    """
    last = store.latest_nights(database, 1)
    if not last or request.accept_clock:
        return
    behind = last[0].started_at / 1000 - request.clock()
    if behind > CLOCK_SLACK_S:
        what = Words(
            f"系统时钟比上次运行早 {behind / 3600:.1f} 小时。",
            f"The clock is {behind / 3600:.1f} hours before the last night.",
        )
        hint = Words(
            "校准时钟后重新运行；如果现在的时钟才是对的，加 --accept-clock。",
            "Set the clock and run again; if it is right now, add --accept-clock.",
        )
        raise Faults([Fault(what, hint=hint)])


def check_days(database: store.Database, settings: Settings) -> None:
    """Check that the settings cut days where those of the days audited before did.

    Raises:
        Faults: they do not: sessions would count on two days.
    """
    before = store.settings_of_days(database)
    if before is None:
        return
    faults = []
    for name in ("timezone", "cut_hour"):
        old, new = getattr(before, name), getattr(settings, name)
        if old != new:
            what = Words(
                f"设置 {name} 是 {new}，数据库里的日子按 {old} 切分：会话会算在两天里。",
                f"The setting {name} is {new}; the database's days were cut by {old}: sessions would count on two days.",
            )
            hint = Words("改回去，或换一个新的数据库。", "Set it back, or begin a new database.")
            faults.append(Fault(what, hint=hint))
    if faults:
        raise Faults(faults)
