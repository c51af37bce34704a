"""A notice to all channels: each with its own retries, none stopping another."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tenacity import (
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    stop_after_delay,
    wait_exponential,
    wait_random,
)

from chataudit.errors import Words
from chataudit.notices.channel import Channel
from chataudit.notices.failure import NotSent
from chataudit.notices.notice import Notice

MOST_TRIES = 4
# The robots count by the minute: waits of about 2, 8 and 32 seconds reach into the next one.
WAIT = wait_exponential(multiplier=2, exp_base=4) + wait_random(0, 2)
MOST_S = 180
"""Seconds after which a channel is not tried again."""


@dataclass(frozen=True)
class Sent:
    """What came of one channel: its name, whether it took the notice, after how many tries, and why not."""

    channel: Words
    ok: bool
    tries: int
    reason: Words | None = None

    def said(self, lang: str) -> str:
        """Return it as one line in ``lang``."""
        name = self.channel.said(lang)
        if self.reason is None:
            return Words(f"{name}：已送达（第 {self.tries} 次）", f"{name}: delivered (try {self.tries})").said(lang)
        return Words(
            f"{name}：没有送达（试了 {self.tries} 次）：{self.reason.zh}",
            f"{name}: not delivered (tries: {self.tries}): {self.reason.en}",
        ).said(lang)


def send(
    notice: Notice, channels: Sequence[Channel], lang: str, *, pause: Callable[[float], None] = time.sleep
) -> tuple[Sent, ...]:
    """Send the notice to every channel whose ``when`` fits, and return what came of each; raises nothing.

    What may pass (a limit of rate, a server's fault, no answer) is tried again after ``pause(seconds)``; what will not
    (a wrong secret, a refused address) is not. After a lost answer a notice may arrive twice.
    """
    numbered = enumerate(channels, 1)
    return tuple(_sent(notice, channel, number, lang, pause) for number, channel in numbered if channel.wants(notice))


def _sent(notice: Notice, channel: Channel, number: int, lang: str, pause: Callable[[float], None]) -> Sent:
    retrying = Retrying(
        stop=stop_after_attempt(MOST_TRIES) | stop_after_delay(MOST_S),
        wait=WAIT,
        retry=retry_if_exception(lambda error: isinstance(error, NotSent) and error.again),
        sleep=pause,
        reraise=True,
    )
    reason = None
    try:
        retrying(channel.deliver, notice, lang)
    except NotSent as error:
        reason = error.reason
    except Exception as error:  # a fault of ours in one channel must not keep the notice from the others
        kind = type(error).__name__  # its text may hold a secret
        reason = Words(f"程序出错：{kind}", f"a fault of the program: {kind}")
    return Sent(channel.name(number), reason is None, retrying.statistics["attempt_number"], reason)
