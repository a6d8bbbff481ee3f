"""Peak hours and access: people there against people needed, within their reader's rights."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client
from django.utils.timezone import localdate
from django.utils.translation import override

from tests.conftest import MakePerson
from voiceloop.analytics import Lake
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.act import starter
from voiceloop.server.act.hours import page
from voiceloop.server.act.hours.access import Access
from voiceloop.server.act.hours.presence import hours_open, present, spans
from voiceloop.server.act.hours.report import Report
from voiceloop.server.act.models import AgentProfile, BusinessCalendar, ServicePromise
from voiceloop.server.core.models import Unit, User
from voiceloop.server.measure.slices import Slice
from voiceloop.server.store import sync

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
HOME = ZoneInfo("Asia/Shanghai")
OFFICE = [[[9 * 60, 18 * 60]]] * 5 + [[], []]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Puts conversations of four weeks into a lake of their own."""
    monkeypatch.setattr(settings, "LAKE", tmp_path / "lake")
    sync.lake.cache_clear()
    lake, n = Lake(tmp_path / "lake"), [0]

    def keep(clock: int, a_day: int = 10, unit: str = "east", **more: Any) -> None:
        rows = []
        for back in range(1, 29):
            day = localdate() - timedelta(days=back)
            for _ in range(a_day):
                n[0] += 1
                at = datetime.combine(day, time(clock, 15), HOME)
                known = {"kind": "call", "channel": "phone", "wait_seconds": 30.0, "handle_seconds": 600.0}
                rows.append({"conversation_id": n[0], "day": day, "at": at, "unit": unit, **known, **more})
        lake.append("conversations", rows)

    yield keep
    sync.lake.cache_clear()


@pytest.mark.requirement(38)
class TestPresent:
    def test_hours_are_shares_of_the_hour(self, alice: User) -> None:
        calendar = BusinessCalendar(week=[[[9 * 60 + 30, 11 * 60]], *([[]] * 6)])
        shares = hours_open(calendar)
        assert (shares[9], shares[10], shares[11], sum(shares)) == (0.5, 1.0, 0.0, 1.5)

    def test_a_night_goes_on_over_midnight_and_over_sunday(self) -> None:
        calendar = BusinessCalendar(week=[*([[]] * 6), [[22 * 60, 6 * 60]]])
        assert spans(calendar) == [(0, 6 * 60), (6 * 24 * 60 + 22 * 60, 7 * 24 * 60)]

    def test_another_zone_is_told_in_our_hours(self) -> None:
        tokyo = BusinessCalendar(week=[[[9 * 60, 10 * 60]], *([[]] * 6)], zone="Asia/Tokyo")
        assert spans(tokyo) == [(8 * 60, 9 * 60)]

    def test_whoever_has_no_hours_has_those_of_the_promises(self, alice: User, dora: User) -> None:
        starter.promises()
        found = present(dora, Slice(None, None))
        assert found.hours is not None
        assert (found.n_people, found.n_own) == (User.objects.filter(role="agent").count(), 0)
        assert found.hours[12] == found.n_people
        assert found.hours[3] == 0

    def test_own_hours_go_before(self, alice: User, dora: User) -> None:
        mine = BusinessCalendar.objects.create(name="朝九晚六", week=OFFICE)
        AgentProfile.objects.create(user=alice, calendar=mine)
        found = present(dora, Slice(None, None, chosen=(("unit", ("east",)),)))
        assert found.n_own == 1
        assert found.hours is not None
        assert found.hours[5 * 24 + 12] == found.n_people - 1

    def test_without_any_hours_nothing_is_claimed(self, alice: User, dora: User) -> None:
        BusinessCalendar.objects.all().delete()
        assert present(dora, Slice(None, None)).hours is None

    def test_people_of_other_branches_are_not_counted(self, alice: User, charlie: User) -> None:
        starter.promises()
        whose = User.objects.visible_to(charlie).filter(role="agent").count()
        assert (
            present(charlie, Slice(None, None)).n_people == whose < User.objects.filter(role="agent").count()
        )


@pytest.mark.requirement(38)
class TestReport:
    def test_people_needed_are_those_of_erlang(
        self, desk: Callable[..., None], dora: User, alice: User
    ) -> None:
        starter.promises()
        desk(3, a_day=20)
        report = Report(dora, {"days": "90", "away": "0"})
        cell = report.cells[3]
        # Twenty calls of ten minutes an hour are 3.33 erlangs; 80 % within 20 s take six people.
        assert cell.hour.per_hour == 20
        assert cell.need is not None
        assert (cell.need.on_duty, cell.there, cell.gap, cell.is_sure) == (6, 0, 6, True)
        assert report.worst_gaps()[0].hour.clock == 3
        with override("zh-hans"):
            assert any("需要 6 人" in one for one in page.sentences(report))

    def test_todays_hours_that_are_to_come_are_not_quiet(self, desk: Callable[..., None], dora: User) -> None:
        desk(10)
        assert Report(dora, {"days": "90"}).week.hours[10].per_hour == 10

    def test_few_contacts_have_no_colour_and_no_need(self, desk: Callable[..., None], dora: User) -> None:
        desk(10, a_day=1)
        report = Report(dora, {"days": "90"})
        assert report.cells[10].need is None
        assert page.table(report, "n")[0][1][10].look == "none"

    def test_letters_are_timed_by_the_first_reply(self, desk: Callable[..., None], dora: User) -> None:
        desk(10, kind="mail", channel="email", first_response_seconds=5400.0)
        report = Report(dora, {"of": "written"})
        assert not report.is_staffed
        assert report.cells[10].hour.p50 == pytest.approx(5400, rel=0.011)

    def test_nonsense_is_refused(self, dora: User) -> None:
        with pytest.raises(AnalyticsError):
            Report(dora, {"share": "100"})


