"""What people read: the page, the workbook, the tables."""

from chataudit.report.write import write, writing

__all__ = ["write", "writing"]
