"""The READMEs: every command works, every option and setting is explained, both languages say the same."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click
import pytest
import yaml
from golden import ROOT

from chataudit.cli import main
from chataudit.ingest import LAYOUTS
from chataudit.metrics import presets
from chataudit.settings import Settings, lexicons_folder
from chataudit.settings.model import Filters
from chataudit.tables import AGENTS, OUTCOMES

READMES = ("README.md", "README.zh-CN.md")
CHATAUDIT = Path(sys.executable).parent / ("chataudit.exe" if os.name == "nt" else "chataudit")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
UNTOLD = {"help", "version"}


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    return [body for kind, body in BLOCK.findall(text_of(name)) if kind == language]


def commands(name: str) -> list[str]:
    lines = [line.strip() for body in blocks(name, "console") for line in body.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def headings(name: str) -> list[str]:
    return [line.split(" ")[0] for line in BLOCK.sub("", text_of(name)).splitlines() if re.match(r"#{1,6} ", line)]


def files_shown(name: str) -> dict[str, str]:
    """Return the files that YAML blocks show, by the path in their first line."""
    return {body.split("\n", 1)[0].removeprefix("# "): body for body in blocks(name, "yaml")}


def test_both_languages_have_the_same_parts() -> None:
    assert headings(READMES[0]) == headings(READMES[1])
    tables = [sum(line.startswith("|") for line in text_of(name).splitlines()) for name in READMES]
    assert tables[0] == tables[1]


def test_both_languages_have_the_same_commands_and_files() -> None:
    assert commands(READMES[0]) == commands(READMES[1])
    assert len(commands(READMES[0])) > 10
    shown = [{path: yaml.safe_load(text) for path, text in files_shown(name).items()} for name in READMES]
    assert shown[0] == shown[1]
    assert "<!-- bench -->" in text_of(READMES[0]) and "<!-- bench -->" in text_of(READMES[1])


def test_every_command_is_one_that_can_be_checked() -> None:
    known = ("chataudit ", "make ", "pip install dist/chataudit-", "python -m pip wheel ", "cp -r lexicons ")
    assert [line for line in commands(READMES[0]) if not line.startswith(known)] == []


def test_make_commands_are_targets() -> None:
    makefile = text_of("Makefile")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    phony = set(re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[0].split())
    asked = {line.split()[1] for name in READMES for line in commands(name) if line.startswith("make ")}
    asked |= {word for name in READMES for word in re.findall(r"`make (\w+)`", text_of(name))}
    assert {"audit", "test"} <= asked
    assert asked <= targets & phony


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder as a reader of the README has it."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "sample_logs", folder / "sample_logs", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "lexicons", folder / "lexicons")
    (folder / "notices.yaml").write_text(files_shown(READMES[0])["notices.yaml"], encoding="utf-8")
    return folder


def _copy(tree: Path, line: str) -> None:
    """Do a `cp -r` and write the files that the README shows."""
    _, _, source, target = shlex.split(line)
    shutil.copytree(tree / source, tree / target)
    for path, text in files_shown(READMES[0]).items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(text, encoding="utf-8")


def _run(tree: Path, lines: list[str]) -> int:
    """Run a list of commands in its order, with every variable that the files shown take; return how many."""
    variables = dict.fromkeys(re.findall(r"\$\{([A-Z_]+)\}", text_of(READMES[0])), "shown")
    for line in lines:
        if line.startswith("cp -r "):
            _copy(tree, line)
            continue
        done = subprocess.run(
            [str(CHATAUDIT), *shlex.split(line)[1:]],
            cwd=tree,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
            env={**os.environ, **variables, "PYTHONUTF8": "1"},
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    return sum(not line.startswith("cp -r ") for line in lines)


def test_every_command_of_the_program_is_done_with_0(tree: Path) -> None:
    """In their order; those on the sample shop, which need each other, beside the rest."""
    lines = [line for line in commands(READMES[0]) if line.startswith(("chataudit ", "cp -r "))]
    of_shop = re.compile(r"sample_logs/shop|chataudit-report|\.db\b")
    lanes = [[line for line in lines if bool(of_shop.search(line)) == shop] for shop in (True, False)]
    with ThreadPoolExecutor(len(lanes)) as pool:
        ran = sum(pool.map(_run, (tree, tree), lanes))
    assert ran >= 10
    for made in (
        "chataudit-report/index.html",
        "my-report/index.html",
        "figures-2026-03.xlsx",
        "short-report/index.html",
    ):
        assert (tree / made).is_file(), made
    metrics = (tree / "short-report" / "tables" / "platform_metrics.csv").read_text(encoding="utf-8-sig")
    assert "shop.first_60s" in metrics and "shop.within_300s" in metrics
    assert "shop/short" in (tree / "short-report" / "tables" / "scores.csv").read_text(encoding="utf-8-sig")


def _options(command: click.Command) -> Iterator[str]:
    if isinstance(command, click.Group):
        for _, one in _inside(command):
            yield from _options(one)
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.name not in UNTOLD:
            yield max(parameter.opts, key=len)


def _commands(command: click.Command, path: str = "chataudit") -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield path
        return
    for name, one in _inside(command):
        yield from _commands(one, f"{path} {name}")


def _inside(group: click.Group) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        yield name, command


@pytest.mark.parametrize("name", READMES)
def test_everything_that_can_be_said_to_the_program_is_explained(name: str) -> None:
    text = text_of(name)
    wanted = {f"`{key}`" for key in (*Settings.model_fields, *Filters.model_fields)}
    lacking = sorted(word for word in wanted if word not in text)
    lacking += sorted(option for option in set(_options(main)) if not re.search(rf"`{option}[ `]", text))
    lacking += sorted(command for command in _commands(main) if command not in text)
    lacking += sorted(f"`{layout.name}`" for layout in LAYOUTS if f"`{layout.name}`" not in text)
    assert lacking == []


@pytest.mark.parametrize("name", READMES)
def test_everything_that_is_measured_is_explained(name: str) -> None:
    text = text_of(name)
    keys = {"day", "platform", "shop", "agent", "buyer_msg_n", "agent_msg_n"}
    wanted = {
        *(column for column in AGENTS.names if column not in keys),
        *OUTCOMES,
        *presets.load(lexicons_folder(), Settings()).policies,
    }
    assert sorted(word for word in wanted if f"`{word}`" not in text) == []


@pytest.mark.parametrize("name", READMES)
def test_links_lead_somewhere(name: str) -> None:
    """`benchmarks/results.md` is there after `make bench` only."""
    local = [link for link in re.findall(r"\]\(([^)#]+)\)", text_of(name)) if "://" not in link]
    assert local
    assert [link for link in local if not (ROOT / link).exists() and link != "benchmarks/results.md"] == []


@pytest.mark.parametrize("name", READMES)
def test_the_layers_shown_are_the_layers_kept(name: str) -> None:
    contracts = text_of("pyproject.toml")
    kept = re.findall(r'^ {4}"([^"]+)"', contracts.split("layers = [")[1].split("]")[0], re.MULTILINE)
    layers = [line.replace("chataudit.", "") for line in kept]
    assert "\n".join(layers) in text_of(name)


@pytest.mark.parametrize("name", READMES)
def test_every_module_and_folder_of_the_package_has_its_place(name: str) -> None:
    text = text_of(name)
    places = [
        path.name + "/" if path.is_dir() else path.name
        for path in sorted((ROOT / "chataudit").iterdir())
        if (path / "__init__.py").exists() or path.suffix == ".py"
    ]
    assert [place for place in places if not place.startswith("__") and place not in text] == []
