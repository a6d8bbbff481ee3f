"""Rules of the house that a machine can check."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.stack import ROOT

LISTED = subprocess.run(
    ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    cwd=ROOT,
    capture_output=True,
    text=True,
    check=False,
).stdout.split("\0")
FILES = sorted(ROOT / name for name in LISTED if name and (ROOT / name).is_file())
MODULES = [path for path in FILES if path.suffix == ".py"]
# An empty file only makes a package of its folder and has nothing to say.
SOURCES = [path for path in MODULES if "migrations" not in path.parts and path.stat().st_size]
LONGEST_FILE = 400
# Names that say nothing about what is inside.
EMPTY_NAMES = {"utils", "helpers", "common", "services", "selectors", "util", "helper", "misc"}
# Folders of one machine; spelled in two parts, or this file would break its own rule.
MACHINE_PATHS = re.compile(r"(?<![\w.$}])/(?:work|ro" + r"ot|ho" + r"me/\w+|Us" + r"ers)/\w")
REGISTRIES = re.compile(r"https?://[\w.-]*(?:pypi|pythonhosted|npmjs|npmmirror|tuna\.tsinghua|aliyun)[\w.-]*")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def test_there_is_something_to_check() -> None:
    assert len(SOURCES) > 50


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_it_opens_with_one_sentence_that_says_what_it_is_for(path: Path) -> None:
    sentence = ast.get_docstring(ast.parse(text(path))) or ""
    assert sentence.split("\n\n")[0].rstrip().endswith((".", "…", "?", "。")), (
        "a module opens with one sentence"
    )


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_it_is_short_enough_to_be_read(path: Path) -> None:
    assert len(text(path).splitlines()) <= LONGEST_FILE


def test_no_name_is_empty() -> None:
    assert [name(p) for p in FILES if p.stem in EMPTY_NAMES] == []


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    small = (p for p in FILES if p.stat().st_size < 1_000_000)
    assert [name(p) for p in small if MACHINE_PATHS.search(text(p))] == []


@pytest.mark.parametrize("lock", ["requirements.lock", "frontend/package-lock.json"])
def test_locks_pin_versions_and_name_no_registry(lock: str) -> None:
    pins = text(ROOT / lock)
    assert not REGISTRIES.search(pins)
    assert '"resolved"' not in pins


def test_the_python_lock_pins_every_package_exactly() -> None:
    lines = [line.split(";")[0].strip() for line in text(ROOT / "requirements.lock").splitlines()]
    assert [line for line in lines if line and not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []


def test_the_lock_holds_everything_that_the_project_asks_for() -> None:
    pinned = {line.split("==")[0] for line in text(ROOT / "requirements.lock").splitlines()}
    project = tomllib.loads(text(ROOT / "pyproject.toml"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.split(r"[^\w-]", one)[0].lower() for one in asked}
    assert names - pinned == set()


def test_commands_can_be_run() -> None:
    commands = [p for p in (ROOT / "bin").iterdir() if not p.name.startswith("_")]
    assert [p.name for p in (*commands, ROOT / ".ci/run") if not os.access(p, os.X_OK)] == []


def test_ci_runs_the_tests_and_nothing_else() -> None:
    lines = [line for line in text(ROOT / ".ci/run").splitlines() if not line.startswith("#")]
    assert lines == ['exec "$(dirname "$0")/../bin/test"']


def test_nothing_is_postponed_in_the_source() -> None:
    postponed = re.compile(r"\bTO" + r"DO\b|Not" + r"ImplementedError|[Cc]om" + r"ing soon")
    inside = [p for p in FILES if "src" in p.parts and p.suffix in (".py", ".html", ".js", ".po")]
    assert [name(p) for p in inside if postponed.search(text(p))] == []


def test_tests_are_neither_skipped_nor_expected_to_fail() -> None:
    excuse = re.compile(
        r"pytest\.mark\.(sk" + r"ip|x" + r"fail)|pytest\.(sk" + r"ip|x" + r"fail)\(|importor" + "skip"
    )
    inside = [p for p in MODULES if "tests" in p.relative_to(ROOT).parts]
    assert [name(p) for p in inside if excuse.search(text(p))] == []
