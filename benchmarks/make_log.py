"""Make a log of any size whose talk has the statistics of real talk: ``python -m benchmarks.make_log N FILE``.

Agents are made in groups of their own seed and written one after the other, so memory stays flat and the same
arguments always give the same file. Rows are as exports have them: agent by agent, in order of time.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from benchmarks.phrases import phrases
from benchmarks.talk import OWN, TOPICS, lines

Ints = npt.NDArray[np.int64]
SEED = 20260302
START = int(np.datetime64("2026-03-02T00:00:00", "s").astype(np.int64))
DAY = 86_400
PER_DAY = 1_300
PER_SESSION = 22
GROUP = 300_000
SHOP = "暖居生活专营店"
SLOT = re.compile(r"\{([^}]+)\}")
BUYER, AGENT, AUTO, BOT, SYSTEM = range(5)
SENDERS = pa.array(["买家", "客服", "自动回复", "机器人", "系统"])
TEXT, CARD, IMAGE, EMOJI, EVENT, TRANSFER = range(6)
KINDS = pa.array(["文本", "卡片", "图片", "表情", "事件", "转接"])
KIND_OF = {"link": CARD, "picture": IMAGE, "face": EMOJI, "event": EVENT, "move": TRANSFER}


class Scene(NamedTuple):
    """Rows of messages: session and round of each, who speaks, place in the speaker's turn, and first / last round."""

    session: Ints
    round: Ints
    speaker: Ints
    place: Ints
    first: npt.NDArray[np.bool_]
    last: npt.NDArray[np.bool_]


class Talker:
    """Says lines of the banks, many at a time."""

    def __init__(self, rng: np.random.Generator, own: dict[str, Callable[[Ints], pa.Array]]) -> None:
        self.rng, self.own = rng, own

    def say(self, bank: str, rows: Ints) -> pa.Array:
        """Return a line of ``bank`` for each row, its slots filled."""
        if not len(rows):
            return pa.array([], pa.string())
        ways = lines(bank)
        pick = self.rng.integers(len(ways), size=len(rows))
        if not any("{" in way for way in ways):
            return pa.array(list(ways)).take(pa.array(pick))
        order = np.argsort(pick, kind="stable")
        bounds = np.searchsorted(pick[order], np.arange(len(ways) + 1))
        said = [
            self._filled(ways[at], rows[order[bounds[at] : bounds[at + 1]]])
            for at in range(len(ways))
            if bounds[at + 1] > bounds[at]
        ]
        back = np.empty(len(rows), dtype=np.int64)
        back[order] = np.arange(len(rows))
        return pa.concat_arrays(said).take(pa.array(back))

    def _filled(self, way: str, rows: Ints) -> pa.Array:
        parts = [part if number % 2 == 0 else self._slot(part, rows) for number, part in enumerate(SLOT.split(way))]
        given = [part for part in parts if not isinstance(part, str) or part]
        if not given or all(isinstance(part, str) for part in given):
            return pa.array([way] * len(rows), pa.string())
        return pc.binary_join_element_wise(*given, "")

    def _slot(self, name: str, rows: Ints) -> pa.Array:
        if name in OWN:
            return self.own[name](rows)
        if name.startswith("#"):
            digits = int(name[1:])
            return pa.array(self.rng.integers(10 ** (digits - 1), 10**digits, size=len(rows))).cast(pa.string())
        if name[0].isdigit():
            low, high = map(int, name.split("-"))
            return pa.array(self.rng.integers(low, high + 1, size=len(rows))).cast(pa.string())
        return self.say(name, rows)


def agents_of(size: int) -> int:
    """Return how many agents a log of ``size`` messages has: 20 at 100 thousand, 200 at 10 million."""
    return max(2, round(20 * (size / 100_000) ** 0.5))


