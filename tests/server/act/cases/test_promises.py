"""The pages of promises and hours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from voiceloop.server.act import starter
from voiceloop.server.act.cases.promise_forms import in_words, spans_of
from voiceloop.server.act.models import BusinessCalendar, Case, ServicePromise
from voiceloop.server.core.models import Event, User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(32)]
SignIn = Callable[[User], Client]

OFFICE = {f"week_{n}": "9:00-12:00, 13:00-18:00" for n in range(5)} | {"week_5": "", "week_6": ""}


@pytest.fixture
def browser(signed_in: SignIn, dora: User) -> Client:
    starter.promises()
    return signed_in(dora)


def hours(**values: Any) -> dict[str, Any]:
    return {"name": "办公室", "zone": "Asia/Shanghai", "country": "CN", "days": "", **OFFICE, **values}


class TestPromiseList:
    @pytest.mark.parametrize(
        ("language", "words"),
        [
            ("zh-hans", ["承诺与工作时间", "首次联系 2 小时", "每天 9–21 点"]),
            ("en", ["Promises and hours", "First contact within 2 hours", "Every day 9 a.m. to 9 p.m."]),
        ],
    )
    def test_it_says_what_is_promised_and_when(
        self, browser: Client, language: str, words: list[str]
    ) -> None:
        page = browser.get(reverse("promises"), headers={"accept-language": language}).text
        assert [word for word in words if word not in page] == []

    def test_an_agent_reads_and_changes_nothing(
        self, browser: Client, signed_in: SignIn, alice: User
    ) -> None:
        reader = signed_in(alice)
        assert reverse("promise_new") not in reader.get(reverse("promises")).text
        assert reader.post(reverse("promise_new")).status_code == 403


class TestPromiseEdit:
    def test_a_change_moves_open_cases(self, browser: Client, case: Case) -> None:
        promise = ServicePromise.objects.get(clock="first_contact")
        form = {
            "name": "首次联系 1 小时",
            "clock": "first_contact",
            "minutes": 60,
            "calendar": promise.calendar_id,
        }
        form |= {"warn_percent": 80, "on_breach": "escalate", "second_percent": 150}
        done = browser.post(reverse("promise_edit", args=[promise.pk]), form)
        assert done.status_code == 302
        promise.refresh_from_db()
        assert (promise.minutes, promise.on_breach) == (60, "escalate")
        assert Event.objects.filter(type="promise.saved").exists()

    @pytest.mark.parametrize("minutes", ["0", "-5", "x", "99999999"])
    def test_a_time_that_is_none_is_refused_beside_its_field(self, browser: Client, minutes: str) -> None:
        form = {"name": "x", "clock": "solution", "minutes": minutes, "warn_percent": 75, "on_breach": "tell"}
        page = browser.post(reverse("promise_new"), form | {"calendar": BusinessCalendar.objects.get().pk})
        assert page.status_code == 422
        assert ServicePromise.objects.count() == 3

    def test_it_is_taken_back_and_brought_back(self, browser: Client) -> None:
        promise = ServicePromise.objects.get(clock="solution")
        browser.post(reverse("promise_archive", args=[promise.pk]))
        assert not ServicePromise.objects.open().filter(pk=promise.pk).exists()
        browser.post(reverse("promise_restore", args=[promise.pk]))
        assert ServicePromise.objects.open().filter(pk=promise.pk).exists()

    def test_the_template_for_stopped_devices_is_two_promises(self, browser: Client) -> None:
        browser.post(reverse("promise_critical"))
        made = ServicePromise.objects.filter(severity="catastrophic").order_by("minutes")
        assert [(one.clock, one.minutes) for one in made] == [("first_contact", 30), ("solution", 120)]


class TestCalendar:
    def test_it_is_made_from_hours_as_people_write_them(self, browser: Client) -> None:
        days = "2026-12-24 9:00-12:00\n2026-12-31"
        browser.post(reverse("calendar_new"), hours(days=days))
        made = BusinessCalendar.objects.get(name="办公室")
        assert made.week[0] == [[540, 720], [780, 1080]]
        assert made.days == {"2026-12-24": [[540, 720]], "2026-12-31": []}

    def test_it_shows_the_months_to_come(self, browser: Client) -> None:
        browser.post(reverse("calendar_new"), hours())
        page = browser.get(reverse("calendar", args=[BusinessCalendar.objects.get(name="办公室").pk]))
        assert page.text.count('class="month num"') == 6

    @pytest.mark.parametrize(
        "wrong",
        [
            {"week_0": "9-18"},
            {"week_0": "25:00-26:00"},
            {"days": "tomorrow"},
            {"days": "2026-02-30"},
            {"zone": "Moon/Base"},
            {"name": "每天 9–21 点"},
            {f"week_{n}": "" for n in range(7)},
        ],
    )
    def test_what_cannot_be_is_said_and_nothing_is_saved(
        self, browser: Client, wrong: dict[str, str]
    ) -> None:
        assert browser.post(reverse("calendar_new"), hours(**wrong)).status_code == 422
        assert BusinessCalendar.objects.count() == 1


class TestSpansOf:
    @pytest.mark.parametrize("text", ["9:00-12:00, 13:00-18:00", "22:00-6:00", "0:00-24:00", ""])
    def test_what_is_written_is_read_back(self, text: str) -> None:
        assert in_words(spans_of(text)) == text

    def test_chinese_marks_are_read_too(self) -> None:
        assert spans_of("9：00至12：00，13：00～18：00") == [[540, 720], [780, 1080]]


class TestPause:
    def test_the_page_says_that_it_waits_and_goes_on(
        self, signed_in: SignIn, alice: User, case: Case
    ) -> None:
        agent = signed_in(alice)
        agent.post(reverse("case_pause", args=[case.pk]), {"reason": "小票照片"})
        page = agent.get(reverse("case", args=[case.pk])).text
        assert "小票照片" in page
        assert reverse("case_resume", args=[case.pk]) in page
        agent.post(reverse("case_resume", args=[case.pk]))
        assert not case.pauses.filter(ended_at=None).exists()

    def test_it_is_unknown_to_charlie(self, signed_in: SignIn, charlie: User, case: Case) -> None:
        assert signed_in(charlie).post(reverse("case_pause", args=[case.pk])).status_code == 404
