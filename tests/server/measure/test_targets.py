"""Targets: owners, verdicts by interval, what is overdue and who hears of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils.timezone import localdate

from tests.server.feedback import lake_in
from tests.server.measure.facts import answers
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.collect.models import Message
from voiceloop.server.core.models import Event, Unit, User
from voiceloop.server.measure import targets, targets_watch
from voiceloop.server.measure.models import Target
from voiceloop.server.measure.targets_reading import judged, overdue, standing

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def facts(east: Unit, west: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """East: 30 promoters and 10 detractors (+50). West: 8 detractors."""
    lake = lake_in(tmp_path, monkeypatch)
    answers(lake, "east", [10] * 30 + [2] * 10, touchpoint="hotline")
    answers(lake, "west", [2] * 8, touchpoint="hotline")


@pytest.fixture
def edith(person: Callable[..., User], east: Unit) -> User:
    """The manager of the east."""
    return person("Edith", "manager", east)


def made(by: User, value: float, unit: Unit | None = None, **more: object) -> Target:
    given = {"metric": "nps", "unit": unit or by.unit, "owner": by, **more}
    return targets.set_target(by=by, value=value, **given)  # type: ignore[arg-type]


def verdict(target: Target) -> str:
    found = standing(target)
    return found.verdict if found else ""


@pytest.mark.requirement(41)
class TestStanding:
    @pytest.mark.parametrize(("value", "word"), [(10, "reached"), (50, "open"), (90, "not_reached")])
    def test_the_interval_decides_never_the_point(
        self, facts: None, edith: User, value: float, word: str
    ) -> None:
        assert verdict(made(edith, value)) == word

    def test_less_may_be_better(self) -> None:
        assert judged(3, 5, 6, "lower") == "reached"
        assert judged(7, 9, 6, "lower") == "not_reached"
        assert judged(5, 7, 6, "lower") == "open"

    def test_nothing_is_said_about_too_few(self, facts: None, edith: User) -> None:
        assert verdict(made(edith, 10, scope={"touchpoint": ["chat"]})) == "too_few"

    def test_it_is_the_units_own_figure_whoever_looks(self, facts: None, dora: User, east: Unit) -> None:
        found = standing(made(dora, 10, unit=east))
        assert found is not None
        assert found.row.n == 40


@pytest.mark.requirement(44)
class TestThreshold:
    def test_the_owner_is_told_once_when_it_is_crossed(
        self, facts: None, edith: User, west: Unit, mailing: None
    ) -> None:
        made(edith, 20, unit=west, threshold=-20)
        assert [targets_watch.watch() for _ in range(3)] == [1, 0, 0]
        assert Event.objects.filter(type="target.threshold_crossed").count() == 1
        assert Message.objects.count() == 1

    def test_a_threshold_better_than_the_target_is_refused(self, facts: None, edith: User) -> None:
        with pytest.raises(AnalyticsError):
            made(edith, 20, threshold=30)


@pytest.fixture
def mailing(settings: object, edith: User) -> None:
    settings.EMAIL_URL = "smtp://127.0.0.1:1"  # type: ignore[attr-defined]
    User.objects.filter(pk=edith.pk).update(email="edith@example.com")
    edith.refresh_from_db()


@pytest.mark.requirement(48)
class TestOverdue:
    def test_it_is_late_and_not_surely_there(self, facts: None, edith: User) -> None:
        yesterday = localdate() - timedelta(days=1)
        late = made(edith, 50, due_on=yesterday)
        made(edith, 10, due_on=yesterday, scope={"touchpoint": ["hotline"]})
        made(edith, 90, due_on=localdate(), scope={"channel": ["sms"]})
        assert [one.target for one in overdue(edith)] == [late]

    def test_the_owner_hears_of_it_once(self, facts: None, edith: User, mailing: None) -> None:
        made(edith, 50, due_on=localdate() - timedelta(days=1))
        assert [targets_watch.watch() for _ in range(3)] == [1, 0, 0]
        message = Message.objects.get()
        assert (message.to, Event.objects.filter(type="target.overdue").count()) == ("edith@example.com", 1)

    def test_a_new_date_may_be_missed_again(self, facts: None, edith: User, mailing: None) -> None:
        target = made(edith, 50, due_on=localdate() - timedelta(days=9))
        targets_watch.watch()
        targets.revise(target, by=edith, due_on=localdate() - timedelta(days=2))
        assert targets_watch.watch() == 1
        assert Message.objects.count() == 2

    def test_without_mail_the_page_still_says_it(self, facts: None, edith: User, signed_in: SignIn) -> None:
        made(edith, 50, due_on=localdate() - timedelta(days=1))
        assert targets_watch.watch() == 1
        assert Message.objects.count() == 0
        assert signed_in(edith).get("/targets/?view=overdue").content.decode().count("rowlink") == 1


class TestVerbs:
    def test_one_place_has_one_target(self, facts: None, edith: User) -> None:
        made(edith, 10)
        with pytest.raises(targets.Taken):
            made(edith, 20)

    def test_a_withdrawn_one_can_be_restored(self, facts: None, edith: User) -> None:
        target = targets.withdraw(made(edith, 10), by=edith)
        assert target.withdrawn_at is not None
        assert targets.restore(target, by=edith).withdrawn_at is None

    def test_a_withdrawn_one_does_not_push_its_successor_away(self, facts: None, edith: User) -> None:
        target = targets.withdraw(made(edith, 10), by=edith)
        made(edith, 20)
        with pytest.raises(targets.Taken):
            targets.restore(target, by=edith)

    def test_nothing_is_recorded_when_nothing_changed(self, facts: None, edith: User) -> None:
        target = made(edith, 10)
        targets.revise(target, by=edith, value=10)
        assert Event.objects.filter(type="target.revised").count() == 0

    def test_an_unknown_metric_is_refused(self, edith: User) -> None:
        with pytest.raises(AnalyticsError, match="love"):
            made(edith, 1, metric="love")


class TestPages:
    def test_a_target_is_set_and_shown(self, facts: None, edith: User, signed_in: SignIn) -> None:
        given = {
            "metric": "nps", "unit": edith.unit_id, "owner": edith.pk, "value": "45", "days": "90",
            "threshold": "10", "touchpoint": "hotline",
        }  # fmt: skip
        page = signed_in(edith).post("/targets/new/", given, follow=True)
        assert Target.objects.get().scope == {"touchpoint": ["hotline"]}
        assert 'class="chart"' in page.content.decode()

    @pytest.mark.parametrize(
        ("field", "value"), [("due_on", "2020-01-01"), ("threshold", "60"), ("value", "x")]
    )
    def test_what_is_wrong_is_said_at_its_field(
        self, facts: None, edith: User, signed_in: SignIn, field: str, value: str
    ) -> None:
        given = {"metric": "nps", "unit": edith.unit_id, "owner": edith.pk, "value": "45", "days": "90"}
        answer = signed_in(edith).post("/targets/new/", given | {field: value})
        assert (answer.status_code, Target.objects.count()) == (422, 0)

    def test_an_agent_and_a_lead_may_not_set_one(
        self, facts: None, alice: User, bob: User, signed_in: SignIn
    ) -> None:
        assert signed_in(alice).get("/targets/").status_code == 403
        assert signed_in(bob).get("/targets/").status_code == 200
        assert signed_in(bob).post("/targets/new/", {}).status_code == 403

    def test_charlie_sees_none_of_it(
        self, facts: None, edith: User, charlie: User, signed_in: SignIn
    ) -> None:
        target = made(edith, 10)
        browser = signed_in(charlie)
        assert browser.get(f"/targets/{target.pk}/").status_code == 404
        assert browser.post(f"/targets/{target.pk}/withdraw/").status_code == 404
        assert "rowlink" not in browser.get("/targets/").content.decode()


class TestApi:
    def test_it_says_what_the_page_says(self, facts: None, edith: User, signed_in: SignIn) -> None:
        browser = signed_in(edith)
        body = {"metric": "nps", "value": 10, "due_on": str(localdate())}
        made = browser.post("/api/targets", json.dumps(body), content_type="application/json")
        assert made.status_code == 201
        told = browser.get("/api/targets").json()
        assert [(one["verdict"], one["n"], one["is_overdue"]) for one in told] == [("reached", 40, False)]

    def test_a_second_one_is_a_conflict(self, facts: None, edith: User, signed_in: SignIn) -> None:
        made(edith, 10)
        body = json.dumps({"metric": "nps", "value": 20})
        answer = signed_in(edith).post("/api/targets", body, content_type="application/json")
        assert answer.status_code == 409

    def test_charlie_gets_nothing(self, facts: None, edith: User, charlie: User, signed_in: SignIn) -> None:
        target = made(edith, 10)
        browser = signed_in(charlie)
        assert browser.get("/api/targets").json() == []
        assert browser.delete(f"/api/targets/{target.pk}").status_code == 404
