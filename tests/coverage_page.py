"""Writes docs/coverage.md: which rows of the requirements are kept, where, and what proves them."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TESTS = ROOT / "tests"
ROWS = TESTS / "requirements.toml"
HEAD = """# What is kept, and what proves it

Made from the marks in the tests by `python -m tests.coverage_page > docs/coverage.md`.
A row stands here when tests prove it; what a row asks beyond them is not claimed.

| Row | 中文 | English | Where | Proved by |
|---|---|---|---|---|
"""
Proofs = dict[int, dict[str, None]]


def page() -> str:
    rows = tomllib.loads(ROWS.read_text(encoding="utf-8"))
    found = proofs()
    return HEAD + "".join(_line(number, rows[str(number)], found[number]) for number in sorted(found))


def _line(number: int, row: dict[str, str], tests: dict[str, None]) -> str:
    proved = "<br>".join(f"`{test}`" for test in tests)
    return f"| {number} | {row['zh']} | {row['en']} | {row['where']} | {proved} |\n"


def proofs() -> Proofs:
    """For each row the classes, functions or whole files of tests that are marked with it."""
    found: Proofs = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        name = str(path.relative_to(TESTS))
        for row, inside in _marked(ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault(row, {})[f"{name}{'::' + inside if inside else ''}"] = None
    return found


def _marked(module: ast.Module) -> Iterator[tuple[int, str]]:
    for node in module.body:
        if isinstance(node, ast.Assign) and any(getattr(t, "id", "") == "pytestmark" for t in node.targets):
            yield from ((row, "") for row in _rows(node.value))
        yield from _of(node)
        if isinstance(node, ast.ClassDef):
            for inner in node.body:
                yield from ((row, node.name) for row, _ in _of(inner))


def _of(node: ast.stmt) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        for decorator in node.decorator_list:
            yield from ((row, node.name) for row in _rows(decorator))


def _rows(marks: ast.expr) -> Iterator[int]:
    for call in ast.walk(marks):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "requirement":
            yield from (one.value for one in call.args if isinstance(one, ast.Constant))  # type: ignore[misc]


if __name__ == "__main__":
    print(page(), end="")