def write_log(size: int, path: Path, seed: int = SEED) -> None:
    """Write a log of about ``size`` messages (exactly: cut after it) to ``path``."""
    agents = agents_of(size)
    per_agent = size // agents + 1
    step = max(1, GROUP // per_agent)
    left = size
    with path.open("wb") as file:
        file.write("平台,店铺,买家,客服,发送方,时间,类型,内容\n".encode())
        for begin in range(0, agents, step):
            rng = np.random.default_rng([seed, size, begin])
            group = range(begin, min(begin + step, agents))
            table = _group(rng, group, per_agent, size).slice(0, left)
            left -= table.num_rows
            pa_csv.write_csv(table, file, pa_csv.WriteOptions(include_header=False))


def _group(rng: np.random.Generator, agents: range, per_agent: int, size: int) -> pa.Table:
    """Return the messages of some agents, exactly ``per_agent`` each, agent by agent and in order of time."""
    sessions = int(per_agent * 1.3 / PER_SESSION) + 50
    agent = np.repeat(np.arange(agents.start, agents.stop), sessions)
    starts = _starts(rng, len(agents), sessions, per_agent)
    scene = _scene(rng, len(agent))
    seconds = starts[scene.session] + _elapsed(rng, scene)
    order = np.lexsort((np.arange(len(seconds)), seconds, agent[scene.session]))
    of = agent[scene.session][order]
    begin = np.searchsorted(of, agents)
    order = np.concatenate([order[at : at + per_agent] for at in begin])
    scene = Scene(*(column[order] for column in scene))
    return _table(rng, scene, agent, seconds[order], size)


def _starts(rng: np.random.Generator, agents: int, sessions: int, per_agent: int) -> Ints:
    """Return when sessions begin: by day and hour as shops see them, fewer in the morning than in the evening."""
    days = max(1, round(per_agent / PER_DAY))
    day = np.sort(rng.integers(0, max(1, round(days * 1.3)), size=(agents, sessions)), axis=1)
    hour = rng.choice(
        np.arange(8, 24), p=np.array([2, 4, 6, 6, 5, 6, 7, 7, 6, 6, 6, 8, 10, 10, 7, 4]) / 100, size=(agents, sessions)
    )
    within = rng.integers(0, 3_600, size=(agents, sessions))
    return (START + day * DAY + hour * 3_600 + within).reshape(-1)


def _scene(rng: np.random.Generator, sessions: int) -> Scene:
    """Return who speaks when: rounds of the buyer's messages, what comes between, and the agent's."""
    rounds = np.clip(np.round(rng.lognormal(1.72, 0.62, sessions)), 1, 60).astype(np.int64)
    session = np.repeat(np.arange(sessions), rounds)
    ends = np.cumsum(rounds)
    first, last = np.zeros(len(session), dtype=bool), np.zeros(len(session), dtype=bool)
    first[ends - rounds], last[ends - 1] = True, True
    buyer = rng.choice([1, 2, 3, 4], p=[0.62, 0.25, 0.09, 0.04], size=len(session))
    agent = rng.choice([0, 1, 2, 3, 4], p=[0.02, 0.56, 0.28, 0.10, 0.04], size=len(session))
    draw = rng.random(len(session))
    between = np.select(
        [first & (draw < 0.45), first & (draw < 0.49), first & (draw < 0.53), ~first & (draw < 0.004)],
        [AUTO, BOT, SYSTEM, SYSTEM],
        default=-1,
    )
    counts = np.stack([buyer, (between >= 0).astype(np.int64), agent], axis=1).reshape(-1)
    speakers = np.stack([np.full(len(session), BUYER), between, np.full(len(session), AGENT)], axis=1).reshape(-1)
    turn = np.repeat(np.arange(len(counts)), counts)
    place = np.arange(len(turn)) - np.repeat(np.cumsum(counts) - counts, counts)
    of = turn // 3
    return Scene(session[of], of, speakers[turn], place, first[of], last[of])


def _elapsed(rng: np.random.Generator, scene: Scene) -> Ints:
    """Return each message's seconds since its session began."""
    size = len(scene.session)
    buyer, agent = scene.speaker == BUYER, scene.speaker == AGENT
    step = np.where(buyer, np.clip(rng.lognormal(3.8, 1.0, size), 3, 1_650), 1.0)
    step = np.where(buyer & (scene.place > 0), rng.integers(2, 18, size), step)
    wait = np.clip(rng.lognormal(3.0, 0.95, size), 2, 1_500)
    late = rng.random(size) < 0.0008
    wait = np.where(late, rng.integers(1_900, 3_500, size), wait)
    step = np.where(agent, np.where(scene.place > 0, rng.integers(3, 30, size), wait), step).astype(np.int64)
    total = np.cumsum(step)
    begin = np.flatnonzero(np.append(True, np.diff(scene.session) != 0))
    return total - np.repeat(total[begin], np.diff(np.append(begin, size)))


def _classes(rng: np.random.Generator, scene: Scene) -> npt.NDArray[np.object_]:
    """Return for each message which bank it is said from."""
    size = len(scene.session)
    names = np.array(list(TOPICS), dtype=object)
    shares = np.array(list(TOPICS.values())) / sum(TOPICS.values())
    _, number = np.unique(scene.round, return_inverse=True)
    topic = rng.choice(names, p=shares, size=int(number.max()) + 1)[number]
    draw, later = rng.random(size), scene.place > 0
    buyer, agent = scene.speaker == BUYER, scene.speaker == AGENT
    only = scene.first & scene.last
    cases = [
        (scene.speaker == AUTO, "auto"),
        (scene.speaker == BOT, "bot"),
        ((scene.speaker == SYSTEM) & scene.first, "event"),
        (scene.speaker == SYSTEM, "move"),
        (buyer & ~later & scene.first & (draw < 0.25), "link"),
        (buyer & ~later & scene.first & (draw < 0.65), "hello"),
        (buyer & ~later & scene.last & ~only & (draw < 0.75), "bye"),
        (buyer & (draw > 0.985), "picture"),
        (buyer & (draw > 0.965), "face"),
        (buyer & ~later & ~scene.first & (draw < 0.14), "ack"),
        (buyer & later & (draw < 0.55), "more"),
        (buyer, "ask"),
        (agent & (draw > 0.996), "wrong"),
        (agent & ~later & scene.first & (draw < 0.82), "greet"),
        (agent & scene.last & ~only & ~later & (draw < 0.8), "close"),
        (agent & later & (draw < 0.75), "add"),
        (agent & (draw > 0.975), "link"),
        (agent & (draw > 0.9), "hold"),
        (agent & (draw > 0.86), "say.long"),
    ]
    said = np.select([case for case, _ in cases], [name for _, name in cases], default="say").astype(object)
    for word in ("ask", "say"):
        open_ = said == word
        said[open_] = word + "." + topic[open_].astype(object)
    return said


def _table(rng: np.random.Generator, scene: Scene, agent: Ints, seconds: Ints, size: int) -> pa.Table:
    sessions = len(agent)
    goods = pa.array([trait + name for trait in lines("trait") for name in lines("name")])
    shades = pa.array(lines("shade"))
    thing, colour = rng.integers(len(goods), size=sessions), rng.integers(len(shades), size=sessions)
    accounts = pa.array([f"暖居:{number + 1:03d}" for number in range(agents_of(size))])
    nicks = pa.array([f"小{'暖禾安悦晴朵糖米'[number % 8]}{number + 1}" for number in range(agents_of(size))])
    own = {
        "goods": lambda rows: goods.take(pa.array(thing[scene.session[rows]])),
        "colour": lambda rows: shades.take(pa.array(colour[scene.session[rows]])),
        "nick": lambda rows: nicks.take(pa.array(agent[scene.session[rows]])),
    }
    talker = Talker(rng, own)
    said = _classes(rng, scene)
    banks, place = np.unique(said.astype(str), return_inverse=True)
    order = np.argsort(place, kind="stable")
    bounds = np.searchsorted(place[order], np.arange(len(banks) + 1))
    texts = pa.concat_arrays(
        [talker.say(str(bank), order[bounds[at] : bounds[at + 1]]) for at, bank in enumerate(banks)]
    )
    back = np.empty(len(order), dtype=np.int64)
    back[order] = np.arange(len(order))
    kind = np.array([KIND_OF.get(str(bank), TEXT) for bank in banks])[place]
    pool = max(10, int(size / PER_SESSION * 0.8))
    buyer = pa.array(rng.integers(pool, size=sessions) * 7_919 + 100_000).cast(pa.string())
    account = pa.array(agent[scene.session], mask=(scene.speaker == SYSTEM) & (kind != TRANSFER))
    return pa.table(
        {
            "平台": pa.array(["taobao"]).take(pa.array(np.zeros(len(order), dtype=np.int64))),
            "店铺": pa.array([SHOP]).take(pa.array(np.zeros(len(order), dtype=np.int64))),
            "买家": pc.binary_join_element_wise("tb", buyer.take(pa.array(scene.session)), ""),
            "客服": accounts.take(account),
            "发送方": SENDERS.take(pa.array(scene.speaker)),
            "时间": pa.array(seconds).cast(pa.timestamp("s")),
            "类型": KINDS.take(pa.array(kind)),
            "内容": texts.take(pa.array(back)),
        }
    )


def statistics(path: Path) -> dict[str, float]:
    """Return the measured statistics of a log's talk: what `benchmarks` promises of it."""
    import ahocorasick_rs

    table = pa_csv.read_csv(path, parse_options=pa_csv.ParseOptions(newlines_in_values=True))
    texts = table["内容"].filter(pc.equal(table["类型"], "文本"))
    matcher = ahocorasick_rs.BytesAhoCorasick([one.encode() for one in phrases()])
    hits = sum(
        len(matcher.find_matches_as_indexes("\n".join(chunk.to_pylist()).encode(), overlapping=True))
        for chunk in texts.chunks
    )
    moments = table["时间"].cast(pa.timestamp("s")).cast(pa.int64()).to_numpy()
    buyers = table["买家"].combine_chunks().dictionary_encode().indices.to_numpy()
    order = np.lexsort((moments, buyers))
    new = (np.diff(buyers[order]) != 0) | (np.diff(moments[order]) >= 1_800)
    return {
        "messages": table.num_rows,
        "bytes": path.stat().st_size,
        "distinct_share": round(pc.count_distinct(texts).as_py() / len(texts), 3),
        "mean_chars": round(pc.mean(pc.utf8_length(texts)).as_py(), 1),
        "hits_per_message": round(hits / len(texts), 2),
        "messages_per_session": round(table.num_rows / (int(new.sum()) + 1), 1),
        "agents": pc.count_distinct(table["客服"], mode="only_valid").as_py(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", type=int)
    parser.add_argument("path", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    begin = time.perf_counter()
    write_log(given.size, given.path, given.seed)
    made = round(time.perf_counter() - begin, 1)
    print(json.dumps({**statistics(given.path), "made_in_s": made}))


if __name__ == "__main__":
    main()
