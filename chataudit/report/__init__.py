"""What people read: the page, the workbook, the tables."""

from chataudit.report.charts import warm
from chataudit.report.write import write, writing

__all__ = ["warm", "write", "writing"]
