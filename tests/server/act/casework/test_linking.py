"""Links between cases, and a case made out of part of another."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from voiceloop.server.act.cases import cases
from voiceloop.server.act.casework import linking, page
from voiceloop.server.act.models import Case, CaseLink
from voiceloop.server.act.threads import threads
from voiceloop.server.core.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(120)]
EventsAbout = Callable[[Case], list[str]]


class TestLink:
    def test_each_sees_the_other(self, case: Case, second: Case, alice: User) -> None:
        linking.link(case, other=second, kind="related", by=alice)
        assert [one.other for one in page.linked(case, alice)] == [second]
        assert [one.other for one in page.linked(second, alice)] == [case]

    def test_a_part_and_its_whole_call_each_other_by_different_names(
        self, case: Case, second: Case, alice: User
    ) -> None:
        linking.link(second, other=case, kind="parent", by=alice)
        above, below = page.linked(case, alice)[0].label, page.linked(second, alice)[0].label
        assert str(above) != str(below)

    def test_it_is_made_once_from_either_side(
        self, case: Case, second: Case, alice: User, events_about: EventsAbout
    ) -> None:
        linking.link(case, other=second, kind="related", by=alice)
        linking.link(second, other=case, kind="related", by=alice)
        assert CaseLink.objects.count() == 1
        assert events_about(second).count("case.linked") == 1

    def test_who_may_not_see_one_of_them_sees_no_link(
        self, case: Case, second: Case, alice: User, charlie: User
    ) -> None:
        linking.link(case, other=second, kind="related", by=alice)
        assert not CaseLink.objects.visible_to(charlie).exists()


class TestUnlink:
    def test_the_link_ends_and_both_events_stay(
        self, case: Case, second: Case, alice: User, events_about: EventsAbout
    ) -> None:
        made = linking.link(case, other=second, kind="duplicate", by=alice)
        for _ in range(2):
            linking.unlink(made, by=alice)
        assert page.linked(case, alice) == []
        assert events_about(case)[-2:] == ["case.linked", "case.unlinked"]


class TestSplit:
    def test_chosen_notes_go_to_a_case_of_the_same_customer(self, case: Case, alice: User) -> None:
        stays = cases.note(case, by=alice, text="菜凉了")
        goes = cases.note(case, by=alice, text="发票抬头错了")
        made = linking.split(case, by=alice, summary="发票抬头错了", notes=[goes.pk])
        assert made.customer == case.customer
        assert list(made.notes.all()) == [goes]
        assert list(case.notes.all()) == [stays]

    def test_chosen_messages_go_and_answers_to_them_reach_the_customer(self, case: Case, alice: User) -> None:
        first = threads.hear(case, channel="email", address="wang@example.com", text="菜凉了", key="a")
        other = threads.hear(case, channel="email", address="wang@example.com", text="发票错了", key="b")
        made = linking.split(case, by=alice, summary="发票", posts=[other.pk])
        there = made.threads.get()
        assert [post.text for post in there.posts.filter(direction="in")] == ["发票错了"]
        assert there.address == "wang@example.com"
        assert first in list(case.threads.get().posts.all())

    def test_both_say_where_the_other_is(self, case: Case, alice: User, events_about: EventsAbout) -> None:
        made = linking.split(case, by=alice, summary="发票")
        assert [one.other for one in page.linked(case, alice)] == [made]
        assert "case.split" in events_about(made)
        assert "case.split" in events_about(case)

    def test_nothing_of_another_case_is_taken(self, case: Case, second: Case, alice: User) -> None:
        note = cases.note(second, by=alice, text="别的")
        made = linking.split(case, by=alice, summary="x", notes=[note.pk])
        assert not made.notes.exists()
