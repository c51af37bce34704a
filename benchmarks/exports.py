"""The bench's log in other layouts: text exports and tables with the same talk, written column by column."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

RULE = "=" * 64
SHOP = "示例旗舰店"
START = "/" + "*" * 17 + "以下为一通会话" + "*" * 36 + "/"


def talk_of(log: Path, size: int) -> pd.DataFrame:
    """Return the first messages of buyers and agents of a log: buyer, agent, sender, time, text."""
    frame = pd.read_csv(log, dtype=str, keep_default_na=False, nrows=int(size * 1.3))
    frame = frame[frame["发送方"].isin(["买家", "客服"]) & (frame["内容"] != "")].head(size)
    agents = {name: f"{SHOP}:客{number}" for number, name in enumerate(frame["客服"].unique())}
    talk = pd.DataFrame(
        {
            "buyer": ("tb" + frame["买家"].str.replace(":", "_")).to_numpy(),
            "agent": frame["客服"].map(agents).to_numpy(),
            "by_buyer": (frame["发送方"] == "买家").to_numpy(),
            "at": frame["时间"].str.slice(0, 19).to_numpy(),
            "text": frame["内容"].to_numpy(),
        }
    )
    order = talk.groupby("buyer", sort=False).ngroup().argsort(kind="stable")
    talk = talk.iloc[order].reset_index(drop=True)
    talk["who"] = talk["agent"].where(~talk["by_buyer"], talk["buyer"])
    return talk


def _text(path: Path, lines: list[str], encoding: str = "utf-8") -> None:
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding, errors="replace"))


def _by_buyer(talk: pd.DataFrame, opening: Callable[[str], list[str]], lines: pd.Series) -> list[str]:
    first = ~talk["buyer"].duplicated().to_numpy()
    made: list[str] = []
    for is_first, buyer, line in zip(first, talk["buyer"], lines, strict=True):
        if is_first:
            made += opening(buyer)
        made.append(line)
    return made


def wangwang(talk: pd.DataFrame, path: Path) -> None:
    lines = talk["who"] + "(" + talk["at"] + "):  " + talk["text"]
    head = [f"{SHOP}:导出者", "", RULE, " " * 31 + "单聊" + " " * 29, "", ""]
    _text(path, head + _by_buyer(talk, lambda buyer: ["-" * 28 + buyer + "-" * 28], lines), "gb18030")


def jd_log(talk: pd.DataFrame, path: Path) -> None:
    masked = talk["buyer"].str.slice(0, 1) + "****" + talk["buyer"].str.slice(-2)
    who = talk["agent"].str.replace(":", "-").where(~talk["by_buyer"], masked)
    _text(path, _by_buyer(talk, lambda buyer: [START], who + " " + talk["at"] + "\t\n" + talk["text"] + "\t"))


def qianniu_im(talk: pd.DataFrame, path: Path) -> None:
    _text(path, ["账号", "", "即时消息", *(talk["at"] + " " + talk["who"] + ": " + talk["text"])])


def qianniu_web(talk: pd.DataFrame, path: Path) -> None:
    day, clock = talk["at"].str.slice(0, 10), talk["at"].str.slice(11)
    _text(path, (day + "\n" + clock + "\n" + talk["text"] + "\n" + talk["who"]).tolist())


def qianniu_clipboard(talk: pd.DataFrame, path: Path) -> None:
    _text(path, (talk["who"] + " " + talk["at"] + "\n" + talk["text"] + "\n已读").tolist())


def jddc(talk: pd.DataFrame, path: Path) -> None:
    sender = talk["by_buyer"].map({True: "0", False: "1"})
    text = talk["text"].str.replace("\n", " ").str.replace("\t", " ")
    user = talk["buyer"].str.replace(" ", "_")
    _text(path, ("s" + user + "\t" + user + "\t" + sender + "\t0\t0\tnan\t" + text).tolist())


def _plain(talk: pd.DataFrame) -> pd.DataFrame:
    sender = talk["by_buyer"].map({True: "买家", False: "客服"})
    columns = {"平台": "淘宝", "店铺": SHOP, "买家": talk["buyer"], "客服": talk["agent"], "发送方": sender}
    return pd.DataFrame({**columns, "时间": talk["at"], "内容": talk["text"]})


def plain_csv(talk: pd.DataFrame, path: Path) -> None:
    _plain(talk).to_csv(path, index=False, encoding="utf-8-sig")


def plain_parquet(talk: pd.DataFrame, path: Path) -> None:
    pq.write_table(pa.Table.from_pandas(_plain(talk)), path)


def plain_jsonl(talk: pd.DataFrame, path: Path) -> None:
    _plain(talk).to_json(path, orient="records", lines=True, force_ascii=False)


def plain_xlsx(talk: pd.DataFrame, path: Path) -> None:
    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    )
    sheet = book.add_worksheet("聊天")
    frame = _plain(talk)
    sheet.write_row(0, 0, list(frame.columns))
    for number, row in enumerate(frame.itertuples(index=False), start=1):
        sheet.write_row(number, 0, row)
    book.close()


def feige_csv(talk: pd.DataFrame, path: Path) -> None:
    side = talk["by_buyer"].map({True: "左", False: "右"})
    pd.DataFrame({"会话": talk["buyer"], "方向": side, "内容": talk["text"], "时间": talk["at"]}).to_csv(
        path, index=False
    )


def qianniu_fulltext(talk: pd.DataFrame, path: Path) -> None:
    day, clock = talk["at"].str.slice(0, 10), talk["at"].str.slice(11)
    blocks = (
        (day + "\n" + clock + "\n" + talk["text"] + "\n" + talk["who"])
        .groupby(talk["buyer"], sort=False)
        .agg("\n".join)
    )
    rows = {
        "buyer": blocks.index,
        "staff": "",
        "chat_date": "2026-03-02",
        "filter_range": "",
        "chat_text": blocks.to_numpy(),
    }
    pd.DataFrame(rows).to_csv(path, index=False)


def jd_api(talk: pd.DataFrame, path: Path) -> None:
    columns = {
        "customer": talk["buyer"],
        "waiter": talk["agent"],
        "waiterSend": ~talk["by_buyer"],
        "content": talk["text"],
    }
    pd.DataFrame({**columns, "sid": talk["buyer"], "time": talk["at"]}).to_json(
        path, orient="records", force_ascii=False
    )


def wechat_txt(talk: pd.DataFrame, path: Path) -> None:
    """One chat of two, time and name above each text."""
    names = pd.Series(np.where(talk["by_buyer"], "示例买家", "我"))
    _text(path, (talk["at"] + " " + names + "\n" + talk["text"] + "\n").tolist())


def qq_txt(talk: pd.DataFrame, path: Path) -> None:
    """A block for each buyer."""
    who = np.where(talk["by_buyer"], talk["buyer"] + "(10000001)", talk["agent"] + "<kefu@example.invalid>")
    lines = talk["at"] + " " + pd.Series(who) + "\n" + talk["text"] + "\n"
    _text(path, _by_buyer(talk, lambda buyer: [RULE, "消息分组:我的好友", RULE, f"消息对象:{buyer}", RULE, ""], lines))


TEXTS = (wangwang, jd_log, qianniu_im, qianniu_web, qianniu_clipboard, wechat_txt, qq_txt, jddc)
TABLES = (plain_csv, plain_parquet, plain_jsonl, plain_xlsx, feige_csv, qianniu_fulltext, jd_api)
PAGES = ("qianniu_fulltext",)  # tables whose cells hold copied pages
ENDINGS = {"plain_csv": "csv", "plain_parquet": "parquet", "plain_jsonl": "jsonl", "plain_xlsx": "xlsx", "feige_csv": "csv",
           "qianniu_fulltext": "csv", "jd_api": "json"}  # fmt: skip
