"""Any table of messages, read by the contract's columns, their aliases, or the shop's own names for them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from chataudit.arrays import TEXT, arrow, as_code, codes_of, text
from chataudit.errors import Fault, Faults, Words
from chataudit.ingest.columns import CHAT, KIND_WORDS, PLATFORM_WORDS, SENDER_WORDS, aliases, fold_name, understand
from chataudit.ingest.reading import Reading
from chataudit.ingest.roles import role_of
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular import Sheet, read_sheet, rejects, shortened
from chataudit.ingest.times import read_times
from chataudit.settings import Settings
from chataudit.tables import REJECTS

LAYOUT = "plain table"
LONGEST = 100_000


def read(source: Source, settings: Settings) -> Reading | None:
    """Return the messages of a plain table; None where its header has no text column or says nothing of who speaks.

    Raises:
        Faults: a table by its bytes, but broken; or a header with the talk and without a way to tell buyers apart.
    """
    sheet = read_sheet(source, CHAT, settings.columns)
    if sheet is None:
        return None
    columns = understand(sheet.header, CHAT, settings.columns)
    if "text" not in columns or not {"sender", "account"} & columns.keys():
        return None
    if not {"buyer", "session_id"} & columns.keys():
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

    def add(self, wrong: np.ndarray, column: str, reason: str) -> None:
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
    empty = pd.Series(pd.array([None] * size, dtype=TEXT))

    def column(key: str) -> pd.Series:
        return sheet.frame[columns[key]] if key in columns else empty

    bad = _Bad(name, sheet, columns)
    texts = column("text").fillna("")
    bad.add(pc.greater(pc.utf8_length(arrow(texts)), LONGEST).to_numpy(zero_copy_only=False), "text",
            f"longer than {LONGEST} characters")
    sent_at = _times(sheet, columns, bad, settings)
    kind = _words(column("kind"), KIND_WORDS)
    bad.add((kind.isna() & column("kind").notna()).to_numpy(), "kind", f"unknown kind; allowed: {_allowed(KIND_WORDS)}")
    frame = pd.DataFrame({
        "row": sheet.rows, "part": np.full(size, -1),
        "platform": _platform(column("platform")), "shop": as_code(_trimmed(column("shop"))),
        "session_id": as_code(_trimmed(column("session_id"))), "buyer": as_code(_trimmed(column("buyer"))),
        "agent": as_code(_trimmed(column("agent"))), "kind": kind, "sent_at": sent_at, "text": texts,
    })
    frame["buyer"] = _buyers(frame)
    frame["sender"], notes = _senders(frame, column("sender"), as_code(_trimmed(column("account"))), settings, bad)
    frame["agent"] = _accounts(frame, as_code(_trimmed(column("account"))))
    frame["refs"] = empty
    bad.add(frame["buyer"].isna().to_numpy(), "buyer", "no buyer, and the session has none either")
    kept = ~bad.mask
    frame = frame[kept].reset_index(drop=True)
    return Reading(LAYOUT, _oldest_first(frame), bad.table(), (*sheet.notes, *notes))


def _trimmed(cells: pd.Series) -> pd.Series:
    trimmed = pc.utf8_trim_whitespace(arrow(cells))
    return text(pc.if_else(pc.equal(trimmed, ""), None, trimmed))


def _words(cells: pd.Series, table: dict[str, str]) -> pd.Series:
    """Return cells as our words; null where the cell is empty or no word of ours."""
    coded = as_code(cells)
    known = aliases(table)
    ours = [known.get(fold_name(word)) for word in coded.cat.categories]
    words = sorted({word for word in ours if word})
    place = np.array([words.index(word) if word else -1 for word in ours] + [-1], dtype=np.int64)
    return pd.Series(pd.Categorical.from_codes(place[codes_of(coded)], pd.Index(words, dtype=TEXT)))


def _allowed(table: dict[str, str]) -> str:
    return " ".join(words.split()[0] for words in table.values())


def _platform(cells: pd.Series) -> pd.Series:
    """Return platforms in our words; a platform we do not know keeps its own name."""
    ours = _words(cells, PLATFORM_WORDS).astype(TEXT)
    return as_code(ours.where(ours.notna(), _trimmed(cells)))


def _times(sheet: Sheet, columns: dict[str, int], bad: _Bad, settings: Settings) -> pd.Series:
    """Return the rows' instants; a row without one in a table with times is a reject."""
    size = len(sheet.frame)
    if "sent_at" not in columns:
        return pd.Series(pd.NaT, index=range(size), dtype=pd.DatetimeTZDtype("ms", settings.timezone))
    cells = sheet.frame[columns["sent_at"]]
    if "date" in columns:
        cells = text(pc.binary_join_element_wise(arrow(sheet.frame[columns["date"]]), arrow(cells), " "))
    times = read_times(cells, settings.timezone)
    if times.notna().any() or cells.notna().any():
        reason = "no time that can be read; allowed: 2026-03-02 10:01:05, 2026/3/2 10:01, ISO 8601, seconds since 1970"
        bad.add(times.isna().to_numpy(), "sent_at", reason)
    return times


