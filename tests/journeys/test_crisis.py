"""A planted spike opens a crisis through the real job; it is worked, closed and learned from."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import demo_company
from tests.journeys.conftest import SignedIn, Visit, cookies_in
from tests.stack import ROOT, Stack, environment, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.requirement(194)]

SAY = {
    "zh": {
        "what": "一批凉菜受污染",
        "why": "冷链断了没人知道",
        "changes": "冷柜超温自动报警",
        "note": "已下架凉菜",
    },
    "en": {
        "what": "A batch of salad was spoiled",
        "why": "Nobody knew that the cold chain broke",
        "changes": "The cold box calls when it is warm",
        "note": "Salad is off the menu",
    },
}


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A company of its own: what customers of other journeys complain about may be a crisis already."""
    with demo_company(tmp_path_factory.mktemp("crisis")) as running:
        yield running


@pytest.fixture(scope="module")
def signed_in_as(chromium: Browser, live: Stack) -> SignedIn:
    return cookies_in(chromium, live)


def django(live: Stack, *words: str) -> None:
    """A command of the product, with its settings."""
    more = {"VOICELOOP_DATA": str(live.data), "DATABASE_URL": live.database_url}
    more["DJANGO_SETTINGS_MODULE"] = "voiceloop.server.config.settings"
    command = [sys.executable, "-W", "ignore", "-m", "django", *words]
    done = subprocess.run(command, env=environment(**more), cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def store_of_lead(live: Stack, place: int) -> tuple[str, int]:
    """A store of the lead's branch: its code and key."""
    sql = """select s.code, s.id from core_unit s join core_user u on u.username = 'lead'
             join core_unit b on b.id = u.unit_id and s.path like b.path || '%%' and s.id <> b.id
             where not exists (select from core_unit c where c.parent_id = s.id) order by s.path"""
    code, pk = live.query(sql.replace("%%", "%"))[place]
    return str(code), int(str(pk))


def crisis_in(live: Stack, unit: int) -> int:
    """The one crisis of this store, once the job has run."""
    sql = f"select id from act_crisis where unit_id = {unit} and closed_at is null"
    wait_until(lambda: live.query(sql) != [])
    (row,) = live.query(sql)
    return int(str(row[0]))


def press(page: Page, action: str) -> None:
    page.locator(f'form[action$="{action}"] button').first.click()
    page.wait_for_load_state()


@pytest.mark.parametrize(("language", "phone", "place"), [("zh", False, 0), ("en", True, 1)])
class TestCrisis:
    def test_it_is_opened_worked_closed_and_learned_from(
        self, live: Stack, visit: Visit, language: str, phone: bool, place: int
    ) -> None:
        say = SAY[language]
        code, unit = store_of_lead(live, place)
        django(live, "plant_spike", "--yes", "--n", "12", "--unit", code)
        sql = f"select count(*) from act_case where unit_id = {unit} and opened_at > now() - interval '5 min'"
        wait_until(lambda: int(str(live.query(sql)[0][0])) >= 12)
        django(live, "procrastinate", "defer", "act.watch_crises", '{"timestamp": 0}')
        pk = crisis_in(live, unit)

        page = visit("/cases/", who="lead", language=language, phone=phone)
        page.locator(f'.note.bad a[href="/crises/{pk}/"]').click()
        expect(page.locator("#crisis-what table.work").first).to_be_attached()
        expect(page.locator("article.cm").first).to_be_visible()

        page.locator(f'a[href="/crises/{pk}/statements/"]').click()
        page.locator('a[href^="?template="]').nth(1).click()
        page.locator("form:has([name=text_zh]) button.pri").click()
        press(page, "/approval/")
        expect(page.locator("#crisis-statements .chip.pos")).to_be_visible()
        page.locator("#crisis-tasks form button").first.click()
        expect(page.locator('#crisis-tasks [aria-pressed="true"]')).to_have_count(1)
        page.locator("form[action$='/notes/'] [name=text]").fill(say["note"])
        page.locator("form[action$='/notes/'] button").click()
        expect(page.locator("#crisis-log")).to_contain_text(say["note"])

        page.locator(f'a[href="/crises/{pk}/messages/"]').click()
        page.locator("form.form button.pri").click()
        page.locator("dialog[open] button.pri").click()
        told = f"select count(*) from collect_message where about = 'crisis:{pk}'"
        wait_until(lambda: int(str(live.query(told)[0][0])) > 0)

        page.goto(f"{live.url}/crises/{pk}/review/")
        for name, words in (("what_happened", "what"), ("why", "why"), ("what_changes", "changes")):
            page.locator(f"[name={name}]").fill(say[words])
        page.locator("form:has([name=why]) button.pri").click()
        expect(page.locator(f'.note a[href="/crises/{pk}/"]')).to_have_count(0)
        expect(page.locator("main")).to_contain_text(say["why"])
        press(page, f"/crises/{pk}/initiative/")
        page.wait_for_url(re.compile(r"/initiatives/\d+/"))
        expect(page.locator("main")).to_contain_text(say["changes"])
        expect(page.locator(f'a[href="/crises/{pk}/"]')).to_be_visible()
