"""From nobody scored to a case in somebody's hands, before the customer has left."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit
from tests.stack import Stack, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.requirement(80)]

SCORE = {"zh": "立即评分", "en": "Score now"}
START = {"zh": "发起主动关怀", "en": "Start outreach"}
WORTH = {"zh": "价值与风险", "en": "Value and risk"}


class TestRisk:
    @pytest.mark.parametrize(("language", "phone"), [("zh", False), ("en", True)])
    def test_who_is_likely_to_leave_is_scored_explained_and_spoken_with(
        self, visit: Visit, live: Stack, language: str, phone: bool
    ) -> None:
        page = visit("/risk/?band=high&sort=risk", who="admin", language=language, phone=phone)
        if not page.locator("input[name=customer]").count():
            page.get_by_role("button", name=SCORE[language]).click()
        wait_until(
            lambda: live.query("select count(*) from understand_customerrisk where band = 'high'")[0][0] > 0,
        )
        page.goto(page.url.split("?")[0] + "?band=high&sort=risk")
        row = page.locator("table.work tbody tr", has=page.locator("input[name=customer]")).first
        expect(row.locator(".chip", has_text="×").first).to_be_visible()
        customer = int(row.locator("input").get_attribute("value") or 0)
        row.locator("input").check()
        page.get_by_role("button", name=START[language]).click()
        page.locator("dialog[open] button").last.click()
        wait_until(
            lambda: (
                live.query(
                    f"select count(*) from act_case where customer_id = {customer} and playbook = 'keep'"
                )[0][0]
                == 1
            ),
        )
        page.goto(page.url.split("/risk/")[0] + f"/customers/{customer}/")
        expect(page.get_by_role("heading", name=WORTH[language])).to_be_visible()
