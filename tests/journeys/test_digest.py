"""From the week's digest to what customers said and to a case; from a cell of the heatmap to its comments."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.requirement(47, 67)]

WORDS = {
    "zh": {"tab": "周报", "open": "建立工单", "heat": "原因热力图", "case": re.compile(r"/cases/\d+/")},
    "en": {
        "tab": "Weekly digest",
        "open": "Open a case",
        "heat": "Reason heatmap",
        "case": re.compile(r"/cases/\d+/"),
    },
}


@pytest.mark.parametrize(("language", "phone"), [("zh", False), ("en", True)])
class TestVoiceRoom:
    def test_a_quote_of_the_digest_leads_to_its_comment_and_to_a_case(
        self, visit: Visit, language: str, phone: bool
    ) -> None:
        # The whole company: in one region of a small one a week may pass without a word.
        page = visit("/voice/", who="analyst", language=language, phone=phone)
        page.locator(".subnav").get_by_role("link", name=WORDS[language]["tab"]).click()
        expect(page.locator(".kpi").first).to_contain_text("n =")
        quote = page.locator("article.quote").first
        expect(quote.locator("mark").first).to_be_visible()
        # Whoever praises has no case by itself.
        page = visit("/voice/?score_class=promoter", who="lead", language=language, phone=phone)
        waiting = page.locator("article.quote").filter(
            has=page.get_by_role("button", name=WORDS[language]["open"])
        )
        waiting.first.get_by_role("button", name=WORDS[language]["open"]).click()
        expect(page).to_have_url(WORDS[language]["case"])

    def test_a_cell_of_the_heatmap_leads_to_the_comments_that_it_counts(
        self, visit: Visit, language: str, phone: bool
    ) -> None:
        page = visit("/voice/heat/?days=365", who="analyst", language=language, phone=phone)
        cell = page.locator("table.heat.reasons tbody td").filter(has_text=re.compile(r"[1-9]\d* / ")).first
        counted = int(re.search(r"(\d+) / ", cell.inner_text()).group(1))  # type: ignore[union-attr]  # as asked above
        cell.locator("a").click()
        expect(page).to_have_url(re.compile(r"/voice/\?.*side=negative"))
        expect(page.locator("article.quote").first).to_be_visible()
        assert page.locator("article.quote").count() == min(counted, 20)

    def test_a_marked_word_says_why_and_keys_walk_through_the_comments(
        self, visit: Visit, language: str, phone: bool
    ) -> None:
        page = visit("/voice/?days=365", who="analyst", language=language, phone=phone)
        page.locator("mark[data-why]").first.click()
        expect(page.locator("#why")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#why")).to_have_count(0)
        # Keys go on from where the focus is; a page opened anew has it nowhere.
        page.reload()
        page.keyboard.press("j")
        page.keyboard.press("j")
        expect(page.locator("article.quote").nth(1)).to_be_focused()
