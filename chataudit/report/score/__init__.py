"""What `chataudit score` writes: page, workbook, tables."""

from chataudit.report.score.write import write_score

__all__ = ["write_score"]
