"""A customer answers on a phone: with a poor network, without JavaScript, in their own language."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.answering import SUBMIT, answer, choose
from tests.journeys.conftest import Visit
from tests.journeys.guests import Guest
from tests.stack import Stack, wait_until

pytestmark = pytest.mark.browser

QUESTION = {"zh": "您有多大可能向朋友或同事推荐", "en": "How likely are you to recommend"}
REASON = {"zh": "等待时间长", "en": "Long wait"}
WORDS = {"zh": "等了四十分钟才上菜。", "en": "We waited forty minutes for the food."}


def said_by(live: Stack, guest: Guest) -> list[tuple[object, ...]]:
    """State, score, chosen reasons and words of the guest's answers, as the database has them."""
    return live.query(
        f"""
        select r.state, nps.score::int, why.options::text, v.text, r.language from collect_response r
        left join collect_answer nps on nps.response_id = r.id and nps.question = 'nps'
        left join collect_answer why on why.response_id = r.id and why.question = 'why'
        left join collect_verbatim v on v.response_id = r.id
        where r.customer_id = {guest.customer} and r.invitation_id is not null
        """
    )


class TestOnThePhone:
    @pytest.mark.requirement(4, 5, 52)
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_it_asks_why_by_class_and_keeps_every_answer(
        self, live: Stack, visit: Visit, guests_of: Callable[[str], Guest], language: str
    ) -> None:
        guest = guests_of(language)
        page = visit(guest.path, language=language, phone=True)
        expect(page.get_by_role("heading", level=1)).to_contain_text(QUESTION[language])
        assert said_by(live, guest) == [], "a GET wrote something"
        choose(page, 3)
        page.get_by_label(REASON[language]).check()
        page.locator("textarea:visible").fill(WORDS[language])
        wait_until(lambda: [row[3] for row in said_by(live, guest)] == [WORDS[language]])
        assert said_by(live, guest)[0][0] == "started", "kept before it was sent"
        page.locator(SUBMIT).click()
        expect(page.locator("#s3")).to_be_visible()
        assert said_by(live, guest) == [("complete", 3, '["wait"]', WORDS[language], language)]

    @pytest.mark.requirement(52)
    def test_it_is_a_small_page_of_one_request(self, visit: Visit, guests_of: Callable[[str], Guest]) -> None:
        page = visit(guests_of("zh").path, phone=True)
        sizes: list[int] = []
        page.on("response", lambda response: sizes.append(len(response.body())))
        page.reload()
        page.wait_for_load_state("networkidle")
        assert len(sizes) == 1
        assert sizes[0] < 20_000

    @pytest.mark.requirement(52)
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_it_works_without_javascript(
        self, live: Stack, visit: Visit, guests_of: Callable[[str], Guest], language: str
    ) -> None:
        guest = guests_of(language)
        page = visit(guest.path, language=language, phone=True, java_script_enabled=False)
        page.locator("#s1 label").filter(has=page.locator('input[value="3"]')).click()
        page.get_by_role("button", name={"zh": "继续", "en": "Continue"}[language]).click()
        page.get_by_label(REASON[language]).check()
        page.locator("textarea:visible").fill(WORDS[language])
        page.get_by_role("button", name={"zh": "提交", "en": "Submit"}[language]).click()
        expect(page.locator("#s3")).to_be_visible()
        assert said_by(live, guest) == [("complete", 3, '["wait"]', WORDS[language], language)]

    @pytest.mark.requirement(52)
    def test_what_was_typed_is_kept_when_the_network_fails_and_sent_when_it_is_back(
        self, live: Stack, visit: Visit, guests_of: Callable[[str], Guest]
    ) -> None:
        guest = guests_of("zh")
        page = visit(guest.path, phone=True)
        page.context.set_offline(True)
        choose(page, 3)
        words = page.locator("textarea:visible")
        words.fill(WORDS["zh"])
        page.locator(SUBMIT).click()
        expect(page.get_by_role("status").filter(has_text="网络不稳定")).to_be_visible()
        expect(words).to_have_value(WORDS["zh"])
        assert said_by(live, guest) == []
        page.context.set_offline(False)
        expect(page.locator("#s3")).to_be_visible()
        assert [(row[0], row[1], row[3]) for row in said_by(live, guest)] == [("complete", 3, WORDS["zh"])]

    @pytest.mark.requirement(52)
    def test_a_phone_that_died_without_network_still_has_the_draft(
        self, live: Stack, visit: Visit, guests_of: Callable[[str], Guest]
    ) -> None:
        guest = guests_of("zh")
        page = visit(guest.path, phone=True)
        page.context.set_offline(True)
        choose(page, 3)
        page.locator("textarea:visible").fill(WORDS["zh"])
        expect(page.get_by_role("status").filter(has_text="网络不稳定")).to_be_visible()
        context = page.context
        page.close()
        assert said_by(live, guest) == []
        context.set_offline(False)
        again = context.new_page()
        again.goto(live.url + guest.path)
        expect(again.locator("textarea:visible")).to_have_value(WORDS["zh"])

    @pytest.mark.requirement(4)
    def test_another_device_goes_on_where_the_first_stopped(
        self, live: Stack, visit: Visit, guests_of: Callable[[str], Guest]
    ) -> None:
        guest = guests_of("zh")
        first = visit(guest.path, phone=True)
        choose(first, 8)
        wait_until(lambda: said_by(live, guest) != [])
        second = visit(guest.path)
        expect(second.locator("#s2")).to_be_visible()
        expect(second.locator("#sv")).to_have_text("8")


class TestAskInThePages:
    @pytest.mark.requirement(4, 52)
    def test_an_analyst_asks_and_the_customer_answers(
        self, live: Stack, visit: Visit, guests_of: Callable[[str], Guest]
    ) -> None:
        page = visit("/links/", who="admin", language="en")
        page.locator("[name=name]").fill("Table 7")
        page.locator("[name=survey]").select_option(label="After a service contact")
        page.locator("[name=unit]").select_option(index=1)
        page.get_by_role("button", name="Make the link").click()
        page.wait_for_url(re.compile(r"/links/\d+/"))
        address = page.locator('a[href*="/q/"]').get_attribute("href") or ""
        path = "/q/" + address.split("/q/")[1]
        answer(visit(path, language="en", phone=True), 9, "Quick and kind.")
        sql = "select count(*) from collect_response r join collect_publiclink l on l.id = r.link_id"
        assert live.query(f"{sql} where l.slug = '{path.split('/')[2]}' and r.state = 'complete'") == [(1,)]
