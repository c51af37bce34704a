"""Rules from outside: broken and hostile files give faults with their places, never a crash, a hang or much memory."""

from __future__ import annotations

import io
import random
import resource
import time
import zipfile
from pathlib import Path

import pytest

from chataudit.errors import Faults
from chataudit.rules import Library, load
from chataudit.rules.lists import MOST_BYTES, read_list
from chataudit.settings import lexicons_folder

SHIPPED = lexicons_folder()
KINDS = ("rules", "words", "conditions")
FILES = [path for kind in ("rules", "words") for path in sorted((SHIPPED / kind).rglob("*.yaml"))]
TOKENS = [
    b"{", b"}", b"[", b"]", b":", b"-", b"\n", b"  ", b"'", b'"', b"&a ", b"*a", b"!!python/object:os.system ", b"|", b">", b"#", b"~",
    b"null", b"1e999", b"-1", b"99999999999999999999", b"\x00", b"\xff\xfe", b"\xf0\x9f\x92\xa5", b"(a+)+$", b"(?<=x)", b"\\", b"{1000}",
    b"{x}", "{商品名}".encode(), b"use: a", b"rule: a", b"any: [{}]", b"who: agent", b"which: 0", b"\xe2\x80\xa8", b"---\n", b"\t", b"? ",
]  # fmt: skip


def mutated(content: bytes, chance: random.Random) -> bytes:
    """Return a file with a few wounds: bytes lost, doubled, changed, moved, foreign tokens put in."""
    text = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(text) + 1) if text else 0
        to = min(len(text), at + chance.randint(1, 40))
        match chance.randrange(6):
            case 0:
                del text[at:to]
            case 1:
                text[at:at] = chance.choice(TOKENS)
            case 2:
                text[at:at] = text[at:to] * chance.randint(1, 5)
            case 3:
                text[at:to] = bytes(chance.randrange(256) for _ in range(to - at))
            case 4:
                lines = text.split(b"\n")
                chance.shuffle(lines)
                text = bytearray(b"\n".join(lines))
            case _:
                text[at:to] = chance.choice(TOKENS)
    return bytes(text)


def outcome(folder: Path) -> Library | Faults:
    """Return what loading a folder gives; anything but a library or faults is a crash."""
    try:
        return load(folder)
    except Faults as faults:
        assert faults.faults
        for fault in faults.faults:
            assert fault.file and fault.what.zh and fault.what.en
        return faults


@pytest.fixture
def lexicons(tmp_path: Path) -> Path:
    for kind in KINDS:
        (tmp_path / kind).mkdir()
    return tmp_path


def test_ten_thousand_broken_files(lexicons: Path) -> None:
    """A hundred folders of a hundred mutated files each; a fault of a YAML file has a line."""
    chance = random.Random(20260302)
    broken = sound = 0
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in range(100):
        for path in lexicons.rglob("*.*"):
            path.unlink()
        for at in range(100):
            source = chance.choice(FILES)
            kind = chance.choice(KINDS) if chance.random() < 0.1 else source.relative_to(SHIPPED).parts[0]
            suffix = chance.choice((".yaml",) * 8 + (".txt", ".xlsx")) if kind == "words" else ".yaml"
            (lexicons / kind / f"{number:03d}-{at:03d}{suffix}").write_bytes(mutated(source.read_bytes(), chance))
        begin = time.perf_counter()
        found = outcome(lexicons)
        assert time.perf_counter() - begin < 60
        if isinstance(found, Faults):
            assert all(fault.line for fault in found.faults if fault.column)
            broken += len({fault.file for fault in found.faults})
            sound += 100 - len({fault.file for fault in found.faults})
        else:
            sound += 100
    assert broken > 3000 and sound > 100
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 1_000_000


