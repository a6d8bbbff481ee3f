"""A manager promises a number by a day, sees how it stands, takes it back and restores it."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.requirement(41), pytest.mark.requirement(48)]


@pytest.mark.parametrize(
    ("language", "phone", "touchpoint", "verdict"),
    [("zh", False, "dine_in", "已达成"), ("en", True, "delivery", "Target reached")],
)
class TestTargets:
    def test_a_target_is_set_judged_withdrawn_and_restored(
        self, visit: Visit, language: str, phone: bool, touchpoint: str, verdict: str
    ) -> None:
        page = visit("/targets/", who="manager", language=language, phone=phone)
        page.locator('a[href="/targets/new/"]').click()
        page.locator("[name=metric]").select_option("csat")
        page.locator("[name=touchpoint]").select_option(touchpoint)
        page.locator("[name=value]").fill("2.5")
        page.locator("[name=threshold]").fill("2")
        page.locator("[name=due_on]").fill(str(date.today() + timedelta(days=30)))
        page.locator("form:has([name=metric]) button.pri").click()
        page.wait_for_url(re.compile(r"/targets/\d+/$"))
        expect(page.locator("dl.facts")).to_contain_text(verdict)
        expect(page.locator("#trend canvas, #trend svg").first).to_be_visible()
        page.locator('form[action$="/withdraw/"] button').click()
        page.locator("dialog[open] button.pri").click()
        page.locator('form[action$="/restore/"] button').click()
        expect(page.locator('form[action$="/withdraw/"]')).to_have_count(1)
        expect(page.locator("ol.tl li")).to_have_count(3)

    def test_what_is_overdue_stands_on_the_first_page(
        self, visit: Visit, language: str, phone: bool, touchpoint: str, verdict: str
    ) -> None:
        page = visit("/", who="manager", language=language, phone=phone)
        page.locator('a[href="/targets/?view=overdue"]').click()
        expect(page.locator("a.rowlink").first).to_be_visible()
