"""Which dialect a sheet is, and why: the one with most of its own headings; a tie is asked about, not guessed."""

from __future__ import annotations

from dataclasses import dataclass

from chataudit.errors import Fault, Faults, Words
from chataudit.ingest.columns import fold_name, understand
from chataudit.ingest.orders.dialect import Dialect
from chataudit.ingest.orders.dialects import DIALECTS
from chataudit.ingest.orders.plain import DIALECT as PLAIN
from chataudit.settings import Settings


@dataclass(frozen=True)
class Told:
    """The dialect of a sheet, the headings it was told by, and other dialects that are as likely."""

    dialect: Dialect
    signs: tuple[str, ...]
    rivals: tuple[Dialect, ...] = ()

    @property
    def reason(self) -> Words:
        """Return why."""
        shown = "、".join(self.signs[:8])
        return Words(f"表头有 {shown}", f"its headings are {', '.join(self.signs[:8])}")


def heading_words() -> dict[str, str]:
    """Return all headings that any dialect knows, by the column they mean: what a header row is found by."""
    words: dict[str, list[str]] = {}
    for dialect in DIALECTS:
        for column, said in dialect.columns.items():
            words.setdefault(column, []).append(said.replace("+", " "))
    return {column: " ".join(dict.fromkeys(" ".join(said).split())) for column, said in words.items()}


def tell(header: list[str], settings: Settings, wanted: str | None = None) -> Told | None:
    """Return which dialect a header is (only the ``wanted`` one if named); None where it is none.

    The plain table is told last, also by the shop's own names (setting ``columns``).
    """
    found = [
        Told(dialect, tuple(signs))
        for dialect in DIALECTS
        if dialect is not PLAIN and wanted in (None, dialect.name)
        for signs in [dialect.signs_in(header)]
        if signs is not None
    ]
    if found:
        most = max(len(one.signs) for one in found)
        best = [one for one in found if len(one.signs) == most]
        return Told(best[0].dialect, best[0].signs, tuple(one.dialect for one in best[1:]))
    columns = understand(header, PLAIN.columns, settings.columns)
    if wanted not in (None, PLAIN.name) or "order_id" not in columns or not columns.keys() & {"ordered_at", "paid_at"}:
        return None
    return Told(PLAIN, tuple(header[columns[name]].strip() for name in columns if fold_name(name)))


def settle_tie(told: Told, file: str) -> None:
    """Raise Faults where two dialects are as likely."""
    if not told.rivals:
        return
    names = [told.dialect, *told.rivals]
    zh = "、".join(f"{one.title.zh}（{one.name}）" for one in names)
    en = ", ".join(f"{one.title.en} ({one.name})" for one in names)
    hint = Words(
        f"请用 --format 指明，如 --format {told.dialect.name}。",
        f"Say which with --format, e.g. --format {told.dialect.name}.",
    )
    raise Faults([Fault(Words(f"分不清是哪一种：{zh}。", f"It may be either of: {en}."), file, 1, hint=hint)])
