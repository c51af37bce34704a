"""The conversations of audit folders that can be drawn from, with all that a plan may ask of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from chataudit.arrays import TEXT, Flags, Ints
from chataudit.errors import Fault, Faults, Words
from chataudit.ingest.folders import Folder, merged, read_folder, read_folders
from chataudit.spotcheck.buying import bought
from chataudit.tables import TALK_KINDS

KEYS: Mapping[str, list[str]] = {
    "messages": ["message_id"],
    "sessions": ["session_id"],
    "hits": ["rule", "session_id", "message_id", "agent", "start", "end", "reason"],
    "marks": ["card", "period", "subject_kind", "subject", "agent", "item", "decided_by"],
    "scores": ["card", "period", "subject_kind", "subject", "agent"],
    "people": ["account"],
    "conversions": ["order_id", "judged_by", "role", "agent", "session_id"],
}
KNOWN = ("person", "team", "since", "shifts")
NO_AGENT = ""
LOST = ("not_met", "partly")


@dataclass(frozen=True)
class Population:
    """All conversations (a session and an agent with own talk in it), ordered by session, then agent.

    ``units``: session_id, agent (empty: unnamed), person, team, shift, platform, shop, day, started_at, outcome, amount,
    new_days (days since the agent began), score (the lowest of a card), red (a red item broken), any (an item lost),
    judged (an item was decided), waits (an item waits), risk; ``tables``: the audits' tables, joined; ``runs``: their
    ``run.json``.
    """

    units: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]
    runs: tuple[Mapping[str, object], ...]
    zone: str
    digest: str

    def place(self, session: pd.Series, agent: pd.Series) -> Ints:
        """Return the numbers of the conversations of (session, agent) pairs; -1 where there is none."""
        return place_of(self.units, session, agent)

    def of_rows(self, table: pd.DataFrame) -> Flags:
        """Return the conversations that rows of messages or hits belong to: their agent's, or else all of the session."""
        found = self.place(table["session_id"], table["agent"])
        mine = np.zeros(len(self.units), dtype=bool)
        mine[found[found >= 0]] = True
        stray = set(table["session_id"].astype(TEXT)[found < 0])
        return mine | self.units["session_id"].isin(stray).to_numpy(dtype=bool)


def key_of(session: pd.Series, agent: pd.Series) -> pd.Series:
    """Return one text for a session and an agent."""
    return session.astype(TEXT).reset_index(drop=True) + "\x1f" + agent.astype(TEXT).fillna("").reset_index(drop=True)


def place_of(units: pd.DataFrame, session: pd.Series, agent: pd.Series) -> Ints:
    """Return the rows of (session, agent) pairs in ``units``; -1 where there is none."""
    own = pd.Index(key_of(units["session_id"], units["agent"]))
    return own.get_indexer(pd.Index(key_of(session, agent))).astype(np.int64)


def read_population(paths: Sequence[Path], *, risk: bool) -> Population:
    """Return the conversations of audit folders; ``risk``: their risk scores are needed.

    Raises:
        Faults: folders that are none, tables that are missing or damaged, no conversation at all.
    """
    folders = sorted(read_folders(dict.fromkeys(paths), KEYS), key=lambda one: json.dumps(one.run, sort_keys=True))
    # One audit's rows are distinct already, and joining codes the columns anew.
    joined = (
        folders[0].tables if len(folders) == 1 else {name: merged(folders, name, key) for name, key in KEYS.items()}
    )
    units = _units(joined)
    if not len(units):
        what = Words(
            "里面没有客服说过话的会话，没有可抽的。", "No conversation with an agent's words: nothing to draw."
        )
        raise Faults([Fault(what, str(paths[0]))])
    days = max(int(dict(folder.run["settings"]).get("after_sales_days", 15)) for folder in folders)
    units = units.assign(**bought(units, joined["conversions"], days), **_marked(units, joined["marks"]))
    units = units.assign(
        score=_scores(units, joined["scores"]),
        red=red_of(units, joined["scores"]),
        risk=_risks(units, folders, risk),
    )
    ids = hashlib.sha256("\n".join(key_of(units["session_id"], units["agent"])).encode()).hexdigest()
    return Population(units, joined, tuple(folder.run for folder in folders), folders[0].zone, ids)


