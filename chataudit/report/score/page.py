"""The page of a filled card: ranking, every person's lines worked out, pay slips, what costs points."""

from __future__ import annotations

from chataudit.report.page import environment
from chataudit.report.score.views import View
from chataudit.scoring import Scored

MOST_SUBJECTS = 300


def render_score(scored: Scored, view: View, lang: str) -> str:
    """Return the page; more than `MOST_SUBJECTS` people stand in the ranking alone, and the page says so."""
    template = environment(lang).get_template("score.html")
    return template.render(
        scored=scored,
        view=view,
        detailed=view.subjects[:MOST_SUBJECTS],
        left=max(len(view.subjects) - MOST_SUBJECTS, 0),
        inputs=scored.run.get("inputs", []),
        folders=scored.run.get("from", []),
        version=scored.run.get("version", ""),
        lexicons=scored.run.get("lexicons", {}),
    )
