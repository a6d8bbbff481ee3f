"""Word of mouth: written down, brought by programs, and beside what customers answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate, now

from tests.server.feedback import lake_in
from voiceloop.server.act.growth import mouth
from voiceloop.server.act.models import WordOfMouth
from voiceloop.server.collect.models import Customer, Response
from voiceloop.server.core.models import Event, Unit, User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(23)]
SignIn = Callable[[User], Client]
Says = Callable[..., Response]


@pytest.fixture
def browser(signed_in: SignIn, alice: User) -> Client:
    return signed_in(alice)


@pytest.fixture
def word(east: Unit, alice: User) -> WordOfMouth:
    return mouth.hear(
        unit=east, side="bad", place="forum", said_on=localdate(), words="zqmouth 等太久，电话 13912345678",
        by=alice,
    )  # fmt: skip


def typed(unit: Unit, **more: object) -> dict[str, object]:
    return {
        "side": "good",
        "place": "talk",
        "said_on": localdate(),
        "unit": unit.pk,
        "words": "zqgood",
    } | more


class TestHear:
    def test_it_is_written_down_masked(self, word: WordOfMouth) -> None:
        assert "zqmouth" in word.words
        assert "13912345678" not in word.words
        assert Event.objects.filter(type="word_of_mouth.heard").count() == 1

    def test_a_customer_is_found_by_number(self, browser: Client, east: Unit, wang: Customer) -> None:
        assert browser.post(reverse("word_hear"), typed(east, customer=wang.number)).status_code == 302
        assert WordOfMouth.objects.get().customer == wang

    @pytest.mark.parametrize(
        "wrong",
        [
            {"customer": "nobody"},
            {"said_on": localdate() + timedelta(days=2)},
            {"reach": 0},
            {"link": "javascript:alert(1)"},
            {"side": "so-so"},
        ],
    )
    def test_what_cannot_be_is_refused_and_kept_in_the_form(
        self, browser: Client, east: Unit, wrong: dict[str, object]
    ) -> None:
        answer = browser.post(reverse("word_hear"), typed(east, **wrong))
        assert answer.status_code == 422
        assert "zqgood" in answer.text
        assert not WordOfMouth.objects.exists()

    def test_another_branch_cannot_be_written_about(
        self, signed_in: SignIn, charlie: User, east: Unit
    ) -> None:
        assert signed_in(charlie).post(reverse("word_hear"), typed(east)).status_code == 422


class TestTakeBack:
    def test_it_can_be_brought_back(self, browser: Client, word: WordOfMouth) -> None:
        page = reverse("word_of_mouth")
        browser.post(reverse("word_take_back", args=[word.pk]))
        assert browser.get("/api/word-of-mouth").json() == []
        assert reverse("word_restore", args=[word.pk]) in browser.get(page).text
        browser.post(reverse("word_restore", args=[word.pk]))
        assert "zqmouth" in browser.get(page).text

    def test_another_branch_finds_nothing(self, signed_in: SignIn, charlie: User, word: WordOfMouth) -> None:
        browser = signed_in(charlie)
        assert browser.post(reverse("word_take_back", args=[word.pk])).status_code == 404
        assert "zqmouth" not in browser.get(reverse("word_of_mouth")).text


class TestByClass:
    def test_it_counts_customers_of_a_class_once(
        self, says: Says, wang: Customer, browser: Client, east: Unit, alice: User
    ) -> None:
        says(9)
        says(2)
        for _ in range(2):
            mouth.hear(unit=east, side="bad", place="talk", said_on=localdate(), customer=wang, by=alice)
        found = {one["score_class"]: one for one in browser.get("/api/word-of-mouth/classes").json()}
        assert (found["detractor"]["n"], found["detractor"]["bad"], found["detractor"]["good"]) == (1, 1, 0)
        assert found["promoter"]["n"] == 0
        assert found["detractor"]["bad_share"] is None, "one customer could be recognised"


class TestTold:
    def test_the_page_shows_what_each_class_told(
        self, signed_in: SignIn, dora: User, east: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lake, at = lake_in(tmp_path, monkeypatch), now() - timedelta(days=3)
        rows = []
        for n in range(12):
            place = {"response_id": n, "day": at.date(), "at": at, "unit": east.code}
            said = {"nps": (10, "nps_0_10"), "told_good": (4, "people_0_10"), "told_bad": (0, "people_0_10")}
            rows += [
                place | {"answer_id": 10 * n + i, "question": q, "scale": s, "score": float(score)}
                for i, (q, (score, s)) in enumerate(said.items())
            ]
        lake.append("answers", rows)
        page = signed_in(dora).get(reverse("word_of_mouth")).text
        assert "<b>4.0" in page
        assert "n = 12" in page


class TestApi:
    def given(self, about: Unit, **more: object) -> dict[str, object]:
        said = {"side": "bad", "place": "review", "said_on": localdate().isoformat(), "key": "dp-1"}
        return {"unit": about.code, "words": "上菜慢"} | said | more

    def test_what_is_brought_twice_is_kept_once(self, browser: Client, east: Unit) -> None:
        for _ in range(2):
            body = self.given(east, link="https://example.com/review/1", reach=120)
            answer = browser.post("/api/word-of-mouth", body, content_type="application/json")
            assert answer.status_code == 201
        assert WordOfMouth.objects.get().reach == 120
        assert Event.objects.filter(type="word_of_mouth.heard").count() == 1

    @pytest.mark.parametrize(
        ("wrong", "status"),
        [({"unit": "nowhere"}, 404), ({"said_on": "2999-01-01"}, 422), ({"link": "ftp:x"}, 422),
         ({"customer": 10**9}, 404)],
    )  # fmt: skip
    def test_what_cannot_be_is_refused(
        self, browser: Client, east: Unit, wrong: dict[str, object], status: int
    ) -> None:
        answer = browser.post(
            "/api/word-of-mouth", self.given(east, **wrong), content_type="application/json"
        )
        assert answer.status_code == status
        assert not WordOfMouth.objects.exists()

    def test_a_key_of_another_branch_is_not_answered_with_its_words(
        self, signed_in: SignIn, charlie: User, browser: Client, east: Unit, west: Unit
    ) -> None:
        browser.post("/api/word-of-mouth", self.given(east), content_type="application/json")
        answer = signed_in(charlie).post(
            "/api/word-of-mouth", self.given(west), content_type="application/json"
        )
        assert answer.status_code == 422
        assert "上菜慢" not in answer.text


class TestExport:
    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_it_is_exported(self, browser: Client, word: WordOfMouth, form: str) -> None:
        answer = browser.get(reverse("word_export", args=[form]))
        assert answer.status_code == 200
        if form == "csv":
            assert "zqmouth" in answer.getvalue().decode()  # type: ignore[attr-defined]
