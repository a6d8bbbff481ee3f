"""What a customer does on the survey page."""

from __future__ import annotations

from playwright.sync_api import Page, expect

SUBMIT = "#go"


def choose(page: Page, score: int) -> None:
    """Tap a score; the page goes on by itself."""
    page.locator("#s1 label").filter(has=page.locator(f'input[value="{score}"]')).click()
    expect(page.locator("#s2")).to_be_visible()


def answer(page: Page, score: int, words: str = "") -> None:
    """The whole survey, as most people do it: a score, a word why, done."""
    choose(page, score)
    if words:
        page.locator("textarea:visible").fill(words)
    page.locator(SUBMIT).click()
    expect(page.locator("#s3")).to_be_visible()
