"""What open pages are told: what changed, for whom, and nothing while nothing does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from voiceloop.server.act.cases import cases
from voiceloop.server.act.models import Case
from voiceloop.server.act.notices import notices
from voiceloop.server.core.models import Event, Unit, User
from voiceloop.server.web import live
from voiceloop.server.web.feed import Feed, above_and_self

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(111)]


@pytest.fixture
def feed() -> Feed:
    """One that has read all there was."""
    fresh = Feed()
    fresh.pull(connection)
    fresh.moments.clear()
    return fresh


@pytest.fixture
def case(east: Unit) -> Case:
    return Case.objects.create(unit=east, summary="汤洒了")


def topics(feed: Feed) -> set[str]:
    feed.pull(connection)
    return set(feed.moments)


class TestPull:
    def test_a_change_concerns_the_case_its_owner_and_the_units_above(
        self, feed: Feed, case: Case, alice: User, bob: User, root: Unit, east: Unit
    ) -> None:
        cases.assign(case, to=alice, by=bob)
        found = topics(feed)
        assert {f"case:{case.pk}", f"user:{alice.pk}", f"unit:{root.path}", f"unit:{east.path}"} <= found

    def test_who_had_the_case_before_is_concerned_too(
        self, feed: Feed, case: Case, alice: User, bob: User
    ) -> None:
        cases.assign(case, to=alice, by=bob)
        topics(feed)
        feed.moments.clear()
        cases.assign(case, to=bob, by=bob)
        assert {f"user:{alice.pk}", f"user:{bob.pk}"} <= topics(feed)

    def test_a_notice_concerns_its_person_alone(self, feed: Feed, case: Case, alice: User, bob: User) -> None:
        cases.note(case, by=bob, text="x")
        topics(feed)
        feed.moments.clear()
        notices.tell(Event.objects.latest("pk"), to=[alice], kind="mention")
        assert topics(feed) >= {f"user:{alice.pk}"}
        assert f"user:{bob.pk}" not in feed.moments

    def test_nobody_elsewhere_is_concerned(
        self, feed: Feed, case: Case, alice: User, bob: User, west: Unit
    ) -> None:
        cases.assign(case, to=alice, by=bob)
        assert f"unit:{west.path}" not in topics(feed)

    def test_what_was_before_it_began_counts_as_changed(self, feed: Feed) -> None:
        assert feed.changed(["user:1"], feed.since - 1) == ["user:1"]
        assert feed.changed(["user:1"], feed.now()) == []


def test_a_place_is_seen_from_all_above_it() -> None:
    assert above_and_self("1/4/9/") == ["1/", "1/4/", "1/4/9/"]


class TestAnswer:
    @pytest.fixture(autouse=True)
    def _fresh(self, monkeypatch: pytest.MonkeyPatch, feed: Feed) -> Iterator[None]:
        monkeypatch.setattr(live, "feed", feed)
        return iter(())

    def ask(self, user: User, tag: str, of: str = "") -> live.Answer:
        live.feed.pull(connection)
        return live.answer(f"key={live.key_of(user)}{f'&of={of}' if of else ''}", tag)

    def test_it_says_nothing_while_nothing_changes(self, alice: User) -> None:
        assert self.ask(alice, f'"{live.feed.now()}"').status == 304

    def test_it_names_what_changed_and_then_is_silent(self, alice: User, bob: User, case: Case) -> None:
        before = f'"{live.feed.now()}"'
        cases.assign(case, to=alice, by=bob)
        told = self.ask(alice, before, of=f"case:{case.pk}")
        assert (told.status, told.body) == (200, b'{"changed": ["case", "me", "unit"]}')
        assert self.ask(alice, told.tag).status == 304

    def test_charlie_hears_nothing_of_it(self, alice: User, bob: User, charlie: User, case: Case) -> None:
        before = f'"{live.feed.now()}"'
        cases.assign(case, to=alice, by=bob)
        assert self.ask(charlie, before).status == 304

    def test_a_key_that_we_did_not_give_is_refused(self) -> None:
        assert live.answer("key=1:forged", "").status == 403

    def test_a_key_does_not_last_for_ever(self, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
        key = live.key_of(alice)
        monkeypatch.setattr(live, "feed", replace(live.feed, _ahead=live.VALID * 2.0))
        assert live.answer(f"key={key}", "").status == 403

    def test_it_is_answered_before_the_framework_without_a_query(
        self, alice: User, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
    ) -> None:
        monkeypatch.setattr(Feed, "listen", lambda self, **where: None)
        said: list[Any] = []
        query = f"key={live.key_of(alice)}"
        given = {"PATH_INFO": "/live/", "QUERY_STRING": query, "HTTP_IF_NONE_MATCH": f'"{live.feed.now()}"'}
        with django_assert_num_queries(0):
            body = live.beside(lambda *_: [b"framework"])(given, lambda *words: said.append(words))
        assert (list(body), said[0][0]) == ([b""], "304 Not Modified")

    def test_everything_else_goes_to_the_framework(self) -> None:
        assert list(live.beside(lambda *_: [b"framework"])({"PATH_INFO": "/"}, print)) == [b"framework"]


class TestPage:
    def test_every_page_of_somebody_signed_in_carries_their_key(self, alice: User, signed_in: Any) -> None:
        browser: Client = signed_in(alice)
        page = browser.get(reverse("notices")).text
        key = page.split('data-live="')[1].split('"')[0]
        assert browser.get(reverse("live"), {"key": key}).status_code == 200


@pytest.mark.django_db(transaction=True)
class TestListen:
    def test_one_connection_hears_of_commits(self, alice: User, bob: User, east: Unit) -> None:
        one = Case.objects.create(unit=east, summary="x")
        feed = Feed()
        feed.listen(**live._database())
        wait(lambda: feed._horizon > 0)
        before = feed.now()
        cases.assign(one, to=alice, by=bob)
        wait(lambda: feed.changed([f"user:{alice.pk}"], before) != [])
        notices.see_all(bob)
        wait(lambda: feed.changed([f"user:{bob.pk}"], before) != [])
        feed.stop()

    def test_a_process_that_is_asked_for_the_first_time_misses_nothing(
        self, monkeypatch: pytest.MonkeyPatch, alice: User, bob: User, east: Unit
    ) -> None:
        monkeypatch.setattr(live, "feed", Feed(since=0.0))
        key, drawn = live.key_of(alice), f'"{live.stamp()}"'
        cases.assign(Case.objects.create(unit=east, summary="x"), to=alice, by=bob)
        live.feed.pull(connection)
        assert live.answer(f"key={key}", drawn).status == 200


def wait(holds: Any) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
