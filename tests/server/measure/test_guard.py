"""Made scores, missing people and touchpoints off their level."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils.timezone import localdate

from tests.server.feedback import lake_in, respond
from tests.server.measure.facts import answers
from voiceloop.server.core.models import Unit, User
from voiceloop.server.measure import guard, touchpoints_watch
from voiceloop.server.measure.guard_models import GuardReview
from voiceloop.server.measure.slices import Slice
from voiceloop.server.measure.touchpoints import board

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def facts(east: Unit, west: Unit, alice: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of three agents of the east, Alice has 10 and nothing else, 200 times."""
    lake = lake_in(tmp_path, monkeypatch)
    for agent, scores in (("alice", [10] * 200), ("amy", [10, 9, 7, 3] * 50), ("ann", [10, 8, 6, 9] * 50)):
        answers(lake, "east", scores, agent=agent, touchpoint="hotline", channel="phone")
    answers(lake, "west", [2] * 8, touchpoint="hotline", channel="phone")


def signs(user: User) -> set[tuple[str, str]]:
    return {(one.check, one.subject) for one in guard.suspects(user, Slice.of(user))}


@pytest.mark.requirement(49)
class TestSuspects:
    def test_answers_at_the_ceiling_stand_out(self, facts: None, bob: User) -> None:
        assert signs(bob) == {("ceiling", "alice")}

    def test_each_has_n_uncertainty_and_a_sentence(self, facts: None, bob: User) -> None:
        (one,) = guard.suspects(bob, Slice.of(bob))
        assert (one.n, one.hits) == (200, 200)
        assert one.interval[0] < one.rate == 100
        assert "200" in one.sentence

    def test_charlie_does_not_see_whom_he_may_not_see(self, facts: None, charlie: User) -> None:
        assert signs(charlie) == set()

    @pytest.mark.parametrize(
        "words",
        ["服务员让我给个10分", "麻烦您给个好评", "给我打满分", "She asked me to give a 10", "give us a 10"],
    )
    def test_words_that_ask_for_a_score_are_found(
        self, facts: None, bob: User, east: Unit, words: str
    ) -> None:
        response = respond(east, 10, words=words, agent="amy")
        (one,) = [one for one in guard.suspects(bob, Slice.of(bob)) if one.check == "begging"]
        assert (one.subject, one.hits, one.n) == ("amy", 1, 1)
        assert str(response.pk) in one.rows[0][0]

    @pytest.mark.parametrize("words", ["非常好，满分", "等了十分钟", "Ten out of ten", "味道好"])
    def test_praise_is_no_begging(self, facts: None, bob: User, east: Unit, words: str) -> None:
        respond(east, 10, words=words, agent="amy")
        assert ("begging", "amy") not in signs(bob)


@pytest.mark.requirement(49)
class TestLookInto:
    def test_it_rests_for_everybody(self, facts: None, bob: User, dora: User) -> None:
        guard.look_into(by=bob, check="ceiling", subject="alice", why="Only loyal guests at her desk.")
        for user in (bob, dora):
            waiting, reviews = guard.split(guard.suspects(user, Slice.of(user)), user)
            assert (waiting, len(reviews)) == ([], 1)

    def test_it_comes_back_after_its_time(self, facts: None, bob: User) -> None:
        guard.look_into(by=bob, check="ceiling", subject="alice", why="x")
        GuardReview.objects.update(until=localdate() - timedelta(days=1))
        assert len(guard.split(guard.suspects(bob, Slice.of(bob)), bob)[0]) == 1

    def test_twice_is_once_and_it_can_be_undone(self, facts: None, bob: User) -> None:
        first = guard.look_into(by=bob, check="ceiling", subject="alice", why="x")
        assert guard.look_into(by=bob, check="ceiling", subject="alice", why="y") == first
        guard.reopen(first, by=bob)
        assert len(guard.split(guard.suspects(bob, Slice.of(bob)), bob)[0]) == 1


