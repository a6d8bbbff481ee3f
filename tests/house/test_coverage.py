"""The page of what is kept says what the tests say."""

from __future__ import annotations

import tomllib

from tests import coverage_page


def test_the_page_is_up_to_date() -> None:
    page = (coverage_page.ROOT / "docs/coverage.md").read_text(encoding="utf-8")
    assert page == coverage_page.page(), "run: python -m tests.coverage_page > docs/coverage.md"


def test_every_row_that_is_proved_is_named() -> None:
    named = tomllib.loads(coverage_page.ROWS.read_text(encoding="utf-8"))
    missing = [row for row in coverage_page.proofs() if str(row) not in named]
    assert missing == [], "name them in tests/requirements.toml"
