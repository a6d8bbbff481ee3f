"""What was written is labelled with its evidence, and never shows who was named in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.answering import answer
from tests.journeys.conftest import Visit
from tests.journeys.guests import Guest
from tests.stack import Stack, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.requirement(65, 67, 72)]

WORDS = {
    "zh": "等位等了一个多小时，服务员态度很差，请打 13912345678 联系我。",
    "en": "We waited over an hour and the waiter was rude. Call 13912345678 or mail li.lei@example.com.",
}
MASKED = {"zh": "13912345678", "en": "li.lei@example.com"}
NEGATIVE = {"zh": "负面", "en": "Negative"}
PROBLEM = {"zh": "问题", "en": "Problem"}


def comment_of(page: Page, words: str) -> Locator:
    """The comment on the list, once it is labelled."""
    found = page.locator("article.cm").filter(has_text=words)

    def is_labelled() -> bool:
        page.reload()
        return found.locator(".chip").count() > 1

    wait_until(is_labelled)
    return found.first


@pytest.mark.parametrize(("language", "phone"), [("zh", False), ("en", True)])
class TestVoice:
    def test_a_comment_shows_its_labels_and_evidence_but_no_phone_number(
        self,
        live: Stack,
        visit: Visit,
        guests_of: Callable[[str], Guest],
        language: str,
        phone: bool,
    ) -> None:
        answer(visit(guests_of(language).path, language=language, phone=True), 2, WORDS[language])
        beginning = WORDS[language][:12]
        page = visit("/voice/?days=7", who="analyst", language=language, phone=phone)
        comment = comment_of(page, beginning)
        expect(comment).to_contain_text(NEGATIVE[language])
        expect(comment).to_contain_text(PROBLEM[language])
        assert comment.locator("mark, .ev, u, em").count() > 0, "no word speaks for the labels"
        assert MASKED[language] not in page.content()
        assert "13912345678" not in page.content()
        comment.locator("a.act[href^='/voice/']").click()
        expect(page.locator("table.work tbody tr").first).to_be_visible()
        assert "13912345678" not in page.content()
