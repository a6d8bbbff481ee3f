"""The green channel."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from voiceloop.server.act.cases import cases
from voiceloop.server.act.models import Case, GreenCase, Notice, ServicePromise
from voiceloop.server.act.routing import green, people, queue
from voiceloop.server.collect.models import Response
from voiceloop.server.core.models import Event, User
from voiceloop.server.core.reactor import REACTIONS, reactions

reactions()
pytestmark = [pytest.mark.django_db, pytest.mark.requirement(124)]
Says = Callable[..., Response]


@pytest.fixture
def erin(person: Callable[..., User], alice: User) -> User:
    """A senior agent beside Alice."""
    made = person("Erin", "agent", alice.unit)
    people.save_profile(made, by=alice, is_senior=True)
    return made


@pytest.fixture
def black(dora: User) -> None:
    green.save_rule(by=dora, tiers=["black"], severities=["catastrophic"], reopenings=2, minutes=30)


@pytest.fixture
def valued(black: None, erin: User, bob: User, says: Says) -> Case:
    return cases.route(cases.open_for_response(says(tier="black", score=5)))


class TestConsider:
    def test_a_high_value_customer_goes_to_a_senior_agent(self, valued: Case, erin: User) -> None:
        assert valued.owner == erin
        assert GreenCase.objects.get(case=valued).reason == {"tier": "black"}

    def test_others_do_not(self, black: None, erin: User, alice: User, says: Says) -> None:
        case = cases.route(cases.open_for_response(says(tier="silver", score=5)))
        assert case.owner == alice
        assert not GreenCase.objects.exists()

    def test_a_catastrophe_does_without_any_rule(self, erin: User, says: Says) -> None:
        case = cases.route(cases.open_for_response(says(text="吃完食物中毒了，住院")))
        assert case.owner == erin
        assert case.green.reason == {"severity": "catastrophic"}

    def test_the_lead_is_told_once(self, valued: Case, bob: User) -> None:
        event = Event.objects.get(type="case.green")
        for _ in range(2):
            for reaction in REACTIONS.values():
                if event.type in reaction.types:
                    reaction.handle(event)
        assert Notice.objects.filter(user=bob, event=event).count() == 1

    def test_it_has_a_promise_of_its_own(self, valued: Case) -> None:
        clock = valued.clocks.get(kind="first_contact")
        assert (clock.promise.tier, clock.promise.minutes) == ("black", 30)


class TestSaveRule:
    def test_what_no_longer_holds_promises_nothing(self, black: None, dora: User) -> None:
        green.save_rule(by=dora, tiers=[], severities=["catastrophic"], reopenings=0, minutes=20)
        assert [(one.tier, one.severity, one.minutes) for one in green.promises()] == [
            ("", "catastrophic", 20)
        ]
        assert ServicePromise.objects.filter(name__startswith=green.PROMISE).count() == 3


class TestEnterGreen:
    def test_what_turned_serious_goes_to_a_senior_before_the_first_word(
        self, says: Says, alice: User, person: Callable[..., User]
    ) -> None:
        case = cases.route(cases.open_for_response(says(score=5)))
        erin = person("Erin", "agent", alice.unit)
        people.save_profile(erin, by=alice, is_senior=True)
        Case.objects.filter(pk=case.pk).update(severity="catastrophic")
        assert queue.enter_green(Case.objects.get(pk=case.pk)).owner == erin

    def test_after_the_first_word_it_stays(self, says: Says, alice: User, erin: User) -> None:
        case = cases.open_for_response(says(score=5))
        cases.contact(case, by=alice, result="reached")
        Case.objects.filter(pk=case.pk).update(severity="catastrophic")
        found = queue.enter_green(Case.objects.get(pk=case.pk))
        assert found.owner == alice
        assert GreenCase.objects.filter(case=case).exists()
