"""Why the score is what it is: from a driver to an initiative, from a complaint to its source."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.requirement(74, 75, 76, 84, 85, 86)]

WORDS = {
    "zh": {"signal": "信号", "step": "交接与分拣", "levers": "两个杠杆", "better": "改善："},
    "en": {"signal": "signal", "step": "Hand-over and sorting", "levers": "Two levers", "better": "Better: "},
}


def fits(page: Page) -> None:
    width, shown = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width <= shown + 1, "the page scrolls sideways"


@pytest.mark.parametrize(("language", "phone"), [("zh", False), ("en", True)])
class TestDrivers:
    def test_a_driver_leads_to_an_initiative(self, visit: Visit, language: str, phone: bool) -> None:
        words = WORDS[language]
        page = visit("/drivers/?days=all", who="analyst", language=language, phone=phone)
        expect(page.locator("#importance canvas, #importance svg").first).to_be_visible()
        expect(page.get_by_role("heading", name=re.compile(words["levers"]))).to_be_visible()
        expect(page.locator("table.work .chip.sure").first).to_contain_text(words["signal"])
        fits(page)
        page.locator("a[href*='/initiatives/new/']").first.click()
        expect(page.locator("input[name=title]")).to_have_value(re.compile(words["better"]))

    def test_satisfaction_after_a_meal_hangs_on_the_wait(
        self, visit: Visit, language: str, phone: bool
    ) -> None:
        page = visit(
            "/drivers/?days=all&outcome=csat&programme=dining", who="analyst", language=language, phone=phone
        )
        wait = {"zh": "等待分钟数", "en": "Minutes waited"}[language]
        row = page.locator("section.flush table.work tbody tr").filter(has_text=wait)
        expect(row.locator(".chip.sure")).to_be_visible()
        expect(row).to_contain_text({"zh": "越低越好", "en": "less is better"}[language])
        effort = page.locator("form:has(#levers) input[name^='effort.']").first
        effort.fill("4")
        page.locator("form:has(#levers) button").click()
        expect(page.locator("form:has(#levers) input[value='4']")).to_have_count(1)

    def test_late_orders_come_from_the_hand_over(self, visit: Visit, language: str, phone: bool) -> None:
        page = visit("/drivers/causes/?days=all", who="analyst", language=language, phone=phone)
        steps = page.locator("table.work").first.locator("tbody tr")
        expect(steps.first).to_contain_text(WORDS[language]["step"])
        share = int(re.sub(r"\D", "", steps.first.locator("td").nth(1).inner_text()))
        assert 50 <= share <= 68, "60 % were planted"
        page.locator(".causetree details[open] a").first.click()
        expect(page.locator("#cases tbody tr a").first).to_be_visible()
        fits(page)

    @pytest.mark.parametrize("path", ["deeds", "cost", "delights", "misfits", "claims"])
    def test_what_was_done_praised_and_never_fits_is_shown(
        self, visit: Visit, language: str, phone: bool, path: str
    ) -> None:
        page = visit(f"/drivers/{path}/?days=all", who="analyst", language=language, phone=phone)
        expect(page.locator(".subnav a.on")).to_be_visible()
        expect(page.locator("main h2").first).to_be_visible()
        fits(page)
