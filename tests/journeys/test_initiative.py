"""From a cause that comes again and again to a standard: plan, start, check, standardise."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.requirement(147)]

SAY = {
    "zh": {
        "title": "后厨交接提速",
        "rule": "出餐后三十秒内交接。",
        "begun": "全部门店已开始。",
        "checked": "一个月后复测。",
    },
    "en": {
        "title": "Faster kitchen hand-over",
        "rule": "Hand over within thirty seconds.",
        "begun": "Begun in all stores.",
        "checked": "Measured after a month.",
    },
}


def move(page: Page, step: str, words: str) -> None:
    """One step of the circle, with what was seen."""
    form = page.locator(f'form:has([formaction$="/{step}/"])')
    form.locator("[name=note]").fill(words)
    form.locator(f'[formaction$="/{step}/"]').click()
    expect(page.locator("ol.tl").first).to_contain_text(words)


@pytest.mark.parametrize(("language", "phone"), [("zh", False), ("en", True)])
class TestInitiative:
    def test_a_root_cause_becomes_a_standard(self, visit: Visit, language: str, phone: bool) -> None:
        say = SAY[language]
        page = visit("/causes/?days=365", who="manager", language=language, phone=phone)
        page.locator('table.work a[href^="/causes/"]').first.click()
        cause = page.get_by_role("heading", level=1).inner_text()
        page.locator('form[action$="/initiative/"] button').click()
        page.wait_for_url(re.compile(r"/initiatives/\d+/$"))
        page.locator('a[href$="/plan/"]').click()
        page.locator("[name=title]").fill(say["title"])
        page.locator("[name=goal]").fill(say["rule"])
        page.locator("form:has([name=title]) button.pri").click()
        page.wait_for_url(re.compile(r"/initiatives/\d+/$"))
        expect(page.locator("main")).to_contain_text(cause)
        move(page, "start", say["begun"])
        move(page, "check", say["checked"])
        evidence = page.locator("ol.tl").first.locator("li").filter(has_text=say["checked"])
        expect(evidence).to_contain_text(re.compile(r"n = \d"))
        standard = page.locator('form[action$="/standard/"]')
        standard.locator("[name=note]").fill(say["rule"])
        standard.locator("button.pri").click()
        page.locator("dialog[open] button.pri").click()
        expect(page.locator('form[action$="/standard/"]')).to_have_count(0)
        expect(page.locator("ol.tl").first).to_contain_text(say["rule"])
