"""A real browser with the product's people in it."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 30

_open: list[Browser] = []


@contextmanager
def browser() -> Iterator[Browser]:
    """Debian's Chromium where there is one, else the one that Playwright brings; one for each process."""
    if _open:
        yield _open[0]
        return
    with sync_playwright() as playwright:
        found = os.environ.get("VOICELOOP_BROWSER") or shutil.which("chromium") or None
        running = playwright.chromium.launch(executable_path=found, args=FLAGS)
        _open.append(running)
        try:
            yield running
        finally:
            _open.clear()
            running.close()


@contextmanager
def beside_live_server() -> Iterator[Browser]:
    """A browser for Django's live server: nothing is on its way any more when the tables are emptied."""
    with browser() as running:
        others = set(running.contexts)
        yield running
        for context in set(running.contexts) - others:
            context.close()
        # TRICKY: a request that is still served while pytest empties the tables deadlocks with it.
        for thread in threading.enumerate():
            if "process_request_thread" in thread.name:
                thread.join(PATIENCE)
        # TRICKY: while a loop runs, Django keeps another connection than the one that pytest closes.
        connections.close_all()


def context(running: Browser, *, language: str = "zh", phone: bool = False, **more: Any) -> BrowserContext:
    screen = {"viewport": PHONE, "is_mobile": True, "has_touch": True} if phone else {"viewport": DESKTOP}
    return running.new_context(locale="zh-CN" if language == "zh" else "en-US", **screen, **more)


def speak(page: Page, url: str, language: str) -> None:
    code = "zh-hans" if language == "zh" else "en"
    page.context.add_cookies([{"name": "django_language", "value": code, "url": url}])


def sign_in(page: Page, url: str, username: str, password: str, language: str = "zh") -> None:
    speak(page, url, language)
    page.goto(f"{url}/accounts/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda address: "/accounts/login" not in address)
