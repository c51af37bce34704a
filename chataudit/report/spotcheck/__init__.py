"""What people get of a spot-check: the workbook to judge on, pages, tables."""

from chataudit.report.spotcheck.chats import Lexicon
from chataudit.report.spotcheck.drawn import write_draw

__all__ = ["Lexicon", "write_draw"]
