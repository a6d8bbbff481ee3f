"""Themes nobody named are on the map, each with its comments; who teaches names them and puts them away."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit
from tests.stack import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.requirement(73)]

NAME = {"zh": "等位与叫号", "en": "Waiting for a table"}
ARCHIVED = {"zh": "已归档", "en": "Archived"}


def lines(page: Page) -> int:
    return page.locator("table.work tbody tr").count()


@pytest.mark.parametrize(("language", "phone"), [("zh", False), ("en", True)])
class TestThemes:
    def test_a_person_reads_names_and_puts_away_a_theme(
        self, visit: Visit, language: str, phone: bool
    ) -> None:
        page = visit("/themes/?days=365", who="admin", language=language, phone=phone)

        def are_there() -> bool:
            page.reload()
            return lines(page) > 1

        # The first themes are found by themselves, as soon as enough comments are labelled.
        wait_until(are_there)
        expect(page.locator("#theme-map canvas")).to_be_visible()
        n = lines(page)
        page.locator("table.work tbody tr a.rowlink").first.click()
        expect(page.locator("article.cm mark").first).to_be_visible()
        page.fill("input[name=name]", NAME[language])
        page.locator("form[action$='/name/'] button").click()
        expect(page.locator("h1")).to_have_text(NAME[language])
        page.locator("form[action$='/archive/'] button").click()
        page.wait_for_url(lambda url: url.rstrip("/").endswith("/themes"))
        page.goto(page.url.split("?")[0] + "?days=365")
        expect(page.locator("table.work")).not_to_contain_text(NAME[language])
        assert lines(page) == n - 1
        page.locator("details summary", has_text=ARCHIVED[language]).click()
        page.locator("form[action$='/restore/'] button").first.click()
        expect(page.locator("h1")).to_have_text(NAME[language])

    def test_the_map_is_also_a_table_that_leads_to_the_comments(
        self, visit: Visit, language: str, phone: bool
    ) -> None:
        page = visit("/themes/?days=365", who="analyst", language=language, phone=phone)
        wait_until(lambda: bool(page.reload()) and lines(page) > 0)
        page.locator("table.work tbody tr a.rowlink").last.click()
        expect(page.locator("article.cm").first).to_be_visible()
        assert page.locator("form[action$='/archive/']").count() in (0, 1)
