"""Reading the bank of talk and filling its slots."""

import random
import re
from dataclasses import dataclass

from scenes import SCENES

_LINE = re.compile(r"^([abiorsu$])(?:\+(\{?\d+(?:-\d+)?\}?))?(?::([a-z]+))? (.*)$")
_SLOT = re.compile(r"\{([^{}]*)\}")
_RANGE = re.compile(r"^(\d+)-(\d+)$")


@dataclass(frozen=True)
class Line:
    """One line of a scene: who speaks, after how many seconds ("" = as usual), what kind, the unfilled text."""

    who: str
    delay: str
    kind: str
    text: str


@dataclass(frozen=True)
class Scene:
    """A few lines that belong together, with the faults and honest traps that they hold."""

    stage: str
    faults: tuple[str, ...]
    traps: tuple[str, ...]
    subject: str
    ends: bool
    lines: tuple[Line, ...]


def read_lines(text: str) -> tuple[Line, ...]:
    """Read ``who[+seconds][:kind] text`` lines; an indented line continues the message above it."""
    lines: list[Line] = []
    for row in text.splitlines():
        if row.startswith("  "):
            last = lines.pop()
            lines.append(Line(last.who, last.delay, last.kind, f"{last.text}\n{row[2:]}"))
            continue
        found = _LINE.match(row)
        if not found:
            raise ValueError(f"no line of talk: {row!r}")
        who, delay, kind, words = found.groups()
        lines.append(Line(who, delay or "", kind or "text", words))
    return tuple(lines)


def read_scene(block: str) -> Scene:
    """Read one block of the bank, headed by ``# stage words``."""
    head, _, body = block.strip().partition("\n")
    stage, *words = head.removeprefix("# ").split()
    return Scene(
        stage=stage,
        faults=tuple(word for word in words if word not in {"ok", "end"} and not word.startswith(("trap:", "~"))),
        traps=tuple(word for word in words if word.startswith("trap:")),
        subject=next((word for word in words if word.startswith("~")), ""),
        ends="end" in words,
        lines=read_lines(body),
    )


ALL_SCENES = tuple(read_scene(block) for block in re.split(r"\n\s*\n", SCENES.strip()))


class Bank:
    """Hands out scenes from shuffled decks, so that every scene is used before one comes back."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self._decks: dict[tuple[str, str, str], list[Scene]] = {}

    def pick(self, stage: str, kind: str, faults: dict[str, float], used: set[str]) -> Scene | None:
        """Pick a scene of a stage for a kind of article; `faults` gives the agent's chance of each fault.

        None where the stage has nothing left to ask about (`used`: subjects already spoken of).
        """
        scenes = [
            scene
            for scene in ALL_SCENES
            if scene.stage in (stage, f"{stage}.{kind}") and (not scene.subject or scene.subject not in used)
        ]
        names = sorted({scene.faults[0] for scene in scenes if scene.faults})
        chance, fault = self.rng.random(), ""
        for name in names:
            chance -= faults.get(name, 0.0)
            if chance < 0:
                fault = name
                break
        wanted = [scene for scene in scenes if (scene.faults[:1] or ("",))[0] == fault]
        return self._draw((stage, kind, fault), wanted)

    def _draw(self, key: tuple[str, str, str], wanted: list[Scene]) -> Scene | None:
        if not wanted:
            return None
        deck = self._decks.setdefault(key, [])
        for index, scene in enumerate(deck):
            if scene in wanted:
                return deck.pop(index)
        deck.extend(self.rng.sample(wanted, len(wanted)))
        return deck.pop(0)


def fill(text: str, slots: dict[str, str], rng: random.Random) -> str:
    """Fill ``{slot}`` and pick one of ``{a|b}``, from the innermost braces outwards."""

    def replace(found: re.Match[str]) -> str:
        inside = str(found[1])
        if "|" in inside:
            return rng.choice(inside.split("|"))
        if span := _RANGE.match(inside):
            return str(rng.randint(int(span[1]), int(span[2])))
        return slots[inside]

    while _SLOT.search(text):
        text = _SLOT.sub(replace, text)
    return text
