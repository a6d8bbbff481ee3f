"""Reasons, text models, corrections and the language model for programs: the verbs of the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from ninja import Router, Schema, Status

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.collect.models import Response, Verbatim
from voiceloop.server.core.models import User
from voiceloop.server.core.problem import Problem
from voiceloop.server.core.rights import allowed
from voiceloop.server.measure.slices import Slice
from voiceloop.server.understand import corrections, relabelling, voices
from voiceloop.server.understand.assistant import asking, uses
from voiceloop.server.understand.learning import fitting, switching
from voiceloop.server.understand.models import Relabelling, TextModel
from voiceloop.server.understand.reasons import book, verbs

router = Router(tags=["understand"])
REFUSED = {403: Problem, 404: Problem, 422: Problem}
Kind = Literal["sentiment", "reasons"]
Side = Literal[-1, 0, 1]


class TaxonomyReasonIn(Schema):
    zh: str
    en: str = ""
    keywords: list[str] = []
    lookalikes: list[str] = []
    examples: list[str] = []
    owner: str = ""


class ReasonOut(Schema):
    code: str
    zh: str
    en: str
    keywords: list[str]
    lookalikes: list[str]
    examples: list[str]
    owner: str
    archived: bool
    merged_into: str


class TaxonomyVersionOut(Schema):
    """0 is the list as it is shipped."""

    number: int
    digest: str
    reasons: list[ReasonOut]


class MergeIn(Schema):
    into: str


class RelabellingOut(Schema):
    id: int
    why: str
    state: str
    n_total: int
    n_done: int
    n_changed: int
    started_at: datetime | None
    ended_at: datetime | None


class ModelOut(Schema):
    id: int
    kind: str
    version: str
    state: str
    chosen: str
    n: int
    n_corrected: int
    trained_at: datetime
    live_at: datetime | None
    figures: dict[str, Any]


class FittingOut(Schema):
    id: int
    kind: str
    state: str
    step: int
    n_steps: int
    error: str
    model_id: int | None


class KindIn(Schema):
    kind: Kind


class LabelsIn(Schema):
    sentiment: str
    voice: str
    reasons: dict[str, Side] = {}
    emotion: str = ""
    severity: str = ""


class LearningPointOut(Schema):
    text: str
    sources: list[int]


class SummaryOut(Schema):
    points: list[LearningPointOut]
    n_comments: int
    n_unproven: int


class DraftOut(Schema):
    text: str


@router.get("/reasons", response={200: TaxonomyVersionOut, 403: Problem})
def list_reasons(request: HttpRequest) -> Any:
    allowed(request, "voice.see")
    return _version()


@router.post("/reasons", response={201: TaxonomyVersionOut, **REFUSED})
def add_reason(request: HttpRequest, body: TaxonomyReasonIn) -> Any:
    user = allowed(request, "voice.teach")
    return _changed(201, verbs.add, by=user, **body.dict())


@router.post("/reasons/undo", response={200: TaxonomyVersionOut, **REFUSED})
def undo_reasons(request: HttpRequest) -> Any:
    return _changed(200, verbs.undo, by=allowed(request, "voice.teach"))


@router.put("/reasons/{code}", response={200: TaxonomyVersionOut, **REFUSED})
def edit_reason(request: HttpRequest, code: str, body: TaxonomyReasonIn) -> Any:
    user = allowed(request, "voice.teach")
    return _changed(200, verbs.edit, code, by=user, **body.dict())


@router.post("/reasons/{code}/merge", response={200: TaxonomyVersionOut, **REFUSED})
def merge_reason(request: HttpRequest, code: str, body: MergeIn) -> Any:
    user = allowed(request, "voice.teach")
    return _changed(200, verbs.merge, code, into=body.into, by=user)


@router.delete("/reasons/{code}", response={200: TaxonomyVersionOut, **REFUSED})
def archive_reason(request: HttpRequest, code: str) -> Any:
    return _changed(200, verbs.archive, code, by=allowed(request, "voice.teach"))


@router.post("/reasons/{code}/restore", response={200: TaxonomyVersionOut, **REFUSED})
def restore_reason(request: HttpRequest, code: str) -> Any:
    return _changed(200, verbs.restore, code, by=allowed(request, "voice.teach"))


@router.get("/relabellings", response={200: list[RelabellingOut], 403: Problem})
def list_relabellings(request: HttpRequest) -> Any:
    allowed(request, "voice.teach")
    return Relabelling.objects.order_by("-pk")[:50]


@router.post("/relabellings", response={201: RelabellingOut, 403: Problem})
def relabel(request: HttpRequest) -> Any:
    user = allowed(request, "voice.teach")
    return Status(201, relabelling.start(by=user, why=Relabelling.Why.ASKED, everything=True))


@router.delete("/relabellings/{int:pk}", response={200: RelabellingOut, 403: Problem, 404: Problem})
def cancel_relabelling(request: HttpRequest, pk: int) -> Any:
    user = allowed(request, "voice.teach")
    return relabelling.cancel(job=get_object_or_404(Relabelling, pk=pk), by=user)


@router.get("/text-models", response={200: list[ModelOut], 403: Problem})
def list_models(request: HttpRequest) -> Any:
    allowed(request, "voice.teach")
    return TextModel.objects.order_by("-pk")[:100]


@router.post("/text-models/fit", response={201: FittingOut, 403: Problem, 422: Problem})
def fit_model(request: HttpRequest, body: KindIn) -> Any:
    return Status(201, fitting.start(kind=body.kind, by=allowed(request, "voice.teach")))


@router.post("/text-models/{int:pk}/live", response={200: ModelOut, 403: Problem, 404: Problem})
def use_model(request: HttpRequest, pk: int) -> Any:
    user = allowed(request, "voice.teach")
    return switching.go_live(get_object_or_404(TextModel, pk=pk), by=user)


@router.post("/text-models/back", response={204: None, 403: Problem, 422: Problem})
def go_back(request: HttpRequest, body: KindIn) -> Any:
    switching.go_back(kind=body.kind, by=allowed(request, "voice.teach"))
    return Status(204, None)


@router.put("/verbatims/{int:pk}/labels", response={204: None, **REFUSED})
def correct_labels(request: HttpRequest, pk: int, body: LabelsIn) -> Any:
    user = allowed(request, "voice.correct")
    return _tried(204, corrections.correct, _verbatim(user, pk), by=user, **body.dict())


@router.post("/verbatims/{int:pk}/draft", response={200: DraftOut, **REFUSED})
def draft_reply(request: HttpRequest, pk: int) -> Any:
    """422 with one sentence when the language model is off or does not answer."""
    user = allowed(request, "voice.see")
    found = _verbatim(user, pk)
    return _tried(200, lambda: {"text": uses.draft(found, by=user)})


@router.post("/assistant/summary", response={200: SummaryOut, **REFUSED})
def summarise(request: HttpRequest) -> Any:
    """Of the newest comments of the slice that the query names."""
    user = allowed(request, "voice.see")
    if not asking.is_on():
        return _tried(200, uses.summarise, [], by=user, language="en")
    rows = list(voices.in_slice(user, Slice.of(user, request.GET))[: uses.MOST_COMMENTS])
    return _tried(200, uses.summarise, rows, by=user, language=get_language() or "zh")


def _version() -> dict[str, Any]:
    version, reasons, owners = book.newest(), book.in_use(), book.owners()
    every = [
        {
            "code": one.code, "zh": one.label_zh, "en": one.label_en, "keywords": one.keywords,
            "lookalikes": one.lookalikes, "examples": one.examples, "owner": owners.get(one.code, ""),
            "archived": one.archived, "merged_into": one.merged_into,
        }
        for one in (*reasons, *reasons.retired)
    ]  # fmt: skip
    return {"number": version.number if version else 0, "digest": reasons.version, "reasons": every}


def _changed(status: int, verb: Callable[..., Any], *args: Any, **given: Any) -> Any:
    try:
        verb(*args, **given)
    except AnalyticsError as error:
        return Status(422, {"detail": error.say(get_language() or "zh")})
    return Status(status, _version())


def _tried(status: int, call: Callable[..., Any], *args: Any, **given: Any) -> Any:
    try:
        found = call(*args, **given)
    except AnalyticsError as error:
        return Status(422, {"detail": error.say(get_language() or "zh")})
    return Status(status, None if status == 204 else found)


def _verbatim(user: User, pk: int) -> Verbatim:
    visible = Response.objects.visible_to(user)
    rows = Verbatim.objects.filter(response__in=visible).select_related("response__customer")
    return get_object_or_404(rows, pk=pk)
