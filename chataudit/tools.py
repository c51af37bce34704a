"""What audits are made with: lexicons, a tokenizer, a model of risk."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from chataudit import cards, rules
from chataudit.apart import HERE, Apart
from chataudit.cards.model import Card
from chataudit.errors import Together
from chataudit.learn import signs
from chataudit.metrics import presets
from chataudit.risk import Learnt, read_learnt
from chataudit.segmenter import Segmenter
from chataudit.settings import Settings, lexicons_folder


@dataclass(frozen=True)
class Tools:
    """What audits are made with, read once for any number of them: lexicons, and a trained model of risk."""

    settings: Settings
    segmenter: Segmenter
    library: rules.Library
    deck: cards.Cards
    chosen: Mapping[str, Card]
    signs: signs.SignFile | None
    learnt: Learnt
    platforms: presets.Presets
    lang: str = "zh"

    @property
    def hashes(self) -> dict[str, str]:
        """Return the SHA-256 of every text in use, by its name."""
        return {
            **self.library.hashes,
            **self.platforms.hashes,
            **(self.signs.hashes if self.signs else {}),
            **{f"cards/{name}": self.deck.hashes[f"cards/{name}"] for name in self.chosen},
        }

    @property
    def hash(self) -> str:
        """Return a short hash over all of them."""
        return hashlib.sha256(repr(sorted(self.hashes.items())).encode()).hexdigest()[:12]


def read_tools(
    settings: Settings, card_ids: tuple[str, ...], lang: str = "zh", model: Path | None = None, *, apart: Apart = HERE
) -> Tools:
    """Return what audits are made with.

    Raises:
        Faults: lexicons, cards or a model that are wrong; all that can be found at once.
    """
    folder = lexicons_folder(settings.lexicons)
    segmenter = Segmenter(settings.product_words)
    segmenter.warm(apart)
    tried = Together()
    library = tried.get(lambda: rules.load(folder).filled(rules.read_slots(settings.slots)))
    deck = tried.get(lambda: cards.load(folder, library.rules)) if library else None
    known_signs = tried.get(lambda: signs.load(folder, library.rules)) if library else None
    learnt = tried.get(lambda: read_learnt(model, library.rules)) if library else None
    chosen = tried.get(lambda: cards.chosen(deck, card_ids)) if deck else None
    platforms = tried.get(lambda: presets.load(folder, settings))
    tried.settle()
    assert library and deck and chosen and platforms
    return Tools(settings, segmenter, library, deck, chosen, known_signs, learnt or Learnt(), platforms, lang)
