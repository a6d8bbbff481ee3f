"""Comments get their labels by themselves; people have the last word."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.server.feedback import respond
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.collect.events import ResponseCompleted
from voiceloop.server.collect.models import Response, Verbatim
from voiceloop.server.core import reactor
from voiceloop.server.core.events import record
from voiceloop.server.core.models import Event, Unit, User
from voiceloop.server.understand import labelling
from voiceloop.server.understand.models import Annotation

SignIn = Callable[[User], Client]
SLOW = "上菜太慢了，等了四十分钟，不过服务员很热情"


@pytest.fixture
def verbatim(east: Unit) -> Verbatim:
    return respond(east, 3, words=SLOW).verbatims.get()


def labels(verbatim: Verbatim) -> set[tuple[str, str]]:
    return set(verbatim.annotations.values_list("kind", "label"))


@pytest.mark.requirement(72)
class TestLabel:
    def test_it_finds_reasons_each_with_its_side(self, verbatim: Verbatim) -> None:
        labelling.label([verbatim])
        reasons = dict(verbatim.annotations.filter(kind="reason").values_list("label", "polarity"))
        assert (reasons["waiting"], reasons["attitude"]) == (-1, 1)

    def test_its_evidence_is_words_of_the_comment(self, verbatim: Verbatim) -> None:
        labelling.label([verbatim])
        [start, end, _] = verbatim.annotations.get(label="waiting").evidence[0]
        assert SLOW[start:end] in SLOW
        assert 0 <= start < end <= len(SLOW)

    @pytest.mark.requirement(67)
    @pytest.mark.parametrize(
        ("words", "voice"),
        [
            ("服务特别好，下次还来", "praise"),
            ("太差了，再也不来了", "problem"),
            ("建议你们增加儿童座椅", "suggestion"),
        ],
    )
    def test_it_tells_praise_problem_and_suggestion(self, east: Unit, words: str, voice: str) -> None:
        verbatim = respond(east, 7, words=words).verbatims.get()
        labelling.label([verbatim])
        assert ("voice", voice) in labels(verbatim)

    def test_it_remembers_the_version_and_the_language(self, verbatim: Verbatim) -> None:
        labelling.label([verbatim])
        verbatim.refresh_from_db()
        assert verbatim.labelled_by
        assert verbatim.language == "zh"

    def test_labelling_again_changes_nothing(self, verbatim: Verbatim) -> None:
        labelling.label([verbatim])
        before = labels(verbatim)
        labelling.label([verbatim])
        assert labels(verbatim) == before

    @pytest.mark.parametrize("words", ["😀😀", "\x01\x02", "ありがとう", "a" * 100_000])
    def test_it_takes_whatever_people_write(self, east: Unit, words: str) -> None:
        verbatim = respond(east, 7, words=words).verbatims.get()
        assert labelling.label([verbatim]) == 1


class TestLabelWaiting:
    def test_it_labels_all_that_wait_and_then_rests(self, east: Unit) -> None:
        for _ in range(3):
            respond(east, 9, words="很好")
        assert labelling.label_waiting() == 3
        assert labelling.label_waiting() == 0


class TestReaction:
    @pytest.mark.django_db(transaction=True)
    def test_a_completed_response_is_labelled_at_once(self, verbatim: Verbatim) -> None:
        record(
            ResponseCompleted(response=verbatim.response_id, customer=None, score=3, score_class="passive")
        )
        reactor.deliver()
        assert Annotation.objects.filter(verbatim=verbatim).exists()


class TestCorrect:
    def test_a_persons_word_outlives_the_model(self, verbatim: Verbatim, carol: User) -> None:
        labelling.label([verbatim])
        labelling.correct(verbatim, by=carol, sentiment="neutral", voice="suggestion", reasons=["price"])
        labelling.label([verbatim])
        said = {("sentiment", "neutral"), ("voice", "suggestion"), ("reason", "price")}
        assert {one for one in labels(verbatim) if one[0] in ("sentiment", "voice", "reason")} == said

    def test_it_is_in_the_log(self, verbatim: Verbatim, carol: User) -> None:
        labelling.correct(verbatim, by=carol, sentiment="neutral", voice="other", reasons=[])
        assert Event.objects.about("verbatim", verbatim.pk).get().by == carol

    def test_it_refuses_labels_that_do_not_exist(self, verbatim: Verbatim, carol: User) -> None:
        with pytest.raises(AnalyticsError):
            labelling.correct(verbatim, by=carol, sentiment="sad", voice="praise", reasons=[])
        assert not verbatim.annotations.exists()


class TestPages:
    def test_the_comment_shows_its_labels(self, verbatim: Verbatim, carol: User, signed_in: SignIn) -> None:
        labelling.label([verbatim])
        page = signed_in(carol).get(f"/voice/{verbatim.pk}/").content.decode()
        assert "等待时间" in page
        assert "<mark" in page

    def test_it_is_corrected_on_screen(self, verbatim: Verbatim, carol: User, signed_in: SignIn) -> None:
        form = {"sentiment": "negative", "voice": "problem", "reason": ["waiting", "price"]}
        signed_in(carol).post(f"/voice/{verbatim.pk}/labels/", form)
        assert ("reason", "price") in labels(verbatim)

    def test_the_list_is_narrowed_by_label_class_and_words(
        self, verbatim: Verbatim, east: Unit, carol: User, signed_in: SignIn
    ) -> None:
        other = respond(east, 10, words="味道很好").verbatims.get()
        labelling.label([verbatim, other])
        browser = signed_in(carol)
        for query in ("reason=waiting", "class=detractor", "q=四十分钟", "sentiment=positive&class=promoter"):
            page = browser.get(f"/voice/?{query}").content.decode()
            shown = [one for one in (verbatim, other) if f"/voice/{one.pk}/" in page]
            assert shown == [other if "promoter" in query else verbatim], query

    def test_charlie_sees_none_of_it(self, verbatim: Verbatim, charlie: User, signed_in: SignIn) -> None:
        browser = signed_in(charlie)
        assert browser.get(f"/voice/{verbatim.pk}/").status_code == 404
        assert browser.get(f"/responses/{verbatim.response_id}/").status_code == 404
        assert browser.post(f"/voice/{verbatim.pk}/labels/", {"sentiment": "neutral"}).status_code == 404
        assert "四十分钟" not in browser.get("/voice/").content.decode()

    def test_the_response_shows_its_frozen_moment(self, carol: User, east: Unit, signed_in: SignIn) -> None:
        response: Response = respond(east, 9, touchpoint="hotline", agent="A07")
        page = signed_in(carol).get(f"/responses/{response.pk}/").content.decode()
        assert "hotline" in page
        assert "A07" in page
