"""Responses: what a customer says, kept answer by answer and completed once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Subquery
from django.utils.timezone import now

from voiceloop.analytics.text.masking import mask
from voiceloop.server.collect import freezing, questions
from voiceloop.server.collect.answers import Given, understood
from voiceloop.server.collect.events import ResponseCompleted
from voiceloop.server.collect.models import (
    Answer,
    Invitation,
    Plan,
    PublicLink,
    Response,
    SurveyVersion,
    Touchpoint,
    Verbatim,
)
from voiceloop.server.collect.questions import Questionnaire
from voiceloop.server.core.events import record, verb

# Our choice: long enough to look up an order number, short enough for a call back the same morning.
SILENCE = timedelta(minutes=30)
BY_SILENCE = "silence"


class NotAnswerable(Exception):
    """Revoked, expired, or the survey is not published."""


class NothingSaid(Exception):
    """A response cannot be complete without its leading score."""


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


def occasion_of(invitation: Invitation | None, link: PublicLink | None, client_key: str) -> Occasion:
    """Raises `NotAnswerable` when it is over."""
    if invitation is not None:
        return _by_invitation(invitation)
    if link is None or not client_key:
        raise NotAnswerable
    return _by_link(
        link if hasattr(link, "version_id") else link_with_its_moment(link.slug) or link, client_key
    )


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


def _by_link(link: PublicLink, client_key: str) -> Occasion:
    version: int | None = getattr(link, "version_id", None)
    if version is None or link.revoked_at:
        raise NotAnswerable
    blank = Response(
        idempotency_key=f"link:{link.pk}:{client_key}",
        link=link,
        survey_version_id=version,
        plan_id=getattr(link, "plan_id", None),
        unit_id=link.unit_id,
        programme=link.survey.programme.code,
        survey=link.survey.code,
        touchpoint=link.touchpoint,
        stage=getattr(link, "stage", None) or "",
        channel=link.channel,
        source=freezing.ASKED,
        region=getattr(link, "region", None) or "",
    )
    return Occasion(blank.idempotency_key, version, blank)


def link_with_its_moment(slug: str) -> PublicLink | None:
    """A link and all that its responses freeze, in one query."""
    versions = SurveyVersion.objects.filter(survey=OuterRef("survey"), published_at__isnull=False)
    plans = Plan.objects.filter(programme=OuterRef("survey__programme"))
    stages = Touchpoint.objects.filter(code=OuterRef("touchpoint"))
    return (
        PublicLink.objects.select_related("survey__programme", "survey__unit")
        .annotate(
            version_id=Subquery(versions.order_by("-number").values("pk")[:1]),
            plan_id=Subquery(plans.order_by("-number").values("pk")[:1]),
            stage=Subquery(stages.values("stage")[:1]),
            region=Subquery(freezing.region_above("unit__path")),
        )
        .filter(slug=slug)
        .first()
    )


@verb
def answer(
    *,
    answers: Mapping[str, Any],
    invitation: Invitation | None = None,
    link: PublicLink | None = None,
    client_key: str = "",
    language: str = "",
) -> None:
    """Keep these answers; those given before and not named here stay."""
    occasion = occasion_of(invitation, link, client_key)
    _keep(occasion, understood(occasion.questionnaire, answers), language)


@verb
def complete(
    *,
    answers: Mapping[str, Any],
    invitation: Invitation | None = None,
    link: PublicLink | None = None,
    client_key: str = "",
    language: str = "",
) -> Response:
    """Keep the answers and say so to everybody who waits for them, once."""
    occasion = occasion_of(invitation, link, client_key)
    given = understood(occasion.questionnaire, answers)
    _keep(occasion, given, language)
    response = _locked(occasion)
    if response.state == Response.State.STARTED:
        _close(response, occasion.questionnaire, given)
    elif _silenced(response):
        _reopened_words(response, occasion.questionnaire, given)
    return response


@verb
def complete_silent(*, response: Response) -> Response:
    """Close what somebody began and left: a low score without a comment is still a call for help."""
    response = Response.objects.select_for_update().get(pk=response.pk)
    if response.state == Response.State.STARTED and response.survey_version_id:
        response.attributes = {**response.attributes, "closed_by": BY_SILENCE}
        _close(response, questions.published(response.survey_version_id), Given())
    return response


def silent() -> list[Response]:
    waiting = Response.objects.filter(state=Response.State.STARTED, at__lt=now() - SILENCE)
    return list(waiting.order_by("at")[:500])


def may_still_speak(response: Response) -> bool:
    """Not complete, or only completed because its author was silent for a while."""
    return response.state == Response.State.STARTED or _silenced(response)


def _silenced(response: Response) -> bool:
    return bool(response.attributes.get("closed_by") == BY_SILENCE)


def _locked(occasion: Occasion) -> Response:
    rows = Response.objects.select_for_update(of=("self",)).select_related("invitation", "unit")
    return rows.get(idempotency_key=occasion.key)  # type: ignore[no-any-return]  # ScopedQuerySet is untyped


def _close(response: Response, questionnaire: Questionnaire, given: Given) -> None:
    score = _lead_score(response, questionnaire, given)
    if score is None and not _silenced(response):
        raise NothingSaid
    response.state = Response.State.COMPLETE
    response.completed_at = now()
    response.save(update_fields=["state", "completed_at", "attributes"])
    if response.invitation_id:
        Invitation.objects.filter(pk=response.invitation_id, answered_at=None).update(answered_at=now())
    _tell(response, questionnaire, score)


def _reopened_words(response: Response, questionnaire: Questionnaire, given: Given) -> None:
    """The author came back after the silence: the words were kept, and a new wish to talk is heard."""
    response.attributes = {k: v for k, v in response.attributes.items() if k != "closed_by"}
    response.save(update_fields=["attributes"])
    if given.contact and given.contact.wanted:
        _tell(response, questionnaire, _lead_score(response, questionnaire, Given()))


def _tell(response: Response, questionnaire: Questionnaire, score: float | None) -> None:
    event = ResponseCompleted(
        response=response.pk,
        customer=response.customer_id,
        case=_case_of(response.about),
        score=score,
        score_class=questionnaire.class_of(score) if score is not None else "",
        wants_contact=response.wants_contact,
    )
    record(event, unit=response.unit)


def _case_of(about: str) -> int | None:
    noun, _, pk = about.partition(":")
    return int(pk) if noun == "case" and pk.isdigit() else None


def _lead_score(response: Response, questionnaire: Questionnaire, given: Given) -> float | None:
    lead = questionnaire.lead.id
    if lead in given.scores:
        return given.scores[lead][1]
    return response.answers.filter(question=lead).values_list("score", flat=True).first()


# One statement keeps the response, its answers and its words, and says that the invitation was taken up.
# Of a complete response nothing changes; one closed by silence still takes words, but not another score.
_KEEP = """
with r as (
  insert into collect_response ({columns}) values ({values})
  on conflict (idempotency_key) do update set
    at = case when collect_response.state = 'started' then excluded.at else collect_response.at end,
    language = case when excluded.language = '' then collect_response.language else excluded.language end,
    wants_contact = case when %(contacted)s then excluded.wants_contact else collect_response.wants_contact end,
    contact = case when %(contacted)s then excluded.contact else collect_response.contact end
  where collect_response.state = 'started' or collect_response.attributes ->> 'closed_by' = 'silence'
  returning id, state, language),
