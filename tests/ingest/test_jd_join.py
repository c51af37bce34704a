"""京东: the session workbook is read with its quirks and joined to the log; every outcome is counted and shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chataudit import ingest
from chataudit.ingest.jd_join import OUTCOMES, _Session, agree, masked, match
from chataudit.settings import Settings

START, END = "/" + "*" * 17 + "以下为一通会话" + "*" * 36 + "/", "/" + "*" * 17 + "会话结束" + "*" * 36 + "/"
HEADER = (
    "序号,渠道,咨询时间 ,咨询类型,客服,转接后客服, 顾客,技能组,商品编号,商品名称,首次响应时间,新平均响应时间(S),会话时长(M),"
    "客户消息数,客服消息数,满意度,是否解决,cid"
)
BOOK = f"""{HEADER}
1,PC,'2026-03-02 21:50:11,售前咨询,示例家电-小何,,jd_6aexample5db,默认组,100000000001.0,杯,2026-03-02 21:50:35,12.5,8.4,2,3,满意,是,100-abc
2,PC,'2026-03-02 21:51:00,售前咨询,示例家电-小周,,jd_example02,默认组,100000000002,壶,-,-,-0.01,-,0,-,-,100-abd
3,PC,'2026-03-02 22:00:03,售前咨询,示例家电-小周,,kexample03,默认组,-,-,-,-,-,-,0,-,-,100-abe
4,PC,'2026-03-02 22:10:00,售前咨询,示例家电-小周,,mm1,默认组,-,-,-,-,-,-,0,-,-,100-abf
5,PC,'2026-03-02 22:10:00,售前咨询,示例家电-小周,,mx1,默认组,-,-,-,-,-,-,0,-,-,100-abg
6,PC,不详,售前咨询,示例家电-小周,,mm9,默认组,-,-,-,-,-,-,0,-,-,100-abh
"""
LOG = "\n".join(
    f"{START}\n{buyer} 2026-03-02 {clock}\n在吗 {buyer}\n示例家电-小何 2026-03-02 {later}\n在的\n{END}"
    for buyer, clock, later in (
        ("j****db", "21:50:11", "21:50:35"),  # exact
        ("z****99", "21:51:00", "21:51:09"),  # the same second, another name: by time alone
        ("k****03", "22:00:00", "22:00:09"),  # three seconds before: weak
        ("m****m1", "22:10:05", "22:10:09"),  # two could be meant: mm1 and mx1 (their masks differ), near: weak to mm1
        ("n****07", "23:00:00", "23:00:09"),  # nobody
    )
)


@pytest.fixture
def taken(tmp_path: Path) -> ingest.Ingested:
    (tmp_path / "咨询会话查询.csv").write_text(BOOK, encoding="utf-8-sig")
    (tmp_path / "聊天记录.log").write_text(LOG + "\n", encoding="utf-8")
    return ingest.read([tmp_path], Settings())


def test_outcomes_are_counted_and_shown(taken: ingest.Ingested) -> None:
    note = next(note for note in taken.notes if "咨询会话查询" in note.zh)
    assert note.en.endswith("exact 1, by time alone 1, weak 2, ambiguous, not joined 0, unmatched 1")
    assert taken.jd_sessions is not None
    assert taken.jd_sessions["outcome"].tolist() == ["exact", "time", "weak", "weak", "unmatched"]


def test_names_ids_and_items_come_from_the_workbook(taken: ingest.Ingested) -> None:
    first = taken.messages[taken.messages["text"].str.startswith("在吗")]
    assert first["buyer"].tolist() == ["jd_6aexample5db", "z****99", "kexample03", "mm1", "n****07"]
    ids = first["session_id"].tolist()
    assert ids[:4] == ["100-abc", "100-abd", "100-abe", "100-abf"] and ids[4].startswith("d")
    assert first["refs"].fillna("-").tolist() == ["100000000001", "100000000002", "-", "-", "-"]
    answers = taken.messages[taken.messages["text"] == "在的"]
    assert answers["session_id"].tolist() == ids and answers["buyer"].tolist() == first["buyer"].tolist()


def test_figures_are_kept_and_missing_is_never_zero(taken: ingest.Ingested) -> None:
    assert taken.jd_sessions is not None
    first, second = taken.jd_sessions.iloc[0], taken.jd_sessions.iloc[1]
    assert (first["mean_response_s"], first["duration_min"], first["buyer_n"], first["agent_n"]) == (12.5, 8.4, 2, 3)
    assert second[["mean_response_s", "buyer_n", "replied_at", "rating"]].isna().all()
    assert (second["duration_min"], second["agent_n"]) == (-0.01, 0)
    assert taken.rejects["reason"].tolist() == ["a session without time or buyer"]
    assert taken.rejects["row"].tolist() == [7]


def test_several_that_could_be_meant_are_not_joined() -> None:
    logs = [_Session(100, "j****db"), _Session(500, "k****01")]
    book = [_Session(100, "jxdb"), _Session(100, "jydb"), _Session(490, "kx01"), _Session(510, "ky01")]
    assert match(logs, book) == ({}, ["ambiguous", "ambiguous"])


def test_near_is_two_minutes_and_a_name_that_contradicts_is_not_near() -> None:
    book = [_Session(1000, "jxdb")]
    for second, buyer, outcome in (
        (880, "j****db", "weak"),
        (1120, "jxdb", "weak"),
        (879, "j****db", "unmatched"),
        (1121, "j****db", "unmatched"),
        (999, "k****db", "unmatched"),
        (1000, "k****db", "time"),
        (1000, "j****db", "exact"),
    ):
        assert match([_Session(second, buyer)], book)[1] == [outcome]


@given(st.lists(st.tuples(st.integers(0, 400), st.sampled_from(["jxdb", "jydb", "k01"])), max_size=8))
def test_a_session_is_joined_once_and_only_where_allowed(sessions: list[tuple[int, str]]) -> None:
    logs = [_Session(at, masked(name)) for at, name in sessions[::2]]
    book = [_Session(at, name) for at, name in sessions[1::2]]
    joined, outcomes = match(logs, book)
    assert len(set(joined.values())) == len(joined)
    assert len(outcomes) == len(logs) and set(outcomes) <= set(OUTCOMES)
    for log, other in joined.items():
        near = abs(logs[log].at - book[other].at)
        assert outcomes[log] in ("exact", "time", "weak")
        assert near == 0 or (near <= 120 and outcomes[log] == "weak" and agree(logs[log].buyer, book[other].buyer))
    assert all((log in joined) == (outcome in ("exact", "time", "weak")) for log, outcome in enumerate(outcomes))
