"""Those affected: who they are, their cases, the message to all."""

from __future__ import annotations

import pytest

from tests.server.act.crisis.conftest import Complains
from voiceloop.server.act.crisis import affected, opening, runs, statements
from voiceloop.server.act.models import Case, Crisis
from voiceloop.server.collect import invitations
from voiceloop.server.collect.models import Customer, Message
from voiceloop.server.core.models import Unit, User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(194)]
N = 12


@pytest.fixture
def spike(calm: None, store: Unit, bob: User, complains: Complains) -> Crisis:
    complains(store, N)
    return opening.watch()[0]


class TestCustomersOf:
    def test_it_holds_those_of_the_spike_only(self, spike: Crisis) -> None:
        assert affected.customers_of(spike).count() == N

    def test_it_shows_nothing_of_it_to_another_branch(self, spike: Crisis, charlie: User) -> None:
        assert not affected.customers_of(spike).visible_to(charlie).exists()


class TestOpenCases:
    def test_it_opens_one_for_each_answer_and_links_it(self, spike: Crisis, bob: User) -> None:
        run = runs.go_on(runs.open_cases(spike, by=bob))
        assert (run.n_done, run.done_at is not None) == (N, True)
        assert spike.links.count() == Case.objects.filter(unit=spike.unit).count() == N

    def test_it_does_nothing_the_second_time(self, spike: Crisis, bob: User) -> None:
        for _ in range(2):
            run = runs.go_on(runs.open_cases(spike, by=bob))
        assert run.n_done == 0

    def test_it_goes_on_where_it_died(
        self, spike: Crisis, bob: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(runs, "BATCH", 5)
        run = runs.open_cases(spike, by=bob)
        runs._batch(run)
        assert Case.objects.count() == 5
        assert runs.go_on(run).n_done == N


class TestWriteToAll:
    def test_it_says_only_what_is_approved(self, spike: Crisis, bob: User) -> None:
        draft = statements.write(spike, by=bob, text_zh="正在核实")
        with pytest.raises(statements.NotApproved):
            runs.write_to_all(spike, statement=draft, by=bob)

    def test_it_leaves_out_who_does_not_want_it(self, spike: Crisis, bob: User) -> None:
        first, second = Customer.objects.filter(pk__in=affected.customers_of(spike)).order_by("pk")[:2]
        invitations.opt_out(customer=first)
        Customer.objects.filter(pk=second.pk).update(email=None, email_index=None)
        approved = statements.approve(statements.write(spike, by=bob, text_zh="正在核实"), by=bob)
        planned = runs.reach(spike)
        run = runs.go_on(runs.write_to_all(spike, statement=approved, by=bob))
        assert not Message.objects.filter(customer=first).exists()
        assert run.n_done == planned["reached"] == Message.objects.count()
        assert run.left_out["opted_out"] == planned["opted_out"] == 1

    def test_it_writes_to_each_once_however_often_it_is_pressed(self, spike: Crisis, bob: User) -> None:
        approved = statements.approve(statements.write(spike, by=bob, text_zh="正在核实"), by=bob)
        for _ in range(2):
            runs.go_on(runs.write_to_all(spike, statement=approved, by=bob))
        assert Message.objects.count() == N
