"""A file of real feedback becomes a number on the home page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import browser
from tests.journeys.conftest import SECONDS, SignedIn, Visit
from tests.journeys.feedback import Feedback, feedback
from tests.stack import Stack, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.requirement(51, 61)]

SOURCE = "sfo_2017"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Feedback:
    return feedback(tmp_path_factory.mktemp("file"))


@dataclass(frozen=True)
class Imported:
    new: int
    known: int
    rejected: int
    refusals: list[str]


def bring_in(page: Page, file: Feedback) -> None:
    """The wizard: choose the file, look at what was understood, start."""
    page.set_input_files("input[type=file]", file.path)
    page.locator("form:has(input[type=file]) button.pri").click()
    preview = page.locator("#preview")
    expect(preview.locator("tbody tr")).to_have_count(20)
    page.locator("#source").fill(SOURCE)
    page.locator("#columns button.pri").click()
    # It moves by itself until all rows are in.
    expect(page.locator("#progress .stat b").first).to_be_visible()
    expect(page.locator("#progress progress")).to_have_count(0, timeout=3 * SECONDS)


def counts(page: Page) -> list[int]:
    """New, known already, rejected."""
    return [int(text.replace(",", "")) for text in page.locator("#progress .stat b").all_inner_texts()]


@pytest.fixture(scope="module")
def imported(live: Stack, chromium: Browser, signed_in_as: SignedIn, file: Feedback) -> Imported:
    """The file, brought in once by an admin: what the wizard said, and the file of refusals."""
    with browser.context(chromium, storage_state=signed_in_as("admin")) as context:
        page = context.new_page()
        page.goto(f"{live.url}/imports/new/")
        bring_in(page, file)
        new, known, rejected = counts(page)
        lines: list[str] = []
        if rejected:
            with page.expect_download() as waiting:
                page.locator('a[href$="rejected.csv"]').click()
            lines = waiting.value.path().read_text(encoding="utf-8-sig").splitlines()
        return Imported(new, known, rejected, lines)


class TestImport:
    def test_every_row_is_in_or_refused_with_its_reason(self, imported: Imported, file: Feedback) -> None:
        assert (imported.new + imported.rejected, imported.known) == (file.n_rows, 0)
        assert imported.new >= file.n_scores
        assert len(imported.refusals) == (imported.rejected + 1 if imported.rejected else 0)

    def test_the_same_file_again_adds_nothing(self, imported: Imported, visit: Visit, file: Feedback) -> None:
        page = visit("/imports/new/", who="analyst", language="en", phone=True)
        bring_in(page, file)
        new, known, rejected = counts(page)
        assert (new, known + rejected) == (0, file.n_rows)

    @pytest.mark.requirement(1, 3, 9)
    def test_the_home_page_shows_its_score_raw_and_weighted(
        self, imported: Imported, live: Stack, visit: Visit, file: Feedback
    ) -> None:
        page = visit(f"/?source={SOURCE}&days=all", who="analyst", language="en")
        wait_until(lambda: shows(page, f"n = {file.n_scores:,}"))
        text = page.locator("main").inner_text()
        assert f"weighted +{file.weighted:.1f}, raw +{file.nps:.1f}" in text

    @pytest.mark.requirement(1, 8)
    def test_the_api_says_the_same_to_the_last_digit(
        self, imported: Imported, live: Stack, visit: Visit, file: Feedback
    ) -> None:
        page = visit("/", who="analyst")
        query = f"source={SOURCE}&days=all"

        def measured(more: str = "") -> dict[str, Any]:
            answer = page.request.get(f"{live.url}/api/metrics/nps?{query}{more}")
            return dict(json.loads(answer.text())["rows"][0])

        wait_until(lambda: measured()["n"] == file.n_scores)
        assert measured()["value"] == pytest.approx(file.nps)
        assert measured("&weighted=true")["value"] == pytest.approx(file.weighted)


def shows(page: Page, text: str) -> bool:
    page.reload()
    return text in page.locator("main").inner_text()
