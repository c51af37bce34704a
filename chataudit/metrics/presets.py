"""The platforms' metrics as policies: preset files, and the shop's own from its settings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from chataudit.errors import Fault, Faults
from chataudit.settings import Policy, Settings, read_document, validate


@dataclass(frozen=True)
class Presets:
    """Policies by metric name (``taobao.within_180s``), with the SHA-256 of each file."""

    policies: dict[str, Policy]
    hashes: dict[str, str]


def load(folder: Path, settings: Settings) -> Presets:
    """Return the presets of a lexicons folder (``presets/`` inside) and the settings' own policies.

    Raises:
        Faults: all that is wrong in all files.
    """
    faults: list[Fault] = []
    policies: dict[str, Policy] = {}
    hashes: dict[str, str] = {}
    root = folder / "presets"
    for path in sorted(root.rglob("*.yaml")):
        name = path.relative_to(root).with_suffix("").as_posix().replace("/", ".")
        try:
            document = read_document(path.read_bytes(), str(path))
            policies[name] = validate(document, Policy)
            hashes[f"presets/{name}"] = document.digest
        except Faults as error:
            faults += error.faults
    if faults:
        raise Faults(faults)
    return Presets({**policies, **settings.policies}, hashes)
