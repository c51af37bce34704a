"""Any table of messages, read by the contract's columns, their aliases, or the shop's own names for them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from chataudit.arrays import Flags, Ints, arrow, coded, codes_of, group_ids, is_in, nothing, text
from chataudit.errors import Fault, Faults, Words
from chataudit.ingest.columns import (
    CHAT,
    KIND_WORDS,
    PLATFORM_WORDS,
    SENDER_WORDS,
    aliases,
    fold_name,
    understand,
    understood,
)
from chataudit.ingest.days import CLOCK, read_dated
from chataudit.ingest.guesses import Guess, guessed_roles
from chataudit.ingest.layout import POSSIBLE, Layout, Sign
from chataudit.ingest.reading import Reading, in_words, oldest_first, trimmed_code
from chataudit.ingest.rejected import rejects, shortened
from chataudit.ingest.roles import role_of
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular import Sheet, read_header, read_sheet
from chataudit.settings import Settings
from chataudit.tables import REJECTS, SENDERS

CODED = ("platform", "shop", "session_id", "buyer", "agent", "account", "sender", "kind")


def look(source: Source, settings: Settings) -> Sign | None:
    """Tell by a header with a text column and one that says who speaks.

    Raises:
        Faults: a table by its bytes, but broken.
    """
    header = read_header(source, CHAT, settings.columns)
    columns = understand(header, CHAT, settings.columns) if header is not None else {}
    if header is None or "text" not in columns or not {"sender", "account"} & columns.keys():
        return None
    shown = ", ".join(f"{header[at]}→{name}" for name, at in columns.items())
    return Sign(POSSIBLE, Words(f"表头看得懂：{shown}", f"the header is understood: {shown}"))


def read(source: Source, settings: Settings) -> Reading:
    """Return the messages of a plain table.

    Raises:
        Faults: a table by its bytes, but broken; or a header with the talk and without a way to tell buyers apart.
    """
    sheet = read_sheet(source, CHAT, settings.columns)
    columns = understand(sheet.header, CHAT, settings.columns) if sheet is not None else {}
    if sheet is None or not {"buyer", "session_id"} & columns.keys():
        what = Words("没有买家列，也没有会话ID列。", "There is neither a buyer column nor a session id column.")
        hint = Words("在设置的 columns 里写明哪一列是买家。", "Name the buyer's column in the setting `columns`.")
        raise Faults([Fault(what, source.name, 1, hint=hint)])
    return _messages(source.name, sheet, columns, settings)


class _Bad:
    """Rows that can't be messages, each with its column and reason; the first reason of a row stands."""

    def __init__(self, name: str, sheet: Sheet, columns: dict[str, int]) -> None:
        self.name, self.sheet, self.columns = name, sheet, columns
        self.mask = np.zeros(len(sheet.frame), dtype=bool)
        self.tables = [sheet.rejects]

    def add(self, wrong: Flags, column: str, reason: str) -> None:
        at = np.flatnonzero(wrong & ~self.mask)
        if not len(at):
            return
        self.mask |= wrong
        header = self.sheet.header[self.columns[column]] if column in self.columns else column
        cells = self.sheet.frame[self.columns[column]].iloc[at] if column in self.columns else [""] * len(at)
        values = ["" if pd.isna(cell) else shortened(str(cell)) for cell in cells]
        rows = [(int(self.sheet.rows[place]), reason, value) for place, value in zip(at, values, strict=True)]
        self.tables.append(rejects(self.name, rows, header))

    def table(self) -> pd.DataFrame:
        filled = [table for table in self.tables if len(table)]
        return pd.concat(filled, ignore_index=True) if filled else REJECTS.empty()


