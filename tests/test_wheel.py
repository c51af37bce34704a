"""The wheel: installed into an empty folder and run from another, it finds its rules and templates inside."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from contract_checks import faults_of
from golden import ROOT, RUNS, report_of

NEEDED = ("chataudit", "lexicons", "setup.cfg", "pyproject.toml", "README.md", "LICENSE")
ENOUGH = 77


def _can_build() -> bool:
    """Return whether this environment's setuptools is the one that pyproject.toml asks for."""
    try:
        return int(importlib.metadata.version("setuptools").split(".")[0]) >= ENOUGH
    except importlib.metadata.PackageNotFoundError:
        return False


def _pip(*words: str) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build from a copy, so that nothing is left in the source tree; fetches setuptools only where it is too old."""
    source, dist = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    for name in NEEDED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(ROOT / name, source / name)
    _pip(
        "wheel", str(source), "--no-deps", "--wheel-dir", str(dist), *(["--no-build-isolation"] if _can_build() else [])
    )
    built = list(dist.glob("*.whl"))
    assert len(built) == 1
    return built[0]


def test_the_wheel_holds_all_that_is_edited_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    kept = {
        path.relative_to(ROOT).as_posix() for path in (ROOT / "lexicons").rglob("*") if path.suffix in (".yaml", ".txt")
    }
    assert {f"chataudit/{name}" for name in kept} <= names
    code = {path.relative_to(ROOT).as_posix() for path in (ROOT / "chataudit").rglob("*.py")}
    assert code == {name for name in names if name.endswith(".py")}
    templates = {path.relative_to(ROOT).as_posix() for path in (ROOT / "chataudit" / "report" / "templates").iterdir()}
    assert templates <= names
    assert "chataudit/py.typed" in names
    assert any(name.endswith("LICENSE") for name in names)


def test_the_installed_wheel_audits_from_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    site, empty = tmp_path / "site", tmp_path / "empty"
    empty.mkdir()
    _pip("install", "--no-deps", "--target", str(site), str(wheel))
    environment = {**os.environ, "PYTHONPATH": str(site), "PYTHONUTF8": "1"}
    say_where = [
        sys.executable,
        "-c",
        "import chataudit, chataudit.settings as s; print(chataudit.__file__); print(s.lexicons_folder())",
    ]
    where = subprocess.run(
        say_where, cwd=empty, env=environment, capture_output=True, text=True, timeout=60, check=True
    ).stdout
    assert [str(site / "chataudit" / "__init__.py"), str(site / "chataudit" / "lexicons")] == where.split("\n")[:2]
    command = [sys.executable, "-m", "chataudit", "audit", str(RUNS["plain"][0])]
    done = subprocess.run(
        command, cwd=empty, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert [path.name for path in empty.iterdir()] == ["chataudit-report"]
    out = empty / "chataudit-report"
    assert faults_of(out) == []
    for table in ("messages", "marks", "scores", "hits"):
        name = f"tables/{table}.csv"
        assert (out / name).read_bytes() == (report_of("plain") / name).read_bytes(), (
            f"{name} differs from the source tree's"
        )