HEAD = "name: a\nname_en: a\nlevel: minor\nwhy: a\nsource: a\nexamples: [{hit: A a}, {ok: A b}]\n"
BOMBS: dict[str, tuple[str, bytes]] = {
    "aliases that grow": (
        "rules",
        b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(b"%c: &%c [*%c,*%c,*%c,*%c]\n" % (98 + n, 98 + n, *[97 + n] * 4) for n in range(20)),
    ),
    "deep lists": ("rules", HEAD.encode() + b"find: " + b"[" * 100_000),
    "deep conditions": ("rules", HEAD.encode() + b"find: " + b"{not: " * 30_000 + b"{}" + b"}" * 30_000),
    "deep but allowed": ("rules", HEAD.encode() + b"find: " + b"{not: " * 35 + b"{phrases: a}" + b"}" * 35),
    "many conditions": ("rules", HEAD.encode() + b"find: {any: [" + b"{phrases: [a]}," * 20_000 + b"]}"),
    "many phrases": ("words", b"phrases: [" + b",".join(b"w%d" % n for n in range(60_000)) + b"]"),
    "a long phrase": ("words", b"phrases: [" + b"w" * 500_000 + b"]"),
    "a huge pattern": ("rules", HEAD.encode() + b"find: {pattern: '" + b"(a|b)" * 100_000 + b"'}"),
    "a pattern that repeats": ("rules", HEAD.encode() + rb"find: {pattern: '((((a{1,99}){1,99}){1,99}){1,99}){1,99}'}"),
    "a slow pattern elsewhere": ("rules", HEAD.encode() + rb"find: {pattern: '(a+)+$'}"),
    "a look-behind": ("rules", HEAD.encode() + rb"find: {pattern: '(?<=a)b'}"),
    "too many bytes": ("rules", b"#" * 3_000_000),
    "a tag that runs code": ("rules", b"find: !!python/object/apply:os.system ['true']\n"),
    "two documents": ("rules", HEAD.encode() + b"---\n" + HEAD.encode()),
    "zeros": ("words", b"\0" * 5000),
    "not a number": ("rules", HEAD.encode() + b"find: {phrases: a, length: {over: .nan}}\nat_most: 1e400"),
    "control characters": ("words", b"phrases: ['a\x07b']"),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_hostile_files(name: str, lexicons: Path) -> None:
    kind, content = BOMBS[name]
    (lexicons / kind / "bomb.yaml").write_bytes(content)
    begin = time.perf_counter()
    outcome(lexicons)
    assert time.perf_counter() - begin < 20


def test_shared_conditions_can_not_grow_without_end(lexicons: Path) -> None:
    for number in range(12):
        uses = "[" + ", ".join([f"{{use: c{number - 1}}}"] * 8) + "]" if number else "[{phrases: a}]"
        (lexicons / "conditions" / f"c{number}.yaml").write_text(f"any: {uses}\n")
    (lexicons / "rules" / "a.yaml").write_text(HEAD + "find: {use: c11}\n")
    begin = time.perf_counter()
    found = outcome(lexicons)
    assert isinstance(found, Faults) and "more than" in found.said("en")
    assert time.perf_counter() - begin < 10


@pytest.mark.parametrize(("what", "files"), [
    ("conditions", {"conditions/a": "use: b", "conditions/b": "use: a"}),
    ("itself", {"conditions/a": "not: {use: a}"}),
    ("rules", {"rules/a": HEAD + "find: {rule: b}", "rules/b": HEAD + "find: {rule: a}"}),
    ("its own rule", {"rules/a": HEAD + "anchor: {rule: a}\nfind: {phrases: x}"}),
])  # fmt: skip
def test_rings_are_faults(what: str, files: dict[str, str], lexicons: Path) -> None:
    for name, content in files.items():
        (lexicons / f"{name}.yaml").write_text(content + "\n")
    found = outcome(lexicons)
    assert isinstance(found, Faults) and "ring" in found.said("en")
    assert all(fault.line and fault.column for fault in found.faults)


def test_a_workbook_that_unpacks_without_end(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/workbook.xml", b"0" * 300_000_000)
    assert len(packed.getvalue()) < MOST_BYTES
    (tmp_path / "bomb.xlsx").write_bytes(packed.getvalue())
    with pytest.raises(Faults):
        read_list(tmp_path / "bomb.xlsx")
