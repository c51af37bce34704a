"""The page of all rules, made from their files: what each looks for, how grave it is, why, and what to say instead."""

from __future__ import annotations

from collections.abc import Iterator

from chataudit.rules.library import Library
from chataudit.rules.model import Rule

LEVELS = {"info": "提示 info", "minor": "一般 minor", "major": "严重 major", "red": "红线 red"}
EXPECTS = {"none": "禁止 prohibition", "some": "应做 duty", "count": "计数 tally"}
HEAD = """# 规则一览 · All rules

由 `chataudit rules reference` 从规则文件生成，不要手改；共 {number} 条。
Made from the rule files by `chataudit rules reference`, not by hand; {number} rules.
"""


def page(library: Library) -> str:
    """Return the page as Markdown, groups and rules in the order of their ids."""
    groups: dict[str, list[str]] = {}
    for name in sorted(library.rules):
        groups.setdefault(name.split("/")[0], []).append(name)
    parts = [HEAD.format(number=len(library.rules))]
    parts += ["".join([f"## {group}\n\n", *_rows(group, names, library)]) for group, names in groups.items()]
    return "\n".join(parts)


def _rows(group: str, names: list[str], library: Library) -> Iterator[str]:
    """Yield a group's overview, then each rule."""
    yield "| 规则 rule | 名称 | name | 级别 level | 种类 kind |\n|---|---|---|---|---|\n"
    for name in names:
        rule = library.rules[name]
        yield f"| `{name}` | {_cell(rule.name)} | {_cell(rule.name_en)} | {LEVELS[rule.level]} | {EXPECTS[rule.expect]} |\n"
    for name in names:
        yield f"\n### `{name}`\n\n"
        yield "\n".join(_told(library.rules[name])) + "\n"


def _told(rule: Rule) -> Iterator[str]:
    yield f"**{_line(rule.name)} · {_line(rule.name_en)}** — {LEVELS[rule.level]}, {EXPECTS[rule.expect]}\n"
    yield f"{_line(rule.why)}\n"
    yield f"- 来源 source: {_line(rule.source)}"
    if rule.say:
        yield f"- 建议 say instead: {_line(rule.say)}"
    for word, title in (("hit", "命中 hit"), ("ok", "不命中 ok")):
        example = next((text for one in rule.examples if (text := getattr(one, word))), None)
        if example:
            yield f"- {title}: " + " ⏎ ".join(f"`{line.strip()}`" for line in example.splitlines() if line.strip())


def _line(text: str) -> str:
    return " ".join(text.split())


def _cell(text: str) -> str:
    return _line(text).replace("|", "\\|")