class TestPages:
    def test_a_suspicion_is_looked_into_and_reopened(self, facts: None, bob: User, signed_in: SignIn) -> None:
        browser = signed_in(bob)
        assert browser.get("/guard/").content.decode().count('action="/guard/review/"') == 1
        given = {"check": "ceiling", "subject": "alice", "why": "She asks only at the end."}
        assert "She asks only" in browser.post("/guard/review/", given, follow=True).content.decode()
        browser.post(f"/guard/{GuardReview.objects.get().pk}/reopen/")
        assert browser.get("/guard/").content.decode().count('action="/guard/review/"') == 1

    def test_charlie_can_neither_mark_nor_reopen(
        self, facts: None, bob: User, charlie: User, signed_in: SignIn
    ) -> None:
        browser = signed_in(charlie)
        browser.post("/guard/review/", {"check": "ceiling", "subject": "alice", "why": "x"})
        assert GuardReview.objects.count() == 0
        made = guard.look_into(by=bob, check="ceiling", subject="alice", why="x")
        assert browser.post(f"/guard/{made.pk}/reopen/").status_code == 404
        body = json.dumps({"check": "ceiling", "subject": "alice", "why": "x"})
        answer = browser.post("/api/guard/reviews", body, content_type="application/json")
        assert answer.status_code == 404

    def test_an_agent_may_not(self, facts: None, alice: User, signed_in: SignIn) -> None:
        for path in ("/guard/", "/missing/", "/touchpoints/", "/api/guard"):
            assert signed_in(alice).get(path).status_code == 403

    def test_the_api_says_what_the_page_says(self, facts: None, bob: User, signed_in: SignIn) -> None:
        (one,) = signed_in(bob).get("/api/guard").json()
        assert (one["check"], one["subject"], one["n"]) == ("ceiling", "alice", 200)
        assert one["low"] < 1


@pytest.mark.requirement(65)
class TestNonResponse:
    def test_it_shows_raw_beside_weighted(
        self, east: Unit, bob: User, signed_in: SignIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lake = lake_in(tmp_path, monkeypatch)
        answers(lake, "east", [10] * 30, channel="sms")
        answers(lake, "east", [2] * 10, channel="app")
        asked = [("sms", "answered")] * 30 + [("app", "answered")] * 10 + [("app", "sent")] * 20
        asked += [("app", "suppressed")] * 7
        day = localdate()
        rows = [
            {
                "invitation_id": n, "unit": "east", "channel": channel, "status": status, "day": day,
                "reason": "rested" if status == "suppressed" else None,
            }
            for n, (channel, status) in enumerate(asked, 1)
        ]  # fmt: skip
        lake.append("invitations", rows)
        told = signed_in(bob).get("/api/nonresponse").json()
        assert "detail" not in told
        assert (told["raw"]["value"], round(told["weighted"]["value"])) == (50, 0)
        page = signed_in(bob).get("/missing/").content.decode()
        assert "50.0" in page

    def test_without_invitations_it_says_why_not(self, facts: None, bob: User, signed_in: SignIn) -> None:
        assert signed_in(bob).get("/missing/").status_code == 200
        assert signed_in(bob).get("/api/nonresponse").status_code == 422


@pytest.mark.requirement(6)
class TestBoard:
    def test_a_fall_is_seen_dated_and_told_once(
        self, east: Unit, bob: User, signed_in: SignIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lake = lake_in(tmp_path, monkeypatch)
        monday = localdate() - timedelta(days=localdate().weekday())
        for week in range(1, 17):
            scores = [10] * 20 + [2] * 80 if week <= 3 else [10] * 60 + [8] * 25 + [2] * 15
            answers(lake, "east", scores, touchpoint="hotline", day=monday - timedelta(weeks=week))
        (line,) = board(Slice.of(bob))
        assert line.since == monday - timedelta(weeks=3)
        assert line.rose is False
        assert [touchpoints_watch.watch() for _ in range(3)] == [1, 0, 0]
        assert (monday - timedelta(weeks=3)).strftime("%m-%d") in signed_in(bob).get(
            "/touchpoints/"
        ).content.decode()

    def test_charlie_sees_his_own_only(self, facts: None, charlie: User) -> None:
        (line,) = board(Slice.of(charlie))
        assert line.figures["nps"].n == 8

    @pytest.mark.requirement(7)
    def test_a_segment_has_touchpoints_of_its_own(
        self, east: Unit, bob: User, signed_in: SignIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lake = lake_in(tmp_path, monkeypatch)
        answers(lake, "east", [10] * 60, touchpoint="hotline", segment="mass")
        answers(lake, "east", [2] * 40, touchpoint="hotline", segment="gold")
        read = {asked: signed_in(bob).get(f"/touchpoints/{asked}").text for asked in ("", "?segment=gold")}
        assert ["+20.0" in page for page in read.values()] == [True, False]
        assert "−100.0" in read["?segment=gold"]
