"""Asking by API: programmes, surveys, invitations and links; and the answers of customers themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status
from ninja.pagination import paginate

from voiceloop.server.collect import (
    invitations,
    letters,
    limits,
    links,
    programmes,
    responses,
    surveys,
    tokens,
)
from voiceloop.server.collect.answers import InvalidAnswer
from voiceloop.server.collect.models import Customer, Invitation, Message, Programme, PublicLink, Survey
from voiceloop.server.collect.questions import InvalidQuestions, Questionnaire
from voiceloop.server.core.models import Unit, User

router = Router(tags=["ask"])


class Refusal(Schema):
    detail: str


class Problems(Schema):
    detail: str
    problems: list[str] = []


class PlanIn(Schema):
    source: str | None = None
    definition: str | None = None
    method: str | None = None
    cycle: str | None = Field(None, max_length=120)
    population: str | None = None


class PlanOut(Schema):
    number: int
    source: str
    definition: str
    method: str
    cycle: str
    population: str
    at: datetime


class ProgrammeOut(Schema):
    id: int
    code: str
    name: str
    name_en: str
    rest_days: int
    plan: PlanOut | None


class VersionOut(Schema):
    number: int
    published_at: datetime | None
    content: dict[str, Any]


class SurveyOut(Schema):
    id: int
    code: str
    name: str
    name_en: str
    programme_id: int
    live: VersionOut | None
    newest: VersionOut | None


class SurveyIn(Schema):
    programme: int
    code: str = Field(pattern=r"^[-\w]{1,64}$")
    name: str = Field(min_length=1, max_length=120)
    name_en: str = Field("", max_length=120)
    content: Questionnaire | None = None


class AskIn(Schema):
    survey: int
    customers: list[int] = Field(min_length=1, max_length=5000)
    channel: str = ""
    touchpoint: str = Field("", max_length=64)
    at_most: int | None = Field(None, ge=1)
    order: invitations.Order = "value"


class InvitationOut(Schema):
    id: int
    customer_id: int | None
    state: str
    suppressed_by: str
    programme: str
    survey: str
    touchpoint: str
    channel: str
    created_at: datetime
    sent_at: datetime | None
    answered_at: datetime | None


class LinkIn(Schema):
    survey: int
    unit: int
    touchpoint: str = Field("", max_length=64)
    name: str = Field("", max_length=120)


class LinkOut(Schema):
    id: int
    name: str
    address: str
    revoked_at: datetime | None

    @staticmethod
    def resolve_address(link: PublicLink) -> str:
        return links.address_of(link)


class MessageOut(Schema):
    id: int
    channel: str
    subject: str
    created_at: datetime
    sent_at: datetime | None
    held_back_by: str
    error: str


class AnswersIn(Schema):
    """Question id → score, option ids or text; `complete` says that nothing more comes."""

    answers: dict[str, Any]
    complete: bool = False
    language: str = Field("", max_length=16)


class AnswersOut(Schema):
    complete: bool


def _editor(request: HttpRequest) -> User:
    return _who_may(request, "programmes.edit")


def _reader(request: HttpRequest) -> User:
    return _who_may(request, "measure.see")


def _who_may(request: HttpRequest, right: str) -> User:
    user = request.user
    if not isinstance(user, User) or not user.may(right):
        raise PermissionError
    return user


@router.get("/programmes", response=list[ProgrammeOut])
@paginate
def list_programmes(request: HttpRequest) -> Any:
    return Programme.objects.visible_to(_reader(request)).order_by("pk")


@router.put("/programmes/{pk}/plan", response={200: PlanOut, 403: Refusal, 404: Refusal})
def change_plan(request: HttpRequest, pk: int, body: PlanIn) -> Any:
    user = _editor(request)
    programme = get_object_or_404(Programme.objects.changeable_by(user), pk=pk)
    return programmes.change_plan(programme=programme, by=user, **body.dict(exclude_none=True))


@router.get("/surveys", response=list[SurveyOut])
@paginate
def list_surveys(request: HttpRequest) -> Any:
    return Survey.objects.visible_to(_reader(request)).order_by("pk")


@router.post("/surveys", response={201: SurveyOut, 403: Refusal, 404: Refusal, 409: Refusal})
def create_survey(request: HttpRequest, body: SurveyIn) -> Any:
    user = _editor(request)
    programme = get_object_or_404(Programme.objects.visible_to(user), pk=body.programme)
    if Survey.objects.filter(code=body.code).exists():
        return Status(409, {"detail": "There is a survey with this code."})
    content = body.content.model_dump(mode="json") if body.content else None
    names = {"code": body.code, "name": body.name, "name_en": body.name_en}
    return Status(201, surveys.create(programme=programme, by=user, content=content, **names))


@router.put("/surveys/{pk}/draft", response={200: VersionOut, 403: Refusal, 404: Refusal})
def edit_survey(request: HttpRequest, pk: int, body: Questionnaire) -> Any:
    user = _editor(request)
    survey = get_object_or_404(Survey.objects.changeable_by(user), pk=pk)
    return surveys.edit(survey=survey, content=body.model_dump(mode="json"), by=user)


@router.put(
    "/surveys/{pk}/publication", response={200: VersionOut, 403: Refusal, 404: Refusal, 409: Problems}
)
def publish_survey(request: HttpRequest, pk: int) -> Any:
    user = _editor(request)
    survey = get_object_or_404(Survey.objects.changeable_by(user), pk=pk)
    try:
        return surveys.publish(survey=survey, by=user)
    except InvalidQuestions as error:
        return Status(409, {"detail": str(error), "problems": [str(p) for p in error.problems]})


@router.get("/invitations", response=list[InvitationOut])
@paginate
def list_invitations(request: HttpRequest, programme: str = "") -> Any:
    rows = Invitation.objects.visible_to(_reader(request)).order_by("-pk")
    return rows.filter(programme=programme) if programme else rows


@router.post("/invitations", response={201: list[InvitationOut], 403: Refusal, 404: Refusal, 409: Refusal})
def send_invitations(request: HttpRequest, body: AskIn) -> Any:
    """Ask customers; those who are not asked come back with the reason in `suppressed_by`."""
    user = _editor(request)
    survey = get_object_or_404(Survey.objects.visible_to(user), pk=body.survey)
    people = list(Customer.objects.visible_to(user).filter(pk__in=body.customers))
    how = body.dict(include={"channel", "touchpoint", "at_most", "order"})
    try:
        return Status(201, invitations.send(survey=survey, customers=people, by=user, **how))
    except ValueError as error:  # not published, or no such channel
        return Status(409, {"detail": str(error)})


@router.get("/invitations/{pk}/link", response={200: dict[str, str], 403: Refusal, 404: Refusal})
def personal_link(request: HttpRequest, pk: int) -> Any:
    invitation = get_object_or_404(Invitation.objects.visible_to(_editor(request)), pk=pk)
    return {"address": letters.personal_link(invitation)}


@router.put("/invitations/{pk}/revocation", response={200: InvitationOut, 403: Refusal, 404: Refusal})
def revoke_invitation(request: HttpRequest, pk: int) -> Any:
    user = _editor(request)
    invitation = get_object_or_404(Invitation.objects.visible_to(user), pk=pk)
    return invitations.revoke(invitation=invitation, by=user)


@router.get("/links", response=list[LinkOut])
@paginate
def list_links(request: HttpRequest) -> Any:
    return PublicLink.objects.visible_to(_reader(request)).order_by("pk")


@router.post("/links", response={201: LinkOut, 403: Refusal, 404: Refusal})
def open_link(request: HttpRequest, body: LinkIn) -> Any:
    user = _editor(request)
    survey = get_object_or_404(Survey.objects.visible_to(user), pk=body.survey)
    unit = get_object_or_404(Unit.objects.visible_to(user), pk=body.unit)
    made = links.open(survey=survey, unit=unit, by=user, touchpoint=body.touchpoint, name=body.name)
    return Status(201, made)


@router.put("/links/{pk}/revocation", response={200: LinkOut, 403: Refusal, 404: Refusal})
def revoke_link(request: HttpRequest, pk: int) -> Any:
    user = _editor(request)
    return links.revoke(link=get_object_or_404(PublicLink.objects.visible_to(user), pk=pk), by=user)


@router.get("/messages", response=list[MessageOut])
@paginate
def list_messages(request: HttpRequest) -> Any:
    return Message.objects.visible_to(_reader(request)).order_by("-pk")


@router.put(
    "/answers/{token}",
    auth=None,
    response={200: AnswersOut, 404: Refusal, 409: Refusal, 410: Refusal, 429: Refusal},
)
def give_answers(request: HttpRequest, token: str, body: AnswersIn) -> Any:
    """A customer's own answers, by the token of the personal link; the same call again changes nothing."""
    pk = tokens.read(token, purpose=tokens.ANSWER)
    if limits.is_over(f"t{pk}" if pk else f"ip{request.META.get('REMOTE_ADDR', '')}"):
        return Status(429, {"detail": "Too many requests."})
    invitation = get_object_or_404(Invitation, pk=pk or 0)
    keep = responses.complete if body.complete else responses.answer
    try:
        keep(invitation=invitation, answers=body.answers, language=body.language)
    except responses.NotAnswerable:
        return Status(410, {"detail": "This survey has ended."})
    except (InvalidAnswer, responses.NothingSaid) as error:
        return Status(409, {"detail": str(error) or "The first score is missing."})
    return {"complete": body.complete}
