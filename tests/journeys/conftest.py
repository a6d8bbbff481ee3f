"""A browser, the people who use it, and the customers who answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import browser
from tests.journeys import guests
from tests.journeys.guests import Guest
from tests.stack import Stack

Visit = Callable[..., Page]
SignedIn = Callable[[str], Any]
N_GUESTS = 24
SECONDS = 30_000  # milliseconds; a busy machine takes longer, and no test asserts how long it took


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=SECONDS)
    with browser.browser() as running:
        yield running


@pytest.fixture(scope="session")
def signed_in_as(chromium: Browser, live: Stack) -> SignedIn:
    return cookies_in(chromium, live)


def cookies_in(chromium: Browser, live: Stack) -> SignedIn:
    """The cookies of a person, who signs in once."""
    known: dict[str, Any] = {}

    def cookies(person: str) -> Any:
        if person not in known:
            with browser.context(chromium) as context:
                page = context.new_page()
                browser.sign_in(page, live.url, person, live.password)
                known[person] = context.storage_state()
        return known[person]

    return cookies


@pytest.fixture
def visit(chromium: Browser, live: Stack, signed_in_as: SignedIn) -> Iterator[Visit]:
    """Open a page as a person, or as a customer when nobody is named; no page may raise an error."""
    contexts, errors = [], []

    def open(path: str, who: str = "", language: str = "zh", phone: bool = False, **more: Any) -> Page:
        kept = {"storage_state": signed_in_as(who)} if who else {}
        context = browser.context(chromium, language=language, phone=phone, **kept, **more)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(SECONDS)
        page.on("pageerror", lambda error: errors.append(str(error)))
        if who:
            browser.speak(page, live.url, language)
        page.goto(live.url + path)
        return page

    yield open
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture(scope="session")
def guests_of(live: Stack) -> Callable[[str], Guest]:
    """The next customer of a language who was asked and has not answered."""
    waiting = {language: iter(guests.ask(live, N_GUESTS, language)) for language in ("zh", "en")}
    return lambda language: next(waiting[language])
