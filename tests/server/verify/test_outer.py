"""The outer loop: patterns become initiatives with one click, initiatives become something learned."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from voiceloop.server.act.crisis import crises
from voiceloop.server.act.models import Case, RootCause
from voiceloop.server.core.models import Event, Unit, User
from voiceloop.server.verify import beginning, initiatives, suggestions, training
from voiceloop.server.verify.models import Initiative, TrainingItem
from voiceloop.server.verify.patterns import Window

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement(109)]
Solved = Callable[..., Case]


class TestBegin:
    def test_it_takes_the_patterns_cases_a_baseline_and_a_target_beyond_chance(
        self, company: None, solved: Solved, handover: RootCause, attitude: RootCause, bob: User
    ) -> None:
        mine = [solved(handover) for _ in range(3)]
        solved(attitude)
        made = beginning.begin(beginning.of_cause(handover, Window(bob)), by=bob)
        assert set(made.links.values_list("case", flat=True)) == {case.pk for case in mine}
        assert (made.root_cause, made.unit, made.origin) == (handover, bob.unit, f"cause:{handover.pk}")
        assert made.baseline is not None
        assert made.target == round(made.baseline["high"], 1)
        assert made.baseline["value"] < made.target

    def test_it_takes_the_review_of_a_crisis(self, company: None, east: Unit, bob: User) -> None:
        crisis = crises.open_by_hand(by=bob, unit=east, title="燃气泄漏")
        case = Case.objects.create(unit=east)
        crises.link(crisis, cases=[case], by=bob)
        crises.close(crisis, by=bob, what_happened="漏气", why="没有年检", what_changes="每季年检")
        made = beginning.begin(beginning.of_crisis(crisis, bob), by=bob)
        assert (made.origin, "每季年检" in made.goal) == (f"crisis:{crisis.pk}", True)
        assert list(made.links.values_list("case", flat=True)) == [case.pk]

    def test_it_is_one_click(
        self,
        company: None,
        solved: Solved,
        handover: RootCause,
        bob: User,
        signed_in: Callable[[User], Client],
    ) -> None:
        solved(handover)
        answer = signed_in(bob).post(f"/causes/{handover.pk}/initiative/", {"days": "90"})
        assert answer.headers["Location"] == f"/initiatives/{Initiative.objects.get().pk}/"

    def test_it_takes_no_cases_of_another_branch(self, company: None, west: Unit, bob: User) -> None:
        foreign = Case.objects.create(unit=west)
        made = beginning.begin(beginning.of_cases("x", [foreign.pk], bob, 90), by=bob)
        assert not made.links.exists()


class TestSuggested:
    WORDS = ("快递太慢，物流等了一周", "物流慢，快递员不送", "屏幕碎了，电池差", "电池掉电，屏幕发黄")

    @pytest.mark.requirement(76)
    def test_it_bundles_cases_without_a_cause_by_their_words(self, east: Unit, bob: User) -> None:
        for i in range(120):
            Case.objects.create(unit=east, summary=self.WORDS[i % 4])
        found = suggestions.suggested(bob)
        assert found.n == 120
        assert found.bundles
        first = found.bundles[0]
        words = set(Case.objects.filter(pk__in=first.cases).values_list("summary", flat=True))
        assert words <= {*self.WORDS[:2]} or words <= {*self.WORDS[2:]}
        assert first.places == [(east, first.n)]

    def test_it_needs_thirty(self, east: Unit, bob: User) -> None:
        Case.objects.create(unit=east, summary=self.WORDS[0])
        assert suggestions.suggested(bob).bundles == []

    def test_it_reads_nothing_of_another_branch(self, west: Unit, bob: User) -> None:
        for i in range(40):
            Case.objects.create(unit=west, summary=self.WORDS[i % 4])
        assert suggestions.suggested(bob).n == 0


class TestTraining:
    @pytest.fixture
    def item(self, initiative: Initiative, bob: User) -> TrainingItem:
        return training.give(by=bob, initiative=initiative, title="双人交接", text="出餐后 30 秒内交接")

    def test_it_is_for_the_unit_and_all_below(
        self, item: TrainingItem, alice: User, bob: User, charlie: User
    ) -> None:
        assert training.progress(item).of == 2
        assert [line["item"] for line in training.for_me(alice)] == [item]
        assert training.for_me(charlie) == []

    def test_it_is_learned_once_each(self, item: TrainingItem, alice: User) -> None:
        for _ in range(2):
            training.learn(item, by=alice)
        found = training.progress(item)
        assert (found.n, [str(one) for one in found.missing]) == (1, ["Bob"])
        assert Event.objects.filter(type="training.learned").count() == 1

    def test_a_standard_gives_its_lesson(self, initiative: Initiative, bob: User) -> None:
        initiatives.start(initiative, by=bob)
        initiatives.check(initiative, by=bob)
        initiatives.standardise(initiative, by=bob, note="规则", training="先核对再交接")
        assert initiative.training.get().text == "先核对再交接"
