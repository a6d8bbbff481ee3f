"""The loop: an unhappy customer is heard, helped, called back, asked again; and the two other classes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.answering import answer
from tests.journeys.conftest import Visit
from tests.journeys.guests import Guest
from tests.journeys.working import call_back, case_of, contact, note, resolve, waiting_calls
from tests.stack import Stack, wait_until

pytestmark = pytest.mark.browser

WORDS = {"zh": "催了三次还没上菜，太失望了。", "en": "Asked three times and the food never came."}
SAY = {
    "zh": {"reached": "已联系", "resolved": "已解决", "recovered": "已修复"},
    "en": {"reached": "Contacted", "resolved": "Resolved", "recovered": "Recovered"},
}
SCREENS = [("zh", False), ("en", True)]


class TestDetractor:
    @pytest.mark.requirement(99, 100, 101, 102, 103, 106, 147)
    @pytest.mark.parametrize(("language", "phone"), SCREENS)
    def test_an_unhappy_customer_is_recovered(
        self, live: Stack, visit: Visit, guests_of: Callable[[str], Guest], language: str, phone: bool
    ) -> None:
        guest, say = guests_of(language), SAY[language]
        answer(visit(guest.path, language=language, phone=True), 1, WORDS[language])
        case = case_of(live, guest)

        page = visit("/workbench/?tab=team", who="lead", language=language, phone=phone)
        page.goto(f"{live.url}/workbench/?case={case}")
        expect(page.locator("#case")).to_contain_text(guest.name)
        expect(page.locator("#case")).to_contain_text(WORDS[language])
        expect(page.locator("#case")).to_contain_text(guest.masked_phone)
        assert guest.phone not in page.content()

        contact(page, "Talked for five minutes.")
        expect(page.locator("#case h2 ~ *, #case")).not_to_have_count(0)
        expect(page.locator("#case .chip").filter(has_text=say["reached"]).first).to_be_visible()
        note(page, "Prefers calls after six.")
        cause = resolve(page, "Refunded the meal and told the kitchen.")
        expect(page.locator("#case")).to_contain_text(cause)
        expect(page.locator("#case")).to_contain_text("Prefers calls after six.")

        assert waiting_calls(live, case) == [1, 24, 72]
        live.query(f"update act_callback set due_at = now() where case_id = {case}")
        for left in ([24, 72], [72], []):
            page.goto(f"{live.url}/cases/{case}/")
            call_back(page, "solved", "All good.")
            assert waiting_calls(live, case) == left

        path = re_survey(live, case)
        page.goto(f"{live.url}/outbox/")
        page.locator("a.rowlink").first.click()
        expect(page.locator("main")).to_contain_text(path)
        answer(visit(path, language=language, phone=True), 9)
        wait_until(lambda: outcome(live, case) == "recovered")
        page.goto(f"{live.url}/cases/{case}/")
        expect(page.locator("#case .chip.pos").filter(has_text=say["recovered"])).to_be_visible()

    @pytest.mark.requirement(102)
    def test_a_callback_that_hears_not_solved_opens_the_case_again(
        self, live: Stack, visit: Visit, guests_of: Callable[[str], Guest]
    ) -> None:
        guest = guests_of("zh")
        answer(visit(guest.path, phone=True), 0)
        case = case_of(live, guest)
        page = visit(f"/cases/{case}/", who="lead")
        contact(page, "已致电。")
        resolve(page, "已补发。")
        page.goto(f"{live.url}/cases/{case}/")
        call_back(page, "not_solved", "还是没有收到。")
        page.goto(f"{live.url}/cases/{case}/")
        expect(page.locator('.case-actions [data-opens="dialog-resolve"]')).to_be_visible()
        expect(page.locator("#case")).to_contain_text("还是没有收到。")
        assert waiting_calls(live, case) == []

    @pytest.mark.requirement(99)
    def test_it_comes_to_the_agents_workbench_by_itself(
        self, live: Stack, visit: Visit, guests_of: Callable[[str], Guest]
    ) -> None:
        guest = guests_of("en")
        answer(visit(guest.path, language="en", phone=True), 2, WORDS["en"])
        case = case_of(live, guest)
        agent = "select id from core_user where username = 'agent'"
        live.query(f"update act_case set owner_id = ({agent}) where id = {case}")
        page = visit("/workbench/", who="agent", language="en")
        expect(page.locator("#queue")).to_contain_text(guest.name)
        page.get_by_role("link", name=guest.name).first.click()
        expect(page.locator("#case")).to_contain_text(WORDS["en"])
        page.locator("#case h2 a").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(guest.name)
        expect(page.locator("main")).to_contain_text(WORDS["en"])
        expect(page.locator("main")).to_contain_text(guest.masked_phone)


class TestOthers:
    @pytest.mark.requirement(106)
    def test_a_passive_gets_a_care_task(
        self, live: Stack, visit: Visit, guests_of: Callable[[str], Guest]
    ) -> None:
        guest = guests_of("zh")
        answer(visit(guest.path, phone=True), 7, "菜品不错，就是停车难。")
        task = f"select count(*) from act_caretask where customer_id = {guest.customer}"
        wait_until(lambda: live.query(task) == [(1,)])
        page = visit("/growth/?page=1000", who="lead", phone=True)
        line = page.locator(".call").filter(has_text=guest.name)
        line.locator("[name=note]").fill("已告知新的停车优惠。")
        line.locator("[value=cared]").click()
        expect(page.locator(".call").filter(has_text="已告知新的停车优惠。")).to_be_visible()

    @pytest.mark.requirement(106)
    def test_a_promoter_gets_a_link_to_share(
        self, live: Stack, visit: Visit, guests_of: Callable[[str], Guest]
    ) -> None:
        guest = guests_of("en")
        answer(visit(guest.path, language="en", phone=True), 10, "Best noodles in town.")
        sql = f"select code from act_sharelink where customer_id = {guest.customer}"
        wait_until(lambda: live.query(sql) != [])
        page = visit("/growth/?tab=links", who="lead", language="en")
        link = page.locator("tr").filter(has_text=guest.name).locator("a").last
        path = link.get_attribute("href") or ""
        friend = visit(path, language="en", phone=True)
        friend.get_by_role("button", name="I came on a friend's recommendation").click()
        expect(friend.get_by_role("status")).to_be_visible()
        page.reload()
        expect(page.locator("tr").filter(has_text=guest.name).locator("td.num")).to_have_text("1")


def re_survey(live: Stack, case: int) -> str:
    """The path of the personal page in the message of the re-survey."""
    sql = f"select body from collect_message where about = 'case:{case}'"
    wait_until(lambda: live.query(sql) != [])
    found = re.search(r"/s/[^\s]+/", str(live.query(sql)[0][0]))
    assert found
    return found[0]


def outcome(live: Stack, case: int) -> object:
    found = live.query(f"select code from act_outcome where case_id = {case}")
    return found[0][0] if found else None