@pytest.mark.requirement(38)
class TestHoursPage:
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_it_says_where_people_are_missing(
        self, desk: Callable[..., None], dora: User, alice: User, signed_in: SignIn, language: str
    ) -> None:
        starter.promises()
        desk(3)
        answer = signed_in(dora).get("/hours/", headers={"accept-language": language})
        assert answer.status_code == 200
        assert ("People there and people needed" if language == "en" else "在岗人数与所需人数") in answer.text

    def test_without_contacts_it_says_what_to_do(
        self, desk: Callable[..., None], dora: User, signed_in: SignIn
    ) -> None:
        assert "/imports/" in signed_in(dora).get("/hours/").text

    def test_the_file_and_the_endpoint_say_the_same(
        self, desk: Callable[..., None], dora: User, alice: User, signed_in: SignIn
    ) -> None:
        starter.promises()
        desk(3)
        browser = signed_in(dora)
        answer: Any = browser.get("/hours/export.csv?days=90")
        rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
        out = browser.get("/api/hours?days=90").json()
        assert len(rows) == 169
        assert len(out["hours"]) == 168
        assert [int(row[2] or 0) for row in rows[1:]] == [hour["n"] or 0 for hour in out["hours"]]
        assert browser.get("/hours/export.xlsx").status_code == 200
        assert browser.get("/hours/export.pdf").status_code == 404

    def test_another_branch_sees_nothing_of_ours(
        self, desk: Callable[..., None], person: MakePerson, west: Unit, signed_in: SignIn
    ) -> None:
        desk(3)
        far = person("far", "manager", west)
        assert signed_in(far).get("/api/hours").json()["n"] == 0

    @pytest.mark.parametrize(
        "path", ["/hours/?share=100", "/api/hours?within=soon", "/hours/access/?reply=0"]
    )
    def test_nonsense_in_the_address_is_said_to_be_that(
        self, dora: User, signed_in: SignIn, path: str
    ) -> None:
        assert signed_in(dora).get(path).status_code == (422 if "/api/" in path else 400)

    def test_whoever_is_not_signed_in_is_refused(self, client: Client) -> None:
        assert client.get("/api/hours").status_code in (401, 403)


@pytest.mark.requirement(34)
class TestAccess:
    def test_a_channel_has_the_hours_of_its_promise(self, desk: Callable[..., None], dora: User) -> None:
        starter.promises()
        office = BusinessCalendar.objects.create(name="工作日", week=OFFICE)
        ServicePromise.objects.create(
            name="电话", clock="first_contact", minutes=30, calendar=office, channel="phone"
        )
        desk(10)
        desk(10, channel="chat", kind="chat")
        found = {one.channel: one for one in Access(dora, {}).open}
        assert (found["phone"].hours, found["phone"].is_own) == (45.0, True)
        assert (found["chat"].hours, found["chat"].is_own) == (84.0, False)
        assert found["phone"].days[0] == [(37.5, 37.5, "9:00–18:00")]
        assert found["phone"].days[6] == []

    def test_failures_are_told_apart_by_the_hours(self, desk: Callable[..., None], dora: User) -> None:
        starter.promises()
        desk(12, outcome="answered")
        desk(23, outcome="abandoned")
        line = Access(dora, {}).lines[0]
        assert line.inside is not None
        assert line.outside is not None
        assert (line.inside.share, line.outside.share, line.whole.share) == (0.0, 100.0, 50.0)
        assert line.is_worse_outside

    def test_replies_have_the_hours_that_are_asked_for(self, desk: Callable[..., None], dora: User) -> None:
        desk(10, kind="mail", channel="email", first_response_seconds=7200.0)
        assert [line.whole.failed for line in Access(dora, {"reply": "3"}).late] == [0]
        assert Access(dora, {"reply": "1"}).late[0].whole.share == 100.0
        with pytest.raises(AnalyticsError):
            Access(dora, {"reply": "0"})

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_the_page_its_file_and_the_endpoint(
        self, desk: Callable[..., None], dora: User, signed_in: SignIn, language: str
    ) -> None:
        starter.promises()
        desk(12, outcome="answered")
        desk(23, outcome="abandoned")
        browser = signed_in(dora)
        shown = browser.get("/hours/access/", headers={"accept-language": language}).text
        assert ("of 560 attempts" if language == "en" else "客户联系我们 560 次") in shown
        out = browser.get("/api/access").json()
        assert out["attempts"][0]["whole"]["failed"] == 280
        assert out["by_hour_of_day"][23]["share"] == 100.0
        answer: Any = browser.get("/hours/access/export.csv")
        assert "280" in b"".join(answer.streaming_content).decode()

    def test_another_branch_sees_nothing_of_ours(
        self, desk: Callable[..., None], person: MakePerson, west: Unit, signed_in: SignIn
    ) -> None:
        desk(3, outcome="abandoned")
        assert signed_in(person("far", "manager", west)).get("/api/access").json()["attempts"] == []
