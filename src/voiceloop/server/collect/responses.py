"""Responses: what a customer says, kept answer by answer and completed once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.timezone import now

from voiceloop.server.collect import freezing, questions
from voiceloop.server.collect.answers import Given, understood
from voiceloop.server.collect.events import ResponseCompleted
from voiceloop.server.collect.keeping import keep
from voiceloop.server.collect.models import (
    Answer,
    Invitation,
    Plan,
    PublicLink,
    Response,
    SurveyVersion,
    Touchpoint,
)
from voiceloop.server.collect.questions import Questionnaire
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import Unit

# Our choice: long enough to look up an order number, short enough for a call back the same morning.
SILENCE = timedelta(minutes=30)
BY_SILENCE = "silence"


class NotAnswerable(Exception):
    """Revoked, expired, or the survey is not published."""


class NothingSaid(Exception):
    """A response cannot be complete without its leading score."""


@dataclass(frozen=True)
class Place:
    """A link for anyone, with what its responses keep of the moment."""

    link: PublicLink
    version: int | None
    plan: int | None
    stage: str
    region: str


@dataclass(frozen=True)
class Occasion:
    """The chance to answer: an invitation, or a link in the hands of one visitor."""

    key: str
    version: int
    blank: Response
    invitation: Invitation | None = None

    @property
    def questionnaire(self) -> Questionnaire:
        return questions.published(self.version)


def occasion_of(invitation: Invitation | None, link: PublicLink | Place | None, client_key: str) -> Occasion:
    """Raises `NotAnswerable` when it is over."""
    if invitation is not None:
        return _by_invitation(invitation)
    place = place_of(link.slug) if isinstance(link, PublicLink) else link
    if place is None or not client_key:
        raise NotAnswerable
    return _by_link(place, client_key)


def _by_invitation(invitation: Invitation) -> Occasion:
    if not invitation.is_answerable or invitation.survey_version_id is None:
        raise NotAnswerable
    blank = Response(
        idempotency_key=f"invitation:{invitation.pk}",
        invitation=invitation,
        customer_id=invitation.customer_id,
        survey_version_id=invitation.survey_version_id,
        plan_id=invitation.plan_id,
        about=invitation.about,
        unit_id=invitation.unit_id,
        **invitation.moment(),
    )
    return Occasion(blank.idempotency_key, invitation.survey_version_id, blank, invitation)


def _by_link(place: Place, client_key: str) -> Occasion:
    link = place.link
    if place.version is None or link.revoked_at:
        raise NotAnswerable
    blank = Response(
        idempotency_key=f"link:{link.pk}:{client_key}",
        link=link,
        survey_version_id=place.version,
        plan_id=place.plan,
        unit_id=link.unit_id,
        programme=link.survey.programme.code,
        survey=link.survey.code,
        touchpoint=link.touchpoint,
        stage=place.stage,
        channel=link.channel,
        source=freezing.ASKED,
        region=place.region,
    )
    return Occasion(blank.idempotency_key, place.version, blank)


def place_of(slug: str) -> Place | None:
    """A link and all that its responses freeze, in one query."""
    versions = SurveyVersion.objects.filter(survey=OuterRef("survey"), published_at__isnull=False)
    plans = Plan.objects.filter(programme=OuterRef("survey__programme"))
    stages = Touchpoint.objects.filter(code=OuterRef("touchpoint"))
    row: Any = (
        PublicLink.objects.select_related("survey__programme", "survey__unit")
        .annotate(
            version=Subquery(versions.order_by("-number").values("pk")[:1]),
            plan=Subquery(plans.order_by("-number").values("pk")[:1]),
            stage=Subquery(stages.values("stage")[:1]),
            region=Subquery(freezing.region_above("unit__path")),
        )
        .filter(slug=slug)
        .first()
    )
    return Place(row, row.version, row.plan, row.stage or "", row.region or "") if row else None


@verb
def answer(
    *,
    answers: Mapping[str, Any],
    invitation: Invitation | None = None,
    link: PublicLink | Place | None = None,
    client_key: str = "",
    language: str = "",
) -> None:
    """Keep these answers; those given before and not named here stay."""
    occasion = occasion_of(invitation, link, client_key)
    keep(occasion.blank, understood(occasion.questionnaire, answers), language)


@verb
def complete(
    *,
    answers: Mapping[str, Any],
    invitation: Invitation | None = None,
    link: PublicLink | Place | None = None,
    client_key: str = "",
    language: str = "",
) -> Response:
    """Keep the answers and say so to everybody who waits for them, once."""
    occasion = occasion_of(invitation, link, client_key)
    given = understood(occasion.questionnaire, answers)
    score = _lead_score(occasion, given)
    kept = keep(occasion.blank, given, language, closing=True)
    if kept is None:
        return Response.objects.get(idempotency_key=occasion.key)
    response = occasion.blank
    response.pk = kept.id
    response.wants_contact = kept.wants_contact
    if kept.was_silenced:
        _reopened_words(response, occasion.questionnaire, given, score)
    else:
        _tell(response, occasion.questionnaire, score)
    return response


@verb
def complete_silent(*, response: Response) -> Response:
    """Close what somebody began and left: a low score without a comment is still a call for help."""
    response = Response.objects.select_for_update(of=("self",)).get(pk=response.pk)
    if response.state != Response.State.STARTED or response.survey_version_id is None:
        return response
    questionnaire = questions.published(response.survey_version_id)
    response.attributes = {**response.attributes, "closed_by": BY_SILENCE}
    response.state, response.completed_at = Response.State.COMPLETE, now()
    response.save(update_fields=["state", "completed_at", "attributes"])
    if response.invitation_id:
        asked = Invitation.objects.filter(pk=response.invitation_id, answered_at=None)
        asked.update(answered_at=now())
    _tell(response, questionnaire, _stored_score(response.idempotency_key, questionnaire))
    return response


def silent() -> list[Response]:
    waiting = Response.objects.filter(state=Response.State.STARTED, at__lt=now() - SILENCE)
    return list(waiting.order_by("at")[:500])


def may_still_speak(response: Response) -> bool:
    """Not complete, or only completed because its author was silent for a while."""
    return response.state == Response.State.STARTED or _silenced(response)


def _silenced(response: Response) -> bool:
    return bool(response.attributes.get("closed_by") == BY_SILENCE)


def _reopened_words(response: Response, questionnaire: Questionnaire, given: Given, score: float) -> None:
    """The author came back after the silence: the words were kept, and a new wish to talk is heard."""
    stored_row = Response.objects.get(idempotency_key=response.idempotency_key)
    stored_row.attributes = {k: v for k, v in stored_row.attributes.items() if k != "closed_by"}
    stored_row.save(update_fields=["attributes"])
    if given.contact and given.contact.wanted:
        stored = _stored_score(response.idempotency_key, questionnaire)
        _tell(response, questionnaire, score if stored is None else stored)


def _tell(response: Response, questionnaire: Questionnaire, score: float | None) -> None:
    event = ResponseCompleted(
        response=response.pk,
        customer=response.customer_id,
        case=_case_of(response.about),
        score=score,
        score_class=questionnaire.class_of(score) if score is not None else "",
        wants_contact=response.wants_contact,
    )
    # Only the id is needed: the unit itself is not read from the database.
    record(event, unit=Unit(pk=response.unit_id))


def _case_of(about: str) -> int | None:
    noun, _, pk = about.partition(":")
    return int(pk) if noun == "case" and pk.isdigit() else None


def _lead_score(occasion: Occasion, given: Given) -> float:
    """The score that makes a response one; raises `NothingSaid` without it."""
    lead = occasion.questionnaire.lead.id
    if lead in given.scores:
        return given.scores[lead][1]
    stored = _stored_score(occasion.key, occasion.questionnaire)
    if stored is None:
        raise NothingSaid
    return stored


def _stored_score(key: str, questionnaire: Questionnaire) -> float | None:
    rows = Answer.objects.filter(response__idempotency_key=key, question=questionnaire.lead.id)
    return rows.values_list("score", flat=True).first()


def draft_of(response: Response | None) -> dict[str, Any]:
    """The answers so far, as the page that is taken up again shows them."""
    if response is None:
        return {}
    scores = {a.question: a.score if a.scale else a.options for a in _answers(response)}
    words = {v.question: v.as_typed or v.text for v in response.verbatims.all()}
    return {**scores, **words}


def _answers(response: Response) -> list[Answer]:
    return list(response.answers.all())
