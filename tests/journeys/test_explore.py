"""An analyst explores: narrows down, keeps the question, takes it away as files, and opens it again."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit
from tests.journeys.test_axe import violations

pytestmark = [pytest.mark.browser, pytest.mark.requirement(6, 47)]

NAMES = {"zh": "各渠道的上班族", "en": "Office workers by channel"}
SAVE = {"zh": "保存", "en": "Save"}


def narrowed(page: Page) -> None:
    """By channel, of one segment, each chosen where a person chooses it."""
    page.locator("#ask-by-1").select_option("channel")
    page.wait_for_url(re.compile(r"by=channel"))
    page.locator("#filter-segment").select_option(index=1)
    page.wait_for_url(re.compile(r"segment="))


def n_of(page: Page) -> int:
    return int(re.sub(r"\D", "", page.locator("#answer .kpi h2 small").first.inner_text()))


class TestExplore:
    @pytest.mark.parametrize(("language", "phone"), [("zh", False), ("en", True)])
    def test_narrow_save_take_away_and_open_again(
        self, visit: Visit, language: str, phone: bool, tmp_path: Path
    ) -> None:
        page = visit("/explore/?days=365", who="analyst", language=language, phone=phone)
        before = n_of(page)
        narrowed(page)
        expect(page.locator("#bars canvas")).to_be_visible()
        n = n_of(page)
        assert 0 < n < before
        page.locator("a[data-opens=save-view]").click()
        dialog = page.get_by_role("dialog")
        dialog.locator("input[name=name]").fill(NAMES[language])
        dialog.get_by_role("button", name=SAVE[language], exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(NAMES[language])
        page.locator("details.pop summary[data-key=e]").click()
        with page.expect_download() as download:
            page.locator('a[href*="export.xlsx"]').click()
        download.value.save_as(tmp_path / "taken.xlsx")
        sheet = load_workbook(io.BytesIO((tmp_path / "taken.xlsx").read_bytes())).worksheets[0]
        assert sum(row[1] for row in sheet.iter_rows(min_row=4, values_only=True)) == n  # type: ignore[misc]  # counts
        page.goto(page.url.split("/explore/")[0] + "/views/")
        page.get_by_role("link", name=NAMES[language]).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(NAMES[language])
        assert n_of(page) == n

    def test_a_deleted_view_comes_back(self, visit: Visit) -> None:
        page = visit("/explore/?by=unit", who="analyst", language="en")
        page.locator("a[data-opens=save-view]").click()
        page.get_by_role("dialog").locator("input[name=name]").fill("Short-lived")
        page.get_by_role("dialog").get_by_role("button", name="Save", exact=True).click()
        page.wait_for_url(re.compile(r"view="))
        page.goto(page.url.split("/explore/")[0] + "/views/")
        page.get_by_role("row").filter(has_text="Short-lived").get_by_role("button", name="Delete").click()
        expect(page.get_by_role("link", name="Short-lived")).to_have_count(0)
        page.get_by_role("button", name="Undo Short-lived").click()
        expect(page.get_by_role("link", name="Short-lived")).to_have_count(1)

    def test_it_works_without_javascript(self, visit: Visit) -> None:
        page = visit("/explore/?days=365", who="analyst", language="en", java_script_enabled=False)
        page.locator("#ask-by-1").select_option("channel")
        page.locator("#filters noscript button").click()
        page.wait_for_url(re.compile(r"by=channel"))
        expect(page.locator("#groups table tbody tr").first).to_be_visible()

    @pytest.mark.parametrize("phone", [False, True])
    def test_axe_finds_nothing_in_any_cut(self, visit: Visit, phone: bool) -> None:
        page = visit("/explore/?days=365&by=touchpoint&by=segment", who="analyst", phone=phone)
        found = violations(page)
        for query in ("by=touchpoint&every=month", "by=unit&show=table&weights=on", "touchpoint=nowhere"):
            page.goto(page.url.split("?")[0] + "?days=365&" + query)
            found += violations(page)
        page.goto(page.url.split("?")[0] + "why/?days=365")
        found += violations(page)
        assert "\n".join(found) == ""
