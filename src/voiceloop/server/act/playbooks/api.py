"""Playbooks, their runs and steps across departments for programs: the same verbs as the pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema
from ninja.errors import HttpError

from voiceloop.server.act.models import Case, DryRun, Playbook, PlaybookRun, PlaybookVersion, StepRun
from voiceloop.server.act.playbooks import dry, editing, handing, reading, tending
from voiceloop.server.core.models import Unit, User
from voiceloop.server.core.problem import Problem
from voiceloop.server.core.rights import allowed

router = Router(tags=["act"])
MISSING = {403: Problem, 404: Problem, 422: Problem}


class PlaybookVersionOut(Schema):
    id: int
    number: int
    state: str
    name: str
    name_en: str
    motto: str
    motto_en: str
    trigger: str
    conditions: dict[str, Any]
    steps: list[dict[str, Any]]
    activated_at: datetime | None


class PlaybookOut(Schema):
    id: int
    code: str
    position: int
    archived_at: datetime | None
    active: PlaybookVersionOut | None
    draft: PlaybookVersionOut | None


class PlaybookIn(Schema):
    """As it is exported; a draft may be unfinished."""

    name: str = Field(max_length=80)
    name_en: str = Field("", max_length=80)
    motto: str = Field("", max_length=200)
    motto_en: str = Field("", max_length=200)
    trigger: Literal["detractor", "passive", "promoter", "at_risk", "by_hand", "crisis", "stage"] = (
        "detractor"
    )
    conditions: dict[str, Any] = {}
    steps: list[dict[str, Any]] = []


class DryRunOut(Schema):
    id: int
    days: int
    state: str
    n_done: int
    n_total: int
    result: dict[str, Any]


class PlaceIn(Schema):
    direction: Literal["up", "down"]


class DryRunIn(Schema):
    days: int = Field(90, ge=1, le=365)


class StepRunOut(Schema):
    id: int
    key: str
    action: str
    params: dict[str, Any]
    state: str
    is_automatic: bool
    unit: str | None = Field(None, alias="unit.code")
    owner: str | None = Field(None, alias="owner.username")
    opened_at: datetime | None
    due_at: datetime | None
    done_at: datetime | None
    note: str
    error: str


class PlaybookRunOut(Schema):
    id: int
    playbook: str = Field(alias="version.playbook.code")
    number: int = Field(alias="version.number")
    case: int | None = Field(None, alias="case_id")
    response: int | None = Field(None, alias="response_id")
    state: str
    started_at: datetime
    ended_at: datetime | None
    steps: list[StepRunOut]

    @staticmethod
    def resolve_steps(run: PlaybookRun) -> Any:
        return list(run.steps.all())


class HandingIn(Schema):
    unit: str
    what: str = Field(min_length=1, max_length=1000)
    minutes: int = Field(0, ge=0, le=30_000)


class StepNoteIn(Schema):
    note: str = Field("", max_length=4000)


@router.get("/playbooks", response={200: list[PlaybookOut], 403: Problem})
def list_playbooks(request: HttpRequest) -> Any:
    """In the order in which they are asked."""
    allowed(request, "cases.see")
    return reading.books()


@router.post("/playbooks", response={200: PlaybookVersionOut, **MISSING})
def bring_playbook(request: HttpRequest, body: PlaybookIn) -> Any:
    """A new playbook with this as its draft."""
    return _ready(editing.bring, by=_edits(request), content=body.dict())


@router.put("/playbooks/{int:pk}/draft", response={200: PlaybookVersionOut, **MISSING})
def save_playbook_draft(request: HttpRequest, pk: int, body: PlaybookIn) -> Any:
    user = _edits(request)
    draft = editing.begin_draft(get_object_or_404(Playbook, pk=pk), by=user)
    return _ready(editing.rewrite, draft, by=user, content=body.dict())


@router.post("/playbooks/{int:pk}/dry-runs", response={200: DryRunOut, **MISSING})
def start_dry_run(request: HttpRequest, pk: int, body: DryRunIn) -> Any:
    """Count the draft, or what is in use, on the last days."""
    return dry.start(_version(request, pk), by=_edits(request), days=body.days)


@router.get("/playbooks/{int:pk}/dry-runs/newest", response={200: DryRunOut, **MISSING})
def newest_dry_run(request: HttpRequest, pk: int) -> Any:
    _edits(request)
    rows = DryRun.objects.filter(version__playbook=get_object_or_404(Playbook, pk=pk)).order_by("-pk")
    return get_object_or_404(rows[:1])


@router.post("/playbooks/{int:pk}/activation", response={200: PlaybookVersionOut, **MISSING})
def activate_playbook(request: HttpRequest, pk: int) -> Any:
    """Put the draft into use; it must be without faults, and counted on history as it stands."""
    user = _edits(request)
    draft = get_object_or_404(PlaybookVersion.objects.select_related("playbook"), playbook=pk, state="draft")
    return _ready(editing.activate, draft, by=user)


@router.put("/playbooks/{int:pk}/place", response={200: list[PlaybookOut], **MISSING})
def move_playbook(request: HttpRequest, pk: int, body: PlaceIn) -> Any:
    """One place up or down; the answer is all of them in their new order."""
    editing.move(get_object_or_404(Playbook, pk=pk), by=_edits(request), up=body.direction == "up")
    return reading.books()


@router.put("/playbooks/{int:pk}/archived", response={200: PlaybookOut, **MISSING})
def archive_playbook(request: HttpRequest, pk: int) -> Any:
    return editing.archive(get_object_or_404(Playbook, pk=pk), by=_edits(request))


@router.delete("/playbooks/{int:pk}/archived", response={200: PlaybookOut, **MISSING})
def restore_playbook(request: HttpRequest, pk: int) -> Any:
    return editing.restore(get_object_or_404(Playbook, pk=pk), by=_edits(request))


@router.get("/playbooks/{int:pk}/runs", response={200: list[PlaybookRunOut], **MISSING})
def list_runs(request: HttpRequest, pk: int, state: str = "") -> Any:
    """The newest two hundred who follow it."""
    user = allowed(request, "cases.see")
    return reading.runs(user, get_object_or_404(Playbook, pk=pk), state)[:200]


@router.put("/playbook-runs/{int:pk}/stopped", response={200: PlaybookRunOut, **MISSING})
def stop_run(request: HttpRequest, pk: int) -> Any:
    user = allowed(request, "cases.work")
    return tending.stop(get_object_or_404(PlaybookRun.objects.visible_to(user), pk=pk), by=user)


@router.put("/playbook-steps/{int:pk}/owner", response={200: StepRunOut, 409: Problem, **MISSING})
def claim_step(request: HttpRequest, pk: int) -> Any:
    """Take a step that is for somebody of the reader's role; 409 where it does not wait for one."""
    user = allowed(request, "cases.work")
    step = tending.claim(_own(request, pk), by=user)
    if step.owner != user:
        raise HttpError(409, f"{step.owner.username} was faster" if step.owner else "not for your role")
    return step