def _messages(name: str, sheet: Sheet, columns: dict[str, int], settings: Settings) -> Reading:
    size = len(sheet.frame)
    empty = nothing(size)

    def column(key: str) -> pd.Series:
        return sheet.frame[columns[key]] if key in columns else empty

    bad = _Bad(name, sheet, columns)
    texts = column("text").fillna("")
    with ThreadPoolExecutor(2) as beside:
        code = dict(zip(CODED, beside.map(trimmed_code, [column(key) for key in CODED]), strict=True))
    account, talks = code["account"], codes_of(code["session_id" if "session_id" in columns else "buyer"])
    sent_at, days = _times(sheet, columns, bad, settings, talks)
    kind = _words(code["kind"], KIND_WORDS)
    bad.add((kind.isna() & column("kind").notna()).to_numpy(), "kind", f"unknown kind; allowed: {_allowed(KIND_WORDS)}")
    frame = pd.DataFrame(
        {
            "row": sheet.rows,
            "part": np.full(size, -1),
            "platform": _platform(code["platform"]),
            "shop": code["shop"],
            "session_id": code["session_id"],
            "buyer": code["buyer"],
            "agent": code["agent"],
            "kind": kind,
            "sent_at": sent_at,
            "text": texts,
        }
    )
    told = _words(code["sender"], SENDER_WORDS)
    if "buyer" not in columns and "account" in columns:
        frame["buyer"] = in_words(np.where(is_in(told, ["buyer"]), codes_of(account), -1), list(account.cat.categories))
    frame["buyer"] = _buyers(frame)
    frame["sender"], guesses = _senders(frame, column("sender"), told, account, settings, bad)
    frame["agent"] = _accounts(frame, account)
    frame["refs"] = _numbers(column("refs"))
    bad.add(frame["buyer"].isna().to_numpy(), "buyer", "no buyer, and the session has none either")
    if bad.mask.any():
        frame = frame[~bad.mask].reset_index(drop=True)
    return Reading(oldest_first(frame), bad.table(), sheet.notes, (*guesses, *days), understood(sheet.header, columns))


def _words(code: pd.Series, table: dict[str, str]) -> pd.Series:
    """Return cells as our words; null where the cell is empty or no word of ours."""
    known = aliases(table)
    return in_words(codes_of(code), [known.get(fold_name(word)) for word in code.cat.categories])


def _allowed(table: dict[str, str]) -> str:
    return " ".join(words.split()[0] for words in table.values())


def _platform(said: pd.Series) -> pd.Series:
    """Return platforms in our words; a platform we do not know keeps its own name."""
    known = aliases(PLATFORM_WORDS)
    return in_words(codes_of(said), [known.get(fold_name(word), word) for word in said.cat.categories])


def _times(
    sheet: Sheet, columns: dict[str, int], bad: _Bad, settings: Settings, part: Ints
) -> tuple[pd.Series, tuple[Guess, ...]]:
    """Return the rows' instants and what was guessed; a row without one in a table with times is a reject."""
    size = len(sheet.frame)
    if "sent_at" not in columns:
        return pd.Series(pd.NaT, index=range(size), dtype=pd.DatetimeTZDtype("ms", settings.timezone)), ()
    cells = sheet.frame[columns["sent_at"]]
    if "date" in columns:
        cells = _dated(sheet.frame[columns["date"]], cells)
    times, guesses, clocks = read_dated(cells, bad.name, settings, part)
    if times.notna().any() or cells.notna().any():
        reason = "no time that can be read; allowed: 2026-03-02 10:01:05, 2026/3/2 10:01, ISO 8601, seconds since 1970"
        bad.add(times.isna().to_numpy() & ~clocks, "sent_at", reason)
    return times, guesses


def _dated(days: pd.Series, clocks: pd.Series) -> pd.Series:
    """Put the day's column before clocks that have no day of their own."""
    clock = arrow(clocks)
    alone = pc.match_substring_regex(clock, CLOCK)
    day = pc.replace_substring_regex(arrow(days), r"[ T]0?0:00(?::00)?$", "")
    return text(pc.if_else(alone, pc.binary_join_element_wise(day, clock, pa.scalar(" ", pa.large_string())), clock))


