"""The home page: a number with its uncertainty, and from there down to the rows."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.requirement(1, 2, 3, 6, 8, 9, 10)]

SCREENS = [("zh", False), ("en", False), ("zh", True), ("en", True)]
WORDS = {
    "zh": {"interval": "95%", "definition": "这个数从哪里来", "rows": "计入的明细行"},
    "en": {
        "interval": "95% interval",
        "definition": "Where this number comes from",
        "rows": "The rows it counts",
    },
}


def is_wider_than_its_screen(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


class TestHome:
    @pytest.mark.parametrize(("language", "phone"), SCREENS)
    def test_it_shows_the_score_with_its_n_and_interval(
        self, visit: Visit, language: str, phone: bool
    ) -> None:
        page = visit("/", who="analyst", language=language, phone=phone)
        card = page.locator("section.rows-2")
        expect(card.get_by_role("heading")).to_contain_text(re.compile(r"n = [\d,]+"))
        expect(card).to_contain_text(re.compile(r"95% \D+[+−]\d+\D+[+−]\d+"))
        expect(card.locator(".chart canvas, .chart svg").first).to_be_visible()
        assert not is_wider_than_its_screen(page)

    def test_it_says_signal_or_noise_and_hides_small_cells(self, visit: Visit) -> None:
        page = visit("/", who="analyst", language="en")
        assert page.locator(".chip.sure, .chip.unsure").count() > 0
        shown = page.locator("table.heat td:has(small)").all_inner_texts()
        assert shown
        assert all(int(re.sub(r"\D", "", text.split("n")[-1])) >= 5 for text in shown)

    @pytest.mark.parametrize(("language", "phone"), [("zh", False), ("en", True)])
    def test_a_number_opens_its_definition_filter_and_rows(
        self, visit: Visit, language: str, phone: bool
    ) -> None:
        page, words = visit("/", who="analyst", language=language, phone=phone), WORDS[language]
        page.locator("section.rows-2 h2 a").click()
        definition = page.locator("#definition")
        expect(definition).to_contain_text(words["definition"])
        expect(definition.locator("dd")).not_to_have_count(0)
        expect(page.locator("#rows")).to_contain_text(words["rows"])
        n = int(re.sub(r"\D", "", page.locator("#rows h2 small").inner_text()))
        shown = re.search(r"n = ([\d,]+)", page.locator(".kpi").first.inner_text())
        assert shown
        assert int(shown[1].replace(",", "")) == n
        page.locator('#rows a[href^="/responses/"]').first.click()
        expect(page.locator("dl.facts dt").first).to_be_visible()

    def test_another_period_is_another_address(self, visit: Visit) -> None:
        page = visit("/", who="analyst")
        before = page.locator("section.rows-2 h2 small").inner_text()
        page.locator("select[name=days]").select_option("365")
        page.wait_for_url(re.compile(r"days=365"))
        expect(page.locator("section.rows-2 h2 small")).not_to_have_text(before)
