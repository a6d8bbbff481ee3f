"""People needed, against published values of Erlang C."""

from __future__ import annotations

import pytest

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.stats.erlang import agents_needed, service_level, wait_probability

pytestmark = pytest.mark.requirement(38)


class TestWaitProbability:
    # "The Erlang-C formula", L. Mitchell, mitan.co.uk/erlang/elgcmath.htm: 360 calls per half hour of four
    # minutes are 48 erlangs; with 55 agents 0.239 wait.
    def test_it_is_the_published_one_of_the_erlang_c_page(self) -> None:
        assert wait_probability(55, 48) == pytest.approx(0.239, abs=0.0005)

    # Call Centre Helper, "The Erlang C formula made simple with an easy worked example": 10 erlangs.
    def test_it_is_the_published_one_of_the_worked_example(self) -> None:
        assert wait_probability(14, 10) == pytest.approx(0.174, abs=0.0005)

    # One person: M/M/1, where the share that waits is the load itself; two: a²/(2 + a) (Kleinrock, Queueing
    # Systems I (1975), section 3.5).
    def test_small_ones_are_those_of_the_books(self) -> None:
        assert wait_probability(1, 0.7) == pytest.approx(0.7)
        assert wait_probability(2, 0.8) == pytest.approx(0.8**2 / 2.8)

    def test_thousands_do_not_overflow(self) -> None:
        assert 0 < wait_probability(5100, 5000) < 0.2

    def test_with_too_few_everybody_waits(self) -> None:
        assert wait_probability(3, 3.0) == 1.0
        assert service_level(3, 3.5, 180, 20) == 0.0

    def test_nobody_waits_where_nobody_comes(self) -> None:
        assert (wait_probability(0, 0.0), service_level(0, 0.0, 180, 20)) == (0.0, 1.0)


class TestServiceLevel:
    @pytest.mark.parametrize(("agents", "share"), [(12, 0.640), (13, 0.796), (14, 0.888)])
    def test_it_is_the_published_one_of_the_worked_example(self, agents: int, share: float) -> None:
        assert service_level(agents, 10, 180, 20) == pytest.approx(share, abs=0.0006)

    def test_it_is_the_published_one_of_the_erlang_c_page(self) -> None:
        assert service_level(55, 48, 240, 15) == pytest.approx(0.846, abs=0.0005)


class TestAgentsNeeded:
    def test_it_is_the_published_one(self) -> None:
        found = agents_needed(200, 180, share=0.8, within=20, shrinkage=0.3)
        assert (found.agents, found.on_duty) == (14, 20)
        assert found.occupancy == pytest.approx(0.714, abs=0.0005)

    def test_the_mean_wait_is_the_published_one(self) -> None:
        found = agents_needed(720, 240, share=0.845, within=15)
        assert found.agents == 55
        assert found.mean_wait == pytest.approx(8.2, abs=0.05)

    def test_one_fewer_would_break_the_promise(self) -> None:
        for per_hour in (0.5, 3, 17, 240):
            found = agents_needed(per_hour, 300, share=0.9, within=30)
            assert found.service_level >= 0.9
            assert service_level(found.agents - 1, found.load, 300, 30) < 0.9

    def test_who_holds_two_chats_is_two_seats(self) -> None:
        assert agents_needed(200, 180, at_once=2).agents == 7

    def test_nothing_needs_nobody(self) -> None:
        assert agents_needed(0, 180).on_duty == 0

    @pytest.mark.parametrize(
        "wrong",
        [
            {"per_hour": -1},
            {"handling": 0},
            {"share": 1.0},
            {"shrinkage": 1.0},
            {"at_once": 0},
            {"within": -1},
        ],
    )
    def test_what_makes_no_sense_is_refused(self, wrong: dict[str, float]) -> None:
        with pytest.raises(AnalyticsError):
            agents_needed(**{"per_hour": 10.0, "handling": 180.0, **wrong})
