"""Thousands of damaged card files: each ends in faults with places, or in a card that is sound; never in another error."""

from __future__ import annotations

import random
import time
import tracemalloc
from collections import Counter
from pathlib import Path

import psutil
import pytest
import yaml

from cards.cases import RATER, book
from chataudit.cards.library import Known, read_card
from chataudit.cards.model import Card
from chataudit.cards.periods import read_period
from chataudit.errors import Fault, Faults
from chataudit.settings import lexicons_folder

SHIPPED = sorted((lexicons_folder() / "cards").rglob("*.yaml"))
OWN = sorted((Path(__file__).parent / "foreign").glob("*.yaml"))
RULES = frozenset(
    one.relative_to(lexicons_folder() / "rules").with_suffix("").as_posix()
    for one in (lexicons_folder() / "rules").rglob("*.yaml")
)
FORMULAS = (
    "__import__('os').system('true')",
    "(" * 400 + "1" + ")" * 400,
    "-" * 1900 + "1",
    "not " * 480 + "1",
    "1" * 1999,
    "9" * 30 + " * " + "9" * 30,
    " * ".join(["9999999999"] * 100),
    "sales ** 9 ** 9",
    "1 / 0",
    "prev(prev(prev(prev(score, 1), 2), 3), 4)",
    "periods_ago(sales, 99999999999)",
    "year_sum(year_sum(year_sum(sales)))",
    "team_mean(team_mean(team_mean(team_mean(sales))))",
    "round(sales, 1000000000)",
    "pick(1e9, 1, 2)",
    'tally("../../etc/passwd")',
    "if(1, 2)",
    "a and or not",
    "“sales”",
    "sales\x00",
    "=cmd|' /C calc'!A0",
    "𝓼𝓪𝓵𝓮𝓼 + ①",
    "",
)
SCRAPS = (
    *("null", "true", "-1", "0", "1e308", "1e400", "-1e400", ".nan", ".inf", "nan", "inf", "9" * 400, "0." + "9" * 300),
    *("[]", "{}", "[[[[[[]]]]]]", "[" * 60, "{a: " * 60, "*alias", "&anchor x", "!!python/object:os.system [x]"),
    *("\t", "'", '"', ":", "- ", "#", "|", "\ufeff", "\u202e", "\x07", "好" * 500, "x" * 5000),
)
BYTES = (b"\x00", b"\xff", b"\xfe\xff", b"\r", b"\n\n", b"\xe4\xbd", b"PK\x03\x04", b"%PDF", bytes(range(256)))
NUMBERS_OF_FILES = 2_000


def moved(lines: list[str], at: int, chance: random.Random) -> list[str]:
    """Return lines with some lost, said twice, indented anew, run together or cut off."""
    act = chance.randrange(5)
    if act == 0:
        return lines[:at] + lines[at + chance.randrange(1, 4) :]
    if act == 1:
        return [*lines[:at], chance.choice(lines), *lines[at:]]
    if act == 2:
        return [*lines[:at], " " * chance.randrange(9) + lines[at].lstrip(), *lines[at + 1 :]]
    return [*lines[:at], lines[at].replace(": ", ":", 1), *lines[at + 1 :]] if act == 3 else lines[: max(at, 1)]


def filled_with(line: str, chance: random.Random) -> str:
    """Return a line with its value, a piece or a digit of it put in the place of something else."""
    key, colon, _ = line.partition(": ")
    formula, scrap = chance.choice(FORMULAS), chance.choice(SCRAPS)
    act = chance.randrange(4)
    if act < 2 and colon:
        return f"{key}: {chance.choice((formula, repr(formula))) if act else scrap}"
    digits = [place for place, char in enumerate(line) if char.isdigit()]
    if act == 2 and digits:
        place = chance.choice(digits)
        return line[:place] + chance.choice(("-7", "0", "999999999", "1e9", "")) + line[place + 1 :]
    cut = chance.randrange(len(line) + 1)
    return line[:cut] + scrap + line[cut:]


def damaged(text: str, chance: random.Random) -> bytes:
    """Return a card file damaged in a few places."""
    lines = text.split("\n")
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        at = chance.randrange(len(lines))
        if chance.random() < 0.4:
            lines = moved(lines, at, chance) or [""]
        else:
            lines[at] = filled_with(lines[at], chance)
    data = "\n".join(lines).encode("utf-8", "surrogatepass")
    if chance.randrange(6) == 0:
        at = chance.randrange(len(data) + 1)
        data = data[:at] + chance.choice(BYTES) + data[at + chance.randrange(3) :]
    return data


