"""A customer answers on a phone, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests import browser
from voiceloop.server.collect.models import Answer, Invitation, Response, Verbatim

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.requirement(1, 4, 52)]
Open = Callable[..., Page]
PATIENCE = 15_000


@pytest.fixture
def open(live_server: Any, monkeypatch: pytest.MonkeyPatch, path: str) -> Iterator[Open]:
    """The survey on a phone; no page may raise an error."""
    # Playwright runs a loop in this thread; the database is still only used from here.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    errors: list[str] = []
    with browser.beside_live_server() as running:

        def opened(language: str = "zh", query: str = "", **more: Any) -> Page:
            page = browser.context(running, language=language, phone=True, **more).new_page()
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.goto(f"{live_server.url}{path}{query}")
            return page

        yield opened
    assert errors == []


def tap(page: Page, score: int) -> None:
    page.locator("#s1 label").filter(has=page.locator(f'input[value="{score}"]')).click()


class TestPhone:
    @pytest.mark.parametrize(
        ("language", "why", "chip", "thanks"),
        [
            ("zh", "最需要改进的是什么", "等待时间长", "已收到，谢谢您"),
            ("en", "What needs to improve most", "Long wait", "Received, thank you"),
        ],
    )
    def test_it_goes_from_the_score_to_the_thanks(
        self, open: Open, language: str, why: str, chip: str, thanks: str
    ) -> None:
        Invitation.objects.update(language="")
        page = open(language)
        tap(page, 3)
        expect(page.get_by_text(why)).to_be_visible()
        page.get_by_label(chip, exact=True).check(force=True)
        page.locator("textarea:visible").fill("等了四天")
        page.locator("#go").click()
        expect(page.get_by_text(thanks, exact=True)).to_be_visible()
        assert Answer.objects.get(question="why").options == ["wait"]
        assert Response.objects.get().state == "complete"

    def test_it_fits_and_is_in_reach_of_the_thumb(self, open: Open) -> None:
        page = open()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        box = page.locator('#s1 label:has(input[value="10"])').bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["y"] > browser.PHONE["height"] / 2

    def test_it_keeps_each_answer_as_it_is_given(self, open: Open) -> None:
        page = open()
        with page.expect_response(lambda r: r.request.method == "POST"):
            tap(page, 3)
        expect(page.locator("#s2")).to_be_visible()
        with page.expect_response(lambda r: r.request.method == "POST"):
            page.get_by_label("等待时间长").check(force=True)
        page.reload()
        expect(page.locator("#s2")).to_be_visible()
        expect(page.get_by_label("等待时间长")).to_be_checked()

    def test_it_only_preselects_a_score_that_came_by_mail(self, open: Open) -> None:
        page = open(query="?s=9")
        expect(page.locator("#sv")).to_have_text("9")
        assert not Response.objects.exists()
        page.locator("#go").click()
        expect(page.locator("#s3")).to_be_visible()
        assert Answer.objects.get().score == 9

    def test_it_changes_the_question_with_the_score(self, open: Open) -> None:
        page = open()
        tap(page, 3)
        page.locator("#back").click()
        tap(page, 10)
        expect(page.get_by_text("哪一点最让您满意")).to_be_visible()
        expect(page.get_by_text("希望客服主动联系我")).to_be_hidden()

    def test_it_loses_no_word_when_the_network_fails(self, open: Open) -> None:
        page = open()
        tap(page, 3)
        expect(page.locator("#s2")).to_be_visible()
        page.context.set_offline(True)
        page.locator("textarea:visible").fill("等了四天")
        page.locator("#go").click()
        expect(page.locator("#net")).to_contain_text("已保存在本机")
        expect(page.locator("#go")).to_have_text("网络不稳定，点此重试")
        page.context.set_offline(False)
        expect(page.locator("#s3")).to_be_visible(timeout=PATIENCE)
        assert Verbatim.objects.get().text == "等了四天"

    def test_it_brings_back_what_was_typed_after_a_crash(self, open: Open) -> None:
        page = open()
        page.route(re.compile("/s/"), lambda r: r.abort() if r.request.method == "POST" else r.continue_())
        tap(page, 3)
        page.locator("textarea:visible").fill("等了四天")
        expect(page.locator("#net")).to_be_visible(timeout=PATIENCE)
        assert not Response.objects.exists()
        page.unroute_all()
        page.reload()
        expect(page.locator("textarea:visible")).to_have_value("等了四天")
        expect(page.locator("#net")).to_be_hidden()

    def test_it_is_dark_at_night(self, open: Open) -> None:
        page = open(color_scheme="dark")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(22, 27, 35)"

    def test_it_works_without_javascript(self, open: Open) -> None:
        page = open(java_script_enabled=False)
        page.locator('#s1 label:has(input[value="3"])').click()
        page.get_by_role("button", name="继续").click()
        expect(page.get_by_text("最需要改进的是什么")).to_be_visible()
        page.locator("#go").click()
        expect(page.locator("#s3")).to_be_visible()
        assert Response.objects.get().state == "complete"
