"""What comes late, or comes odd: the days are those of one audit of everything, and nothing stops the nights."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from inbox_shop import FILES, a_night, chats, drop, line, make_lexicons, of_days, orders, written_days
from notices.platforms import PATHS, SECRET
from notices.robots import Robot
from test_nightly import everything

from chataudit import store
from chataudit.audit import Request, audit
from chataudit.cli import main
from chataudit.errors import Faults
from chataudit.notices import read_channels
from chataudit.report import write
from chataudit.settings import Settings

START, END = (f"/{'*' * 17}{said}{'*' * 36}/" for said in ("以下为一通会话", "会话结束"))
JD_LOG = "\n".join(
    [START, "k****03 2026-03-02 10:05:10", "在吗 k****03", "示例家电-小何 2026-03-02 10:05:40", "您好，在的", END]
)
JD_BOOK = (
    "咨询时间,客服,顾客,商品编号,首次响应时间,新平均响应时间(S),会话时长(M),客户消息数,客服消息数,满意度,是否解决,cid\n"
    "2026-03-02 10:05:10,示例家电-小何,kexample03,,2026-03-02 10:05:40,30,1,1,1,,,100-abc\n"
)


def nights(
    url: str, folder: Path, settings: Settings, files: Mapping[str, str], arrivals: Sequence[Sequence[str]]
) -> None:
    """Run a night for each arrival; every one must go well."""
    for number, names in enumerate(arrivals, start=1):
        drop(folder / "inbox", names, files)
        assert a_night(url, folder, settings, number).failed == []


def whole(folder: Path, settings: Settings, files: Mapping[str, str]) -> Path:
    drop(folder / "all", files, files)
    write(audit(Request((folder / "all",)), settings), folder / "whole")
    return folder / "whole"


def assert_as_one_audit(folder: Path, settings: Settings, files: Mapping[str, str]) -> None:
    """Compare the days with one audit; of days without a session of their own nobody counts platform figures."""
    found, wanted = of_days(written_days(folder)), of_days([whole(folder, settings, files)])
    days = {dict(row)["day"] for row in wanted["sessions"]}
    for name in ("platform_metrics", "facts"):
        wanted[name] = Counter(row for row in wanted[name] if dict(row)["day"] in days)
    for name, rows in wanted.items():
        assert found[name] == rows, name


ORDER = "10001,淘宝,小店,甲,2026-03-04 10:00:00,2026-03-04 10:05:00,50.00,,"
LATE: dict[str, tuple[dict[str, str], Sequence[Sequence[str]]]] = {
    "talk before an order that nobody was credited with": (
        {
            "a.csv": chats(
                line("乙", "买家", "2026-03-04 09:00:00", "在吗"), line("乙", "客服", "2026-03-04 09:00:10", "在")
            ),
            "b.csv": chats(
                line("甲", "买家", "2026-03-02 20:00:00", "在吗"), line("甲", "客服", "2026-03-02 20:00:10", "在")
            ),
            "orders.csv": orders(ORDER),
        },
        (("a.csv", "orders.csv"), ("b.csv",)),
    ),
    "people": (
        {"a.csv": FILES["0302.csv"], "people.csv": FILES["people.csv"]},
        (("a.csv",), ("people.csv",)),
    ),
    "people, the last by name first": (
        {
            "a.csv": FILES["0302.csv"],
            "p1.csv": "账号,姓名,小组\n小雯,何小雯,一组\n",
            "p2.csv": "账号,姓名,小组\n小雯,何小雯,二组\n",
        },
        (("a.csv", "p2.csv"), ("p1.csv",)),
    ),
    "a session before midnight, so that the next day has none": (
        {
            "a.csv": chats(line("甲", "买家", "2026-03-04 00:05:00", "在吗")),
            "b.csv": chats(line("甲", "买家", "2026-03-03 23:55:00", "你好")),
        },
        (("a.csv",), ("b.csv",)),
    ),
    "sessions of one id over many days, of a buyer": (
        {
            "a.csv": chats(line("甲", "买家", "2026-03-01 10:00:00", "在吗", session="1")),
            "b.csv": chats(line("甲", "买家", "2026-03-13 10:00:00", "在吗", session="1")),
        },
        (("a.csv",), ("b.csv",)),
    ),
}


@pytest.mark.parametrize("what", LATE)
def test_what_comes_late_counts_as_if_it_had_come_in_time(url: str, tmp_path: Path, what: str) -> None:
    settings, (files, arrivals) = make_lexicons(tmp_path), LATE[what]
    nights(url, tmp_path, settings, files, arrivals)
    assert_as_one_audit(tmp_path, settings, files)


def test_one_id_in_two_shops_is_two_sessions(url: str, tmp_path: Path) -> None:
    make_lexicons(tmp_path)
    settings = Settings(lexicons=tmp_path / "lexicons")

    def said(shop: str, at: str) -> str:
        return f"淘宝,{shop},1,甲,小雯,买家,{at},在吗"

    files = {
        "a.csv": chats(said("店A", "2026-03-01 10:00:00"), said("店B", "2026-03-10 10:00:00")),
        "b.csv": chats(said("店B", "2026-03-13 10:00:00")),
    }
    nights(url, tmp_path, settings, files, (("a.csv",), ("b.csv",)))
    told = sorted(
        (dict(row)["shop"], dict(row)["day"], dict(row)["buyer_n"])
        for row in of_days(written_days(tmp_path))["sessions"]
    )
    assert told == [("店A", "2026-03-01", "1"), ("店B", "2026-03-10", "2")]


def test_the_whole_is_cut_by_the_cut_hour(url: str, tmp_path: Path) -> None:
    make_lexicons(tmp_path)
    settings = Settings(lexicons=tmp_path / "lexicons", cut_hour=4, shop="小店")
    files = {name: FILES[name] for name in ("0302.csv", "0303.csv", "0304.csv")}
    nights(url, tmp_path, settings, files, (("0303.csv",), ("0302.csv", "0304.csv")))
    assert_as_one_audit(tmp_path, settings, files)
    with pytest.raises(Faults, match="cut_hour"):
        a_night(url, tmp_path, settings.model_copy(update={"cut_hour": 0.0}), 5)


def test_rejects_and_duplicates_of_files_without_a_new_message_are_in_a_day(url: str, tmp_path: Path) -> None:
    settings = make_lexicons(tmp_path)
    first = FILES["0302.csv"]
    files = {
        "a.csv": first,
        "b.csv": chats(*first.splitlines()[1:3]) + "\n",
        "c.csv": chats("淘宝,小店,,己,小雯,谁,哪天,坏行"),
    }
    nights(url, tmp_path, settings, files, (("a.csv",), ("b.csv",), ("c.csv",)))
    run = json.loads((tmp_path / "out" / "2026-03-02" / "run.json").read_text(encoding="utf-8"))
    counts = run["counts"]
    assert (counts["duplicates"], counts["rejects"]) == (2, 1)
    assert counts["rows"] == counts["messages"] + counts["duplicates"] + counts["rejects"]


def test_checklists_handed_back_before_their_chats_are_used_when_these_come(url: str, tmp_path: Path) -> None:
    import openpyxl

    settings = make_lexicons(tmp_path)
    book = openpyxl.Workbook()
    done = audit(Request((_alone(tmp_path),)), settings)
    session = str(done.sessions["session_id"].iloc[0])
    book.active.append(["评分表编号", "会话编号", "客服", "编号", "人工判定", "人工得分", "评分人", "备注"])
    book.active.append(
        ["checklist", session, str(done.sessions["agents"].iloc[0]), "1.10", "不符合", None, "李", "备注里的秘密"]
    )
    (tmp_path / "inbox").mkdir()
    book.save(tmp_path / "inbox" / "checklists.xlsx")
    assert a_night(url, tmp_path, settings).outcome == "done"
    drop(tmp_path / "inbox", ["0302.csv"])
    a_night(url, tmp_path, settings, 2)
    marks = of_days([tmp_path / "out" / "2026-03-02"])["marks"]
    assert [dict(row)["outcome"] for row in marks if dict(row)["decided_by"] == "sheet:李"] == ["not_met"]
    store.forget(store.open_database(url), str(done.sessions["buyer"].iloc[0]))
    assert "备注里的秘密" not in json.dumps(everything(url), ensure_ascii=False, default=str)


def _alone(folder: Path) -> Path:
    drop(folder / "alone", ["0302.csv"])
    return folder / "alone" / "0302.csv"


def test_a_quarantined_file_is_read_when_it_comes_again(url: str, tmp_path: Path) -> None:
    settings = make_lexicons(tmp_path)
    text = "买家,客服,发送方,内容,时间\n甲,小雯,买家,在吗,10:00:00\n甲,小雯,客服,您好,10:00:09\n"
    drop(tmp_path / "inbox", ["聊天.csv"], {"聊天.csv": text})
    assert a_night(url, tmp_path, settings).quarantined == ["聊天.csv"]
    drop(tmp_path / "inbox", ["聊天.csv"], {"聊天.csv": text})
    again = a_night(url, tmp_path, settings, 2)
    assert again.quarantined == ["聊天.csv"] and again.outcome == "attention"
    drop(tmp_path / "inbox", ["聊天_2026-03-04.csv"], {"聊天_2026-03-04.csv": text})
    night = a_night(url, tmp_path, settings, 3)
    assert (night.taken, night.days, night.outcome) == (["聊天_2026-03-04.csv"], ["2026-03-04"], "done")
    assert store.rows_taken(store.open_database(url))["quarantined"] == 0


def test_a_name_that_is_no_text_and_an_id_without_end_stop_nothing(url: str, tmp_path: Path) -> None:
    import random

    settings = make_lexicons(tmp_path)
    chance = random.Random(3)
    endless = "".join(chr(chance.randrange(0x4E00, 0x9FFF)) for _ in range(3000))
    drop(
        tmp_path / "inbox",
        ["a.csv"],
        {"a.csv": chats(line("甲", "买家", "2026-03-02 10:00:00", "在吗", session=endless))},
    )
    (tmp_path / "inbox").joinpath(b"\xff\xfe.csv".decode("utf-8", "surrogateescape")).write_text(
        FILES["0303.csv"], "utf-8"
    )
    night = a_night(url, tmp_path, settings)
    assert len(night.taken) == 2 and night.days[:2] == ["2026-03-02", "2026-03-03"]


def test_an_inbox_in_the_folder_of_reports_is_refused(tmp_path: Path) -> None:
    settings = make_lexicons(tmp_path)
    drop(tmp_path / "out", [])
    drop(tmp_path / "out" / "inbox", FILES)
    (tmp_path / "inbox").symlink_to(tmp_path / "out" / "inbox")
    with pytest.raises(Faults, match="folder of reports"):
        a_night(str(tmp_path / "x.db"), tmp_path, settings)


def test_a_night_that_fails_is_written_down_and_told(url: str, tmp_path: Path) -> None:
    settings = make_lexicons(tmp_path)
    drop(tmp_path / "inbox", ["0302.csv"])
    (tmp_path / "out").write_text("a file where the folder should be", encoding="utf-8")
    with Robot() as robot:
        path = tmp_path / "notices.yaml"
        hook = f"- kind: feishu\n  webhook: {robot.root}{PATHS['feishu']}\n  secret: {SECRET}\n  when: failure\n"
        path.write_text(hook, encoding="utf-8")
        with pytest.raises(Faults):
            a_night(url, tmp_path, settings, channels=read_channels(path))
        assert len(robot.got) == 1 and "没有完成" in json.dumps(robot.got[0].body, ensure_ascii=False)
    assert store.latest_nights(store.open_database(url))[0].outcome == "failed"
    assert CliRunner().invoke(main, ["status", "--db", url]).exit_code == 1
    (tmp_path / "out").unlink()
    assert a_night(url, tmp_path, settings, 2).outcome == "done"


def test_a_night_that_was_killed_is_seen_as_broken_off(url: str, tmp_path: Path) -> None:
    database = store.open_database(url)
    store.ready(database, make=True)
    store.begin_night(database, 1_800_000_000_000)
    said = CliRunner().invoke(main, ["status", "--db", url, "--lang", "en"])
    assert said.exit_code == 1 and "broken off" in said.output
    with store.turn(database):
        assert "running" in CliRunner().invoke(main, ["status", "--db", url, "--lang", "en"]).output


def test_red_lines_are_told_once_also_after_a_kill(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = make_lexicons(tmp_path)
    drop(tmp_path / "inbox", ["0303.csv"])

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("chataudit.nightly.night.score_periods", killed)
    with pytest.raises(KeyboardInterrupt):
        a_night(url, tmp_path, settings)
    monkeypatch.undo()
    assert sum(a_night(url, tmp_path, settings, 2).red.values()) == 1
    drop(tmp_path / "inbox", ["0302.csv"])
    again = a_night(url, tmp_path, settings, 3)
    assert "2026-03-03" in again.days and again.red == {}


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'other.db'}")
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE customers (id INTEGER)"))
    with pytest.raises(Faults, match="another program's"):
        store.ready(store.open_database(str(tmp_path / "other.db")), make=True)
    engine.dispose()


def test_a_buyer_known_whole_from_a_workbook_is_forgotten_in_the_log_too(url: str, tmp_path: Path) -> None:
    make_lexicons(tmp_path)
    settings = Settings(lexicons=tmp_path / "lexicons", shop="小店")
    files = {"京东聊天.log": JD_LOG + "\n", "咨询会话查询.csv": JD_BOOK}
    nights(url, tmp_path, settings, files, (("京东聊天.log",), ("咨询会话查询.csv",)))
    assert_as_one_audit(tmp_path, settings, files)
    assert {dict(row)["buyer"] for row in of_days(written_days(tmp_path))["sessions"]} == {"kexample03"}
    store.forget(store.open_database(url), "kexample03")
    drop(tmp_path / "inbox", ["再来.csv"], {"再来.csv": JD_BOOK + "\n"})
    a_night(url, tmp_path, settings, 4)
    left = json.dumps(everything(url), ensure_ascii=False, default=str)
    assert "kexample03" not in left and "k****03" not in left
