"""The model file: coefficients, vocabulary, calibration and what they were learnt from, as JSON; nothing in it runs."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from chataudit.errors import Fault, Faults, Words
from chataudit.learn.blocks import BLOCKS
from chataudit.learn.calibrate import Calibration
from chataudit.learn.facts import NAMES
from chataudit.learn.fit import Weights
from chataudit.learn.grams import LONGEST
from chataudit.learn.prepare import BREAK

MOST_BYTES = 50_000_000
FEATURES = 1
AGAIN = Words("用 chataudit learn 重新训练。", "Train again with chataudit learn.")
Number = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-1e6, le=1e6)]
Gram = Annotated[str, Field(min_length=1, max_length=LONGEST)]
Numbers = tuple[Number, ...]


class Part(BaseModel):
    """A part of a model file: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FactWeight(Part):
    """A fact's or sign's mean and weight; ``most``: for signs, how many places count."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    mean: Number
    weight: Number
    most: Annotated[int, Field(strict=True, ge=1, le=100)] | None = None


class CalibrationPart(Part):
    """``risk = 1 / (1 + exp(-(slope * score + start)))``, and what was bad: a label under or at most a number."""

    slope: Annotated[float, Field(strict=True, allow_inf_nan=False, lt=0, ge=-1e6)]
    start: Number
    bad_limit: Annotated[float, Field(strict=True, allow_inf_nan=False)]
    bad_at_limit: bool


class Model(Part):
    """A trained model. ``grams`` are the vocabulary, ``words`` a weight for each gram in each block."""

    chataudit_model: Literal[1]
    features: Annotated[int, Field(strict=True)]
    start: Number
    calibration: CalibrationPart
    facts: tuple[FactWeight, ...] = Field(max_length=1000)
    grams: tuple[Gram, ...] = Field(max_length=200_000)
    words: dict[str, Numbers]
    rules: dict[str, str]
    settings: dict[str, Number]
    trained_on: dict[str, Any]
    measured: dict[str, Any]

    @model_validator(mode="after")
    def _fits(self) -> Model:
        for words in _misfits(self):
            raise ValueError(words)
        return self

    @property
    def weights(self) -> Weights:
        """Return the weights as arrays."""
        return Weights(
            self.start,
            self.grams,
            np.array([self.words[block] for block in BLOCKS], dtype=float).reshape(len(BLOCKS), -1).T,
            tuple(fact.name for fact in self.facts),
            np.array([fact.mean for fact in self.facts]),
            np.array([fact.weight for fact in self.facts]),
        )

    @property
    def curve(self) -> Calibration:
        """Return the calibration."""
        return Calibration(self.calibration.slope, self.calibration.start)


def _misfits(model: Model) -> list[Words]:
    """Return what is wrong between the parts of a model."""
    found = []
    if model.features != FEATURES:
        found.append(
            Words(
                f"模型的特征版本是 {model.features}，本程序是 {FEATURES}。",
                f"The model's features are of version {model.features}, this program's of {FEATURES}.",
            )
        )
    if set(model.words) != set(BLOCKS) or any(len(one) != len(model.grams) for one in model.words.values()):
        found.append(
            Words(
                f"words 要有 {'、'.join(BLOCKS)}，每项和 grams 一样长。",
                f"words must have {', '.join(BLOCKS)}, each as long as grams.",
            )
        )
    if len(set(model.grams)) < len(model.grams):
        found.append(Words("grams 里有重复。", "A gram stands twice."))
    if any(mark == "\0" or mark == BREAK or "\ud800" <= mark <= "\udfff" for gram in model.grams for mark in gram):
        found.append(Words("grams 里有控制字符。", "A gram has a control character."))
    names = [fact.name for fact in model.facts]
    if names[: len(NAMES)] != list(NAMES) or len(set(names)) < len(names):
        found.append(
            Words("facts 和本程序的不同，或有重复。", "The facts are not this program's, or one stands twice.")
        )
    if any(fact.most is None for fact in model.facts[len(NAMES) :]):
        found.append(Words("苗头缺少 most。", "A sign lacks most."))
    return found


@dataclass(frozen=True)
class ModelFile:
    """A model, its file's name and SHA-256."""

    model: Model
    name: str
    sha256: str

    @property
    def label(self) -> str:
        """Return what the risk table calls the model."""
        return f"trained:{self.sha256[:12]}"


def written(model: Model) -> bytes:
    """Return a model as the bytes of its file; the same model gives the same bytes."""
    parts = model.model_dump(mode="json")
    lines = [f"{json.dumps(key)}:{json.dumps(part, ensure_ascii=False)}" for key, part in parts.items()]
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def read(path: Path) -> ModelFile:
    """Return the model of a file.

    Raises:
        Faults: no such file, too large, no JSON, or anything in it that is not of a model; nothing is ever run.
    """
    if not path.is_file():
        raise Faults([Fault(Words("没有这个模型文件。", "No such model file."), str(path), hint=AGAIN)])
    if path.stat().st_size > MOST_BYTES:
        what = Words(f"模型文件超过 {MOST_BYTES} 字节。", f"The model file is larger than {MOST_BYTES} bytes.")
        raise Faults([Fault(what, str(path), hint=AGAIN)])
    content = path.read_bytes()
    return ModelFile(_parsed(content, str(path)), path.name, hashlib.sha256(content).hexdigest())


def _parsed(content: bytes, name: str) -> Model:
    try:
        data = json.loads(content.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        what = Words("不是 JSON。", f"No JSON: {error.msg}.")
        raise Faults([Fault(what, name, error.lineno, error.colno, AGAIN)]) from error
    except (ValueError, RecursionError) as error:
        raise Faults([Fault(Words("模型文件读不出来。", "The model file can't be read."), name, hint=AGAIN)]) from error
    if not isinstance(data, dict):
        raise Faults([Fault(Words("不是模型文件。", "Not a model file."), name, hint=AGAIN)])
    try:
        return Model.model_validate(data)
    except ValidationError as error:
        raise Faults([_fault(name, dict(one)) for one in error.errors(include_url=False)[:20]]) from error


def _fault(name: str, item: dict[str, Any]) -> Fault:
    path = ".".join(str(step) for step in item["loc"])[:80]
    said = item.get("ctx", {}).get("error")
    if said is not None and said.args and isinstance(said.args[0], Words):
        return Fault(said.args[0], name, hint=AGAIN)
    return Fault(Words(f"“{path}” 有误。", f"{path!r} is wrong: {item['msg']}."), name, hint=AGAIN)


def _no_constant(word: str) -> float:
    raise ValueError(word)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found
