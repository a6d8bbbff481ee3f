"""Who else is at the case, and what they did while somebody was writing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import now

from voiceloop.server.act.cases import cases
from voiceloop.server.act.casework import guard, presence
from voiceloop.server.act.events import CaseAssigned
from voiceloop.server.act.models import Case, Presence
from voiceloop.server.core.events import record
from voiceloop.server.core.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(111)]


class TestOthers:
    def test_colleagues_see_each_other_and_not_themselves(self, case: Case, alice: User, bob: User) -> None:
        presence.beat(case, user=alice)
        presence.beat(case, user=bob, typing=True)
        assert [(one.user, one.types) for one in presence.others(case, user=alice)] == [(bob, True)]

    def test_who_stopped_beating_is_gone(self, case: Case, alice: User, bob: User) -> None:
        presence.beat(case, user=bob)
        Presence.objects.update(seen_at=now() - timedelta(minutes=1))
        assert presence.others(case, user=alice) == []

    def test_who_leaves_is_gone_at_once(self, case: Case, alice: User, bob: User) -> None:
        presence.beat(case, user=bob)
        presence.leave(case, user=bob)
        assert presence.others(case, user=alice) == []

    def test_typing_ends_while_looking_goes_on(self, case: Case, alice: User, bob: User) -> None:
        presence.beat(case, user=bob, typing=True)
        Presence.objects.update(typed_at=now() - timedelta(minutes=1))
        presence.beat(case, user=bob)
        assert [one.types for one in presence.others(case, user=alice)] == [False]

    def test_one_row_a_person_however_long_they_look(self, case: Case, alice: User) -> None:
        for _ in range(3):
            presence.beat(case, user=alice)
        assert Presence.objects.count() == 1


class TestForget:
    def test_only_what_is_long_past(self, case: Case, alice: User, bob: User) -> None:
        presence.beat(case, user=alice)
        presence.beat(case, user=bob)
        Presence.objects.filter(user=bob).update(seen_at=now() - timedelta(hours=2))
        assert presence.forget() == 1


class TestSince:
    def test_it_tells_what_others_did(self, case: Case, alice: User, bob: User) -> None:
        seen = str(guard.version(case))
        cases.note(case, by=bob, text="我已打过电话")
        assert [event.note for event in guard.since(case, seen=seen, user=alice)] == ["我已打过电话"]

    def test_ones_own_doing_is_no_news(self, case: Case, alice: User) -> None:
        seen = str(guard.version(case))
        cases.note(case, by=alice, text="x")
        assert guard.since(case, seen=seen, user=alice) == []

    def test_what_the_house_does_by_itself_holds_nobody_up(self, case: Case, alice: User, bob: User) -> None:
        seen = str(guard.version(case))
        record(CaseAssigned(case=case.pk, customer=None, to=bob.pk, to_name="Bob"), unit=case.unit)
        assert guard.since(case, seen=seen, user=alice) == []
        cases.assign(case, to=bob, by=bob)
        assert [event.type for event in guard.since(case, seen=seen, user=alice)] == ["case.assigned"]

    @pytest.mark.parametrize("seen", ["", "x", "9" * 30])
    def test_a_form_without_a_version_is_not_held_up(
        self, case: Case, alice: User, bob: User, seen: str
    ) -> None:
        cases.note(case, by=bob, text="x")
        assert guard.since(case, seen=seen, user=alice) == []