a as (
  insert into collect_answer (response_id, question, scale, score, options)
  select r.id, g.question, g.scale, g.score, g.options::jsonb
  from r, unnest(%(questions)s::text[], %(scales)s::text[], %(scores)s::float8[], %(options)s::text[])
    as g(question, scale, score, options)
  on conflict (response_id, question) do update
    set scale = excluded.scale, score = excluded.score, options = excluded.options
    where (select state from r) = 'started' or excluded.score is null),
v as (
  insert into collect_verbatim (response_id, question, text, as_typed, language, labelled_by)
  select r.id, g.question, g.text, g.as_typed, r.language, ''
  from r, unnest(%(asked)s::text[], %(texts)s::text[], %(typed)s::bytea[]) as g(question, text, as_typed)
  on conflict (response_id, question) do update
    set text = excluded.text, as_typed = excluded.as_typed, labelled_by = ''
    where collect_verbatim.text <> excluded.text or collect_verbatim.as_typed is distinct from excluded.as_typed),
gone as (
  delete from collect_answer using r where response_id = r.id and question = any(%(empty)s::text[])),
unsaid as (
  delete from collect_verbatim using r where response_id = r.id and question = any(%(empty)s::text[])),
started as (
  update collect_invitation set started_at = %(at)s where id = %(invitation)s and started_at is null)
select count(*) from r
"""


def _keep(occasion: Occasion, given: Given, language: str) -> None:
    blank = occasion.blank
    blank.language = language or blank.language
    blank.at = now()
    if given.contact:
        blank.wants_contact, blank.contact = given.contact.wanted, given.contact.to or None
    columns, values = _columns_of(blank)
    sql = _KEEP.replace("{columns}", ", ".join(columns)).replace(
        "{values}", ", ".join(f"%({column})s" for column in columns)
    )
    parameters = {**values, **_answer_rows(given), **_verbatim_rows(given)}
    parameters |= {
        "contacted": given.contact is not None,
        "empty": [id for id, chosen in {**given.options, **given.texts}.items() if not chosen],
        "invitation": occasion.invitation.pk if occasion.invitation else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def _columns_of(blank: Response) -> tuple[list[str], dict[str, Any]]:
    fields = [f for f in Response._meta.concrete_fields if not f.primary_key and f.editable]
    values = {f.column: f.get_db_prep_save(f.pre_save(blank, True), connection) for f in fields}
    return list(values), values


def _answer_rows(given: Given) -> dict[str, list[Any]]:
    chosen = {id: ids for id, ids in given.options.items() if ids}
    n = len(chosen)
    return {
        "questions": [*given.scores, *chosen],
        "scales": [*(scale for scale, _ in given.scores.values()), *[""] * n],
        "scores": [*(score for _, score in given.scores.values()), *[None] * n],
        "options": [*["[]"] * len(given.scores), *map(json.dumps, chosen.values())],
    }


def _verbatim_rows(given: Given) -> dict[str, list[Any]]:
    said = {id: text for id, text in given.texts.items() if text}
    masked = {id: mask(text).text for id, text in said.items()}
    sealed = Verbatim._meta.get_field("as_typed")
    return {
        "asked": list(said),
        "texts": list(masked.values()),
        "typed": [sealed.encrypt(text) if masked[id] != text else None for id, text in said.items()],
    }


def draft_of(response: Response | None) -> dict[str, Any]:
    """The answers so far, as the page that is taken up again shows them."""
    if response is None:
        return {}
    scores = {a.question: a.score if a.scale else a.options for a in _answers(response)}
    words = {v.question: v.as_typed or v.text for v in response.verbatims.all()}
    return {**scores, **words}


def _answers(response: Response) -> list[Answer]:
    return list(response.answers.all())
