"""The page of a period beside the one before."""

from chataudit.report.history.page import render_standing, shown, shown_change
from chataudit.report.history.write import write_standing

__all__ = ["render_standing", "shown", "shown_change", "write_standing"]
