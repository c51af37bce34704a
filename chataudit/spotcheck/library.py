"""Plan files in, checked plans out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from chataudit.errors import Fault, Faults, Words, one_of
from chataudit.settings import Document, read_document, validate
from chataudit.spotcheck.plans import Plan, When
from chataudit.tables import LEVELS, PLATFORMS

DEFAULT = "daily"


@dataclass(frozen=True)
class PlanFile:
    """A plan, its id or file name, and the SHA-256 of its file."""

    id: str
    plan: Plan
    digest: str


def read_plan(named: str | None, lexicons: Path, rules: Iterable[str]) -> PlanFile:
    """Return a plan by its id (default: `DEFAULT`) or from a file, checked against the rules there are.

    Raises:
        Faults: no such plan; all that is wrong in the file, with line and column.
    """
    shipped = {
        path.relative_to(lexicons / "plans").with_suffix("").as_posix(): path
        for path in sorted((lexicons / "plans").rglob("*.yaml"))
    }
    wanted = named or DEFAULT
    path = shipped.get(wanted, Path(wanted))
    if not path.is_file():
        what = Words(f"没有抽检方案 “{wanted}”，也没有这个文件。", f"There is no plan {wanted!r}, nor such a file.")
        raise Faults([Fault(what, hint=one_of(wanted, shipped))])
    document = read_document(path.read_bytes(), str(path))
    plan = validate(document, Plan)
    faults = list(_cross_faults(document, plan, set(rules)))
    if faults:
        raise Faults(sorted(faults, key=lambda fault: (fault.line or 0, fault.column or 0)))
    return PlanFile(wanted if wanted in shipped else path.name, plan, document.digest)


def _cross_faults(document: Document, plan: Plan, rules: set[str]) -> Iterator[Fault]:
    folders = {name.rsplit("/", 1)[0] for name in rules if "/" in name}
    for key in ("always", "quotas"):
        for at, part in enumerate(getattr(plan, key)):
            yield from _when_faults(document, (key, at, "when"), part.when, rules | folders)


def _when_faults(document: Document, path: tuple[str | int, ...], when: When, rules: set[str]) -> Iterator[Fault]:
    for key, known, zh, en in (
        ("rules", rules, "规则", "rule"),
        ("levels", set(LEVELS), "级别", "level"),
        ("platforms", set(PLATFORMS), "平台", "platform"),
    ):
        for number, name in enumerate(getattr(when, key)):
            if name not in known:
                what = Words(f"没有{zh} “{name}”。", f"There is no {en} {name!r}.")
                yield document.fault((*path, key, number), what, one_of(name, known))
