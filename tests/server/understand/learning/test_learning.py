"""The company's own comments teach: fitted, judged on what was not seen, put into use and taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from django.test import Client

from tests.server.feedback import respond
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.text.learning import fit_sentiment
from voiceloop.server.collect.models import Verbatim
from voiceloop.server.core.models import Event, Unit, User
from voiceloop.server.understand import corrections, engine, labelling, relabelling
from voiceloop.server.understand.learning import files, fitting, material, switching, versus
from voiceloop.server.understand.models import Annotation, Fitting, Relabelling, TextModel

SignIn = Callable[[User], Client]
# Words of a dialect, which the shipped model does not know.
GOOD, BAD = "巴适得板{}", "撇得很{}"

pytestmark = [pytest.mark.requirement(72)]


@pytest.fixture(autouse=True)
def folder(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]  # of pytest-django


@pytest.fixture
def scored(east: Unit) -> list[Verbatim]:
    """Comments whose score says how their customers felt."""
    made = []
    for number in range(60):
        for score, words in ((10, GOOD), (2, BAD)):
            made.append(respond(east, score, words=words.format(number)).verbatims.get())
    return made


def fitted(by: User | None, kind: str = "sentiment") -> Fitting:
    return fitting.run(fitting.start(kind=kind, by=by))


class TestMaterial:
    def test_a_score_is_a_label_and_a_correction_weighs_more(
        self, scored: list[Verbatim], carol: User
    ) -> None:
        corrections.correct(scored[0], by=carol, sentiment="neutral", voice="other", reasons=[])
        data = material.of_sentiment()
        assert (len(data), data.n_corrected) == (120, 1)
        assert (data.labels[0], data.weights[0]) == (0, material.OF_A_CORRECTION)
        assert set(data.labels[1:]) == {-1, 1}

    def test_the_same_words_count_once(self, east: Unit) -> None:
        for _ in range(3):
            respond(east, 10, words="很好")
        assert len(material.of_sentiment()) == 1

    def test_a_passive_says_nothing(self, east: Unit) -> None:
        respond(east, 8, words="还行")
        assert len(material.of_sentiment()) == 0


class TestFit:
    def test_it_is_kept_with_its_figures(self, scored: list[Verbatim], dora: User) -> None:
        found = fitted(dora)
        assert (found.state, found.step) == ("done", found.n_steps)
        model = TextModel.objects.get()
        assert (model.state, model.n, model.by) == ("candidate", 120, dora)
        assert set(model.figures) == {"candidates", "versus", "reliability", "curve"}
        assert model.figures["versus"]["after"] > model.figures["versus"]["before"]
        assert [point["n"] for point in model.figures["curve"]] == [0, 96]
        assert files.full(model.path).exists()

    def test_too_few_comments_are_said_to_be_too_few(self, said: list[Verbatim], dora: User) -> None:
        found = fitted(dora)
        assert found.state == "failed"
        assert "5 scored comments" in found.error

    def test_two_of_a_kind_are_not_fitted_at_once(self, dora: User) -> None:
        assert fitting.start(kind="sentiment", by=dora) == fitting.start(kind="sentiment", by=None)

    def test_at_night_it_fits_only_what_has_news(self, scored: list[Verbatim], east: Unit) -> None:
        [first] = fitting.nightly()
        fitting.run(Fitting.objects.get(pk=first))
        assert fitting.nightly() == []
        respond(east, 9, words="安逸")
        assert len(fitting.nightly()) == 1

    def test_at_night_the_better_one_goes_into_use_by_itself(
        self, scored: list[Verbatim], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(versus, "FEWEST", 100)
        fitted(None)
        assert TextModel.objects.get().state == "live"

    def test_nobody_switches_on_what_is_not_proven(self, scored: list[Verbatim]) -> None:
        fitted(None)
        assert TextModel.objects.get().state == "candidate"  # 120 comments are fewer than the rule asks


class TestVerdict:
    def test_chance_is_not_better(self) -> None:
        old, new = np.zeros(1_000, np.bool_), np.zeros(1_000, np.bool_)
        old[:10], new[10:22] = True, True
        assert not versus.verdict(old, new)["is_better"]
        new[10:60] = True
        assert versus.verdict(old, new)["is_better"]

    def test_few_comments_prove_nothing(self) -> None:
        assert not versus.verdict(np.zeros(100, np.bool_), np.ones(100, np.bool_))["is_better"]

    def test_noise_is_rarely_taken_for_better(self) -> None:
        luck = np.random.default_rng(5)
        wins = [
            versus.verdict(luck.random(400) < 0.8, luck.random(400) < 0.8)["is_better"] for _ in range(300)
        ]
        assert np.mean(wins) <= 0.02


class TestLive:
    def test_it_labels_and_history_follows(self, scored: list[Verbatim], dora: User) -> None:
        labelling.label(scored)
        before = Annotation.objects.get(verbatim=scored[1], kind="sentiment")
        assert before.label != "negative"
        fitted(dora)
        switching.go_live(TextModel.objects.get(), by=dora)
        relabelling.run(Relabelling.objects.get())
        after = Annotation.objects.get(verbatim=scored[1], kind="sentiment")
        assert after.label == "negative"
        assert after.version != before.version
        assert Event.objects.filter(type="text_model.switched", by=dora).exists()

    def test_it_is_taken_back_step_by_step(self, scored: list[Verbatim], east: Unit, dora: User) -> None:
        for _ in range(2):
            fitted(dora)
            switching.go_live(TextModel.objects.order_by("-pk")[0], by=dora)
        first, second = TextModel.objects.order_by("pk")
        assert second.state == "live"
        assert switching.go_back(kind="sentiment", by=dora) == first
        assert switching.go_back(kind="sentiment", by=dora) is None
        assert engine.in_use().model is None

    def test_one_that_can_no_longer_be_read_stops_nothing(self, scored: list[Verbatim], dora: User) -> None:
        fitted(dora)
        model = TextModel.objects.get()
        switching.go_live(model, by=dora)
        files.full(model.path).write_bytes(b"of another time")
        assert engine.in_use().model is None
        assert labelling.label(scored[:2])

    def test_one_of_a_kind_is_live(self, scored: list[Verbatim], dora: User) -> None:
        fitted(dora)
        model = TextModel.objects.get()
        switching.go_live(model, by=dora)
        switching.go_live(model, by=dora)
        assert Event.objects.filter(type="text_model.switched").count() == 1


class TestReasons:
    @pytest.fixture
    def corrected(self, east: Unit, carol: User) -> None:
        for number in range(30):
            for words, reasons in ((f"娃儿没得耍的{number}", {"environment": -1}), (f"巴适{number}", {})):
                verbatim = respond(east, 7, words=words).verbatims.get()
                corrections.correct(verbatim, by=carol, sentiment="neutral", voice="other", reasons=reasons)

    def test_what_people_corrected_is_found_by_itself(self, corrected: None, east: Unit, dora: User) -> None:
        assert fitted(dora, "reasons").state == "done"
        model = TextModel.objects.get()
        assert model.chosen == "words+heads"
        switching.go_live(model, by=dora)
        fresh = respond(east, 5, words="娃儿没得耍的，下次不来").verbatims.get()
        labelling.label([fresh])
        assert Annotation.objects.filter(verbatim=fresh, kind="reason", label="environment").exists()

    def test_few_corrections_are_said_to_be_too_few(self, dora: User) -> None:
        assert "40" in fitted(dora, "reasons").error


class TestPages:
    def test_fit_compare_and_put_into_use(
        self, scored: list[Verbatim], dora: User, signed_in: SignIn
    ) -> None:
        browser = signed_in(dora)
        browser.post("/voice/models/fit/", {"kind": "sentiment"})
        assert "every 2s" in browser.get("/voice/models/fitting/sentiment/").content.decode()
        fitting.run(Fitting.objects.get())
        model = TextModel.objects.get()
        for page in ("/voice/models/", f"/voice/models/{model.pk}/"):
            assert model.version in browser.get(page).content.decode()
        compared = browser.get(f"/voice/models/compare/?new={model.pk}").content.decode()
        assert "撇得很" in compared
        browser.post(f"/voice/models/{model.pk}/live/")
        assert TextModel.objects.get().state == "live"
        browser.post("/voice/models/back/", {"kind": "sentiment"})
        assert TextModel.objects.get().state == "retired"

    def test_they_are_for_those_who_teach_the_whole_company(
        self, alice: User, carol: User, charlie: User, signed_in: SignIn
    ) -> None:
        for user in (alice, carol, charlie):
            assert signed_in(user).get("/voice/models/").status_code == 403

    def test_a_kind_that_is_none_is_not_found(self, dora: User, signed_in: SignIn) -> None:
        assert signed_in(dora).get("/voice/models/?kind=x").status_code == 404


def test_a_label_is_one_of_three() -> None:
    with pytest.raises(AnalyticsError):
        fit_sentiment(["x"], [3])
