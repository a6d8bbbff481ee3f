"""Promises, hours, clocks and how they are kept, for programs: the same verbs as the pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema
from ninja.errors import HttpError
from ninja.responses import codes_4xx

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.act.cases import ageing, cases, clocks, grading, page, priority, promises
from voiceloop.server.act.cases.clock_views import as_plain
from voiceloop.server.act.cases.kept import Report
from voiceloop.server.act.cases.promise_forms import PromiseForm
from voiceloop.server.act.models import BusinessCalendar, Case, ServicePromise
from voiceloop.server.core.models import User
from voiceloop.server.core.rights import allowed, user_of

router = Router(tags=["act"])


class ClockProblem(Schema):
    detail: Any


class PromiseOut(Schema):
    id: int
    name: str
    name_en: str
    clock: str
    minutes: int
    calendar: int = Field(alias="calendar_id")
    kind: str
    severity: str
    priority: int | None
    tier: str
    channel: str
    warn_percent: int
    on_breach: str
    second_percent: int
    archived_at: datetime | None


class PromiseIn(Schema):
    name: str = Field(min_length=1, max_length=80)
    name_en: str = Field("", max_length=80)
    clock: Literal["first_contact", "next_reply", "solution"]
    minutes: int = Field(ge=1)
    calendar: int
    kind: str = ""
    severity: str = ""
    priority: int | None = None
    tier: str = ""
    channel: str = ""
    warn_percent: int = 75
    on_breach: Literal["tell", "escalate", "reassign"] = "tell"
    second_percent: int = Field(200, description="Share of the time at which the manager has it; 0: never")


class CalendarOut(Schema):
    id: int
    name: str
    name_en: str
    zone: str
    week: list[list[list[int]]]
    country: str
    days: dict[str, list[list[int]]]
    archived_at: datetime | None


class CalendarIn(Schema):
    name: str = Field(min_length=1, max_length=80)
    name_en: str = Field("", max_length=80)
    zone: str = "Asia/Shanghai"
    week: list[list[list[int]]] = Field(
        description="Seven days, Monday first, each a list of [start, end] in minutes after midnight"
    )
    country: str = ""
    days: dict[str, list[list[int]]] = {}


class ClockOut(Schema):
    kind: str
    promise: int = Field(alias="promise_id")
    state: str
    due_at: datetime | None
    met_at: datetime | None
    is_broken: bool
    n_runs: int
    n_broken: int
    working_seconds_left: float = 0.0


class PauseIn(Schema):
    reason: str = Field(default="", max_length=300)


class GradeIn(Schema):
    severity: Literal["slight", "serious", "catastrophic"]
    priority: Literal[1, 2, 3, 4] | None = Field(None, description="1 urgent; null: read from the case")
    reason: str = Field(min_length=1, max_length=200)


class UrgencyOut(Schema):
    id: int
    severity: str
    emotion: str
    priority: int
    why: str
    level: int
    due_at: datetime | None

    @staticmethod
    def resolve_why(case: Case) -> str:
        return priority.sentence(case)


class AgeingOut(Schema):
    id: int
    opened_at: datetime
    owner: str | None = Field(None, alias="owner.username")
    priority: int
    level: int
    due_at: datetime | None
    waits_for: str

    @staticmethod
    def resolve_waits_for(case: Case) -> str:
        return ageing.waits_for(case)


CLOCKS = {200: list[ClockOut], codes_4xx: ClockProblem}


@router.get("/promises", response={200: list[PromiseOut], codes_4xx: ClockProblem})
def list_promises(request: HttpRequest) -> Any:
    """Those that hold and those that were taken back."""
    allowed(request, "cases.see")
    return ServicePromise.objects.all()


@router.post("/promises", response={200: PromiseOut, codes_4xx: ClockProblem})
def set_promise(request: HttpRequest, body: PromiseIn) -> Any:
    return _save(ServicePromise(), by=_editor(request), body=body)


@router.put("/promises/{int:pk}", response={200: PromiseOut, codes_4xx: ClockProblem})
def change_promise(request: HttpRequest, pk: int, body: PromiseIn) -> Any:
    """Open cases are read anew."""
    editor = _editor(request)
    return _save(get_object_or_404(ServicePromise, pk=pk), by=editor, body=body)


@router.post("/promises/critical", response={200: list[PromiseOut], codes_4xx: ClockProblem})
def add_critical(request: HttpRequest) -> Any:
    """The template "device stopped": thirty minutes to the first word, two hours to the solution."""
    return promises.add_critical(by=_editor(request))


@router.post("/promises/{int:pk}/archive", response={200: PromiseOut, codes_4xx: ClockProblem})
def archive_promise(request: HttpRequest, pk: int) -> Any:
    editor = _editor(request)
    return promises.archive(get_object_or_404(ServicePromise, pk=pk), by=editor)


@router.post("/promises/{int:pk}/restore", response={200: PromiseOut, codes_4xx: ClockProblem})
def restore_promise(request: HttpRequest, pk: int) -> Any:
    editor = _editor(request)
    return promises.restore(get_object_or_404(ServicePromise, pk=pk), by=editor)


@router.get("/business-hours", response={200: list[CalendarOut], codes_4xx: ClockProblem})
def list_hours(request: HttpRequest) -> Any:
    allowed(request, "cases.see")
    return BusinessCalendar.objects.filter(archived_at=None)


@router.post("/business-hours", response={200: CalendarOut, codes_4xx: ClockProblem})
def add_hours(request: HttpRequest, body: CalendarIn) -> Any:
    return _save_hours(BusinessCalendar(), by=_editor(request), body=body)


@router.put("/business-hours/{int:pk}", response={200: CalendarOut, codes_4xx: ClockProblem})
def change_hours(request: HttpRequest, pk: int, body: CalendarIn) -> Any:
    editor = _editor(request)
    return _save_hours(get_object_or_404(BusinessCalendar, pk=pk), by=editor, body=body)


@router.get("/cases/{int:pk}/clocks", response=CLOCKS)
def case_clocks(request: HttpRequest, pk: int) -> Any:
    """What is promised for the case and what is left of it, in working time."""
    case = _case(request, pk, "cases.see")
    rows = case.clocks.select_related("promise__calendar").order_by("pk")
    for one in rows:
        one.working_seconds_left = clocks.left(one).total_seconds() if one.state != "met" else 0.0
    return rows


@router.post("/cases/{int:pk}/pause", response={200: UrgencyOut, codes_4xx: ClockProblem})
def pause_case(request: HttpRequest, pk: int, body: PauseIn) -> Any:
    """Nobody's clock runs while we wait for the customer."""
    return cases.pause(_case(request, pk, "cases.work"), by=user_of(request), reason=body.reason)