def _buyers(frame: pd.DataFrame) -> pd.Series:
    """Fill a missing buyer from its session; a table without buyers has its sessions as buyers."""
    buyer, session = frame["buyer"], codes_of(frame["session_id"])
    if buyer.notna().all() or not len(frame):
        return buyer
    if buyer.isna().all():
        return as_code(frame["session_id"])
    codes = codes_of(buyer).copy()
    by_session = np.full(int(session.max()) + 2, -1)
    known = (codes >= 0) & (session >= 0)
    by_session[session[known][::-1]] = codes[known][::-1]
    missing = (codes < 0) & (session >= 0)
    codes[missing] = by_session[session[missing]]
    return pd.Series(pd.Categorical.from_codes(codes, buyer.cat.categories))


def _senders(frame: pd.DataFrame, said: pd.Series, account: pd.Series, settings: Settings,
             bad: _Bad) -> tuple[pd.Series, tuple[Words, ...]]:
    """Return the sender words; where the table gives accounts alone, their roles are told from the names."""
    sender = _words(said, SENDER_WORDS)
    unknown = (sender.isna() & said.notna()).to_numpy(copy=True)
    if not account.notna().any():
        unknown |= said.isna().to_numpy()
    bad.add(unknown, "sender", f"unknown sender; allowed: {_allowed(SENDER_WORDS)}")
    open_ = sender.isna().to_numpy() & account.notna().to_numpy()
    if not open_.any():
        return _settled(frame, sender, account, settings), ()
    pairs = pd.DataFrame({"account": codes_of(account), "buyer": codes_of(frame["buyer"]), "shop": codes_of(frame["shop"])})
    told = pairs[open_].drop_duplicates()
    roles, guessed = {}, set()
    for pair in told.itertuples():
        name = account.cat.categories[pair.account]
        buyer = frame["buyer"].cat.categories[pair.buyer] if pair.buyer >= 0 else None
        shop = frame["shop"].cat.categories[pair.shop] if pair.shop >= 0 else None
        role = role_of(name, buyer=buyer, shop=shop, settings=settings)
        roles[(pair.account, pair.buyer, pair.shop)] = role.sender
        if role.guessed:
            guessed.add(f"{name}={role.sender}")
    values = sender.astype(object).to_numpy(copy=True)
    values[open_] = [roles[key] for key in zip(*(pairs.loc[open_, name] for name in pairs), strict=True)]
    bad.add(open_ & pd.isna(values), "sender", "no sender")
    notes = (guess_note(bad.name, guessed),) if guessed else ()
    return _settled(frame, as_code(pd.Series(values, dtype=TEXT)), account, settings), notes


def guess_note(name: str, guessed: set[str]) -> Words:
    """Say which roles were guessed and how to settle them."""
    shown = ", ".join(sorted(guessed)[:10]) + (" …" if len(guessed) > 10 else "")
    return Words(f"{name}：角色是猜的（{shown}）；可在设置 agents / bots 里写明。",
                 f"{name}: roles were guessed ({shown}); name them in the settings agents / bots.")


def _settled(frame: pd.DataFrame, sender: pd.Series, account: pd.Series, settings: Settings) -> pd.Series:
    """Let the settings' lists of bots and automatic texts speak last."""
    values = sender.astype(object).to_numpy(copy=True)
    names = frame["agent"].where(frame["agent"].notna(), account) if account.notna().any() else frame["agent"]
    from_seller = np.isin(values.astype(str), ["agent", "assist"])
    if settings.bots:
        values[from_seller & names.astype(object).isin(settings.bots).to_numpy()] = "bot"
    if settings.auto_replies:
        same = frame["text"].str.strip().isin([line.strip() for line in settings.auto_replies]).to_numpy()
        values[np.isin(values.astype(str), ["agent", "assist"]) & same] = "auto"
    return as_code(pd.Series(values, dtype=TEXT))


def _accounts(frame: pd.DataFrame, account: pd.Series) -> pd.Series:
    """Return the agent column: on a seller's row without one, the sender's account."""
    if not account.notna().any():
        return frame["agent"]
    seller = frame["sender"].isin(["agent", "assist", "auto", "bot"]).to_numpy() & frame["agent"].isna().to_numpy()
    values = frame["agent"].astype(TEXT).where(~seller, account.astype(TEXT))
    return as_code(values)


def _oldest_first(frame: pd.DataFrame) -> pd.DataFrame:
    """Read a newest-first table from its end: most neighbours of one buyer go back in time."""
    times = frame["sent_at"]
    if len(frame) < 2 or times.isna().any():
        return frame
    instants = times.astype("int64").to_numpy()
    order = np.lexsort((np.arange(len(frame)), codes_of(frame["buyer"])))
    same = np.diff(codes_of(frame["buyer"])[order]) == 0
    steps = np.diff(instants[order])[same]
    if (steps < 0).sum() > (steps > 0).sum():
        return frame.iloc[::-1].reset_index(drop=True)
    return frame
