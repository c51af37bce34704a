"""JSON as sheets: a row for each object, a column for each key."""

from __future__ import annotations

from itertools import chain

import pandas as pd

from chataudit.ingest.decode import clean_escaped
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular.json_fields import field, json_records
from chataudit.ingest.tabular.sheet import Sheet


def from_json(source: Source) -> Sheet:
    """Return the objects of a JSON file as rows, a column for each key.

    Raises:
        Faults: as `json_items`.
    """
    records = json_records(source)
    cells = {at: field(records.objects, key) for at, key in enumerate(source.once(_keys))}
    return Sheet(json_header(source), pd.DataFrame(cells), records.row, records.rejects, records.notes)


def json_header(source: Source) -> list[str]:
    """Return the keys of a JSON file's objects, in the order in which they come up.

    Raises:
        Faults: as `json_items`.
    """
    return [clean_escaped(key) for key in source.once(_keys)]


def _keys(source: Source) -> list[str]:
    return list(dict.fromkeys(chain.from_iterable(json_records(source).objects)))
