"""A shift with the hands on the keys: three cases, a step taken back, one found again and reopened."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.answering import answer
from tests.journeys.conftest import Visit
from tests.journeys.guests import Guest
from tests.journeys.working import case_of
from tests.stack import Stack, wait_until

pytestmark = pytest.mark.browser

OPEN = "select count(*) from act_case where id = {} and resolved_at is null"
# The three of the shift, and one for the key of the next to go to.
CASES = 4
SNOOZED = "select count(*) from act_snooze where case_id = {} and ended_at is null"


def bring_work(live: Stack, visit: Visit, guest: Guest) -> None:
    """A customer is not content; a case of theirs is open."""
    answer(visit(guest.path, phone=True), 1, "等了一个小时，太失望了。")
    case_of(live, guest)


def shown(page: Page) -> int:
    """The number of the case in view."""
    return int(page.locator("#case").get_attribute("data-case") or 0)


def next_case(page: Page) -> int:
    """The key of the next case, until another one is shown."""
    before = shown(page)
    page.keyboard.press("j")
    expect(page.locator(f"#case[data-case='{before}']")).to_have_count(0)
    return shown(page)


def is_true(live: Stack, sql: str, case: int) -> bool:
    return live.query(sql.format(case))[0][0] == 1


def resolve(page: Page, live: Stack, case: int) -> None:
    """e, the first cause, a word, and off with it."""
    page.keyboard.press("e")
    expect(page.locator("#dialog-resolve")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("Done.")
    page.keyboard.press("Control+Enter")
    wait_until(lambda: not is_true(live, OPEN, case))


class TestKeyboard:
    @pytest.mark.requirement(111, 120, 129)
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_three_cases_are_worked_through_without_a_mouse(
        self, live: Stack, visit: Visit, guests_of: Callable[[str], Guest], language: str
    ) -> None:
        for _ in range(CASES):
            bring_work(live, visit, guests_of(language))
        page = visit("/workbench/?tab=team", who="lead", language=language)
        first = shown(page)

        # A note with one of the phrases, chosen by its key.
        page.keyboard.press("n")
        page.keyboard.type("/")
        expect(page.locator("#picker [role=option]").first).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.locator("#dialog-note textarea")).not_to_have_value("")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#dialog-note")).to_be_hidden()

        # Resolved by a slip of the hand, and taken back.
        resolve(page, live, first)
        expect(page.locator("#case [data-key=o]")).to_be_visible()
        page.keyboard.press("z")
        wait_until(lambda: is_true(live, OPEN, first))
        expect(page.locator("#case [data-key=e]")).to_be_visible()
        resolve(page, live, first)
        expect(page.locator("#case [data-key=o]")).to_be_visible()

        page.goto(f"{live.url}/workbench/?tab=team")
        second = shown(page)
        page.keyboard.press("s")
        expect(page.locator("#dialog-snooze")).to_be_visible()
        page.keyboard.press("Enter")
        wait_until(lambda: is_true(live, SNOOZED, second))

        page.goto(f"{live.url}/workbench/?tab=team")
        third = next_case(page)
        page.keyboard.press("p")
        page.keyboard.type("A photo")
        page.keyboard.press("Enter")
        expect(page.locator("#case [data-key=z]")).to_be_visible()
        assert third not in (first, second)

        # What turned out not to be solved is found by its number and opened again.
        page.keyboard.press("Control+k")
        page.keyboard.type(f"#{first}")
        expect(page.locator("#bar-list [role=option][aria-selected=true]")).to_contain_text(f"#{first}")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/cases/{first}/")
        page.keyboard.press("o")
        page.keyboard.type("It happened again.")
        page.keyboard.press("Control+Enter")
        wait_until(lambda: is_true(live, OPEN, first))
        expect(page.locator("#case [data-key=e]")).to_be_visible()

        page.keyboard.press("?")
        expect(page.locator("dialog[open] dl.keys").first).to_contain_text("e")

    @pytest.mark.requirement(111)
    def test_on_a_phone_the_bar_is_a_button(self, live: Stack, visit: Visit) -> None:
        page = visit("/cases/", who="lead", language="zh", phone=True)
        page.locator(".menu").click()
        page.locator("[data-opens-bar]").click()
        page.locator("#bar-q").fill("快捷")
        page.locator("#bar-list a", has_text="快捷操作").click()
        page.wait_for_url("**/macros/")
