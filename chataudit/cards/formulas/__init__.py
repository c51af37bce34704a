"""Formulas over figures: a small language of numbers, names, comparisons and named functions; nothing of it is code.

``+ - * / ( )``, ``< <= > >= == !=``, ``and or not``, numbers (``3``, ``0.5``, ``15%``), names (of facts, inputs,
parameters, derived figures; Chinese names as well), texts in quotes, and the functions of `functions`. What is
unknown makes all that is computed from it unknown, unless ``coalesce`` or ``if`` says otherwise; a division by zero is
unknown. Numbers are decimals, so that money is exact.
"""

from chataudit.cards.formulas.evaluate import Reader, evaluate
from chataudit.cards.formulas.functions import FUNCTIONS
from chataudit.cards.formulas.parse import Binary, Call, FormulaError, Name, Node, Number, Text, Unary, names_in, parse
from chataudit.cards.formulas.shown import shown, written
from chataudit.cards.formulas.taken import taken

__all__ = [
    "FUNCTIONS",
    "Binary",
    "Call",
    "FormulaError",
    "Name",
    "Node",
    "Number",
    "Reader",
    "Text",
    "Unary",
    "evaluate",
    "names_in",
    "parse",
    "shown",
    "taken",
    "written",
]
