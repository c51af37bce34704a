"""What people get of a spot-check: the workbook to judge on, pages, tables."""

from chataudit.report.spotcheck.chats import Lexicon
from chataudit.report.spotcheck.drawn import write_draw
from chataudit.report.spotcheck.handed_back import write_results
from chataudit.report.spotcheck.write import read_run

__all__ = ["Lexicon", "read_run", "write_draw", "write_results"]