@router.delete("/cases/{int:pk}/pause", response={200: UrgencyOut, codes_4xx: ClockProblem})
def resume_case(request: HttpRequest, pk: int) -> Any:
    return cases.resume(_case(request, pk, "cases.work"), by=user_of(request))


@router.get("/cases/{int:pk}/grade", response={200: UrgencyOut, codes_4xx: ClockProblem})
def case_grade(request: HttpRequest, pk: int) -> Any:
    """How severe and how urgent the case is, and why."""
    return _case(request, pk, "cases.see")


@router.put("/cases/{int:pk}/grade", response={200: UrgencyOut, codes_4xx: ClockProblem})
def grade_case(request: HttpRequest, pk: int, body: GradeIn) -> Any:
    """A person's word stays until another person's."""
    case = _case(request, pk, "cases.work")
    by = user_of(request)
    return grading.grade(case, by=by, severity=body.severity, urgency=body.priority, reason=body.reason)


@router.get("/promises-kept", response={200: dict[str, Any], codes_4xx: ClockProblem})
def promises_kept(request: HttpRequest, by: str = "agent") -> Any:
    """The share of promises kept, whole and cut by agent, team, unit, channel, tier, severity or priority.

    The filter is that of every page of figures: days, since, until and the dimensions.
    """
    return as_plain(Report(allowed(request, "cases.see"), request.GET, by=by))


@router.get("/ageing", response={200: list[AgeingOut], codes_4xx: ClockProblem})
def list_ageing(request: HttpRequest, band: str = "", owner: str = "", level: str = "") -> Any:
    """The two hundred oldest open cases; a band is the first day of an age: 0, 1, 3, 7, 14 or 30."""
    found = ageing.Ageing(allowed(request, "cases.see"), band=band, owner=owner, level=level)
    return list(ageing.with_reasons(found.cases)[:200])


def _save(promise: ServicePromise, *, by: User, body: PromiseIn) -> ServicePromise:
    """What the page's form refuses is refused here."""
    form = PromiseForm(body.dict(), instance=promise)
    if not form.is_valid():
        raise HttpError(422, form.errors.as_text())
    return promises.save_promise(promise, by=by, **form.arguments)


def _save_hours(calendar: BusinessCalendar, *, by: User, body: CalendarIn) -> BusinessCalendar:
    spans = [span for day in (*body.week, *body.days.values()) for span in day]
    if len(body.week) != 7 or any(len(span) != 2 for span in spans):
        raise HttpError(422, "a week has seven days, and hours a start and an end")
    try:
        return promises.save_calendar(calendar, by=by, **body.dict())
    except (AnalyticsError, ValueError) as error:
        raise HttpError(422, str(error)) from error


def _case(request: HttpRequest, pk: int, right: str) -> Case:
    user = allowed(request, right)
    found: Case = get_object_or_404(page.for_rows(Case.objects.visible_to(user)), pk=pk)
    return found


def _editor(request: HttpRequest) -> User:
    """What all branches share is changed by who belongs to the company."""
    return allowed(request, "settings.edit")
