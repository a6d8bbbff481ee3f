"""Takes a picture of every screen of the demo company, for anyone to look through."""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests import browser, stack
from voiceloop.server.config.supervisor import DEMO_PASSWORD

# Who looks at what; {case} and the like are taken from the first link of the list page.
SCREENS = {
    "admin": (
        "/",
        "/explore/?metric=nps&by=unit",
        "/voice/",
        "/voice/{voice}/",
        "/responses/{responses}/",
        "/workbench/",
        "/cases/",
        "/cases/{cases}/",
        "/callbacks/",
        "/customers/",
        "/customers/{customers}/",
        "/knowledge/",
        "/growth/",
        "/coaching/",
        "/causes/",
        "/initiatives/",
        "/programmes/",
        "/surveys/",
        "/invitations/",
        "/imports/",
        "/people/",
        "/audit/",
        "/health/",
    ),
    "agent": ("/workbench/", "/callbacks/"),
}
LISTS = {
    "voice": "/voice/",
    "responses": "/explore/?metric=nps",
    "cases": "/cases/",
    "customers": "/customers/",
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/shots", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("shots"))
    parser.add_argument("--url", help="a running demo; without it one is started")
    parser.add_argument("--only", default="", help="only addresses that contain this")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    with _demo(chosen.url) as url, browser.browser() as running:
        for language in ("zh", "en"):
            for phone in (False, True):
                for person in SCREENS:
                    _take(running, url, person, language, phone, chosen)
    print(chosen.folder)


@contextmanager
def _demo(url: str | None) -> Iterator[str]:
    if url:
        yield url.rstrip("/")
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        stack.running(Path(folder) / "data", command="demo") as demo,
    ):
        yield demo.url


def _take(
    running: Browser, url: str, person: str, language: str, phone: bool, chosen: argparse.Namespace
) -> None:
    with browser.context(running, language=language, phone=phone) as context:
        page = context.new_page()
        browser.sign_in(page, url, person, DEMO_PASSWORD, language)
        known: dict[str, str] = {}
        for screen in SCREENS[person]:
            if chosen.only not in screen:
                continue
            path = _filled(page, url, screen, known)
            answer = page.goto(url + path)
            page.wait_for_load_state("networkidle")
            name = re.sub(r"\W+", "-", screen.split("?")[0]).strip("-") or "home"
            size = "phone" if phone else "desktop"
            page.screenshot(path=chosen.folder / f"{name}.{person}.{language}.{size}.png", full_page=True)
            if answer is None or answer.status != 200:
                print(f"{path}: {answer.status if answer else 'no answer'}", file=sys.stderr)


def _filled(page: Page, url: str, screen: str, known: dict[str, str]) -> str:
    """Put the number of a thing that exists into the address of its page."""
    for noun in re.findall(r"{(\w+)}", screen):
        if noun not in known:
            page.goto(url + LISTS[noun])
            found = re.search(rf'href="/{noun}/(\d+)/"', page.content())
            known[noun] = found.group(1) if found else "0"
        screen = screen.replace(f"{{{noun}}}", known[noun])
    return screen


if __name__ == "__main__":
    main()
