"""Make all sample logs: ``python sample_logs/make.py [--out DIR]``; every run writes the same bytes."""

import argparse
from pathlib import Path

import exports
from bank import ALL_SCENES
from companions import month_sheet, people, plain_orders, planted, taobao_orders
from filled import write_sheets
from goods import ACCOUNTS
from talk import Talk
from three_days import Book, play_three_days
from twelve import small_talk
from writers import (
    jd_log,
    jddc,
    rows_of,
    uneed,
    wangwang,
    write_json,
    write_jsonl,
    write_parquet,
    write_table,
    write_xlsx,
    zip_of,
)

SEED = 20260302


def write_shop(folder: Path, book: Book) -> None:
    """Write the three-day log of the shop, an export per platform, and its companion tables."""
    folder.mkdir(parents=True, exist_ok=True)
    by_platform = {name: [t for t in book.talks if t.platform == name] for name in ("taobao", "jd", "pdd", "douyin")}
    for account in ACCOUNTS:
        if account.platform == "taobao":
            own = [talk for talk in by_platform["taobao"] if _took_part(talk, account.account)]
            data = wangwang(account.account, own, newline="\r\n", prefixed=True)
            (folder / f"千牛_聊天记录_{account.nick}.txt").write_bytes(data)
    (folder / "京东_聊天记录.log").write_bytes(jd_log(by_platform["jd"]).encode())
    write_table(folder / "拼多多_聊天.csv", rows_of(by_platform["pdd"]))
    douyin = [{key: row[key] for key in row if key != "会话ID"} for row in rows_of(by_platform["douyin"])]
    write_xlsx(folder / "抖店_聊天.xlsx", douyin)
    write_table(folder / "订单.csv", plain_orders(order for order in book.orders if order.platform != "taobao"))
    data = taobao_orders(order for order in book.orders if order.platform == "taobao")
    (folder / "淘宝订单.csv").write_bytes(data)
    write_table(folder / "人员.csv", people())
    write_table(folder / "填报表.csv", month_sheet())


def _took_part(talk: Talk, account: str) -> bool:
    return account in {talk.account.account, *talk.accounts}


def write_layouts(folder: Path) -> None:
    """Write the small talk once in every layout."""
    folder.mkdir(parents=True, exist_ok=True)
    talks, jd_talks = small_talk("taobao"), small_talk("jd")
    chinese, english = rows_of(talks), rows_of(talks, chinese=False)
    write_table(folder / "plain.csv", chinese)
    write_table(folder / "plain.tsv", chinese, encoding="utf-8", mark="\t")
    write_table(folder / "plain_gbk.csv", chinese, encoding="gb18030", time="%Y/%m/%d %H:%M:%S")
    write_table(folder / "english.csv", english, encoding="utf-8")
    write_xlsx(folder / "plain.xlsx", chinese)
    write_xlsx(folder / "xlsx_named.csv", chinese, real_times=False)
    write_json(folder / "plain.json", english)
    write_jsonl(folder / "plain.jsonl", english)
    write_parquet(folder / "plain.parquet", english)
    (folder / "wangwang.txt").write_bytes(wangwang(talks[0].account.account, talks))
    (folder / "jd.log").write_bytes(jd_log(jd_talks).encode())
    parts = {"咚咚聊天记录_上.txt": jd_talks[:6], "咚咚聊天记录_下.txt": jd_talks[6:]}
    (folder / "jd.zip").write_bytes(zip_of({name: jd_log(part).encode("utf-8-sig") for name, part in parts.items()}))
    (folder / "jddc.tsv").write_bytes(jddc(talks).encode())
    (folder / "uneed.json").write_bytes(uneed(talks).encode())
    write_exports(folder)


def write_exports(folder: Path) -> None:
    """Write the small talk in the layouts of third parties and interfaces."""
    talks, jd_talks, pdd_talks = small_talk("taobao"), small_talk("jd"), small_talk("pdd")
    texts = {
        "qianniu_im.txt": exports.qianniu_im(talks[0]),
        "qianniu_web.txt": exports.qianniu_web(talks[0]),
        "qianniu_clipboard.txt": exports.qianniu_clipboard(talks[0]),
        "qianniu_push.jsonl": exports.qianniu_push(talks),
        "jd_api.json": exports.jd_api(jd_talks),
        "jd_im_log.json": exports.jd_im_log(jd_talks),
        "260302-000000000000001_chat.json": exports.pdd_scraped(pdd_talks[0]),
        "pdd_push.jsonl": exports.pdd_push(pdd_talks),
    }
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode())
    (folder / "qianniu_fulltext.csv").write_bytes(exports.qianniu_fulltext(talks))
    exports.qianniu_book(folder / "千牛聊天记录_原始逐条_2026-03-03_10-05.xlsx", talks)
    write_table(folder / "feige.csv", exports.feige(small_talk("douyin")))


def check(book: Book) -> None:
    """Stop where some fault or honest trap of the bank occurs nowhere in the three days."""
    names = {name for scene in ALL_SCENES for name in (*scene.faults, *scene.traps)} | {"casual", "no_cart"}
    if missing := names - {name for talk in book.talks for name in talk.planted}:
        raise SystemExit(f"planted nowhere: {', '.join(sorted(missing))}; choose another seed")


def main() -> None:
    """Write everything below the chosen folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, metavar="DIR", help="where to write")
    out = parser.parse_args().out
    book = play_three_days(SEED)
    check(book)
    write_shop(out / "shop", book)
    write_table(out / "planted.csv", planted(book.talks))
    write_layouts(out / "layouts")
    write_sheets(out / "sheets")


if __name__ == "__main__":
    main()
