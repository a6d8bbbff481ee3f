"""A rule is written, counted on history and put into use; another department does its part of a case."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.answering import answer
from tests.journeys.conftest import Visit
from tests.journeys.guests import Guest
from tests.journeys.working import case_of
from tests.stack import Stack

pytestmark = pytest.mark.browser
SAY = {
    "zh": {"draft": "草稿", "used": "使用中", "caught": "会命中"},
    "en": {"draft": "Draft", "used": "In use", "caught": "Would have been caught"},
}


def press(page: Page, value: str) -> None:
    """Press a button of the editor; it saves the draft with htmx, or as a form before that is ready."""
    page.locator(f'#editor button[name="do"][value="{value}"]').first.click()


class TestRule:
    @pytest.mark.requirement(106)
    @pytest.mark.parametrize(("language", "phone"), [("zh", False), ("en", True)])
    def test_it_is_edited_counted_and_put_into_use(
        self, live: Stack, visit: Visit, language: str, phone: bool
    ) -> None:
        page = visit("/playbooks/", who="admin", language=language, phone=phone)
        page.locator('[data-opens="dialog-new"]').click()
        page.locator("#new-name").fill(f"Gold {language}")
        page.locator("#dialog-new button.pri").click()

        press(page, "add-rule:c")
        page.locator('[name="c-0-fact"]').select_option("score")
        page.locator('[name="c-0-is"]').select_option("at_most")
        page.locator('[name="c-0-value"]').fill("3")
        for n, action in enumerate(("apologise", "call_back"), 1):
            page.locator("#add-action").select_option(action)
            press(page, "add-step")
            expect(page.locator(".stepcard")).to_have_count(n)
        press(page, "down:s-0")
        expect(page.locator(".stepcard").nth(1)).to_have_attribute("data-key-of", "apologise")
        expect(page.locator('[name="c-0-value"]')).to_have_value("3")

        page.goto(page.url.replace("/edit/", "/dry-run/"))
        page.locator('form select[name="days"]').select_option("365")
        page.locator('form:has(select[name="days"]) button').click()
        expect(page.locator("#dry")).to_contain_text(SAY[language]["caught"])
        expect(page.locator("#dry-days")).to_be_visible()
        page.locator("#dry form button.pri").click()
        page.locator("dialog[open] button.pri").click()
        expect(page.locator("h1")).to_have_text(f"Gold {language}")
        assert live.query(
            f"select count(*) from act_playbookversion where state = 'active' and name = 'Gold {language}'"
        ) == [(1,)]


class TestDepartments:
    @pytest.mark.requirement(125)
    def test_a_department_does_its_part(
        self, live: Stack, visit: Visit, guests_of: Callable[[str], Guest]
    ) -> None:
        guest = guests_of("zh")
        answer(visit(guest.path, phone=True), 1, "重复扣款了两次。")
        case = case_of(live, guest)
        page = visit(f"/cases/{case}/handing/", who="lead")
        page.locator('[name="unit"]').select_option(index=1)
        page.locator('[name="what"]').fill("核对扣款记录")
        page.locator("form.form button.pri").click()
        expect(page.locator(".strip")).to_contain_text("核对扣款记录")

        theirs = visit("/handed/", who="admin")
        theirs.get_by_role("link", name="核对扣款记录").first.click()
        theirs.locator("#handed-note").fill("已退回一笔。")
        theirs.locator("form.form button.pri").click()
        page.reload()
        expect(page.locator(".strip")).to_contain_text("已退回一笔。")
