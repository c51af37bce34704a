"""Topics of audit folders: talk and orders read back, what buyers ask put together, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from chataudit.arrays import Flags
from chataudit.errors import Fault, Faults, Words
from chataudit.ingest.folders import Folder, merged, read_folders
from chataudit.learn.topics import Topics, find
from chataudit.log import Log
from chataudit.segmenter import Segmenter
from chataudit.settings import Settings
from chataudit.training import relived

TABLES = ("messages", "conversions")
JUDGED_BY = "order_first"


@dataclass(frozen=True)
class Enquiry:
    """What to look at and how: ``count`` topics (None: by the data), none asked in fewer than ``least`` talks."""

    folders: tuple[Path, ...]
    count: int | None = None
    least: int = 10
    seed: int = 0


def topics_of(enquiry: Enquiry, settings: Settings) -> Topics:
    """Return the topics of audit folders.

    Raises:
        Faults: folders that are none, or no buyer asks anything in them.
    """
    folders = read_folders(enquiry.folders, TABLES)
    log = relived(folders, settings)
    segmenter = Segmenter(settings.product_words)
    found = find(log, bought(folders, log), segmenter.cut, count=enquiry.count, least=enquiry.least, seed=enquiry.seed)
    if not found.questions:
        what = Words("这些文件夹里没有买家的提问。", "No buyer asks anything in these folders.")
        raise Faults([Fault(what, ", ".join(map(str, enquiry.folders)))])
    return found


def bought(folders: Iterable[Folder], log: Log) -> Flags | None:
    """Return the sessions credited with an order (下单优先判定); None where no folder has orders."""
    orders = merged(folders, "conversions", ["order_id", "judged_by", "agent"])
    if not len(orders):
        return None
    credited = orders[(orders["judged_by"] == JUDGED_BY) & orders["session_id"].notna()]["session_id"]
    known = set(credited.astype(str))
    return np.array([str(one) in known for one in log.sessions["session_id"]], dtype=bool)
