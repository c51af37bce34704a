"""Kaggle twcs (customer support on Twitter): ``inbound`` True is the customer, brands answer under their names.

A tweet answers another (``in_response_to_tweet_id``): whose it is, is told by that one, else by the name at its head.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import TEXT, arrow, text
from chataudit.errors import Words
from chataudit.ingest.columns import understand, understood
from chataudit.ingest.layout import SURE, Layout, Sign
from chataudit.ingest.reading import Reading
from chataudit.ingest.records import Told, read_records
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular import read_header, read_sheet
from chataudit.ingest.tabular.json_fields import Records, chosen
from chataudit.settings import Settings

NAMES = ("tweet_id", "author_id", "inbound", "created_at", "text", "response_tweet_id", "in_response_to_tweet_id")
COLUMNS = {name: name for name in NAMES}
NEEDED = set(NAMES) - {"response_tweet_id"}
MONTHS = {name: f"{number:02}" for number, name in enumerate(
    ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), start=1)}  # fmt: skip
CREATED = r"^\w{3} (?P<month>\w{3}) (?P<day>\d{2}) (?P<clock>\d{2}:\d{2}:\d{2}) (?P<zone>[+-]\d{4}) (?P<year>\d{4})$"
HEAD = r"^\s*@(?P<name>\w+)"


def look(source: Source, settings: Settings) -> Sign | None:
    """Tell by the names of the header."""
    header = read_header(source, COLUMNS, {})
    if header is None or not understand(header, COLUMNS).keys() >= NEEDED:
        return None
    return Sign(
        SURE, Words("表头有 tweet_id、inbound、in_response_to_tweet_id", "a header with tweet_id, inbound and others")
    )


def read(source: Source, settings: Settings) -> Reading:
    """Return the tweets as messages; shop and agent are the brand."""
    sheet = read_sheet(source, COLUMNS, {})
    assert sheet is not None
    places = understand(sheet.header, COLUMNS)
    cell = {name: sheet.frame[at] for name, at in places.items()}
    inbound = cell["inbound"].str.lower().isin(["true", "1"])
    outbound = cell["inbound"].str.lower().isin(["false", "0"])
    author, parent = cell["author_id"], _parent(cell)
    named = text(pc.struct_field(pc.extract_regex(arrow(cell["text"]), HEAD), "name"))
    brands = set(author[outbound].dropna())
    brand = chosen(author.where(outbound), parent.where(parent.isin(brands)), named.where(named.isin(brands)))
    told = Told(
        sender=pd.Series(np.where(inbound, "buyer", np.where(outbound, "agent", "")), dtype=TEXT).replace("", None),
        buyer=chosen(author.where(inbound), parent.where(~parent.isin(brands)), named.where(~named.isin(brands))),
        sent_at=_instants(cell["created_at"]),
        text=cell["text"],
        agent=brand,
        shop=brand,
    )
    records = Records([], sheet.rows, sheet.rejects, sheet.notes)
    reading = read_records(source.name, None, records, told, settings)
    columns = understood(sheet.header, places)
    return Reading(reading.messages, reading.rejects, reading.notes, reading.guesses, columns)


def _parent(cell: dict[str, pd.Series]) -> pd.Series:
    """Return the author of the tweet that each one answers."""
    ids = arrow(cell["tweet_id"])
    asked = pc.replace_substring_regex(arrow(cell["in_response_to_tweet_id"]), r"\.0+$", "")
    return text(arrow(cell["author_id"]).take(pc.index_in(asked, ids)))


def _instants(cells: pd.Series) -> pd.Series:
    """Return ``Wed Oct 11 06:55:44 +0000 2017`` as ISO 8601; other forms as they are."""
    parts = pc.extract_regex(arrow(cells), CREATED)
    names = pa.array(list(MONTHS), pa.large_string())
    month = pa.array(list(MONTHS.values()), pa.large_string()).take(
        pc.index_in(pc.struct_field(parts, "month").cast(pa.large_string()), names)
    )
    year, day, clock, zone = (
        pc.struct_field(parts, name).cast(pa.large_string()) for name in ("year", "day", "clock", "zone")
    )
    dash, blank, nothing = (pa.scalar(mark, pa.large_string()) for mark in ("-", " ", ""))
    iso = pc.binary_join_element_wise(year, dash, month, dash, day, blank, clock, zone, nothing)
    return chosen(text(iso), cells)


EXAMPLE = """\
tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id
1,115712,True,Wed Oct 11 06:55:44 +0000 2017,@ExampleCare is it in stock?,2,
2,ExampleCare,False,Wed Oct 11 06:57:00 +0000 2017,@115712 Yes it is.,,1
"""
LAYOUT = Layout(
    "twcs", Words("Kaggle twcs（Twitter 客服）CSV", "Kaggle twcs (support on Twitter) CSV"), EXAMPLE, look, read
)
