"""From numbers that people gave to conversations, to what is bad."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chataudit.arrays import Flags

Reals = npt.NDArray[np.float64]
WORST_SHARE = 0.25


@dataclass(frozen=True)
class Bad:
    """A label is bad where it is ``under`` a number, or (``at_most``) not over it."""

    limit: float
    inclusive: bool

    def of(self, label: Reals) -> Flags:
        """Return which labels are bad."""
        return np.asarray(label <= self.limit if self.inclusive else label < self.limit, dtype=bool)


def bad_of(label: Reals, under: float | None) -> Bad:
    """Return what is bad: labels ``under`` the number given, else the worst quarter of the labels.

    Labels of equal worth stay together; where the worst quarter's limit is the best label of all, only lower ones are
    bad.
    """
    if under is not None:
        return Bad(under, inclusive=False)
    limit = float(np.sort(label)[max(0, int(np.ceil(len(label) * WORST_SHARE)) - 1)])
    return Bad(limit, inclusive=limit < float(label.max()))
