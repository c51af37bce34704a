"""What an order dialect is: how it is told, which of its headings mean what, and what its words say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from chataudit.errors import Words
from chataudit.ingest.columns import fold_name

Completed = tuple[pd.DataFrame, tuple[Words, ...]]

# The words of the column `status` for every dialect that has its own.
UNPAID, PAID, SENT, DONE, CLOSED = "待付款", "待发货", "已发货", "已完成", "已关闭"


def nothing_to_complete(rows: pd.DataFrame) -> Completed:
    """Return the rows as they are: the dialect has no custom of its own."""
    return rows, ()


@dataclass(frozen=True)
class Dialect:
    """An order export as one platform writes it.

    ``needs``: headings that must all be there, alternatives parted by a space; ``signs``: headings that hardly another
    export has, the more of them the surer. ``columns``: column of the orders table → its headings, the first found
    wins, ``a+b`` is their sum; beside the table's columns there may be ``part_id`` (the number of an item's own row)
    and ``after_sales`` (the state of a return). ``summed``: amounts that stand per item and are added up over an
    order's rows; all other cells of an order are those of its first row that has them. ``payable``: the amount is what
    was to be paid, so that an order without payment has paid 0. ``statuses``: its words → ours; ``unreturned``: words
    of a return's state that say that nothing was paid back. ``filled_down``: rows without a number belong to the order
    above. ``complete``: what else is to be done on its rows. ``example``: a true header and row.
    """

    name: str
    title: Words
    example: str
    columns: Mapping[str, str]
    needs: tuple[str, ...]
    signs: tuple[str, ...] = ()
    platform: str | None = None
    summed: tuple[str, ...] = ()
    payable: bool = False
    statuses: Mapping[str, str] = field(default_factory=dict)
    unreturned: tuple[str, ...] = ()
    filled_down: bool = False
    complete: Callable[[pd.DataFrame], Completed] = nothing_to_complete

    def signs_in(self, header: list[str]) -> list[str] | None:
        """Return the headings that tell this dialect; None where one that it needs is missing."""
        have = {fold_name(cell): cell.strip() for cell in header}
        found = [[have[fold_name(word)] for word in one.split() if fold_name(word) in have] for one in self.needs]
        if not all(found):
            return None
        more = [have[fold_name(sign)] for sign in self.signs if fold_name(sign) in have]
        return list(dict.fromkeys([one[0] for one in found] + more))
