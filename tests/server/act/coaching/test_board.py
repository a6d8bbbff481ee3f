"""The team board: fair to each agent, and never a ranking."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from tests.server.feedback import lake_in
from voiceloop.server.act.cases import cases
from voiceloop.server.act.coaching.board import Cell, Line, lines
from voiceloop.server.act.models import Case
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.models import Unit, User
from voiceloop.server.measure.slices import Slice
from voiceloop.server.store import sync

pytestmark = pytest.mark.django_db(transaction=True)
SignIn = Callable[[User], Client]


@pytest.fixture
def team(alice: User, bob: User, east: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Alice was in time with 6 of 8 customers, Bob with all of 3."""
    lake_in(tmp_path, monkeypatch)
    for agent, n_late, n in ((alice, 2, 8), (bob, 0, 3)):
        for number in range(n):
            _contacted(agent, east, is_late=number < n_late)
    sync.sync()


def _contacted(agent: User, unit: Unit, *, is_late: bool) -> None:
    customer = Customer.objects.create(unit=unit, number=f"C{Customer.objects.count()}")
    case = cases.open(customer, by=agent, unit=unit)
    at = now() - timedelta(hours=5)
    Case.objects.filter(pk=case.pk).update(
        agent=str(agent.code),
        opened_at=at,
        first_contact_due_at=at + timedelta(hours=1),
        first_contact_at=at + timedelta(hours=2 if is_late else 0),
    )


def line_of(person: User, found: list[Line]) -> Line:
    return next(line for line in found if line.person == person)


class TestLines:
    def test_it_measures_each_agent_with_n_and_interval(self, team: None, alice: User, bob: User) -> None:
        cell: Cell = line_of(alice, lines(bob, Slice.of(bob))).cells[0]
        row = cell.group.row  # type: ignore[union-attr]
        assert (row.n, row.value, cell.is_thin) == (8, 75.0, True)
        assert (row.low or 0) < 75 < (row.high or 0)

    def test_under_five_cases_nothing_is_shown(self, team: None, bob: User) -> None:
        assert not line_of(bob, lines(bob, Slice.of(bob))).cells[0].is_shown

    def test_it_is_sorted_by_name_not_by_score(self, team: None, bob: User) -> None:
        assert [str(line.person) for line in lines(bob, Slice.of(bob))] == ["Alice", "Bob"]

    def test_it_counts_open_cases(self, team: None, alice: User, bob: User) -> None:
        assert line_of(alice, lines(bob, Slice.of(bob))).n_open == 8

    def test_an_agent_sees_their_own_line_only(self, team: None, alice: User) -> None:
        assert [line.person for line in lines(alice, Slice.of(alice))] == [alice]

    def test_charlie_sees_nobody_of_the_east(self, team: None, charlie: User) -> None:
        assert all(line.person.unit == charlie.unit for line in lines(charlie, Slice.of(charlie)))


class TestCoaching:
    @pytest.mark.parametrize(("language", "word"), [("zh-hans", "排行榜"), ("en", "league table")])
    def test_it_says_why_nobody_is_ranked(
        self, signed_in: SignIn, team: None, bob: User, language: str, word: str
    ) -> None:
        page = signed_in(bob).get(reverse("coaching"), headers={"accept-language": language}).text
        assert word in page
        assert "75.0%" in page
