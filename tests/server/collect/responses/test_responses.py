"""Responses: kept answer by answer, completed once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import close_old_connections, connection
from django.utils.timezone import now

from voiceloop.server.collect import links, responses, starter
from voiceloop.server.collect.answers import InvalidAnswer
from voiceloop.server.collect.events import ResponseCompleted
from voiceloop.server.collect.models import (
    Answer,
    Customer,
    Invitation,
    PublicLink,
    Response,
    Survey,
    Touchpoint,
    Verbatim,
)
from voiceloop.server.core.models import Event, Unit, User

KEY = "6f1c9a9e-5a0c-4e2f-9d4f-0a3b7a1f2c11"


def completed() -> list[ResponseCompleted]:
    return [event.typed for event in Event.objects.filter(type=ResponseCompleted.type)]


@pytest.fixture
def link(survey: Survey, east: Unit, carol: User) -> PublicLink:
    Touchpoint.objects.create(unit=east, code="dine_in", name="堂食", stage="dine")
    return links.open(survey=survey, unit=east, by=carol, touchpoint="dine_in")


class TestAnswer:
    def test_it_keeps_one_response_however_often_it_is_posted(self, invitation: Invitation) -> None:
        for score in (3, 4, 9):
            responses.answer(invitation=invitation, answers={"nps": score})
        assert Answer.objects.get().score == 9
        assert Response.objects.get().state == "started"

    def test_it_takes_an_answer_back(self, invitation: Invitation) -> None:
        responses.answer(invitation=invitation, answers={"nps": 3, "why": ["wait"], "comment": "慢"})
        responses.answer(invitation=invitation, answers={"why": [], "comment": ""})
        assert list(Answer.objects.values_list("question", flat=True)) == ["nps"]
        assert not Verbatim.objects.exists()

    def test_it_says_once_that_the_invitation_was_taken_up(self, invitation: Invitation) -> None:
        responses.answer(invitation=invitation, answers={"nps": 3})
        first = Invitation.objects.get().started_at
        responses.answer(invitation=invitation, answers={"nps": 4})
        assert first is not None
        assert Invitation.objects.get().started_at == first

    @pytest.mark.requirement(2)
    def test_it_stores_the_scale_beside_the_raw_score(self, invitation: Invitation) -> None:
        responses.answer(invitation=invitation, answers={"nps": 3})
        assert (Answer.objects.get().scale, Answer.objects.get().score) == ("nps_0_10", 3)

    @pytest.mark.parametrize(
        "answers", [{"nps": 11}, {"nps": 2.5}, {"nps": "x"}, {"why": ["gold"]}, {"unknown": 1}]
    )
    def test_it_refuses_what_the_question_cannot_have(
        self, invitation: Invitation, answers: dict[str, Any]
    ) -> None:
        with pytest.raises(InvalidAnswer):
            responses.answer(invitation=invitation, answers=answers)

    def test_it_masks_what_is_personal_and_keeps_the_rest_encrypted(self, invitation: Invitation) -> None:
        said = "请打 13800001111 给我"
        responses.answer(invitation=invitation, answers={"nps": 2, "comment": said})
        verbatim = Verbatim.objects.get()
        assert "13800001111" not in verbatim.text
        assert verbatim.as_typed == said
        with connection.cursor() as cursor:
            cursor.execute("select as_typed from collect_verbatim")
            assert b"13800001111" not in bytes(cursor.fetchone()[0])

    def test_it_keeps_no_second_copy_of_harmless_words(self, invitation: Invitation) -> None:
        responses.answer(invitation=invitation, answers={"nps": 2, "comment": "上菜慢"})
        assert Verbatim.objects.get().as_typed is None

    def test_it_labels_changed_words_again(self, invitation: Invitation) -> None:
        responses.answer(invitation=invitation, answers={"nps": 2, "comment": "上菜慢"})
        Verbatim.objects.update(labelled_by="v1")
        responses.answer(invitation=invitation, answers={"comment": "上菜慢"})
        assert Verbatim.objects.get().labelled_by == "v1"
        responses.answer(invitation=invitation, answers={"comment": "上菜太慢"})
        assert Verbatim.objects.get().labelled_by == ""

    @pytest.mark.parametrize("ended", ["revoked_at", "expires_at"])
    def test_it_refuses_an_invitation_that_is_over(self, invitation: Invitation, ended: str) -> None:
        setattr(invitation, ended, now() - timedelta(minutes=1))
        with pytest.raises(responses.NotAnswerable):
            responses.answer(invitation=invitation, answers={"nps": 2})


class TestComplete:
    @pytest.mark.requirement(1, 4, 5)
    def test_it_freezes_the_moment_of_the_invitation(
        self, invite: Callable[..., Invitation], wang: Customer, root: Unit, east: Unit
    ) -> None:
        Touchpoint.objects.create(unit=root, code="hotline", name="热线", stage="support")
        region = Unit.objects.create(code="R1", name="华东", kind="region", parent=root)
        east.parent = region
        east.save()
        asked = invite(touchpoint="hotline", team="TE", agent="A01")
        responses.complete(invitation=asked, answers={"nps": 9}, language="en")
        kept = Response.objects.get()
        assert kept.moment() == {
            "programme": "service", "survey": "service", "touchpoint": "hotline", "stage": "support",
            "channel": "link", "source": "survey", "segment": "family", "tier": "gold", "region": "R1",
            "team": "TE", "agent": "A01", "language": "en",
        }  # fmt: skip
        assert (kept.customer, kept.unit, kept.plan) == (wang, east, asked.plan)

    def test_it_tells_the_class_of_the_score(self, invitation: Invitation) -> None:
        responses.complete(invitation=invitation, answers={"nps": 3})
        (event,) = completed()
        assert (event.score, event.score_class, event.case) == (3, "detractor", None)

    def test_it_names_the_case_of_a_re_survey(self, invite: Callable[..., Invitation]) -> None:
        responses.complete(invitation=invite(about="case:12"), answers={"nps": 9})
        assert completed()[0].case == 12

    def test_it_happens_once(self, invitation: Invitation) -> None:
        for score in (3, 9):
            responses.complete(invitation=invitation, answers={"nps": score, "comment": "慢"})
        assert len(completed()) == 1
        assert Answer.objects.get(question="nps").score == 3

    def test_it_counts_the_invitation_as_answered(self, invitation: Invitation) -> None:
        responses.complete(invitation=invitation, answers={"nps": 3})
        assert Invitation.objects.get().answered_at is not None

    def test_it_completes_what_was_kept_before(self, invitation: Invitation) -> None:
        responses.answer(invitation=invitation, answers={"nps": 3})
        responses.complete(invitation=invitation, answers={"comment": "慢"})
        assert completed()[0].score == 3

    def test_it_needs_the_leading_score(self, invitation: Invitation) -> None:
        with pytest.raises(responses.NothingSaid):
            responses.complete(invitation=invitation, answers={"comment": "慢"})
        assert not Response.objects.exists()

    def test_it_hears_the_wish_to_be_called(self, invitation: Invitation) -> None:
        contact = {"wanted": True, "to": "13800001111"}
        responses.complete(invitation=invitation, answers={"nps": 7, "contact": contact})
        assert completed()[0].wants_contact
        assert Response.objects.get().contact == "13800001111"

    def test_it_takes_each_visitor_of_a_link_once(self, link: PublicLink, east: Unit) -> None:
        for key in (KEY, KEY, KEY.replace("6f", "7f")):
            responses.complete(link=link, client_key=key, answers={"nps": 9})
        assert Response.objects.count() == 2
        kept = Response.objects.first()
        assert (kept.touchpoint, kept.stage, kept.channel, kept.unit) == ("dine_in", "dine", "link", east)

    def test_it_refuses_a_link_that_was_taken_back(self, link: PublicLink, carol: User) -> None:
        links.revoke(link=link, by=carol)
        with pytest.raises(responses.NotAnswerable):
            responses.complete(link=link, client_key=KEY, answers={"nps": 9})


class TestCompleteSilent:
    @pytest.fixture
    def silent(self, invitation: Invitation) -> Response:
        responses.answer(invitation=invitation, answers={"nps": 2})
        Response.objects.update(at=now() - timedelta(minutes=31))
        (found,) = responses.silent()
        return responses.complete_silent(response=found)

    def test_it_makes_a_lone_score_count(self, silent: Response) -> None:
        assert completed()[0].score_class == "detractor"
        assert Response.objects.get().state == "complete"
        assert responses.silent() == []

    def test_it_waits_for_those_who_still_write(self, invitation: Invitation) -> None:
        responses.answer(invitation=invitation, answers={"nps": 2})
        assert responses.silent() == []

    def test_it_still_takes_words_but_no_other_score(self, silent: Response, invitation: Invitation) -> None:
        responses.complete(invitation=invitation, answers={"nps": 10, "comment": "等了四十分钟"})
        assert Answer.objects.get(question="nps").score == 2
        assert Verbatim.objects.get().text == "等了四十分钟"
        assert len(completed()) == 1

    def test_it_hears_a_late_wish_to_be_called(self, silent: Response, invitation: Invitation) -> None:
        responses.complete(invitation=invitation, answers={"nps": 2, "contact": True})
        assert [event.wants_contact for event in completed()] == [False, True]


@pytest.mark.django_db(transaction=True)
class TestDoubleSubmit:
    def test_it_is_one_response_and_one_event_for_twenty_at_once(self) -> None:
        root = Unit.objects.create(code="root", name="总部")
        programme = starter.starter(root)
        link = links.open(survey=programme.surveys.get(), unit=root, by=User(pk=1))

        def submit(_: int) -> int | None:
            try:
                return responses.complete(link=link, client_key=KEY, answers={"nps": 2, "comment": "慢"}).pk
            finally:
                close_old_connections()
                connection.close()

        with ThreadPoolExecutor(20) as pool:
            pks = set(pool.map(submit, range(20)))
        assert pks == {Response.objects.get().pk}
        assert len(completed()) == 1
        assert Verbatim.objects.count() == 1
