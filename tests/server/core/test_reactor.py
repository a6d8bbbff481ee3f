"""Every event reaches every reaction, each exactly once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

import psycopg
import pytest
from django.db import connection, transaction
from django.utils.timezone import now

from voiceloop.server.core import events, reactor
from voiceloop.server.core.models import Event, ReactionFailure, ReactionMark, ReactionReceipt, Unit

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True, kw_only=True)
class BellRang(events.EventType):
    type: ClassVar[str] = "test.bell"
    about: ClassVar[tuple[str, ...]] = ("bell",)
    sentence: ClassVar[str] = "%(by)s rang bell %(bell)s"

    bell: int


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A reaction that writes down each bell, and a unit for each, in the reactor's transaction."""
    bells: list[int] = []

    def listen(event: Event) -> None:
        Unit.objects.create(code=f"bell-{event.typed.bell}", name="bell")
        bells.append(event.typed.bell)

    only = {"test.listen": reactor.Reaction("test.listen", frozenset({"test.bell"}), listen)}
    monkeypatch.setattr(reactor, "REACTIONS", only)
    monkeypatch.setattr(reactor, "reactions", lambda: list(only.values()))
    return bells


def ring(bell: int) -> Event:
    return events.record(BellRang(bell=bell))


@contextmanager
def another_transaction() -> Iterator[psycopg.Connection[Any]]:
    """One that has begun to write and is still running."""
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    place = {theirs: connection.settings_dict[ours] for ours, theirs in names.items()}
    with psycopg.connect(**{k: v for k, v in place.items() if v}) as other:
        other.execute("select pg_current_xact_id()")
        yield other


class TestDeliver:
    def test_it_handles_each_event_once(self, heard: list[int]) -> None:
        ring(1)
        ring(2)
        assert reactor.deliver() == 2
        assert reactor.deliver() == 0
        assert heard == [1, 2]

    def test_at_rest_it_asks_three_times_however_many_listen(
        self, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
    ) -> None:
        many = [reactor.Reaction(f"test.{n}", frozenset({"test.bell"}), lambda event: None) for n in range(9)]
        monkeypatch.setattr(reactor, "reactions", lambda: many)
        ring(1)
        assert (reactor.deliver(), reactor.deliver()) == (9, 0)
        with django_assert_num_queries(3):
            assert reactor.deliver() == 0
        ring(2)
        assert reactor.deliver() == 9

    def test_it_hears_nothing_of_a_transaction_that_was_taken_back(self, heard: list[int]) -> None:
        with transaction.atomic():
            ring(1)
            transaction.set_rollback(True)
        reactor.deliver()
        assert heard == []

    def test_what_a_transaction_holds_up_is_not_in_the_way_of_the_rest(
        self, heard: list[int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(reactor, "PAGE", 3)
        monkeypatch.setattr(reactor, "BATCH", 4)
        with another_transaction():
            for bell in range(10):
                ring(bell)
            assert reactor.deliver() == 10
            ring(10)
            assert reactor.deliver() == 1
        assert heard == list(range(11))

    def test_who_joins_later_holds_nobody_up_and_repeats_nothing(
        self, heard: list[int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ring(1)
        reactor.deliver()
        late: list[int] = []
        joined = reactor.Reaction(
            "test.late", frozenset({"test.bell"}), lambda event: late.append(event.typed.bell)
        )
        both = [*reactor.reactions(), joined]
        monkeypatch.setattr(reactor, "reactions", lambda: both)
        ring(2)
        reactor.deliver()
        assert (heard, late) == ([1, 2], [1, 2])
        assert ReactionMark.objects.values("xid").distinct().count() == 1

    def test_what_an_effect_makes_happen_is_handled_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        rung: list[int] = []

        def answer(event: Event) -> None:
            rung.append(event.typed.bell)
            if event.typed.bell < 3:
                ring(event.typed.bell + 1)

        only = [reactor.Reaction("test.answer", frozenset({"test.bell"}), answer)]
        monkeypatch.setattr(reactor, "reactions", lambda: only)
        ring(1)
        assert (reactor.deliver(), rung) == (3, [1, 2, 3])

    def test_it_loses_no_event_of_a_transaction_that_commits_late(self, heard: list[int]) -> None:
        with another_transaction() as slow:
            slow.execute(
                "insert into core_event (type, at, about, data, note)"
                """ values ('test.bell', now(), '{}', '{"bell": 7}', '')"""
            )
            ring(8)
            reactor.deliver()
            slow.commit()
        reactor.deliver()
        assert sorted(heard) == [7, 8]

    def test_it_takes_effect_and_receipt_back_together(
        self, heard: list[int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ring(1)
        looks_up = ReactionFailure.objects.filter

        def dies(*args: Any, **kwargs: Any) -> Any:
            if heard:
                raise KeyboardInterrupt
            return looks_up(*args, **kwargs)

        with monkeypatch.context() as patch:
            # The process is killed after the effect, before its transaction ends.
            patch.setattr(ReactionFailure.objects, "filter", dies)
            with pytest.raises(KeyboardInterrupt):
                reactor.deliver()
        assert heard == [1]
        assert not Unit.objects.filter(code="bell-1").exists()
        reactor.deliver()
        assert Unit.objects.filter(code="bell-1").count() == 1

    def test_it_tries_again_what_failed_and_goes_on_with_the_rest(self, heard: list[int]) -> None:
        stumbling_block = Unit.objects.create(code="bell-1", name="in the way")
        ring(1)
        ring(2)
        reactor.deliver()
        assert heard == [2]
        failure = ReactionFailure.objects.get()
        assert failure.next_at > now() - timedelta(seconds=1)
        stumbling_block.delete()
        ReactionFailure.objects.update(next_at=now())
        reactor.deliver()
        assert heard == [2, 1]
        assert not ReactionFailure.objects.exists()

    def test_it_forgets_receipts_behind_its_mark(self, heard: list[int]) -> None:
        ring(1)
        reactor.deliver()
        ring(2)
        reactor.deliver()
        mark = ReactionMark.objects.get()
        assert not ReactionReceipt.objects.filter(event__xid__lt=mark.xid).exists()

    def test_two_reactors_at_once_do_it_once(self, heard: list[int]) -> None:
        for bell in range(20):
            ring(bell)

        def run() -> None:
            reactor.deliver()
            connection.close()

        threads = [threading.Thread(target=run) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        reactor.deliver()
        assert sorted(heard) == list(range(20))


class TestRecord:
    def test_it_tells_the_story_with_its_person(self, db: None) -> None:
        assert ring(3).sentence.endswith("rang bell 3")

    def test_it_is_found_by_its_subject(self) -> None:
        event = ring(4)
        assert list(Event.objects.about("bell", 4)) == [event]

    def test_an_event_of_a_type_that_is_gone_still_has_a_sentence(self) -> None:
        assert Event.objects.create(type="old.kind").sentence == "old.kind"
