"""The script that a user would write: ``python -m benchmarks.naive LOG OUT``.

pandas, a loop over each group, jieba on every message, sets of words. Nothing is done twice and nothing is slow on
purpose, but nothing is vectorised that one would not think of vectorising. It finds words by jieba's cuts, and by
``in`` for the checklist, knows neither exemptions nor windows, and writes no report or workbook: it does less than an
audit.
"""

from __future__ import annotations

import argparse
import json
import logging
from pathlib import Path

import jieba
import pandas as pd

from benchmarks.phrases import phrases

GAP = 1800
CLOSING = {"好", "好的", "嗯", "嗯嗯", "哦", "哦哦", "行", "可以", "ok", "谢谢", "谢谢啦", "知道了", "收到", "再见"}
GREETING = ("您好", "你好", "欢迎", "在的", "有什么可以")
ENDING = ("祝您", "再见", "不客气", "感谢", "还有其他", "随时联系", "评价")
APOLOGY = ("抱歉", "对不起", "不好意思", "久等")
FORBIDDEN = ("微信", "最低价", "没有之一", "都说过了", "自己看", "找快递", "随便您", "绝对正品", "五星好评", "不买算了")


def read(path: Path) -> pd.DataFrame:
    """Return the log in order of buyer and time, with a session number for each message."""
    log = pd.read_csv(path, dtype={"买家": str, "内容": str}, parse_dates=["时间"])
    log["内容"] = log["内容"].fillna("")
    log = log.sort_values(["店铺", "买家", "时间"], kind="stable").reset_index(drop=True)
    gap = log.groupby(["店铺", "买家"])["时间"].diff().dt.total_seconds()
    log["session"] = (gap.isna() | (gap >= GAP)).cumsum()
    return log


def find_words(log: pd.DataFrame, words: set[str]) -> pd.DataFrame:
    """Return the phrases in each message: those among jieba's words, which all phrases were added to."""
    for word in words:
        jieba.add_word(word)
    rows = []
    for number, text in zip(log.index, log["内容"], strict=True):
        for word in jieba.lcut(text):
            if word in words:
                rows.append((number, word))
    return pd.DataFrame(rows, columns=["message", "word"])


def rounds_of(session: pd.DataFrame) -> pd.DataFrame:
    """Return the rounds of one session: opened by the buyer, closed by the next reply of the agent."""
    rows, opened = [], None
    columns = (session[name] for name in ("发送方", "时间", "内容", "客服"))
    for sender, when, text, agent in zip(*columns, strict=True):
        if sender == "买家":
            if opened is None and text.strip("。.,，!！~ ") not in CLOSING:
                opened = when
        elif sender == "客服" and opened is not None:
            rows.append((agent, opened, when, (when - opened).total_seconds()))
            opened = None
    if opened is not None:
        rows.append((session["客服"].iloc[-1], opened, pd.NaT, None))
    return pd.DataFrame(rows, columns=["agent", "opened_at", "replied_at", "wait_s"])


def summary_of(session: pd.DataFrame) -> pd.Series:
    """Return what is known of one session."""
    return pd.Series(
        {
            "buyer": session["买家"].iloc[0],
            "agent": session["客服"].iloc[-1],
            "started_at": session["时间"].iloc[0],
            "ended_at": session["时间"].iloc[-1],
            "buyer_n": (session["发送方"] == "买家").sum(),
            "agent_n": (session["发送方"] == "客服").sum(),
            "last_sender": session["发送方"].iloc[-1],
        }
    )


def checklist_of(session: pd.DataFrame) -> pd.Series:
    """Return the checklist of one session."""
    said = session.loc[session["发送方"] == "客服", "内容"].tolist()
    asked = session.loc[session["发送方"] == "买家", "内容"].tolist()
    upset = any("投诉" in text or "差评" in text or "失望" in text for text in asked)
    return pd.Series(
        {
            "greeting": any(word in text for text in said[:3] for word in GREETING),
            "closing": any(word in text for text in said[-6:] for word in ENDING),
            "polite": not any("你" in text and "你好" not in text for text in said),
            "forbidden": not any(word in text for text in said for word in FORBIDDEN),
            "recommended": any("推荐" in text or "这款" in text for text in said),
            "soothed": any(word in text for text in said for word in APOLOGY) if upset else None,
        }
    )


def agents_of(rounds: pd.DataFrame, sessions: pd.DataFrame) -> pd.DataFrame:
    """Return the figures of each agent and day."""
    rounds = rounds.assign(day=rounds["opened_at"].dt.date)
    waits = (
        rounds.groupby(["day", "agent"])["wait_s"]
        .apply(
            lambda wait: pd.Series(
                {
                    "round_n": len(wait),
                    "pending_n": wait.isna().sum(),
                    "mean_s": wait.mean(),
                    "p90_s": wait.quantile(0.9),
                    "within_30s": (wait <= 30).mean(),
                }
            )
        )
        .unstack()
    )
    sessions = sessions.assign(day=sessions["started_at"].dt.date)
    return waits.join(sessions.groupby(["day", "agent"]).agg(session_n=("buyer", "size"), buyers=("buyer", "nunique")))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("log", type=Path)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    jieba.setLogLevel(logging.WARNING)
    log = read(given.log)
    hits = find_words(log, set(phrases()))
    groups = log.groupby("session")
    rounds = groups[["发送方", "时间", "内容", "客服"]].apply(rounds_of).reset_index(level=1, drop=True).reset_index()
    sessions = groups[["买家", "客服", "时间", "发送方"]].apply(summary_of).reset_index()
    marks = groups[["发送方", "内容"]].apply(checklist_of).reset_index()
    rounds["opened_at"] = pd.to_datetime(rounds["opened_at"])
    agents = agents_of(rounds, sessions).reset_index()
    for name, table in {
        "messages": log,
        "hits": hits,
        "rounds": rounds,
        "sessions": sessions,
        "marks": marks,
        "agents": agents,
    }.items():
        table.to_csv(given.out / f"{name}.csv", index=False, encoding="utf-8-sig")
    print(json.dumps({"sessions": len(sessions), "rounds": len(rounds), "hits": len(hits)}))


if __name__ == "__main__":
    main()
