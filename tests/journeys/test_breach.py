"""A promise breaks: the case goes up by itself, and the lead sees it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.answering import answer
from tests.journeys.conftest import Visit
from tests.journeys.guests import Guest
from tests.journeys.working import case_of, dialog, send
from tests.stack import Stack, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.requirement(101, 108, 122, 123)]

WORDS = {"zh": "汤里有玻璃，孩子已经送去医院急诊。", "en": "There was glass in the soup, we are in hospital."}
SAY = {
    "zh": {"urgent": "紧急", "up": "已升级到主管", "low": "低", "why": "已电话安抚"},
    "en": {"urgent": "Urgent", "up": "With the lead", "low": "Low", "why": "Calmed on the phone"},
}
SCREENS = [("zh", False), ("en", True)]


class TestBreach:
    def test_it_goes_to_the_lead_who_sees_it(
        self, live: Stack, visit: Visit, guests_of: Callable[[str], Guest]
    ) -> None:
        admin = visit("/promises/", who="admin")
        admin.locator('form[action$="/promises/critical/"] button').click()
        expect(admin.locator("main")).to_contain_text("2 小时")
        found = {language: opened(live, visit, guests_of(language), language) for language, _ in SCREENS}
        for case in found.values():
            earlier(live, case)
        numbers = ", ".join(str(case) for case in found.values())
        risen = f"select count(*) from act_case where level > 0 and id in ({numbers})"
        wait_until(lambda: int(str(live.query(risen)[0][0])) == len(found))

        for language, phone in SCREENS:
            case, say = found[language], SAY[language]
            page = visit("/cases/ageing/?level=1", who="lead", language=language, phone=phone)
            line = page.locator("tr").filter(has=page.locator(f'a[href="/cases/{case}/"]'))
            expect(line).to_contain_text(say["up"])
            expect(line).to_contain_text(say["urgent"])
            line.locator("a.rowlink").click()
            expect(page.locator("#case")).to_contain_text(say["up"])
            expect(page.locator("#case .why-urgent")).to_contain_text(say["urgent"])

    @pytest.mark.requirement(77)
    @pytest.mark.parametrize(("language", "phone"), SCREENS)
    def test_a_person_says_how_urgent_it_is_and_that_stays(
        self, live: Stack, visit: Visit, guests_of: Callable[[str], Guest], language: str, phone: bool
    ) -> None:
        say = SAY[language]
        case = opened(live, visit, guests_of(language), language)
        page = visit(f"/cases/{case}/", who="lead", language=language, phone=phone)
        form = dialog(page, "grade")
        form.locator("[name=severity]").select_option("slight")
        form.locator("[name=urgency]").select_option("4")
        form.locator("[name=reason]").fill(say["why"])
        send(page, form)
        expect(page.locator("#case .why-urgent")).to_contain_text(say["low"])
        expect(page.locator("#case .why-urgent")).to_contain_text(say["why"])

    def test_what_was_kept_stands_with_its_n(self, live: Stack, visit: Visit) -> None:
        for language, phone in SCREENS:
            page = visit("/cases/promises-kept/?by=team", who="lead", language=language, phone=phone)
            expect(page.locator("main table")).to_contain_text("n ")
            with page.expect_download() as kept:
                page.locator('a[href*="promises-kept/export.csv"]').click()
            assert kept.value.suggested_filename == "promises-kept.csv"


def opened(live: Stack, visit: Visit, guest: Guest, language: str) -> int:
    answer(visit(guest.path, language=language, phone=True), 0, WORDS[language])
    return case_of(live, guest)


def earlier(live: Stack, case: int) -> None:
    """The case and its clocks as if it had been opened earlier; at once, for what reads a case locks it."""
    names = ("due_at", "warn_at", "second_at")
    moved = ", ".join(f"{name} = {name} - interval '40 minutes'" for name in names)
    live.query(
        f"update act_case set opened_at = opened_at - interval '40 minutes' where id = {case};"
        f"update act_clock set {moved} where case_id = {case}"
    )