@router.put("/playbook-steps/{int:pk}/skipped", response={200: StepRunOut, **MISSING})
def skip_step(request: HttpRequest, pk: int, body: StepNoteIn) -> Any:
    return tending.skip(_own(request, pk), by=allowed(request, "cases.work"), note=body.note)


@router.post("/playbook-steps/{int:pk}/tries", response={200: StepRunOut, **MISSING})
def retry_step(request: HttpRequest, pk: int) -> Any:
    return tending.retry(_own(request, pk), by=allowed(request, "cases.work"))


@router.post("/cases/{int:pk}/handings", response={200: StepRunOut, **MISSING})
def hand_step(request: HttpRequest, pk: int, body: HandingIn) -> Any:
    """Give another department something to do for this case."""
    user = allowed(request, "cases.work")
    case = get_object_or_404(Case.objects.visible_to(user), pk=pk)
    unit = Unit.objects.filter(code=body.unit).first()
    if unit is None:
        raise HttpError(422, f"There is no unit {body.unit!r}.")
    return handing.hand(case, by=user, unit=unit, what=body.what, minutes=body.minutes)


@router.get("/handed", response={200: list[StepRunOut], 403: Problem})
def list_handed(request: HttpRequest, state: Literal["open", "returned", "done"] = "open") -> Any:
    """What other departments ask of the reader's."""
    rows = StepRun.objects.handed_to(allowed(request, "cases.see")).filter(state=state)
    return rows.select_related("unit", "owner").order_by("due_at", "pk")[:200]


@router.put("/handed/{int:pk}/owner", response={200: StepRunOut, **MISSING})
def take_handed(request: HttpRequest, pk: int) -> Any:
    return handing.take(_handed(request, pk), by=allowed(request, "cases.work"))


@router.put("/handed/{int:pk}/done", response={200: StepRunOut, **MISSING})
def finish_handed(request: HttpRequest, pk: int, body: StepNoteIn) -> Any:
    return handing.finish(_handed(request, pk), by=allowed(request, "cases.work"), note=body.note)


@router.put("/handed/{int:pk}/returned", response={200: StepRunOut, **MISSING})
def return_handed(request: HttpRequest, pk: int, body: StepNoteIn) -> Any:
    if not body.note.strip():
        raise HttpError(422, "Say why it is given back.")
    return handing.give_back(_handed(request, pk), by=allowed(request, "cases.work"), note=body.note)


def _ready(verb: Any, *given: Any, **named: Any) -> Any:
    try:
        return verb(*given, **named)
    except editing.NotReady as error:
        raise HttpError(422, str(error)) from error


def _edits(request: HttpRequest) -> User:
    return allowed(request, "settings.edit")


def _version(request: HttpRequest, pk: int) -> PlaybookVersion:
    _edits(request)
    book = get_object_or_404(reading.books(), pk=pk)
    found: PlaybookVersion = book.draft or book.active or book.versions.first()
    return found


def _own(request: HttpRequest, pk: int) -> StepRun:
    runs = PlaybookRun.objects.visible_to(allowed(request, "cases.work"))
    found: StepRun = get_object_or_404(StepRun.objects.filter(run__in=runs), pk=pk)
    return found


def _handed(request: HttpRequest, pk: int) -> StepRun:
    found: StepRun = get_object_or_404(StepRun.objects.handed_to(allowed(request, "cases.work")), pk=pk)
    return found
