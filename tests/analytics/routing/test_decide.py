"""The choice of a person for a case."""

from __future__ import annotations

import pytest

from voiceloop.analytics.routing import Agent, Work, choose, gate

ZH, BOTH = frozenset({"zh"}), frozenset({"zh", "en"})
pytestmark = pytest.mark.requirement(121)


def verdicts(work: Work, *agents: Agent) -> dict[int, str]:
    return {other.agent: other.verdict for other in choose(work, agents).others}


class TestGate:
    @pytest.mark.parametrize(
        ("agent", "verdict"),
        [
            (Agent(1, status="off"), "off"),
            (Agent(1, status="away"), "away"),
            (Agent(1, status="busy"), "busy"),
            (Agent(1, is_on_shift=False), "closed"),
            (Agent(1, capacity=3, load=3), "full"),
            (Agent(1, capacity=3, load=2), ""),
        ],
    )
    def test_it_says_what_keeps_somebody_away(self, agent: Agent, verdict: str) -> None:
        assert gate(Work(9), agent) == verdict

    def test_an_urgent_case_asks_for_more_room(self) -> None:
        agent = Agent(1, capacity=3, load=2)
        assert gate(Work(9, priority=1), agent) == "full"
        assert gate(Work(9, priority=3), agent) == ""

    def test_who_holds_nothing_always_has_room(self) -> None:
        assert gate(Work(9, priority=1), Agent(1, capacity=1)) == ""


class TestChoose:
    def test_it_takes_the_least_loaded_of_equals(self) -> None:
        assert choose(Work(9), [Agent(1, load=2), Agent(2, load=1), Agent(3, load=3)]).agent == 2

    @pytest.mark.requirement(126)
    def test_it_takes_who_speaks_the_language_though_they_have_more_to_do(self) -> None:
        work = Work(9, language="en")
        assert choose(work, [Agent(1, languages=ZH), Agent(2, languages=BOTH, load=5)]).agent == 2

    @pytest.mark.requirement(113)
    @pytest.mark.parametrize("seat", ["phone", "online", "micro", "video"])
    def test_it_takes_who_sits_at_the_seat(self, seat: str) -> None:
        other = Agent(1, skills={"seat:other": 3})
        assert choose(Work(9, seat=seat), [other, Agent(2, skills={f"seat:{seat}": 1}, load=3)]).agent == 2

    def test_it_keeps_for_others_what_few_can_do(self) -> None:
        many = [Agent(n, languages=ZH, load=1) for n in range(2, 9)]
        assert choose(Work(9, language="zh"), [Agent(1, languages=BOTH, load=1), *many]).agent == 2

    def test_it_prefers_who_is_good_at_it(self) -> None:
        work = Work(9, topics=frozenset({"kind:complaint"}))
        assert choose(work, [Agent(1), Agent(2, skills={"kind:complaint": 3})]).agent == 2

    def test_it_stays_with_who_knows_the_customer(self) -> None:
        assert choose(Work(9, known_by=2), [Agent(1), Agent(2)]).agent == 2

    def test_it_does_not_stay_when_others_are_much_sooner(self) -> None:
        assert choose(Work(9, known_by=2), [Agent(1), Agent(2, load=5)]).agent == 1

    def test_it_waits_while_all_who_can_are_full(self) -> None:
        full = Agent(1, languages=BOTH, capacity=2, load=2)
        choice = choose(Work(9, language="en", left=90), [full, Agent(2, languages=ZH)])
        assert (choice.agent, choice.dropped) == (None, ())

    def test_it_never_leaves_the_branch(self) -> None:
        assert choose(Work(9, place="1/4/8/"), [Agent(1, "1/5/")]).agent is None

    def test_a_need_that_nobody_can_meet_is_given_up(self) -> None:
        choice = choose(Work(9, language="fr", seat="video"), [Agent(1, languages=ZH)])
        assert (choice.agent, choice.dropped) == (1, ("seat", "language"))

    def test_when_time_is_short_the_seat_is_given_up_and_the_language_is_not(self) -> None:
        away = Agent(1, languages=BOTH, skills={"seat:phone": 3}, status="away")
        there = Agent(2, languages=BOTH, load=4)
        choice = choose(Work(9, language="en", seat="phone", left=5), [away, there, Agent(3, languages=ZH)])
        assert (choice.agent, choice.dropped) == (2, ("seat",))

    def test_when_it_is_late_whoever_is_there_talks(self) -> None:
        full = Agent(1, languages=BOTH, capacity=2, load=2)
        assert choose(Work(9, language="en", left=-1), [full, Agent(2, languages=ZH)]).agent == 2

    def test_it_takes_a_lead_only_where_there_is_no_agent(self) -> None:
        lead = Agent(1, is_lead=True)
        assert choose(Work(9), [lead]).agent == 1
        assert choose(Work(9), [lead, Agent(2, status="away")]).agent is None

    def test_when_time_is_short_and_no_agent_is_there_the_lead_takes_it(self) -> None:
        assert choose(Work(9, left=5), [Agent(1, is_lead=True), Agent(2, status="away")]).agent == 1

    def test_it_says_what_spoke_against_everybody(self) -> None:
        agents = (
            Agent(1, languages=BOTH, load=3, n_open=3),
            Agent(2, languages=BOTH, status="away"),
            Agent(3, languages=BOTH, capacity=2, load=2),
            Agent(4, languages=ZH),
        )
        found = verdicts(Work(9, language="en"), *agents)
        assert found == {1: "chosen", 2: "away", 3: "full", 4: "language"}


@pytest.mark.requirement(124)
class TestGreen:
    def test_it_goes_to_a_senior(self) -> None:
        assert choose(Work(9, is_green=True), [Agent(1), Agent(2, is_senior=True, load=4)]).agent == 2

    def test_it_does_not_wait_for_a_senior_who_is_full(self) -> None:
        full = Agent(2, is_senior=True, capacity=4, load=4)
        assert choose(Work(9, is_green=True), [Agent(1), full]).agent == 2

    def test_without_a_senior_at_work_it_goes_to_whoever_is_there(self) -> None:
        choice = choose(Work(9, is_green=True), [Agent(1), Agent(2, is_senior=True, status="off")])
        assert (choice.agent, choice.dropped) == (1, ("senior",))

    def test_seniors_are_kept_free_of_other_cases(self) -> None:
        assert choose(Work(9), [Agent(1, is_senior=True), Agent(2)]).agent == 2
