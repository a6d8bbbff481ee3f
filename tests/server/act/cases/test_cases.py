"""The verbs of a case."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import translation

from voiceloop.server.act import routing
from voiceloop.server.act.cases import cases
from voiceloop.server.act.models import Case, RootCause
from voiceloop.server.collect.models import Customer, Response
from voiceloop.server.core.models import User

pytestmark = pytest.mark.django_db
Says = Callable[..., Response]
EventsAbout = Callable[[Case], list[str]]


@pytest.mark.requirement(99)
class TestOpenForResponse:
    def test_it_keeps_the_words_and_the_moment(self, says: Says) -> None:
        case = cases.open_for_response(says(text="菜凉了", touchpoint="dine_in", tier="gold"))
        assert (case.summary, case.touchpoint, case.tier) == ("菜凉了", "dine_in", "gold")

    def test_it_starts_the_first_contact_clock(self, says: Says) -> None:
        case = cases.open_for_response(says())
        assert case.first_contact_due_at is not None
        assert case.first_contact_due_at > case.opened_at

    def test_it_opens_one_case_when_repeated(self, says: Says, events_about: EventsAbout) -> None:
        response = says()
        first, second = cases.open_for_response(response), cases.open_for_response(response)
        assert first == second
        assert events_about(first) == ["case.opened"]

    @pytest.mark.parametrize(("score", "severity"), [(0, "serious"), (2, "serious"), (3, "slight")])
    def test_it_grades_by_the_score(self, says: Says, score: int, severity: str) -> None:
        assert cases.open_for_response(says(score)).severity == severity

    @pytest.mark.requirement(106)
    @pytest.mark.parametrize(("score", "playbook"), [(3, "fast"), (8, "precise"), (10, "steady")])
    def test_it_chooses_the_playbook_of_the_class(self, says: Says, score: int, playbook: str) -> None:
        assert cases.open_for_response(says(score, wants_contact=True)).playbook == playbook


@pytest.mark.django_db(transaction=True)
class TestOpenForResponseAtOnce:
    def test_it_opens_one_case_from_parallel_threads(self, says: Says, events_about: EventsAbout) -> None:
        response = says()
        start = threading.Barrier(4)
        errors: list[Exception] = []

        def run() -> None:
            try:
                start.wait()
                cases.open_for_response(response)
            except Exception as error:
                errors.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=run) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not errors
        assert events_about(Case.objects.get()) == ["case.opened"]


class TestOpen:
    def test_it_belongs_to_who_opened_it(self, wang: Customer, alice: User) -> None:
        case = cases.open(wang, by=alice, summary="想换包间")
        assert (case.owner, case.kind, case.unit) == (alice, "request", alice.unit)


@pytest.mark.requirement(121)
class TestRoute:
    def test_it_gives_the_case_to_the_least_loaded_agent(
        self, says: Says, alice: User, east: object, case: Case
    ) -> None:
        erin = User.objects.create_user("erin", role="agent", unit=alice.unit)
        assert cases.route(cases.open_for_response(says())).owner == erin

    def test_it_explains_its_choice(self, case: Case) -> None:
        reason = case.assignments.get().reason
        with translation.override("en"):
            said = routing.sentence(reason)
        assert said == "0 open cases — the only one who could take it"

    def test_it_never_leaves_the_branch(self, says: Says, charlie: User) -> None:
        assert cases.route(cases.open_for_response(says())).owner is None

    def test_it_takes_a_lead_when_there_is_no_agent(self, says: Says, bob: User) -> None:
        assert cases.route(cases.open_for_response(says())).owner == bob

    def test_it_does_not_count_what_is_resolved(self, says: Says, resolved: Case, alice: User) -> None:
        assert routing.choose(resolved).reason["n_open"] == 0

    def test_it_leaves_an_owner_alone(self, case: Case, bob: User, alice: User) -> None:
        cases.assign(case, to=bob, by=alice)
        assert cases.route(case).owner == bob


class TestAssign:
    def test_it_keeps_who_gave_it_and_why(self, case: Case, alice: User, bob: User) -> None:
        cases.assign(case, to=bob, by=alice, reason="他认识这位客人")
        newest = case.assignments.latest("pk")
        assert (newest.to, newest.by, newest.reason["text"]) == (bob, alice, "他认识这位客人")

    def test_it_is_recorded_once_when_repeated(
        self, case: Case, alice: User, bob: User, events_about: EventsAbout
    ) -> None:
        for _ in range(2):
            cases.assign(case, to=bob, by=alice)
        assert events_about(case).count("case.assigned") == 2  # the routing's and this one


class TestClaim:
    def test_it_leaves_the_case_to_who_came_first(self, says: Says, alice: User, bob: User) -> None:
        case = cases.open_for_response(says())
        cases.claim(case, by=alice)
        assert cases.claim(Case.objects.get(pk=case.pk), by=bob).owner == alice


@pytest.mark.requirement(108)
class TestEscalate:
    def test_it_goes_to_the_lead_who_takes_over(
        self, case: Case, alice: User, bob: User, events_about: EventsAbout
    ) -> None:
        cases.escalate(case, by=alice, reason="要求赔偿")
        assert case.owner == bob
        assert events_about(case)[-1] == "case.escalated"

    def test_from_the_lead_it_goes_to_the_manager_and_never_down(
        self, case: Case, alice: User, bob: User, dora: User, events_about: EventsAbout
    ) -> None:
        for owner in (bob, dora, dora):
            cases.escalate(case, by=alice)
            assert case.owner == owner
        assert events_about(case).count("case.escalated") == 2


class TestContact:
    def test_it_stops_the_clock_when_the_customer_is_reached(self, case: Case, alice: User) -> None:
        cases.contact(case, by=alice, result="reached")
        assert case.first_contact_at == case.contacts.get().at

    def test_it_leaves_the_clock_running_when_nobody_answers(self, case: Case, alice: User) -> None:
        cases.contact(case, by=alice, result="no_reply")
        assert case.first_contact_at is None

    def test_it_keeps_the_first_contact(self, case: Case, alice: User) -> None:
        first = cases.contact(case, by=alice, result="reached").first_contact_at
        assert cases.contact(case, by=alice, result="reached").first_contact_at == first


@pytest.mark.requirement(78)
class TestResolve:
    def test_it_leaves_the_list_of_open_cases(self, resolved: Case) -> None:
        assert resolved not in Case.objects.open()

    def test_it_is_recorded_once_when_repeated(
        self, resolved: Case, alice: User, slow_kitchen: RootCause, events_about: EventsAbout
    ) -> None:
        cases.resolve(resolved, by=alice, root_cause=slow_kitchen)
        assert events_about(resolved).count("case.resolved") == 1

    @pytest.mark.requirement(102)
    def test_it_promises_three_callbacks(self, resolved: Case) -> None:
        waits = [c.due_at - resolved.resolution.at for c in resolved.callbacks.order_by("step")]
        assert [wait.total_seconds() / 3600 for wait in waits] == [1, 24, 72]


class TestReopen:
    def test_it_is_its_owners_again(self, resolved: Case, alice: User) -> None:
        cases.reopen(resolved, by=alice, reason="又凉了")
        assert resolved in Case.objects.open().owned_by(alice)

    def test_it_keeps_the_solution_that_did_not_hold(
        self, resolved: Case, alice: User, slow_kitchen: RootCause
    ) -> None:
        cases.reopen(resolved, by=alice, reason="又凉了")
        kept = resolved.reopenings.get()
        assert (kept.root_cause, kept.reason) == (slow_kitchen, "又凉了")

    def test_it_cancels_the_callbacks_that_wait(self, resolved: Case, alice: User) -> None:
        cases.reopen(resolved, by=alice)
        assert not resolved.callbacks.waiting().exists()

    def test_its_next_solution_begins_a_new_round(
        self, resolved: Case, alice: User, slow_kitchen: RootCause
    ) -> None:
        cases.reopen(resolved, by=alice)
        cases.resolve(resolved, by=alice, root_cause=slow_kitchen)
        assert set(resolved.callbacks.waiting().values_list("round", flat=True)) == {2}
