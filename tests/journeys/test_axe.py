"""Every page of the product, as a machine that knows the rules of accessibility reads it."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests import browser, shots
from tests.journeys.conftest import Visit
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("live")]

AXE = Axe()
PUBLIC = ("/accounts/login/", "/privacy/", "/q/{slug}/", "/q/{slug}/?step=2&s=3", "/q/unknown/", "/nowhere/")
SIZES = {"zh on a desktop": ("zh", False), "en on a phone": ("en", True)}


def violations(page: Page) -> list[str]:
    found: list[dict[str, Any]] = AXE.run(page).response["violations"]
    return [
        f"{page.url}: {one['id']}: {node['html'][:160]} — {node['failureSummary'].splitlines()[-1].strip()}"
        for one in found
        for node in one["nodes"][:3]
    ]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("person", shots.SCREENS)
def test_axe_finds_nothing_on_a_page(person: str, size: str, live: Stack, visit: Visit) -> None:
    language, phone = SIZES[size]
    page = visit("/", person, language, phone)
    known: dict[str, str] = {}
    found: list[str] = []
    for screen in shots.SCREENS[person]:
        path = shots._filled(page, live.url, screen, known)
        answer = page.goto(live.url + path)
        page.wait_for_load_state("networkidle")
        if answer is None or answer.status != 200:
            found.append(f"{path} answers {answer.status if answer else 'nothing'}")
        found += violations(page)
    assert "\n".join(found) == ""


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_on_a_public_page(size: str, live: Stack, visit: Visit) -> None:
    language, phone = SIZES[size]
    ((slug,),) = live.query("select slug from collect_publiclink where revoked_at is null limit 1")
    page = visit("/privacy/", "", language, phone)
    found: list[str] = []
    for path in PUBLIC:
        page.goto(live.url + path.format(slug=slug))
        found += violations(page)
    assert "\n".join(found) == ""


def test_axe_finds_what_is_wrong(chromium: Any) -> None:
    """Else the tests above would prove nothing."""
    with browser.context(chromium) as context:
        page = context.new_page()
        page.set_content("<html><body><img src='data:,'><button></button></body></html>")
        assert len(violations(page)) > 1
