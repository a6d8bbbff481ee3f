"""The green channel: a high-value customer's answer goes to the senior agent, and the lead knows at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.answering import answer
from tests.journeys.conftest import Visit
from tests.journeys.guests import Guest
from tests.journeys.working import case_of
from tests.stack import Stack, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.requirement(121, 124)]

SAY = {
    "zh": {"badge": "绿色通道", "senior": "资深", "away": "当时离开", "words": "等了一个小时，太失望了。"},
    "en": {"badge": "Green channel", "senior": "senior", "away": "was away", "words": "We waited an hour."},
}  # fmt: skip


@pytest.fixture
def team(live: Stack) -> Iterator[None]:
    """Other journeys find the team as it was."""
    live.query("create table team_as_it_was as select * from act_agentprofile")
    yield
    live.query("delete from act_agentprofile")
    live.query("insert into act_agentprofile select * from team_as_it_was")
    live.query("drop table team_as_it_was")


@pytest.mark.usefixtures("team")
@pytest.mark.parametrize(("language", "phone"), [("zh", False), ("en", True)])
def test_a_valued_customer_is_a_senior_agents_at_once(
    live: Stack, visit: Visit, guests_of: Callable[[str], Guest], language: str, phone: bool
) -> None:
    say, guest = SAY[language], guests_of(language)
    live.query(f"update collect_customer set tier = 'black' where id = {guest.customer}")
    live.query(f"update collect_invitation set tier = 'black' where customer_id = {guest.customer}")
    choose_tier(visit("/team/green/", who="admin", language=language))
    make_senior(live, visit("/team/", who="lead", language=language))

    answer(visit(guest.path, language=language, phone=True), 1, say["words"])
    case = case_of(live, guest)
    owned = f"select u.username from act_case c join core_user u on u.id = c.owner_id where c.id = {case}"
    wait_until(lambda: live.query(owned) == [("agent",)])

    desk = visit("/workbench/", who="agent", language=language, phone=phone)
    expect(desk.locator("#queue li").filter(has_text=guest.name)).to_contain_text(say["badge"])
    desk.goto(f"{live.url}/cases/{case}/")
    expect(desk.locator("#case .green-channel")).to_have_text(say["badge"])
    desk.locator(".chosen-why summary").click()
    expect(desk.locator(".chosen-why")).to_contain_text(say["senior"])
    expect(desk.locator(".chosen-why")).to_contain_text(say["away"])

    told = (
        "select count(*) from act_notice n join core_event e on e.id = n.event_id join core_user u on"
        f" u.id = n.user_id where u.username = 'lead' and e.type = 'case.green' and n.case_id = {case}"
    )
    wait_until(lambda: live.query(told) != [(0,)])
    lead = visit("/notices/", who="lead", language=language, phone=phone)
    expect(lead.locator("main")).to_contain_text(say["badge"])


def choose_tier(page: Page) -> None:
    """The company's rule: those with a black card."""
    page.locator("[name=tiers][value=black]").check()
    page.locator("main form button.pri").click()
    expect(page.locator("main")).to_contain_text("30")


def make_senior(live: Stack, page: Page) -> None:
    """The agent is senior, sits with room, and the colleagues beside them are away."""
    names = ("agent", "a02", "a03", "a04")
    agent, *others = (
        live.query(f"select id from core_user where username = '{name}'")[0][0] for name in names
    )
    for other in others:
        with page.expect_response(lambda one: "/status/" in one.url and one.request.method == "POST"):
            page.locator(f'form[action$="/team/{other}/status/"] select').select_option("away")
    page.goto(f"{live.url}/team/{agent}/")
    page.locator("[name=is_senior]").check()
    page.locator("[name=languages][value=en]").check()
    page.locator("[name=capacity]").fill("200")
    page.locator("main form button.pri").click()
    expect(page.locator("table.work")).to_be_visible()
