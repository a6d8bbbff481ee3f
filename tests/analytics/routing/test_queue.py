"""The case that somebody takes next."""

from __future__ import annotations

import pytest

from voiceloop.analytics.routing import Agent, Work, next_for, urgency

ZH, BOTH = frozenset({"zh"}), frozenset({"zh", "en"})
pytestmark = pytest.mark.requirement(121)


def taken(agent: Agent, *waiting: Work, others: tuple[Agent, ...] = ()) -> int | None:
    work = next_for(agent, waiting, [agent, *others])
    return work.key if work else None


class TestUrgency:
    def test_of_equal_promises_the_more_urgent_and_the_green_come_first(self) -> None:
        works = [Work(1, left=60), Work(2, left=60, priority=1), Work(3, left=60, is_green=True)]
        assert [work.key for work in sorted(works, key=urgency)] == [3, 2, 1]


class TestNextFor:
    def test_it_takes_the_least_time_left_not_the_oldest(self) -> None:
        assert taken(Agent(1), Work(1, left=90, waited=200), Work(2, left=10, waited=5)) == 2

    def test_it_takes_the_oldest_of_those_without_a_promise(self) -> None:
        assert taken(Agent(1), Work(1, waited=5), Work(2, waited=50)) == 2

    def test_it_passes_over_what_another_is_needed_for(self) -> None:
        english = Agent(2, languages=BOTH, capacity=1, load=1)
        agent = Agent(1, languages=ZH)
        assert taken(agent, Work(1, language="en", left=50), Work(2, left=70), others=(english,)) == 2

    def test_it_takes_what_only_few_can_do_when_one_of_them_is_free(self) -> None:
        others = tuple(Agent(n, languages=ZH) for n in range(2, 8))
        agent = Agent(1, languages=BOTH)
        assert (
            taken(agent, Work(1, language="zh", left=60), Work(2, language="en", left=90), others=others) == 2
        )

    def test_it_takes_what_the_person_is_good_at_when_time_allows(self) -> None:
        agent = Agent(1, skills={"reason:refund": 3})
        works = (
            Work(1, left=60, topics=frozenset({"reason:menu"})),
            Work(2, left=65, topics=frozenset({"reason:refund"})),
        )
        assert taken(agent, *works) == 2

    def test_who_is_full_takes_nothing(self) -> None:
        assert taken(Agent(1, capacity=1, load=1), Work(1)) is None

    def test_a_need_that_nobody_can_meet_keeps_no_case_waiting(self) -> None:
        assert taken(Agent(1, languages=ZH), Work(1, language="fr", left=50)) == 1
