"""A message's identity: its hash, the same message in two exports, and the sessions that an export marks unnamed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from chataudit.arrays import HASH_KEYS, Flags, Hashes, Ints, as_code, codes_of, hash_texts, hex_text, is_in, mix, text

PARTS = ("platform", "shop", "buyer", "sender")
MOST_BITS = 24  # of a hash; so many counters are 128 MB


def identify(
    messages: pd.DataFrame, texts: list[Hashes] | None = None, *, keep_nth: bool = False
) -> tuple[pd.DataFrame, int]:
    """Return the messages with ``message_id`` and unnamed sessions' ids, each once, and how many were duplicates.

    A frame with a column ``nth`` was identified before, with all of its file: what precedes in the file is taken from
    there. ``keep_nth`` leaves that column. ``texts``: what `hash_texts` gives for the texts, where it is known.

    Reads all raw columns and ``source`` (number of the input file, in sorted order); the first place of a message
    stays. The identity is (platform, shop, buyer, sender, sender account, sent_at, text, how many identical ones
    precede it in its own file).
    """
    high, low = _content_hashes(messages, hash_texts(messages["text"]) if texts is None else texts)
    source, known = messages["source"].to_numpy(), "nth" in messages.columns
    nth = messages["nth"].to_numpy() if known else _nth(source, high, low)
    high, low = mix(high, nth.astype(np.uint64)), mix(low, nth.astype(np.uint64))
    result = messages.copy(deep=False)
    if keep_nth:
        result["nth"] = nth
    elif known:
        result = result.drop(columns="nth")
    result["message_id"] = hex_text(high, low)
    result["session_id"] = _sessions(result)
    again = _again(source, high, low)
    return (result[~again] if again.any() else result).reset_index(drop=True), int(again.sum())


def _content_hashes(messages: pd.DataFrame, texts: list[Hashes]) -> list[Hashes]:
    spoken = is_in(messages["sender"], ["agent", "assist", "auto", "bot"]) & ~is_in(messages["kind"], ["transfer"])
    instants = messages["sent_at"].astype("int64").to_numpy().view(np.uint64)
    hashes = [np.zeros(len(messages), dtype=np.uint64) for _ in HASH_KEYS]
    for name in PARTS:
        hashes = [mix(old, new) for old, new in zip(hashes, hash_texts(messages[name]), strict=True)]
    accounts = (np.where(spoken, account, np.uint64(0)) for account in hash_texts(messages["agent"]))
    hashes = [mix(mix(old, new), instants) for old, new in zip(hashes, accounts, strict=True)]
    return [mix(old, new) for old, new in zip(hashes, texts, strict=True)]


def _again(source: Ints, high: Hashes, low: Hashes) -> Flags:
    """Return where a pair of hashes was seen before; one source never says a message twice (see `_nth`)."""
    again = np.zeros(len(high), dtype=bool)
    maybe = _repeated(high) if (source != source[:1]).any() else again
    again[maybe] = pd.DataFrame({"high": high[maybe], "low": low[maybe]}).duplicated().to_numpy()
    return again


def _nth(source: Ints, high: Hashes, low: Hashes) -> Ints:
    """Return how many messages of the same content precede each in its own source."""
    nth = np.zeros(len(high), dtype=np.int64)
    maybe = np.flatnonzero(_repeated(high))
    if len(maybe):
        same = pd.DataFrame({"source": source[maybe], "high": high[maybe], "low": low[maybe]})
        nth[maybe] = same.groupby(["source", "high", "low"], sort=False).cumcount().to_numpy()
    return nth


def _repeated(hashes: Hashes) -> Flags:
    """Return which hashes stand more than once; those are compared whose first bits are those of another."""
    bits = min(len(hashes).bit_length() + 2, MOST_BITS)
    first = (hashes >> np.uint64(64 - bits)).astype(np.int64)
    maybe = np.flatnonzero((np.bincount(first) > 1)[first])
    again = np.zeros(len(hashes), dtype=bool)
    again[maybe] = pd.Series(hashes[maybe]).duplicated(keep=False).to_numpy()
    return again


def _sessions(messages: pd.DataFrame) -> pd.Series:
    """Name the sessions that the export marks without naming: by their first message."""
    marked = (messages["part"] >= 0).to_numpy()
    if not marked.any():
        return messages["session_id"]
    ids = messages["message_id"]
    keys = ["source", "part"]
    first = messages.loc[marked, keys].assign(first=ids[marked]).groupby(keys, sort=False)["first"].transform("first")
    named = messages["session_id"].astype(ids.dtype)
    named.loc[first.index] = "d" + first
    return as_code(named)


def joined(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Return frames below each other, their categorical columns over the union of their categories."""
    if len(frames) == 1:
        return frames[0].reset_index(drop=True)
    columns = {}
    for name in frames[0].columns:
        cells = [frame[name] for frame in frames]
        if isinstance(cells[0].dtype, pd.CategoricalDtype):
            words = sorted(set().union(*(cell.cat.categories for cell in cells)))
            place = {word: number for number, word in enumerate(words)}
            codes = [
                np.append([place[word] for word in cell.cat.categories], -1).astype(np.int64)[codes_of(cell)]
                for cell in cells
            ]
            columns[name] = pd.Series(
                pd.Categorical.from_codes(np.concatenate(codes), pd.Index(words, dtype=text([]).dtype))
            )
        else:
            columns[name] = pd.concat(cells, ignore_index=True)
    return pd.DataFrame(columns)
