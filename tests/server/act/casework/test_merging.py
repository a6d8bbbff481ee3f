"""Two cases become one, and two again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.utils.timezone import now

from voiceloop.analytics.lake import Lake
from voiceloop.server.act.cases import cases
from voiceloop.server.act.casework import merging
from voiceloop.server.act.models import Case, RootCause
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.models import User
from voiceloop.server.store import sync

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(120)]
EventsAbout = Callable[[Case], list[str]]


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


class TestMerge:
    def test_all_that_was_written_goes_over(self, case: Case, second: Case, alice: User) -> None:
        cases.note(second, by=alice, text="他也打过电话")
        cases.contact(second, by=alice, result="reached")
        merging.merge(second, into=case, by=alice)
        assert [note.text for note in case.notes.all()] == ["他也打过电话"]
        assert case.contacts.count() == 1

    def test_the_merged_one_is_open_no_more_and_says_where_it_went(
        self, case: Case, second: Case, alice: User
    ) -> None:
        merging.merge(second, into=case, by=alice)
        gone = fresh(second)
        assert (gone.merged_into, gone.state, gone.is_open) == (case, "merged", False)
        assert list(Case.objects.open()) == [case]
        assert not gone.clocks.exists()

    def test_both_logs_say_so(self, case: Case, second: Case, alice: User, events_about: EventsAbout) -> None:
        merging.merge(second, into=case, by=alice)
        assert events_about(case)[-1] == events_about(second)[-1] == "case.merged"

    def test_the_customer_has_waited_since_the_earlier_one(
        self, case: Case, second: Case, alice: User
    ) -> None:
        """Else a merge into a fresh case would stop a clock that is nearly over."""
        earlier = now() - timedelta(hours=5)
        Case.objects.filter(pk=second.pk).update(opened_at=earlier)
        second = fresh(second)
        merging.merge(second, into=case, by=alice)
        assert fresh(case).opened_at == earlier

    def test_the_worse_severity_stays(self, case: Case, second: Case, alice: User) -> None:
        Case.objects.filter(pk=second.pk).update(severity="catastrophic")
        merging.merge(fresh(second), into=case, by=alice)
        assert fresh(case).severity == "catastrophic"

    def test_another_customer_is_warned_of(self, case: Case, second: Case) -> None:
        assert not merging.differs(case, second)
        second.customer = Customer.objects.create(unit=second.unit, number="C-2")
        assert merging.differs(case, second)

    def test_it_refuses_itself_what_is_merged_and_what_is_closed(
        self, case: Case, second: Case, alice: User, slow_kitchen: RootCause
    ) -> None:
        with pytest.raises(merging.Refused):
            merging.merge(case, into=case, by=alice)
        cases.resolve(case, by=alice, root_cause=slow_kitchen)
        with pytest.raises(merging.Refused):
            merging.merge(second, into=case, by=alice)
        merging.merge(case, into=second, by=alice)
        with pytest.raises(merging.Refused):
            merging.merge(case, into=second, by=alice)

    def test_calls_that_were_promised_are_not_made_twice(
        self, resolved: Case, second: Case, alice: User
    ) -> None:
        merging.merge(resolved, into=second, by=alice)
        assert not resolved.callbacks.waiting().exists()


class TestUnmerge:
    def test_each_has_its_own_again(self, case: Case, second: Case, alice: User) -> None:
        mine = cases.note(second, by=alice, text="原来的")
        merging.merge(second, into=case, by=alice)
        later = cases.note(case, by=alice, text="合并之后的")
        merging.unmerge(second, by=alice)
        assert list(second.notes.all()) == [mine]
        assert list(case.notes.all()) == [later]
        assert fresh(second).is_open
        assert fresh(second).clocks.exists()

    def test_the_other_is_what_it_was(self, case: Case, second: Case, alice: User) -> None:
        Case.objects.filter(pk=second.pk).update(severity="catastrophic", opened_at=now() - timedelta(days=1))
        before = (case.opened_at, case.severity)
        merging.merge(fresh(second), into=case, by=alice)
        merging.unmerge(fresh(second), by=alice)
        assert (fresh(case).opened_at, fresh(case).severity) == before

    def test_what_somebody_changed_since_stays(self, case: Case, second: Case, alice: User) -> None:
        Case.objects.filter(pk=second.pk).update(severity="catastrophic")
        merging.merge(fresh(second), into=case, by=alice)
        Case.objects.filter(pk=case.pk).update(severity="slight")
        merging.unmerge(fresh(second), by=alice)
        assert fresh(case).severity == "slight"

    def test_promised_calls_are_promised_again(self, resolved: Case, second: Case, alice: User) -> None:
        merging.merge(resolved, into=second, by=alice)
        merging.unmerge(fresh(resolved), by=alice)
        assert resolved.callbacks.waiting().count() == 3


@pytest.mark.django_db(transaction=True)
class TestTheLake:
    def test_what_was_told_twice_counts_once_and_twice_again(
        self, case: Case, second: Case, alice: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lake = Lake(tmp_path)
        monkeypatch.setattr(sync, "lake", lambda: lake)

        def counted() -> list[int]:
            uris = lake.uris("cases")
            rows = (row for uri in uris for row in pq.read_table(uri, partitioning=None).to_pylist())
            return sorted(row["case_id"] for row in rows)

        sync.sync()
        assert counted() == [case.pk, second.pk]
        merging.merge(second, into=case, by=alice)
        sync.sync()
        assert counted() == [case.pk]
        merging.unmerge(fresh(second), by=alice)
        sync.sync()
        assert counted() == [case.pk, second.pk]
