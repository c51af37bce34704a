"""A formula's text in, its tree out; what is wrong is said with the place of the character."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NoReturn

from chataudit.cards.formulas.functions import FUNCTIONS
from chataudit.errors import Words, nearest

LONGEST = 2_000
DEEPEST = 40
TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d{1,30}(?:\.\d{1,30})?%?)|(?P<name>[^\W\d]\w*)|(?P<text>"[^"]{0,200}"|'[^']{0,200}')"""
    r"""|(?P<mark><=|>=|==|!=|[-+*/(),<>]))"""
)
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")


class FormulaError(Exception):
    """A formula that can't be read: ``at`` is the place of the character (from 0)."""

    def __init__(self, at: int, what: Words) -> None:
        self.at, self.what = at, what
        super().__init__(what.en)


@dataclass(frozen=True)
class Number:
    """A number as written."""

    at: int
    value: Decimal


@dataclass(frozen=True)
class Text:
    """A text in quotes."""

    at: int
    value: str


@dataclass(frozen=True)
class Name:
    """The name of a figure."""

    at: int
    name: str


@dataclass(frozen=True)
class Unary:
    """``-x`` or ``not x``."""

    at: int
    sign: str
    of: Node


@dataclass(frozen=True)
class Binary:
    """Two operands and the sign between them."""

    at: int
    sign: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Call:
    """A function and its arguments."""

    at: int
    function: str
    arguments: tuple[Node, ...]


Node = Number | Text | Name | Unary | Binary | Call


@dataclass(frozen=True)
class Token:
    """A piece of a formula."""

    at: int
    kind: str
    text: str


@lru_cache(maxsize=4096)
def parse(formula: str) -> Node:
    """Return the tree of a formula.

    Raises:
        FormulaError: the first thing that is wrong, with its place.

    >>> parse("1 + 2 * x")
    Binary(at=2, sign='+', left=Number(at=0, value=Decimal('1')), right=Binary(at=6, sign='*', left=Number(at=4, \
value=Decimal('2')), right=Name(at=8, name='x')))
    """
    if len(formula) > LONGEST:
        raise FormulaError(
            LONGEST, Words(f"公式超过 {LONGEST} 个字符", f"the formula is longer than {LONGEST} characters")
        )
    reader = _Parser(list(_tokens(formula)), len(formula))
    tree = reader.choice(0)
    if reader.now is not None:
        raise FormulaError(
            reader.now.at, Words(f"“{reader.now.text}” 是多余的", f"{reader.now.text!r} is one too many")
        )
    return tree


def _tokens(formula: str) -> Iterator[Token]:
    at, end = 0, len(formula.rstrip())
    while at < end:
        match = TOKEN.match(formula, at)
        if match is None:
            place = at + len(formula[at:]) - len(formula[at:].lstrip())
            raise FormulaError(place, Words(f"看不懂 “{formula[place]}”", f"{formula[place]!r} is not understood"))
        kind = str(match.lastgroup)
        yield Token(match.start(kind), kind, match.group(kind))
        at = match.end()


