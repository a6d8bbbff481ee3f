"""Evaluation systems: versions that stay, composites with intervals, lint, reviews."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils.timezone import localdate

from tests.server.feedback import lake_in
from tests.server.measure.facts import answers
from voiceloop.server.core.models import Event, Unit, User
from voiceloop.server.measure import evaluation as verbs
from voiceloop.server.measure.benchmarks_models import SeriesPoint, Sheet
from voiceloop.server.measure.evaluation import Entry
from voiceloop.server.measure.evaluation_models import Evaluation
from voiceloop.server.measure.evaluation_reading import scorecard
from voiceloop.server.measure.evaluation_starter import start
from voiceloop.server.measure.slices import Slice

SignIn = Callable[[User], Client]
pytestmark = [pytest.mark.django_db, pytest.mark.requirement(42)]


@pytest.fixture
def facts(east: Unit, west: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """East: NPS +50 of 40 answers, CSAT 4.0 of 30."""
    lake = lake_in(tmp_path, monkeypatch)
    answers(lake, "east", [10] * 30 + [2] * 10)
    answers(lake, "east", [5] * 15 + [3] * 15, question="csat", scale="csat_1_5")
    answers(lake, "west", [2] * 8)


@pytest.fixture
def edith(person: Callable[..., User], east: Unit) -> User:
    return person("Edith", "manager", east)


def two(owner: User | None) -> list[Entry]:
    pk = owner.pk if owner else None
    return [
        Entry("satisfaction", "nps", 0, 100, owner=pk),
        Entry("quality", "csat", 1, 5, owner=pk),
    ]


@pytest.fixture
def system(edith: User, east: Unit) -> Evaluation:
    return verbs.found(by=edith, kind="five", name="五维", name_en="Five", unit=east, content=two(edith))


def total(system: Evaluation, user: User, number: int = 0) -> float | None:
    versions = system.versions.order_by("-number")
    version = versions.get(number=number) if number else versions[0]
    return scorecard(version, Slice.of(user), user).total.value


class TestScorecard:
    def test_it_is_the_mean_of_its_dimensions(self, facts: None, system: Evaluation, edith: User) -> None:
        assert total(system, edith) == pytest.approx((50 + 75) / 2)

    def test_weights_count(self, facts: None, system: Evaluation, edith: User) -> None:
        heavy = [replace(one, of_dimension=3.0 if one.name == "nps" else 1.0) for one in two(edith)]
        verbs.publish(system, by=edith, content=heavy)
        assert total(system, edith) == pytest.approx((3 * 50 + 75) / 4)

    def test_what_is_missing_makes_a_range_and_is_never_weighed_away(
        self, facts: None, system: Evaluation, edith: User
    ) -> None:
        more = Entry("efficiency", "ces", 1, 7, owner=edith.pk)
        verbs.publish(system, by=edith, content=[*two(edith), more])
        card = scorecard(system.versions.get(number=2), Slice.of(edith), edith)
        assert card.total.value is None
        assert [cell.entry.name for cell in card.missing] == ["ces"]
        assert card.total.low < (50 + 75) / 3 < (50 + 75 + 100) / 3 < card.total.high

    def test_an_external_series_may_be_an_indicator(
        self, facts: None, system: Evaluation, edith: User, east: Unit
    ) -> None:
        sheet = Sheet.objects.create(unit=east, by=edith, kind="series", name="share.csv")
        about = {"sheet": sheet, "unit": east, "series": "share", "source": "Bureau"}
        SeriesPoint.objects.create(**about, at=date(2026, 1, 1), value=15)
        share = Entry("competitiveness", "series:share", 5, 25, owner=edith.pk)
        verbs.publish(system, by=edith, content=[*two(edith), share])
        assert total(system, edith) == pytest.approx((50 + 75 + 50) / 3)

    def test_a_branch_reads_the_companys_system_with_its_own_figures(
        self, facts: None, dora: User, edith: User, charlie: User, root: Unit
    ) -> None:
        own = [Entry("satisfaction", "nps", -100, 100, owner=dora.pk)]
        system = verbs.found(by=dora, kind="five", name="五维", name_en="", unit=root, content=own)
        assert total(system, edith) == 75
        assert total(system, charlie) == 0


class TestVersions:
    def test_an_old_report_is_computed_under_its_version(
        self, facts: None, system: Evaluation, edith: User
    ) -> None:
        verbs.publish(system, by=edith, content=two(edith)[:1], note="fewer")
        assert (total(system, edith, 1), total(system, edith, 2)) == (pytest.approx(62.5), 50)

    def test_nothing_new_is_no_new_version(self, system: Evaluation, edith: User) -> None:
        verbs.publish(system, by=edith, content=two(edith))
        assert system.versions.count() == 1

    def test_it_pins_the_definition_of_its_day(self, system: Evaluation) -> None:
        assert [one.metric for one in verbs.entries(system.newest)] == ["nps@1", "csat@1"]

    def test_it_says_what_changed(self, edith: User) -> None:
        before = two(edith)
        after = [replace(before[0], goal=60), Entry("cost", "ces", 1, 7)]
        assert verbs.changes(after, before) == [("csat", "dropped"), ("ces", "added"), ("nps", "changed")]

    def test_who_published_is_in_the_log(self, system: Evaluation, edith: User) -> None:
        event = Event.objects.get(type="evaluation.published")
        assert (event.by, event.data["number"]) == (edith, 1)


@pytest.mark.requirement(43)
class TestLint:
    @pytest.mark.parametrize(
        ("entry", "word"),
        [
            (Entry("quality", "love", 0, 1, owner=1), "definition"),
            (Entry("beauty", "ces", 1, 7, owner=1), "dimension"),
            (Entry("quality", "ces", 1, 7), "owner"),
            (Entry("quality", "ces", 7, 7, owner=1), "the same"),
            (Entry("quality", "late_rate", 0, 50, owner=1), "wrong side"),
            (Entry("quality", "ces", 1, 7, -1, owner=1), "below 0"),
        ],
    )
    def test_an_indicator_without_what_it_needs_is_refused(
        self, system: Evaluation, edith: User, entry: Entry, word: str, settings: object
    ) -> None:
        from django.utils.translation import override

        with override("en"), pytest.raises(verbs.Faulty, match=word):
            verbs.publish(system, by=edith, content=[*two(edith), entry])
        assert system.versions.count() == 1

    def test_the_same_indicator_twice_is_refused(self, system: Evaluation, edith: User) -> None:
        with pytest.raises(verbs.Faulty):
            verbs.publish(system, by=edith, content=two(edith) * 2)


@pytest.mark.requirement(50)
class TestReview:
    def test_each_indicator_has_a_date(self, system: Evaluation) -> None:
        dates = set(system.reviews.values_list("due_on", flat=True))
        assert (system.reviews.count(), dates) == (2, {localdate() + verbs.REVIEW_EVERY})

    def test_a_review_dates_the_next_one(self, system: Evaluation, edith: User) -> None:
        first = system.reviews.get(metric="nps")
        for _ in range(2):
            verbs.review(first, by=edith, decision="keep", note="serves")
        waiting = system.reviews.filter(done_at=None, metric="nps")
        assert (waiting.count(), system.reviews.filter(metric="nps").count()) == (1, 2)

    def test_a_dropped_one_is_not_asked_about_again(self, system: Evaluation, edith: User) -> None:
        verbs.review(system.reviews.get(metric="nps"), by=edith, decision="drop")
        assert not system.reviews.filter(metric="nps", done_at=None).exists()

    def test_an_indicator_that_left_has_no_date(self, system: Evaluation, edith: User) -> None:
        verbs.publish(system, by=edith, content=two(edith)[:1])
        assert list(system.reviews.values_list("metric", flat=True)) == ["nps"]


@pytest.mark.requirement(14)
class TestStart:
    @pytest.mark.parametrize("kind", ["five", "loyalty"])
    def test_it_begins_with_equal_weights(self, facts: None, dora: User, root: Unit, kind: str) -> None:
        made = start(by=dora, unit=root, kind=kind)
        assert {(one.weight, one.of_dimension) for one in verbs.entries(made.newest)} == {(1.0, 1.0)}


class TestPages:
    def test_it_is_begun_edited_and_shown_under_each_version(
        self, facts: None, edith: User, signed_in: SignIn
    ) -> None:
        browser = signed_in(edith)
        browser.post("/evaluation/start/", {"kind": "five"})
        made = Evaluation.objects.get()
        form = {
            "satisfaction-weight": "2", "satisfaction-0-metric": "nps", "satisfaction-0-floor": "0",
            "satisfaction-0-goal": "100", "satisfaction-0-owner": str(edith.pk), "note": "simpler",
        }  # fmt: skip
        page = browser.post(f"/evaluation/{made.pk}/edit/", form, follow=True)
        assert made.versions.count() == 2
        assert 'class="chart"' in page.content.decode()
        assert browser.get(f"/evaluation/{made.pk}/?version=1").status_code == 200
        assert browser.get(f"/evaluation/{made.pk}/?version=9").status_code == 404

    def test_a_fault_is_said_and_nothing_is_published(
        self, facts: None, system: Evaluation, edith: User, signed_in: SignIn
    ) -> None:
        form = {"quality-0-metric": "csat", "quality-0-floor": "a lot"}
        answer = signed_in(edith).post(f"/evaluation/{system.pk}/edit/", form)
        assert (answer.status_code, system.versions.count()) == (422, 1)
        assert "a lot" in answer.content.decode()

    def test_a_review_is_noted(self, facts: None, system: Evaluation, edith: User, signed_in: SignIn) -> None:
        review = system.reviews.get(metric="nps")
        next_on = localdate() + timedelta(days=30)
        given = {"decision": "keep", "note": "serves", "next_on": str(next_on)}
        signed_in(edith).post(f"/evaluation/reviews/{review.pk}/", given)
        assert system.reviews.get(metric="nps", done_at=None).due_on == next_on

    def test_charlie_sees_and_changes_nothing(
        self, facts: None, system: Evaluation, charlie: User, signed_in: SignIn
    ) -> None:
        browser = signed_in(charlie)
        assert browser.get(f"/evaluation/{system.pk}/").status_code == 404
        assert browser.post(f"/evaluation/{system.pk}/edit/", {}).status_code == 404
        assert f"/evaluation/{system.pk}/" not in browser.get("/evaluation/").content.decode()

    def test_who_reads_may_not_publish(
        self, facts: None, system: Evaluation, carol: User, signed_in: SignIn
    ) -> None:
        browser = signed_in(carol)
        assert browser.get(f"/evaluation/{system.pk}/").status_code == 200
        assert browser.post(f"/evaluation/{system.pk}/edit/", {}).status_code == 403


class TestApi:
    def test_it_says_what_the_page_says(
        self, facts: None, system: Evaluation, edith: User, signed_in: SignIn
    ) -> None:
        told = signed_in(edith).get(f"/api/evaluations/{system.pk}").json()
        assert (told["points"], told["missing"], told["version"]) == (pytest.approx(62.5), 0, 1)
        assert {one["n"] for part in told["dimensions"] for one in part["indicators"]} == {30, 40}

    def test_it_publishes_and_refuses(
        self, facts: None, system: Evaluation, edith: User, signed_in: SignIn
    ) -> None:
        browser = signed_in(edith)
        good = {"dimension": "cost", "metric": "ces", "floor": 1, "goal": 7, "owner": edith.pk}
        path = f"/api/evaluations/{system.pk}/versions"
        for one, status in ((good, 201), ({**good, "owner": None, "metric": "late_rate"}, 422)):
            body = json.dumps({"indicators": [one]})
            assert browser.post(path, body, content_type="application/json").status_code == status

    def test_charlie_gets_nothing(self, system: Evaluation, charlie: User, signed_in: SignIn) -> None:
        browser = signed_in(charlie)
        assert browser.get("/api/evaluations").json() == []
        assert browser.get(f"/api/evaluations/{system.pk}").status_code == 404


@pytest.mark.requirement(20)
class TestServqual:
    def test_without_answers_it_says_what_to_do(self, facts: None, edith: User, signed_in: SignIn) -> None:
        assert "/surveys/" in signed_in(edith).get("/evaluation/servqual/").content.decode()