def use(card: Card) -> None:
    """Fill a card that was accepted: whatever it says, it gives a result, or says why not."""
    if card.subject != "person":
        return
    names = {
        "month": "2026-03",
        "quarter": "2026Q1",
        "half": "2026H1",
        "year": "2026",
        "week": "2026-W10",
        "day": "2026-03-02",
    }
    period = names[card.period]
    given = [f"考核项 {period}/甲/{RATER} {period}/乙/{RATER}"]
    given += [f"{name} 3 5" for name, one in card.inputs.items() if one.kind == "number" and not _levelled(card, name)]
    facts = f"周期 姓名 session_n sales consulted_n\n{period} 甲 3 100 7\n{period} 乙 4 90 9"
    filled = book(card, facts=facts, sheets="\n".join(given) if len(given) > 1 else "")
    for one in filled.results(read_period(period)).values():
        filled.slip(read_period(period), one.subject)
        assert one.score is None or (one.low is not None and one.high is not None and one.low <= one.score <= one.high)


def _levelled(card: Card, name: str) -> bool:
    return any(line.levels and line.value == name for line in (*card.items, *card.adjustments))


def placed(fault: Fault, path: Path) -> bool:
    """Return whether a fault says where: the file, and but for the whole file's faults its line."""
    whole = ("UTF-8", "YAML", "larger than", "No such")
    return fault.file == str(path) and (fault.line is not None or any(word in fault.what.en for word in whole))


def test_damaged_card_files_end_in_faults_or_in_a_card(tmp_path: Path) -> None:
    chance, ended = random.Random(20260302), Counter[str]()
    texts = [path.read_text(encoding="utf-8") for path in (*SHIPPED, *OWN)]
    known, path = Known(RULES), tmp_path / "card.yaml"
    slowest = 0.0
    process = psutil.Process()
    before = most = process.memory_info().rss
    for _ in range(NUMBERS_OF_FILES):
        path.write_bytes(damaged(chance.choice(texts), chance))
        began = time.process_time()
        try:
            card, _ = read_card(path, known)
        except Faults as error:
            assert error.faults
            assert all(placed(one, path) for one in error.faults), [
                one for one in error.faults if not placed(one, path)
            ]
            ended["refused"] += 1
        else:
            use(card)
            ended["card"] += 1
        slowest = max(slowest, time.process_time() - began)
        most = max(most, process.memory_info().rss)
    assert ended["card"] > NUMBERS_OF_FILES / 20 and ended["refused"] > NUMBERS_OF_FILES / 3, ended
    assert slowest < 20, f"{slowest:.1f} s for one file"
    assert most - before < 300_000_000, f"{(most - before) / 1e6:.0f} MB"


HOSTILE = {
    "nothing": b"",
    "binary": bytes(range(256)) * 2_000,
    "too large": b"# " + b"x" * 1_100_000,
    "nested": b"items: " + b"[" * 100_000,
    "nested maps": b"\n".join(b" " * depth + b"a:" for depth in range(600)),
    "aliases": b"a: &a [1, 1]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]",
    "many items": b"items:\n" + b"  - {id: x, points: 1}\n" * 6_000,
    "a long key": b"k" * 900_000 + b": 1",
    "a long formula": b"derived: {a: {formula: " + b"1+" * 400_000 + b"1}}",
    "many names": b"params:\n" + b"".join(b"  n%d: {value: 1}\n" % one for one in range(8_000)),
    "an object": b"!!python/object/apply:os.system [echo]",
    "two documents": b"a: 1\n---\nb: 2",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_soon_and_small(name: str, tmp_path: Path) -> None:
    path = tmp_path / "card.yaml"
    path.write_bytes(HOSTILE[name])
    tracemalloc.start()
    began = time.process_time()
    with pytest.raises(Faults) as caught:
        read_card(path, Known(RULES))
    most, took = tracemalloc.get_traced_memory()[1], time.process_time() - began
    tracemalloc.stop()
    assert all(placed(one, path) for one in caught.value.faults)
    assert took < 60 and most < 500_000_000, f"{took:.1f} s, {most / 1e6:.0f} MB"


@pytest.mark.parametrize("formula", FORMULAS)
def test_hostile_formulas_give_a_place_or_a_value(formula: str, tmp_path: Path) -> None:
    """Each formula as an item's value: refused at its line and column, or worked out (to nothing, if need be)."""
    path = tmp_path / "card.yaml"
    card = yaml.safe_load((Path(__file__).parent / "foreign" / "linear-100.yaml").read_text(encoding="utf-8"))
    card["items"][0]["value"] = formula
    path.write_text(yaml.safe_dump(card, allow_unicode=True), encoding="utf-8")
    try:
        made, _ = read_card(path, Known(RULES))
    except Faults as error:
        assert all(one.line is not None and one.line > 1 and one.column is not None for one in error.faults)
    else:
        use(made)
