"""An agent works with the keyboard in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests import browser
from voiceloop.server.act import starter
from voiceloop.server.act.cases import cases
from voiceloop.server.act.models import Case
from voiceloop.server.collect.models import Answer, Customer, Response, Verbatim
from voiceloop.server.core.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.requirement(111)]


@pytest.fixture
def page(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    # Playwright runs a loop in this thread; the database is still only used from here.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with browser.beside_live_server() as running:
        yield browser.context(running).new_page()


def complaint(agent: User, words: str) -> Case:
    unit = agent.unit
    customer = Customer.objects.create(unit=unit, name=f"客人{words[:2]}", phone="13812345678")
    response = Response.objects.create(unit=unit, customer=customer, idempotency_key=words)
    Answer.objects.create(response=response, question="nps", scale="nps_0_10", score=2)
    Verbatim.objects.create(response=response, text=words, language="zh")
    return cases.route(cases.open_for_response(response))


class TestWorkbench:
    def test_a_case_arrives_is_answered_resolved_and_taken_back(
        self, page: Page, live_server: Any, alice: User
    ) -> None:
        starter.starter()
        first = complaint(alice, "等了一个小时")
        browser.sign_in(page, live_server.url, "alice", "voiceloop")
        page.goto(f"{live_server.url}/workbench/?case={first.pk}")
        complaint(alice, "汤全洒了")
        expect(page.locator("#queue")).to_contain_text("汤全洒了", timeout=15_000)
        self.answer(page)
        self.resolve(page)
        page.locator("#case").get_by_role("button", name="撤销").click()
        expect(page.locator("[data-opens=dialog-resolve]").first).to_be_visible()
        assert Case.objects.open().count() == 2

    def answer(self, page: Page) -> None:
        page.keyboard.press("c")
        page.locator("#dialog-contact textarea").fill("已致歉并安排重做")
        page.locator("#dialog-contact .pri").click()
        expect(page.locator("#case .tl").last).to_contain_text("已致歉并安排重做")

    def resolve(self, page: Page) -> None:
        page.keyboard.press("e")
        page.locator("#dialog-resolve select").select_option(index=1)
        page.locator("#dialog-resolve .pri").click()
        expect(page.locator("#dialog-reopen")).to_be_attached()
        assert Case.objects.resolved().count() == 1

    def test_the_keys_walk_through_the_queue(self, page: Page, live_server: Any, alice: User) -> None:
        for words in ("第一件事", "第二件事"):
            complaint(alice, words)
        browser.sign_in(page, live_server.url, "alice", "voiceloop")
        page.goto(f"{live_server.url}/workbench/")
        expect(page.locator("#case")).to_contain_text("第一件事")
        page.keyboard.press("j")
        expect(page.locator("#case")).to_contain_text("第二件事")
        page.keyboard.press("k")
        expect(page.locator("#case")).to_contain_text("第一件事")
