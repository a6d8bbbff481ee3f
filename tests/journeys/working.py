"""What an agent does with a case, by the names that the screen gives things."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.journeys.guests import Guest
from tests.stack import Stack, wait_until


def case_of(live: Stack, guest: Guest) -> int:
    """The number of the one case of this customer, as soon as it is open."""
    sql = f"select id from act_case where customer_id = {guest.customer}"
    wait_until(lambda: live.query(sql) != [])
    found = live.query(sql)
    assert len(found) == 1
    return int(str(found[0][0]))


def dialog(page: Page, name: str) -> Locator:
    """Open a dialog of the case by its button, and give its form."""
    page.locator(f'.case-actions [data-opens="dialog-{name}"]').click()
    form = page.locator(f"#dialog-{name} form")
    expect(form).to_be_visible()
    return form


def send(page: Page, form: Locator) -> None:
    """Press the form's own button, and wait until the case has been swapped for the new one."""
    action, shown = form.get_attribute("action") or "", form.element_handle()
    # Other things are posted as well meanwhile: that somebody is typing, for one.
    with page.expect_response(lambda answer: answer.url.endswith(action) and answer.ok):
        form.locator("button.pri").click()
    # The answer is there before the page has it: a dialog of the old case would go with it.
    wait_until(lambda: shown is None or not shown.evaluate("form => form.isConnected"))


def contact(page: Page, words: str) -> None:
    form = dialog(page, "contact")
    form.locator("[name=result][value=reached]").check()
    form.locator("[name=note]").fill(words)
    send(page, form)


def note(page: Page, words: str) -> None:
    form = dialog(page, "note")
    form.locator("[name=text]").fill(words)
    send(page, form)


def resolve(page: Page, words: str) -> str:
    """End the case with a cause from the group of processes; its name."""
    form = dialog(page, "resolve")
    causes = form.locator("[name=root_cause] optgroup").nth(1).locator("option")
    cause = causes.first.inner_text()
    form.locator("[name=root_cause]").select_option(label=cause)
    form.locator("[name=note]").fill(words)
    send(page, form)
    return cause


def call_back(page: Page, result: str, words: str = "") -> None:
    """Record the next promised call."""
    form = page.locator(".call form").first
    form.locator("[name=note]").fill(words)
    with page.expect_response(lambda answer: "/callbacks/" in answer.url and answer.ok):
        form.locator(f'[value="{result}"]').click()


def waiting_calls(live: Stack, case: int) -> list[Any]:
    sql = "select step from act_callback where done_at is null and cancelled_at is null"
    return [row[0] for row in live.query(f"{sql} and case_id = {case} order by step")]
