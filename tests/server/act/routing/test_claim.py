"""Two people take one case at the same moment, a thousand times, on a real database."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from voiceloop.server.act.cases import cases
from voiceloop.server.act.models import Assignment, Case
from voiceloop.server.collect.models import Response
from voiceloop.server.core.models import Event, User

TIMES = 1_000
Says = Callable[..., Response]
SignIn = Callable[[User], Client]


def race(people: tuple[User, User], keys: list[int]) -> dict[int, list[int | None]]:
    """Both claim every case in the same order, each over its own connection; who each was told has it."""
    told: dict[int, list[int | None]] = {key: [None, None] for key in keys}
    start, errors = threading.Barrier(2), []

    def run(place: int) -> None:
        try:
            for key in keys:
                case = Case.objects.get(pk=key)
                start.wait(30)
                told[key][place] = cases.claim(case, by=people[place]).owner_id
        except Exception as error:
            errors.append(error)
            start.abort()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    return told


@pytest.mark.requirement(121)
@pytest.mark.django_db(transaction=True)
def test_one_case_has_one_owner_and_the_other_is_told_who(alice: User, bob: User) -> None:
    made = Case.objects.bulk_create(Case(unit_id=alice.unit_id, summary=str(n)) for n in range(TIMES))
    keys = [case.pk for case in made]
    told = race((alice, bob), keys)
    owners = dict(Case.objects.filter(pk__in=keys).values_list("pk", "owner"))
    assert all(told[key] == [owners[key], owners[key]] for key in keys)
    assert set(owners.values()) <= {alice.pk, bob.pk}
    assert Assignment.objects.filter(case__in=keys).count() == TIMES
    assert Event.objects.filter(type="case.assigned").count() == TIMES


@pytest.mark.django_db
class TestTold:
    @pytest.fixture
    def bobs(self, says: Says, bob: User) -> Case:
        return cases.claim(cases.open_for_response(says()), by=bob)

    @pytest.mark.parametrize(("language", "words"), [("en", "Bob was first."), ("zh-hans", "Bob 已先接手。")])
    def test_the_page_says_who_was_first(
        self, bobs: Case, signed_in: SignIn, alice: User, language: str, words: str
    ) -> None:
        headers = {"HX-Request": "true", "accept-language": language}
        answer = signed_in(alice).post(reverse("case_claim", args=[bobs.pk]), headers=headers)
        assert words in answer["HX-Trigger"].encode().decode("unicode_escape")

    def test_a_program_hears_that_it_came_second(self, bobs: Case, signed_in: SignIn, alice: User) -> None:
        answer = signed_in(alice).post(f"/api/cases/{bobs.pk}/claim")
        assert answer.status_code == 409
        assert "bob was first" in answer.text