class _Parser:
    """Reads tokens by descent, from the loosest sign to the tightest."""

    def __init__(self, tokens: list[Token], end: int) -> None:
        self.tokens, self.end, self.place = tokens, end, 0

    @property
    def now(self) -> Token | None:
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def take(self, *texts: str) -> Token | None:
        """Return the next token and go on if it is one of ``texts`` (marks and words)."""
        token = self.now
        if token is None or token.kind in ("text", "number") or token.text not in texts:
            return None
        self.place += 1
        return token

    def stop(self, what: Words) -> NoReturn:
        raise FormulaError(self.now.at if self.now is not None else self.end, what)

    def limit(self, depth: int) -> None:
        if depth > DEEPEST:
            self.stop(Words(f"嵌套超过 {DEEPEST} 层", f"nested deeper than {DEEPEST} levels"))

    def choice(self, depth: int) -> Node:
        self.limit(depth)
        left = self.both(depth)
        while (sign := self.take("or")) is not None:
            left = Binary(sign.at, "or", left, self.both(depth))
        return left

    def both(self, depth: int) -> Node:
        left = self.negated(depth)
        while (sign := self.take("and")) is not None:
            left = Binary(sign.at, "and", left, self.negated(depth))
        return left

    def negated(self, depth: int) -> Node:
        sign = self.take("not")
        if sign is not None:
            return Unary(sign.at, "not", self.compared(depth))
        return self.compared(depth)

    def compared(self, depth: int) -> Node:
        left = self.added(depth)
        sign = self.take(*COMPARISONS)
        return left if sign is None else Binary(sign.at, sign.text, left, self.added(depth))

    def added(self, depth: int) -> Node:
        left = self.multiplied(depth)
        while (sign := self.take("+", "-")) is not None:
            left = Binary(sign.at, sign.text, left, self.multiplied(depth))
        return left

    def multiplied(self, depth: int) -> Node:
        left = self.signed(depth)
        while (sign := self.take("*", "/")) is not None:
            left = Binary(sign.at, sign.text, left, self.signed(depth))
        return left

    def signed(self, depth: int) -> Node:
        self.limit(depth)
        sign = self.take("-")
        return self.atom(depth) if sign is None else Unary(sign.at, "-", self.signed(depth + 1))

    def atom(self, depth: int) -> Node:
        token = self.now
        if token is None:
            self.stop(Words("公式没有写完", "the formula ends too early"))
        if self.take("(") is not None:
            inner = self.choice(depth + 1)
            self.close(token)
            return inner
        if token.kind == "mark" or token.text in ("and", "or", "not"):
            self.stop(Words(f"这里不能是 “{token.text}”", f"{token.text!r} can't stand here"))
        self.place += 1
        if token.kind == "number":
            percent = token.text.endswith("%")
            return Number(token.at, Decimal(token.text.rstrip("%")) / (100 if percent else 1))
        if token.kind == "text":
            return Text(token.at, token.text[1:-1])
        opened = self.take("(")
        return Name(token.at, token.text) if opened is None else self.call(token, opened, depth)

    def call(self, token: Token, opened: Token, depth: int) -> Node:
        arguments: list[Node] = []
        if self.take(")") is None:
            arguments.append(self.choice(depth + 1))
            while self.take(",") is not None:
                arguments.append(self.choice(depth + 1))
            self.close(opened)
        self.check(token, arguments)
        return Call(token.at, token.text, tuple(arguments))

    def close(self, opened: Token) -> None:
        if self.take(")") is None:
            self.stop(
                Words(
                    f"第 {opened.at + 1} 个字符的括号没有关上",
                    f"the bracket at character {opened.at + 1} is not closed",
                )
            )

    def check(self, token: Token, arguments: list[Node]) -> None:
        function = FUNCTIONS.get(token.text)
        if function is None:
            close = nearest(token.text, FUNCTIONS)
            known = close or "、".join(FUNCTIONS)
            raise FormulaError(
                token.at,
                Words(
                    f"没有函数 “{token.text}”，是否想写 {known}", f"no function {token.text!r}; did you mean {known}"
                ),
            )
        if len(arguments) < function.least or (function.most is not None and len(arguments) > function.most):
            most = "" if function.most == function.least else f"–{function.most or '…'}"
            allowed = f"{function.least}{most}"
            raise FormulaError(
                token.at,
                Words(
                    f"{token.text} 要 {allowed} 个参数，写了 {len(arguments)} 个",
                    f"{token.text} takes {allowed} arguments, not {len(arguments)}",
                ),
            )
        if function.takes != "value" and not isinstance(arguments[0], Text):
            raise FormulaError(
                arguments[0].at,
                Words(f"{token.text} 的第一个参数要加引号", f"the first argument of {token.text} is a text in quotes"),
            )


def names_in(node: Node) -> Iterator[Node]:
    """Yield every name and call of a tree, outermost first."""
    if isinstance(node, Name | Call):
        yield node
    if isinstance(node, Call):
        for argument in node.arguments:
            yield from names_in(argument)
    elif isinstance(node, Unary):
        yield from names_in(node.of)
    elif isinstance(node, Binary):
        yield from names_in(node.left)
        yield from names_in(node.right)
