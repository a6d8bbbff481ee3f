"""Cases without an owner, and those who come and go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation
from django.utils.timezone import now

from voiceloop.server.act import routing
from voiceloop.server.act.cases import cases
from voiceloop.server.act.models import AgentProfile, BusinessCalendar, Case, RootCause
from voiceloop.server.act.routing import people, presence, queue
from voiceloop.server.act.routing import reactions as room
from voiceloop.server.collect.models import Response
from voiceloop.server.core import people as accounts
from voiceloop.server.core.models import Event, User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(121)]
Says = Callable[..., Response]
EventsAbout = Callable[[Case], list[str]]
AROUND = [[[0, 1440]] for _ in range(7)]
# Open on one day of the week, three days from now: no working time is left to anything due before.
CLOSED = [[[0, 1440]] if day == (now().weekday() + 3) % 7 else [] for day in range(7)]


@pytest.fixture
def full(alice: User) -> AgentProfile:
    """Alice has room for one case, and has it."""
    return AgentProfile.objects.create(user=alice, capacity=1)


def newest(user: User) -> Event:
    found: Event = Event.objects.filter(type="person.deactivated").latest("pk")
    return found


def due_in(case: Case, minutes: int) -> Case:
    case.first_contact_due_at = now() + timedelta(minutes=minutes)
    case.save(update_fields=["first_contact_due_at"])
    return case


class TestRoute:
    def test_while_everybody_is_full_a_case_waits(self, full: AgentProfile, case: Case, says: Says) -> None:
        waiting = cases.route(cases.open_for_response(says()))
        assert case.owner == full.user
        assert waiting.owner is None

    def test_that_it_waits_is_on_record_once(self, full: AgentProfile, case: Case, says: Says) -> None:
        waiting = cases.open_for_response(says())
        for _ in range(3):
            cases.route(waiting)
        assert waiting.assignments.get().reason["kind"] == "queued"

    def test_it_says_why_it_waits(self, full: AgentProfile, case: Case, says: Says) -> None:
        waiting = cases.route(cases.open_for_response(says()))
        with translation.override("en"):
            said = routing.sentence(waiting.assignments.get().reason)
        assert said == "Waits for the next who is free: 1 full"

    @pytest.mark.requirement(126)
    def test_a_language_goes_to_who_speaks_it(
        self, says: Says, alice: User, person: Callable[..., User]
    ) -> None:
        erin = person("Erin", "agent", alice.unit)
        people.save_profile(erin, by=alice, languages=["zh", "en"])
        assert cases.route(cases.open_for_response(says(language="en"))).owner == erin

    @pytest.mark.requirement(113)
    def test_a_channel_goes_to_its_seat(self, alice: User, person: Callable[..., User]) -> None:
        erin = person("Erin", "agent", alice.unit)
        people.set_skill(erin, skill="seat:video", level=2, by=alice)
        case = cases.route(Case.objects.create(unit_id=alice.unit_id, channel="video"))
        assert case.owner == erin
        assert "seat:video" in case.assignments.get().reason["facts"]

    def test_it_stays_with_who_helped_the_customer_before(
        self, case: Case, says: Says, person: Callable[..., User], alice: User, slow_kitchen: RootCause
    ) -> None:
        cases.resolve(case, by=alice, root_cause=slow_kitchen)
        person("Aaron", "agent", alice.unit)
        again = cases.route(cases.open_for_response(says()))
        assert again.owner == case.owner
        assert "known" in again.assignments.get().reason["facts"]

    def test_it_keeps_what_spoke_against_the_others(
        self, says: Says, alice: User, person: Callable[..., User]
    ) -> None:
        erin = person("Erin", "agent", alice.unit)
        people.set_status(erin, to="away", by=erin)
        reason = cases.route(cases.open_for_response(says())).assignments.get().reason
        assert [(row["user"], row["verdict"]) for row in reason["others"]] == [(erin.pk, "away")]


class TestSentence:
    @pytest.mark.parametrize(
        ("language", "words"),
        [("en", "1 open case, knows the customer — best of 4 who could take it"), ("zh-hans", "手上 1 件")],
    )
    def test_it_is_one_sentence_in_the_readers_language(self, db: None, language: str, words: str) -> None:
        reason = {"kind": "routed", "n_open": 1, "among": 4, "facts": ["known"], "unit": "x"}
        with translation.override(language):
            assert routing.sentence(reason).startswith(words)

    def test_reasons_of_earlier_versions_stay_readable(self, db: None) -> None:
        with translation.override("en"):
            assert routing.sentence({"code": "least_loaded"}) == "Fewest open cases in the branch"


class TestDrain:
    def test_who_resolves_a_case_gets_the_next(
        self, full: AgentProfile, case: Case, says: Says, slow_kitchen: RootCause, alice: User
    ) -> None:
        waiting = cases.route(cases.open_for_response(says()))
        cases.resolve(case, by=alice, root_cause=slow_kitchen)
        for _ in range(2):
            room.take_the_next(Event.objects.filter(type="case.resolved").latest("pk"))
        waiting.refresh_from_db()
        assert waiting.owner == alice
        assert waiting.assignments.latest("pk").reason["kind"] == "drained"

    @pytest.mark.parametrize("week", [AROUND, CLOSED], ids=["by_day", "while_nobody_works"])
    def test_the_least_time_left_comes_first(
        self, full: AgentProfile, case: Case, says: Says, week: list[Any]
    ) -> None:
        BusinessCalendar.objects.update(week=week, country="", days={})
        later, sooner = (cases.route(cases.open_for_response(says())) for _ in range(2))
        due_in(later, 90)
        due_in(sooner, 20)
        people.save_profile(full.user, by=full.user, capacity=3)
        assert queue.drain(full.user) == [sooner]

    def test_it_stops_when_there_is_no_room(self, full: AgentProfile, case: Case, says: Says) -> None:
        for _ in range(3):
            cases.route(cases.open_for_response(says()))
        assert queue.drain(full.user) == []

    def test_it_takes_nothing_of_another_branch(
        self, says: Says, person: Callable[..., User], west: object
    ) -> None:
        cases.route(cases.open_for_response(says()))
        assert queue.drain(person("Wendy", "agent", west)) == []


class TestChange:
    def test_who_comes_back_gets_what_waits(self, alice: User, says: Says) -> None:
        presence.change(alice, to="off", by=alice)
        waiting = cases.route(cases.open_for_response(says()))
        assert waiting.owner is None
        assert presence.change(alice, to="available", by=alice).taken == 1

    @pytest.mark.parametrize(("minutes", "returned"), [(10, 1), (200, 0)])
    def test_who_goes_away_gives_back_what_is_due_soon(
        self, case: Case, alice: User, minutes: int, returned: int, events_about: EventsAbout
    ) -> None:
        due_in(case, minutes)
        assert presence.change(alice, to="away", by=alice).returned == returned
        case.refresh_from_db()
        assert (case.owner is None) == bool(returned)
        assert events_about(case).count("case.returned") == returned

    def test_who_goes_home_gives_back_what_is_due_before_they_come_again(
        self, case: Case, alice: User
    ) -> None:
        due_in(case, 200)
        assert presence.change(alice, to="off", by=alice).returned == 1

    def test_what_somebody_has_spoken_about_stays_theirs(self, case: Case, alice: User) -> None:
        due_in(case, 10)
        cases.contact(case, by=alice, result="reached")
        assert presence.change(alice, to="off", by=alice).returned == 0

    def test_it_goes_to_who_is_there(self, case: Case, alice: User, person: Callable[..., User]) -> None:
        erin = person("Erin", "agent", alice.unit)
        due_in(case, 10)
        presence.change(alice, to="away", by=alice)
        case.refresh_from_db()
        assert case.owner == erin
        assert [one.reason["kind"] for one in case.assignments.order_by("pk")][-2:] == ["returned", "routed"]


class TestWatch:
    def test_after_hours_what_is_due_goes_back(self, case: Case, alice: User) -> None:
        closed = BusinessCalendar.objects.create(name="never", week=[[], [], [], [], [], [], [[0, 1]]])
        people.save_profile(alice, by=alice, calendar=closed)
        due_in(case, 10)
        queue.watch()
        case.refresh_from_db()
        assert case.owner is None
        assert case.assignments.filter(reason__why="closed").exists()

    def test_who_is_at_work_keeps_theirs(self, case: Case, alice: User) -> None:
        always = BusinessCalendar.objects.create(name="always", week=AROUND)
        people.save_profile(alice, by=alice, calendar=always)
        due_in(case, 10)
        queue.watch()
        case.refresh_from_db()
        assert case.owner == alice


class TestHandOn:
    def test_who_no_longer_works_here_leaves_nothing_behind(
        self, case: Case, alice: User, dora: User, person: Callable[..., User]
    ) -> None:
        erin = person("Erin", "agent", alice.unit)
        cases.contact(case, by=alice, result="reached")
        accounts.deactivate(alice, by=dora)
        for _ in range(2):
            room.hand_on(newest(alice))
        case.refresh_from_db()
        assert case.owner == erin
