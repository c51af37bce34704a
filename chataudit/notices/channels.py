"""The channels file: where notices go.

It is a file of its own, not part of the settings, because it holds secrets and the settings stand in ``run.json``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from chataudit.errors import Fault, Faults, Together, Words, one_of
from chataudit.notices.channel import Channel
from chataudit.notices.dingtalk import DingTalk
from chataudit.notices.feishu import Feishu
from chataudit.notices.mail import Email
from chataudit.notices.variables import filled
from chataudit.notices.wecom import WeCom
from chataudit.settings import Document, read_document, validate

KINDS: dict[str, type[Channel]] = {"dingtalk": DingTalk, "wecom": WeCom, "feishu": Feishu, "email": Email}


def read_channels(path: Path, environ: Mapping[str, str] = os.environ) -> tuple[Channel, ...]:
    """Return the channels of the YAML file at ``path``, in its order; ``${NAME}`` is taken from ``environ``.

    Raises:
        Faults: an unreadable file, unknown kinds and keys, wrong values, variables that are not set; all at once, and
            none shows a secret.
    """
    document = read_document(_content(path), str(path))
    if not isinstance(document.data, list) or not document.data:
        what = Words("要写成通道的列表，至少一个：- kind: …", "The file must be a list of channels: - kind: …")
        raise Faults([document.fault((), what)])
    channels: list[Channel] = []
    faults: list[Fault] = []
    for at in range(len(document.data)):
        try:
            channels.append(_channel(_entry(document, at), environ))
        except Faults as error:
            faults += error.faults
    if faults:
        raise Faults(faults)
    return tuple(channels)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        said = error.strerror or type(error).__name__
        raise Faults(
            [Fault(Words(f"通道文件读不了：{said}", f"Unreadable channels file: {said}"), str(path))]
        ) from error


def _entry(document: Document, at: int) -> Document:
    """Return one entry of the list as a document of its own, with its places in the file."""
    places = {path[1:]: place for path, place in document.places.items() if path[:1] == (at,)}
    return Document(document.name, document.data[at], places, document.digest)


def _channel(entry: Document, environ: Mapping[str, str]) -> Channel:
    model = _model(entry)
    document, lacking = filled(entry, environ)
    together = Together()
    channel = together.get(lambda: validate(document, model))
    # What stands where a variable is not set is wrong for that reason only.
    told = {(fault.line, fault.column) for fault in lacking}
    faults = [*lacking, *(one for one in together.faults if (one.line, one.column) not in told)]
    if channel is None or faults:
        raise Faults(sorted(faults, key=lambda fault: (fault.line or 0, fault.column or 0)))
    return channel


def _model(entry: Document) -> type[Channel]:
    if not isinstance(entry.data, dict):
        raise Faults([entry.fault((), Words("通道要写成“键: 值”。", "A channel must be keys with values."))])
    kind = entry.data.get("kind")
    if not isinstance(kind, str):
        raise Faults([entry.fault(("kind",), Words("缺少 “kind”。", "'kind' is missing."), one_of("", KINDS))])
    if kind not in KINDS:
        what = Words("没有这种通道。", "There is no such kind of channel.")
        raise Faults([entry.fault(("kind",), what, one_of(kind, KINDS))])
    return KINDS[kind]