def _numbers(cells: pd.Series) -> pd.Series:
    """Return the cells that are numbers of items or orders; others are null."""
    if not cells.notna().any():
        return cells
    said = pc.utf8_trim(arrow(cells), characters=" '\t")
    known = pc.match_substring_regex(said, r"^\d{5,}(?:[|,，;；]\d{5,})*$")
    return text(pc.if_else(known, pc.replace_substring_regex(said, "[,，;；]", "|"), None))


def _buyers(frame: pd.DataFrame) -> pd.Series:
    """Fill a missing buyer from its session; a table without buyers has its sessions as buyers."""
    buyer, session = frame["buyer"], codes_of(frame["session_id"])
    if buyer.notna().all() or not len(frame):
        return buyer
    if buyer.isna().all():
        return frame["session_id"].copy()
    codes = codes_of(buyer).copy()
    by_session = np.full(int(session.max()) + 2, -1)
    known = (codes >= 0) & (session >= 0)
    by_session[session[known][::-1]] = codes[known][::-1]
    missing = (codes < 0) & (session >= 0)
    codes[missing] = by_session[session[missing]]
    return pd.Series(pd.Categorical.from_codes(codes, buyer.cat.categories))


def _senders(
    frame: pd.DataFrame, said: pd.Series, sender: pd.Series, account: pd.Series, settings: Settings, bad: _Bad
) -> tuple[pd.Series, tuple[Guess, ...]]:
    """Return the sender words; where the table gives accounts alone, their roles are told from the names."""
    unknown = (sender.isna() & said.notna()).to_numpy(copy=True)
    if not account.notna().any():
        unknown |= said.isna().to_numpy()
    bad.add(unknown, "sender", f"unknown sender; allowed: {_allowed(SENDER_WORDS)}")
    open_ = (sender.isna() & account.notna()).to_numpy()
    if not open_.any():
        return sender, ()
    keys = [codes_of(account), codes_of(frame["buyer"]), codes_of(frame["shop"])]
    pair, first = group_ids(*(key[open_] for key in keys))
    names = [[*cells.cat.categories, None] for cells in (account, frame["buyer"], frame["shop"])]
    told, guessed = [], set()
    for at in np.flatnonzero(open_)[first]:
        name, buyer, shop = (words[key[at]] for words, key in zip(names, keys, strict=True))
        role = role_of(name, buyer=buyer, shop=shop, settings=settings)
        told.append(SENDERS.index(role.sender))
        if role.guessed:
            guessed.add(f"{name}={role.sender}")
    senders = sender.cat.set_categories(SENDERS)
    values = codes_of(senders).copy()
    values[open_] = np.array(told, dtype=np.int64)[pair]
    bad.add(values < 0, "sender", "no sender")
    return coded(values, list(SENDERS)), guessed_roles(guessed)


def _accounts(frame: pd.DataFrame, account: pd.Series) -> pd.Series:
    """Return the agent column: on a seller's row without one, the sender's account."""
    missing = is_in(frame["sender"], ["agent", "assist", "auto", "bot"]) & frame["agent"].isna().to_numpy()
    if not account.notna().any() or not missing.any():
        return frame["agent"]
    own, other = frame["agent"].cat.categories, codes_of(account)
    other = np.where(other < 0, -1, other + len(own))
    return in_words(np.where(missing, other, codes_of(frame["agent"])), [*own, *account.cat.categories])


EXAMPLE = """\
平台,店铺,会话ID,买家,客服,发送方,时间,类型,内容
淘宝,示例旗舰店,S0001,tb示例买家01,示例旗舰店:小雨,买家,2026-03-02 10:01:05,文本,这款有现货吗
淘宝,示例旗舰店,S0001,tb示例买家01,示例旗舰店:小雨,客服,2026-03-02 10:01:31,文本,亲，有现货的哦
"""
LAYOUT = Layout("plain", Words("表格（列名认得出）", "table whose columns are understood"), EXAMPLE, look, read)
