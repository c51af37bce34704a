"""The nightly batch: an inbox in, days audited, cards filled and reports written, whatever the order in which files come."""

from chataudit.nightly.night import run_night
from chataudit.nightly.request import Night, NightRequest
from chataudit.nightly.scoring import held_in
from chataudit.nightly.telling import notice_of, summary_lines

__all__ = ["Night", "NightRequest", "held_in", "notice_of", "run_night", "summary_lines"]
