"""What people read: the page, the workbook, the tables."""

from chataudit.report.charts import warm
from chataudit.report.write import write

__all__ = ["warm", "write"]
