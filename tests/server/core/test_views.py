"""The event log, the health page, and the pulse for machines."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate, now

from voiceloop.server.core import health, people
from voiceloop.server.core.models import Event, ReactionFailure, Unit, User

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _fresh_pulse() -> None:
    cache.delete("pulse")


@pytest.fixture
def office(signed_in: SignIn, dora: User) -> Client:
    return signed_in(dora)


@pytest.fixture
def told(alice: User, bob: User, dora: User) -> None:
    """Three events: two about Alice, one about Bob's key."""
    people.change(alice, by=dora, role="lead")
    people.deactivate(alice, by=dora)
    people.issue_key(by=bob, name="zqkey")


class TestAudit:
    def types(self, browser: Client, **query: str) -> list[str]:
        return [event.type for event in browser.get(reverse("audit"), query).context["page"]]

    def test_it_tells_the_newest_first(self, office: Client, told: None) -> None:
        assert self.types(office) == ["key.issued", "person.deactivated", "person.changed"]

    def test_each_filter_narrows_it(self, office: Client, told: None, alice: User, bob: User) -> None:
        assert self.types(office, type="key.issued") == ["key.issued"]
        assert self.types(office, by=str(bob.pk)) == ["key.issued"]
        assert len(self.types(office, about=f"person:{alice.pk}")) == 2
        assert self.types(office, until=str(localdate() - timedelta(days=1))) == []
        assert len(self.types(office, since=str(localdate()), until=str(localdate()))) == 3

    def test_what_cannot_be_read_is_ignored(self, office: Client, told: None) -> None:
        assert len(self.types(office, by="x", since="gestern", until="2026-13-45")) == 3

    def test_the_root_also_reads_what_belongs_to_no_unit(self, office: Client) -> None:
        Event.objects.create(type="import.finished", data={})
        assert self.types(office) == ["import.finished"]

    def test_a_branch_reads_its_own(
        self, signed_in: SignIn, person: Callable[..., User], west: Unit, told: None
    ) -> None:
        Event.objects.create(type="import.finished", data={})
        assert self.types(signed_in(person("Wanda", "admin", west))) == []

    def test_who_lacks_the_right_is_refused(self, signed_in: SignIn, charlie: User) -> None:
        assert signed_in(charlie).get(reverse("audit")).status_code == 403
        assert signed_in(charlie).get("/api/events").status_code == 403

    def test_an_event_of_another_version_is_shown_by_its_name(self, office: Client, root: Unit) -> None:
        Event.objects.create(type="gone.away", unit=root)
        assert "gone.away" in office.get(reverse("audit")).text

    def test_the_file_has_every_row_and_no_formula(self, office: Client, told: None, root: Unit) -> None:
        Event.objects.create(
            type="key.issued", unit=root, note="=1+1", data={"key": 1, "person": 1, "name": "n"}
        )
        answer = office.get(reverse("audit_csv"))
        assert isinstance(answer, StreamingHttpResponse)
        rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
        assert (len(rows), rows[1][-1]) == (5, "'=1+1")

    def test_the_api_pages_by_id(self, office: Client, told: None) -> None:
        first = office.get("/api/events?limit=2").json()
        rest = office.get(f"/api/events?before={first[-1]['id']}").json()
        assert [event["type"] for event in (*first, *rest)] == self.types(office)


class TestHealth:
    @pytest.mark.requirement(199)
    def test_every_check_finds_something(self, office: Client) -> None:
        found = office.get(reverse("health")).context["found"]
        assert {check.code for check, _ in found} >= {
            "database",
            "disk",
            "reactions",
            "jobs",
            "lake",
            "import",
        }
        assert all(finding.state == "good" for _, finding in found), [(c.code, f.text) for c, f in found]

    def test_a_failed_reaction_can_be_tried_at_once(self, office: Client, told: None) -> None:
        event = Event.objects.first()
        later = now() + timedelta(hours=1)
        failure = ReactionFailure.objects.create(
            reaction="act.open_case", event=event, error="zqerror", next_at=later
        )
        assert "zqerror" in office.get(reverse("health")).text
        office.post(reverse("reaction_retry", args=[failure.pk]))
        assert ReactionFailure.objects.get().next_at <= now()

    def test_the_admin_of_a_branch_sees_no_details(
        self, signed_in: SignIn, person: Callable[..., User], west: Unit, told: None
    ) -> None:
        ReactionFailure.objects.create(
            reaction="act.open_case", event=Event.objects.first(), error="zqerror", next_at=now()
        )
        browser = signed_in(person("Wanda", "admin", west))
        assert "zqerror" not in browser.get(reverse("health")).text
        assert (
            browser.post(reverse("reaction_retry", args=[ReactionFailure.objects.get().pk])).status_code
            == 403
        )

    def test_a_check_that_breaks_is_a_finding(self) -> None:
        def breaks() -> health.Finding:
            raise OSError("disk on fire")

        finding = health.Check("x", "x", True, breaks).run()
        assert (finding.state, finding.text) == ("bad", "OSError: disk on fire")


@pytest.mark.requirement(199)
class TestHealthz:
    def test_it_says_ok_to_anybody(self, client: Client) -> None:
        answer = client.get("/healthz")
        assert (answer.status_code, answer.json()["status"]) == (200, "ok")

    def test_it_fails_without_a_database_and_tells_no_secret(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away() -> health.Finding:
            raise OperationalError("password authentication failed for user voiceloop")

        broken = health.Check("database", "Database", True, away)
        monkeypatch.setitem(health.CHECKS, "database", broken)
        answer = client.get("/healthz")
        assert (answer.status_code, answer.json()["checks"]["database"]) == (503, False)
        assert "password" not in answer.text
