"""``chataudit rules new`` and ``rules reference``: what is written for people to edit or to read."""

from __future__ import annotations

import re
from pathlib import Path

import click

from chataudit.cli.console import lang_option, say, settings_option, with_faults
from chataudit.errors import Fault, Faults, Words
from chataudit.reference import page
from chataudit.rules import load
from chataudit.settings import lexicons_folder, read_settings

ID = re.compile(r"[a-z0-9][a-z0-9_-]*(?:/[a-z0-9][a-z0-9_-]*)*")
TEMPLATE = """\
# 规则 {id}。每个键的说明见 lexicons/LANGUAGE.md；改完运行 chataudit rules test。
# Rule {id}. Every key is told in lexicons/LANGUAGE.md; run chataudit rules test after a change.
name: 新规则
name_en: A new rule
level: info          # info | minor | major | red
why: 写明为什么要查。Why this is looked for.
source: 本店规定。The shop's own rule.
say: 建议的说法。What to say instead.

# only: {{platform: taobao, team: 售前}}      适用范围 · the sessions and agents that the rule is for
# from: "2026-01-01"                         生效日期 · in force from this day

# anchor: {{who: buyer, phrases: [多少钱]}}     从哪里看起 · where to start; without it, the whole conversation
# window: {{side: after, messages: 5}}        看多远 · how far to look from there
find:                                        # 找什么 · what to look for
  who: agent
  phrases: [这里写要找的词]
  # not_after: [不要, 请勿]                    前面有这些词就不算 · innocent after these
expect: none         # none 出现即违规 · some 没有即违规 · count 只计数

examples:            # B 买家 A 客服 O 自动回复 R 机器人 X 系统
  - hit: |
      B 在吗
      A 这里写要找的词
  - ok: |
      B 在吗
      A 您好，在的
"""


@click.command()
@click.argument("rule_id", metavar="ID")
@settings_option
@lang_option
@with_faults
def new(rule_id: str, settings_file: Path | None, lang: str) -> None:
    """Write a commented template of a rule, which passes its own examples, into the shop's own lexicons.

    \b
    chataudit rules new shop/no-couriers --settings 设置.yaml
    """
    if not ID.fullmatch(rule_id):
        what = Words(
            f"编号 “{rule_id}” 写成 组/名称，只用小写字母、数字、- 和 _。", f"Id {rule_id!r}: lower case a-z 0-9 - _ /."
        )
        raise Faults([Fault(what)])
    own = read_settings(settings_file).lexicons
    if own is None:
        what = Words("设置里没有自己的 lexicons 文件夹。", "The settings name no lexicons folder of your own.")
        hint = Words(
            "先复制自带的 lexicons 文件夹，再在设置里写 lexicons: 文件夹。",
            "Copy the shipped lexicons folder and name it in the settings: lexicons: FOLDER.",
        )
        raise Faults([Fault(what, str(settings_file or ""), hint=hint)])
    path = lexicons_folder(own) / "rules" / f"{rule_id}.yaml"
    if path.exists():
        raise Faults([Fault(Words("这条规则已经有了。", "There is such a rule already."), str(path))])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(TEMPLATE.format(id=rule_id), encoding="utf-8")
    say(
        Words(f"已写 {path}，改好后运行 chataudit rules test。", f"{path} written; edit it, then rules test.").said(
            lang
        )
    )


@click.command()
@click.option("--out", type=click.Path(path_type=Path), help="File to write (default: REFERENCE.md in the lexicons).")
@settings_option
@lang_option
@with_faults
def reference(out: Path | None, settings_file: Path | None, lang: str) -> None:
    """Write the page of all rules: what each looks for, why, what to say instead.

    \b
    chataudit rules reference --out 规则一览.md
    """
    folder = lexicons_folder(read_settings(settings_file).lexicons)
    path = out or folder / "REFERENCE.md"
    library = load(folder)
    path.write_text(page(library), encoding="utf-8", newline="\n")
    number = len(library.rules)
    say(Words(f"{number} 条规则写到 {path}。", f"{number} rules written to {path}.").said(lang))
