"""Every page of the product, as a machine that knows the rules of accessibility reads it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests import browser, shots
from tests.house.routes import pages
from tests.journeys import answering
from tests.journeys.conftest import Visit
from tests.journeys.guests import Guest
from tests.stack import Stack

pytestmark = pytest.mark.browser

AXE = Axe()
STRANGE = ("/accounts/login/", "/q/unknown/", "/s/unknown/", "/nowhere/")
# Made by others, or no page at all.
NOT_OURS = ("accounts/", "api/", "language/", "healthz")
SIZES = {"zh on a desktop": ("zh", False), "en on a phone": ("en", True)}


def violations(page: Page) -> list[str]:
    found: list[dict[str, Any]] = AXE.run(page).response["violations"]
    return [
        f"{page.url}: {one['id']}: {node['html'][:160]} — {node['failureSummary'].splitlines()[-1].strip()}"
        for one in found
        for node in one["nodes"][:3]
    ]


def others(page: Page, url: str) -> list[str]:
    """Every further page that an admin finds without an object in its address; no file, no part of a page."""
    plain = [
        f"/{r.pattern}" for r in pages() if r.name and not r.words and not r.pattern.startswith(NOT_OURS)
    ]
    answers = {path: page.request.get(url + path) for path in plain if path not in shots.SCREENS["admin"]}
    return [path for path, answer in answers.items() if answer.ok and "<html" in answer.text()]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("person", shots.SCREENS)
def test_axe_finds_nothing_on_a_page(person: str, size: str, live: Stack, visit: Visit) -> None:
    language, phone = SIZES[size]
    page = visit("/", person, language, phone)
    known: dict[str, str] = {}
    found: list[str] = []
    more = others(page, live.url) if person == "admin" and not phone else []
    for screen in (*shots.SCREENS[person], *more):
        answer = page.goto(live.url + shots._filled(page, live.url, screen, known))
        if answer is None or answer.status != 200:
            found.append(f"{screen} answers {answer.status if answer else 'nothing'}")
        found += violations(page)
    assert "\n".join(found) == ""


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_on_what_customers_see(
    size: str, live: Stack, visit: Visit, guests_of: Callable[[str], Guest]
) -> None:
    language, phone = SIZES[size]
    page = visit("/privacy/", "", language, phone)
    found = violations(page)
    for path in STRANGE:
        page.goto(live.url + path)
        found += violations(page)
    page.goto(live.url + guests_of(language).path)
    found += violations(page)
    answering.choose(page, 3)
    found += violations(page)
    page.locator(answering.SUBMIT).click()
    expect(page.locator("#s3")).to_be_visible()
    found += violations(page)
    assert "\n".join(found) == ""


def test_axe_finds_what_is_wrong(chromium: Any) -> None:
    """Else the tests above would prove nothing."""
    with browser.context(chromium) as context:
        page = context.new_page()
        page.set_content("<html><body><img src='data:,'><button></button></body></html>")
        assert len(violations(page)) > 1
