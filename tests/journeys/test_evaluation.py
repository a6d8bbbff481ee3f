"""A manager changes what the company is judged by; the old report stays what it was."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.requirement(42), pytest.mark.requirement(50)]


@pytest.mark.parametrize(("language", "phone", "goal"), [("zh", False, "90"), ("en", True, "80")])
class TestEvaluation:
    def test_a_new_version_leaves_the_old_one_as_it_was(
        self, visit: Visit, language: str, phone: bool, goal: str
    ) -> None:
        page = visit("/evaluation/", who="manager", language=language, phone=phone)
        page.locator("section.c h2 a.plain").first.click()
        page.wait_for_url(re.compile(r"/evaluation/\d+/$"))
        points = page.locator("section.c p.num").first
        before = points.inner_text()
        page.locator('a[href$="/edit/"]').click()
        page.locator("[name=satisfaction-0-goal]").fill("a lot")
        page.locator("form:has([name=note]) button.pri").click()
        expect(page.locator("[role=alert]")).to_contain_text("a lot")
        page.go_back()
        page.reload()
        page.locator("[name=satisfaction-0-goal]").fill(goal)
        page.locator("[name=note]").fill(f"goal {goal}")
        page.locator("form:has([name=note]) button.pri").click()
        expect(page.locator("ol.tl")).to_contain_text(f"goal {goal}")
        assert points.inner_text() != before
        page.locator("ol.tl li").nth(1).locator("a").first.click()
        expect(points).to_have_text(re.compile(re.escape(before.split()[0])))

    def test_every_cell_leads_to_its_definition(
        self, visit: Visit, language: str, phone: bool, goal: str
    ) -> None:
        page = visit("/evaluation/", who="manager", language=language, phone=phone)
        page.locator("section.c h2 a.plain").first.click()
        page.locator('table a[href*="metric=nps"]').click()
        expect(page.locator("#definition")).to_be_visible()

    def test_a_review_is_noted_and_dated_anew(
        self, visit: Visit, language: str, phone: bool, goal: str
    ) -> None:
        page = visit("/evaluation/", who="manager", language=language, phone=phone)
        page.locator("section.c h2 a.plain").first.click()
        form = page.locator('form[action^="/evaluation/reviews/"]').first
        form.locator("[name=note]").fill(f"serves {goal}")
        form.locator("button").click()
        expect(page.locator("main")).to_contain_text(f"serves {goal}")
