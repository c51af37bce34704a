"""What a card file may say, a part a module; `Card` is the whole."""

from chataudit.cards.model.card import Card, Group, full_marks, grade_of
from chataudit.cards.model.checklist import Checklist
from chataudit.cards.model.figures import Derived, Input, Param, RaterShare
from chataudit.cards.model.functions import (
    Band,
    Each,
    Level,
    Linear,
    PerCount,
    PerStep,
    Place,
    Rank,
    Rating,
    Span,
    ToMean,
)
from chataudit.cards.model.items import Adjustment, Item, Scoring
from chataudit.cards.model.outcomes import Consequence, Grade, Ranking, RedLines, Rollup, When
from chataudit.cards.model.part import Formula, Names, Part
from chataudit.cards.model.pay import Pay, PayLine

__all__ = [
    "Adjustment",
    "Band",
    "Card",
    "Checklist",
    "Consequence",
    "Derived",
    "Each",
    "Formula",
    "Grade",
    "Group",
    "Input",
    "Item",
    "Level",
    "Linear",
    "Names",
    "Param",
    "Part",
    "Pay",
    "PayLine",
    "PerCount",
    "PerStep",
    "Place",
    "Rank",
    "Ranking",
    "RaterShare",
    "Rating",
    "RedLines",
    "Rollup",
    "Scoring",
    "Span",
    "ToMean",
    "When",
    "full_marks",
    "grade_of",
]
