"""A call log from another system becomes handling times by agent on the explore page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import browser
from tests.golden import shapes
from tests.journeys.conftest import SECONDS, SignedIn, Visit
from tests.stack import Stack, wait_until
from voiceloop.analytics import FileSource, measure

pytestmark = [pytest.mark.browser, pytest.mark.requirement(27, 28, 51)]

SOURCE = "bank_calls"


@dataclass(frozen=True)
class Log:
    path: Path
    by_agent: dict[str, tuple[int, float]]

    @property
    def n(self) -> int:
        return sum(n for n, _mean in self.by_agent.values())


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Log:
    """The calls of a bank, or a seeded log of their shape, and what the command line measures there."""
    name = "bank_callcenter/calls_1999_08_01_to_21.csv.gz"
    path = shapes.whole(name, tmp_path_factory.mktemp("log"), shapes.calls)
    rows = measure(FileSource(path), "average_handling_time", by=["agent"], min_n=1).rows
    return Log(path, {str(row.key["agent"]): (row.n, row.value or 0.0) for row in rows if row.n})


def bring_in(page: Page, log: Log) -> list[int]:
    """The wizard: the kind is recognised, nothing needs to be corrected; new, known, rejected."""
    page.set_input_files("input[type=file]", log.path)
    page.locator("form:has(input[type=file]) button.pri").click()
    expect(page.locator('input[name="kind"][value="calls"]:checked')).to_have_count(1)
    expect(page.locator("#preview tbody tr")).to_have_count(20)
    page.locator("#source").fill(SOURCE)
    page.locator("#columns button.pri").click()
    expect(page.locator("#progress .stat b").first).to_be_visible()
    expect(page.locator("#progress progress")).to_have_count(0, timeout=4 * SECONDS)
    return [int(text.replace(",", "")) for text in page.locator("#progress .stat b").all_inner_texts()]


@pytest.fixture(scope="module")
def imported(live: Stack, chromium: Browser, signed_in_as: SignedIn, log: Log) -> list[int]:
    with browser.context(chromium, storage_state=signed_in_as("admin")) as context:
        page = context.new_page()
        page.goto(f"{live.url}/imports/new/")
        return bring_in(page, log)


class TestImportCalls:
    def test_every_call_is_in_or_refused(self, imported: list[int], log: Log) -> None:
        new, known, rejected = imported
        assert new > log.n  # who hung up was handled by nobody
        assert (known, rejected > 0) == (0, True)

    def test_the_same_log_again_adds_nothing(self, imported: list[int], visit: Visit, log: Log) -> None:
        page = visit("/imports/new/", who="admin", language="en", phone=True)
        assert bring_in(page, log) == [0, imported[0], imported[2]]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    @pytest.mark.parametrize(("language", "words"), [("zh", "平均处理时长"), ("en", "Average handling time")])
    def test_the_explore_page_shows_handling_times_by_agent(
        self, imported: list[int], live: Stack, visit: Visit, log: Log, language: str, words: str
    ) -> None:
        page = visit(
            f"/explore/?metric=average_handling_time&by=agent&source={SOURCE}&days=all&show=table",
            who="admin",
            language=language,
        )
        wait_until(lambda: shows(page, f"{log.n:,}"))
        text = page.locator("main").inner_text()
        assert words in text
        busiest = max(log.by_agent, key=lambda agent: log.by_agent[agent][0])
        assert busiest in text

    def test_the_api_says_what_the_command_line_says(
        self, imported: list[int], live: Stack, visit: Visit, log: Log
    ) -> None:
        page = visit("/", who="admin")
        address = f"{live.url}/api/metrics/average_handling_time?by=agent&source={SOURCE}&days=all"

        def measured() -> dict[str, Any]:
            rows = json.loads(page.request.get(address).text())["rows"]
            return {row["key"]["agent"]: row for row in rows}

        wait_until(lambda: sum(row["n"] for row in measured().values()) == log.n)
        found = measured()
        assert {agent: row["n"] for agent, row in found.items()} == {
            a: n for a, (n, _) in log.by_agent.items()
        }
        for agent, row in found.items():
            if row["value"] is not None:
                assert row["value"] == pytest.approx(log.by_agent[agent][1])


def shows(page: Page, text: str) -> bool:
    page.reload()
    return text in page.locator("main").inner_text()