def _units(joined: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    messages, sessions = joined["messages"], joined["sessions"]
    own = messages["sender"].isin(["agent", "assist"]) & messages["kind"].isin(list(TALK_KINDS))
    pairs = messages.loc[own, ["session_id", "agent"]].astype(TEXT).fillna({"agent": NO_AGENT})
    pairs = pairs.drop_duplicates().sort_values(["session_id", "agent"]).reset_index(drop=True)
    about = sessions[["session_id", "platform", "shop", "buyer", "day", "started_at"]]
    about = about.astype({name: TEXT for name in ("session_id", "platform", "shop", "buyer")})
    units = pairs.merge(about, on="session_id", how="left")
    people = joined["people"].drop_duplicates("account")
    people = people.set_index(people["account"].astype(TEXT))
    known = {name: units["agent"].map(people[name].astype(TEXT)).astype(TEXT) for name in KNOWN}
    began = pd.to_datetime(known["since"], format="%Y-%m-%d", errors="coerce")
    new = (pd.to_datetime(units["day"], format="%Y-%m-%d", errors="coerce") - began).dt.days.astype(float)
    return units.assign(
        person=known["person"].fillna(units["agent"]),
        team=known["team"],
        shift=_shift(known["shifts"], units["started_at"]),
        new_days=new,
    )


def _shift(shifts: pd.Series, started: pd.Series) -> pd.Series:
    """Return the shift that a session began in: ``09:00-18:00``, ``off`` outside the agent's, null where not known."""
    minute = (started.dt.hour * 60 + started.dt.minute).to_numpy(dtype=float, na_value=np.nan)
    said = pd.Series(pd.array([None] * len(shifts), dtype=TEXT)).where(shifts.isna() | np.isnan(minute), "off")
    for one in shifts.dropna().unique():
        for window in str(one).split(";"):
            start, _, end = window.strip().partition("-")
            low, high = (_minutes(part) for part in (start, end))
            inside = (minute >= low) & (minute < high) if low <= high else (minute >= low) | (minute < high)
            said[(shifts == one).to_numpy(dtype=bool) & inside] = window.strip()
    return said


def _minutes(clock: str) -> float:
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute) if hour.isdigit() and minute.isdigit() else np.nan


def _marked(units: pd.DataFrame, marks: pd.DataFrame) -> dict[str, Flags]:
    """Return what the marks that stand say of each conversation."""
    mine = marks[(marks["subject_kind"] == "conversation").to_numpy(dtype=bool)]
    by_machine = (mine["decided_by"] == "machine").to_numpy(dtype=bool)
    order = np.argsort(~by_machine, kind="stable")
    stands = mine.iloc[order].drop_duplicates(["card", "subject", "agent", "item"], keep="last")
    place = place_of(units, stands["subject"], stands["agent"])
    made = {}
    for name, words in (("any", LOST), ("judged", (*LOST, "met")), ("waits", ("needs_review", "no_data"))):
        at = place[stands["outcome"].isin(list(words)).to_numpy(dtype=bool)]
        made[name] = np.bincount(at[at >= 0], minlength=len(units)) > 0
    return made


def _scores(units: pd.DataFrame, scores: pd.DataFrame) -> np.ndarray:
    mine = scores[(scores["subject_kind"] == "conversation").to_numpy(dtype=bool)]
    place = place_of(units, mine["subject"], mine["agent"])
    value = mine["score"].to_numpy(dtype=float, na_value=np.nan)
    lowest = np.full(len(units), np.inf)
    known = (place >= 0) & ~np.isnan(value)
    np.minimum.at(lowest, place[known], value[known])
    return np.where(np.isinf(lowest), np.nan, lowest)


def red_of(units: pd.DataFrame, scores: pd.DataFrame) -> Flags:
    """Return the conversations with a broken red item."""
    mine = scores[((scores["subject_kind"] == "conversation") & scores["red_lines"].notna()).to_numpy(dtype=bool)]
    place = place_of(units, mine["subject"], mine["agent"])
    return np.bincount(place[place >= 0], minlength=len(units)) > 0


def _risks(units: pd.DataFrame, folders: Sequence[Folder], needed: bool) -> np.ndarray:
    """Return the risk of each conversation's session; NaN where none is known.

    Raises:
        Faults: ``needed`` and a folder has no risk scores.
    """
    parts, faults = [], []
    for folder in folders:
        file = folder.path / "tables" / "risk.csv"
        if file.is_file():
            parts.append(read_folder(folder.path, ["risk"]).tables["risk"][["session_id", "risk"]])
        elif needed:
            what = Words("这个审核没有风险分（tables/risk.csv）。", "This audit has no risk scores (tables/risk.csv).")
            hint = Words(
                "用现在的版本重新审核，或换一个不按风险抽的方案。",
                "Audit again with this version, or take a plan that does not ask for risk.",
            )
            faults.append(Fault(what, str(folder.path), hint=hint))
    if faults:
        raise Faults(faults)
    if not parts:
        return np.full(len(units), np.nan)
    risk = pd.concat(parts).drop_duplicates("session_id")
    values = pd.Series(risk["risk"].to_numpy(dtype=float), index=pd.Index(risk["session_id"].astype(TEXT)))
    return units["session_id"].map(values).to_numpy(dtype=float)
