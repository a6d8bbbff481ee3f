"""A case given away is on the agent's open workbench at once, and rings; nothing in hand is lost."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.answering import answer
from tests.journeys.conftest import Visit
from tests.journeys.guests import Guest
from tests.journeys.working import case_of, dialog, send
from tests.stack import Stack, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.requirement(111)]

WORDS = {"zh": "汤洒了一路，没人接电话。", "en": "The soup was all over the bag and nobody answered."}
SAY = {
    "zh": {"given": "指派给", "all": "全部标为已读", "undo": "撤销"},
    "en": {"given": "Assigned to", "all": "Mark all as read", "undo": "Undo"},
}


def bring_the_agent(live: Stack, case: int) -> None:
    """The demo's agent comes to the store where this case is answered."""
    store = f"select unit_id from act_case where id = {case}"
    live.query(f"update core_user set unit_id = ({store}) where username = 'agent'")


def give(page: Page, live: Stack, case: int) -> None:
    page.goto(f"{live.url}/cases/{case}/")
    form = dialog(page, "assign")
    agent = live.query("select id from core_user where username = 'agent'")[0][0]
    form.locator("[name=to]").select_option(str(agent))
    send(page, form)


class TestLive:
    @pytest.mark.parametrize(("language", "phone"), [("zh", False), ("en", True)])
    def test_a_case_given_away_appears_and_rings_without_a_reload(
        self, live: Stack, visit: Visit, guests_of: Callable[[str], Guest], language: str, phone: bool
    ) -> None:
        guest, say = guests_of(language), SAY[language]
        answer(visit(guest.path, language=language, phone=True), 1, WORDS[language])
        case = case_of(live, guest)
        lead = visit("/workbench/?tab=team", who="admin", language=language)
        nobody_owns(live, case)
        bring_the_agent(live, case)

        desk = visit("/workbench/?tab=mine", who="agent", language=language, phone=phone)
        queue = desk.locator("#queue")
        expect(queue).not_to_contain_text(guest.name)
        desk.evaluate("window.untouched = true")
        give(lead, live, case)
        expect(queue).to_contain_text(guest.name)
        expect(desk.locator("#bell summary [data-count=unread]")).to_be_visible()
        expect(desk).to_have_title(re.compile(r"^\(\d+\) "))
        assert desk.evaluate("window.untouched")

        desk.locator("#bell summary").click()
        panel = desk.locator("#notice-panel")
        expect(panel).to_contain_text(say["given"])
        panel.get_by_role("button", name=say["all"]).click()
        expect(panel.locator(".unread")).to_have_count(0)
        panel.get_by_role("button", name=say["undo"]).click()
        panel.locator(".notice.unread .notice-go").filter(has_text=guest.name).first.click()
        desk.wait_for_url(lambda address: f"/cases/{case}/" in address)

    def test_what_an_agent_is_typing_outlives_a_change(
        self, live: Stack, visit: Visit, guests_of: Callable[[str], Guest]
    ) -> None:
        guest = guests_of("zh")
        answer(visit(guest.path, language="zh", phone=True), 2, WORDS["zh"])
        case = case_of(live, guest)
        lead = visit(f"/cases/{case}/", who="admin")
        page = visit(f"/workbench/?tab=team&case={case}", who="admin")
        form = dialog(page, "note")
        form.locator("[name=text]").fill("写到一半")
        other = dialog(lead, "note")
        other.locator("[name=text]").fill("别人的备注")
        send(lead, other)
        expect(page.locator("#case .tl").last).to_contain_text("别人的备注")
        expect(form.locator("[name=text]")).to_have_value("写到一半")
        expect(form.locator("[name=text]")).to_be_focused()


def nobody_owns(live: Stack, case: int) -> None:
    """Routing is done; then the case is nobody's again."""
    wait_until(lambda: live.query(f"select 1 from act_assignment where case_id = {case}") != [])
    live.query(f"update act_case set owner_id = null where id = {case}")
