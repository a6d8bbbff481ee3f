"""Crises for programs: the same verbs and the same rights as the pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status

from voiceloop.server.act.crisis import (
    affected,
    checklist,
    crises,
    figures,
    page,
    people,
    runs,
    settings,
    statements,
)
from voiceloop.server.act.crisis.api_shapes import (
    AffectedOut,
    CrisesAsked,
    CrisisChange,
    CrisisIn,
    CrisisLinkIn,
    CrisisLogOut,
    CrisisMessageIn,
    CrisisNoteIn,
    CrisisOut,
    CrisisReviewIn,
    CrisisRoomOut,
    CrisisRunOut,
    CrisisStatementIn,
    CrisisStatementOut,
    CrisisTaskIn,
    CrisisTaskOut,
    WatchDayOut,
    WatchIO,
)
from voiceloop.server.act.crisis.doors import led, seen, statement_led, task_led, task_seen
from voiceloop.server.act.crisis.watching import place_name
from voiceloop.server.act.models import Case, Crisis, CrisisWatch
from voiceloop.server.act.models.crisis import Chart
from voiceloop.server.core.models import Event, Unit, User
from voiceloop.server.core.problem import Problem
from voiceloop.server.core.rights import allowed, user_of

router = Router(tags=["crises"])
REFUSED = {403: Problem, 404: Problem, 409: Problem, 422: Problem}
CHARTS = set(Chart.values)


@router.get("/crises", response={200: list[CrisisOut], 403: Problem, 422: Problem})
def list_crises(request: HttpRequest, asked: Query[CrisesAsked]) -> Any:
    rows = page.for_rows(Crisis.objects.visible_to(allowed(request, "cases.see")))
    rows = rows.live() if asked.state == "live" else rows.over() if asked.state == "over" else rows
    return rows.order_by("-opened_at")[: min(max(asked.limit, 1), 500)]


@router.post("/crises", response={201: CrisisOut, **REFUSED})
def open_crisis(request: HttpRequest, body: CrisisIn) -> Any:
    user, given = allowed(request, "cases.assign"), body.dict()
    given["unit"] = get_object_or_404(Unit.objects.visible_to(user), pk=body.unit)
    return Status(201, crises.open_by_hand(by=user, **given))


@router.get("/crises/{int:pk}", response={200: CrisisRoomOut, 403: Problem, 404: Problem})
def get_crisis(request: HttpRequest, pk: int) -> Any:
    return _room(_seen(request, pk), user_of(request))


@router.get("/crises/{int:pk}/log", response={200: list[CrisisLogOut], 403: Problem, 404: Problem})
def log(request: HttpRequest, pk: int) -> Any:
    found = _seen(request, pk)
    return list(Event.objects.about("crisis", found.pk).newest_first()[: page.LOG])


@router.patch("/crises/{int:pk}", response={200: CrisisOut, **REFUSED})
def change(request: HttpRequest, pk: int, body: CrisisChange) -> Any:
    user, found = allowed(request, "cases.assign"), _led(request, pk)
    if body.title is not None:
        crises.name(found, title=body.title[:200], by=user)
    if body.level is not None:
        crises.grade(found, level=body.level, by=user)
    if body.owner is not None:
        crises.give(found, to=get_object_or_404(people.leaders(found.unit), pk=body.owner), by=user)
    return found


@router.put("/crises/{int:pk}/confirmation", response={200: CrisisOut, **REFUSED})
def confirm(request: HttpRequest, pk: int) -> Any:
    return crises.confirm(_led(request, pk), by=user_of(request))


@router.put("/crises/{int:pk}/dismissal", response={200: CrisisOut, **REFUSED})
def dismiss(request: HttpRequest, pk: int, body: CrisisNoteIn) -> Any:
    return crises.dismiss(_led(request, pk), by=user_of(request), note=body.note)


@router.put("/crises/{int:pk}/reopening", response={200: CrisisOut, **REFUSED})
def reopen(request: HttpRequest, pk: int, body: CrisisNoteIn) -> Any:
    return crises.reopen(_led(request, pk), by=user_of(request), note=body.note)


@router.put("/crises/{int:pk}/review", response={200: CrisisRoomOut, **REFUSED})
def close(request: HttpRequest, pk: int, body: CrisisReviewIn) -> Any:
    """Close it with what was learned."""
    try:
        crises.close(_led(request, pk), by=user_of(request), **body.dict())
    except crises.NotReviewed:
        return Status(422, {"detail": "say what happened, why and what changes"})
    return _room(_seen(request, pk), user_of(request))


@router.post("/crises/{int:pk}/notes", response={201: CrisisOut, **REFUSED})
def note(request: HttpRequest, pk: int, body: CrisisNoteIn) -> Any:
    found = _seen(request, pk)
    crises.note(found, text=body.note, by=allowed(request, "cases.work"))
    return Status(201, found)


@router.post("/crises/{int:pk}/statements", response={201: CrisisStatementOut, **REFUSED})
def write_statement(request: HttpRequest, pk: int, body: CrisisStatementIn) -> Any:
    if not (body.text_zh.strip() or body.text_en.strip()):
        return Status(422, {"detail": "say it in at least one language"})
    return Status(201, statements.write(_led(request, pk), by=user_of(request), **body.dict()))


@router.put("/crisis-statements/{int:pk}/approval", response={200: CrisisStatementOut, **REFUSED})
def approve_statement(request: HttpRequest, pk: int) -> Any:
    return statements.approve(_checked(request, pk, statement_led), by=user_of(request))


@router.put("/crisis-statements/{int:pk}/withdrawal", response={200: CrisisStatementOut, **REFUSED})
def withdraw_statement(request: HttpRequest, pk: int) -> Any:
    return statements.withdraw(_checked(request, pk, statement_led), by=user_of(request))


@router.post("/crises/{int:pk}/tasks", response={201: CrisisTaskOut, **REFUSED})
def add_task(request: HttpRequest, pk: int, body: CrisisTaskIn) -> Any:
    user, given = user_of(request), body.dict()
    found = _led(request, pk)
    given["owner"] = get_object_or_404(User.objects.visible_to(user), pk=body.owner) if body.owner else None
    return Status(201, checklist.add(found, by=user, **given))


@router.put("/crisis-tasks/{int:pk}", response={200: CrisisTaskOut, **REFUSED})
def change_task(request: HttpRequest, pk: int, body: CrisisTaskIn) -> Any:
    user, given = user_of(request), body.dict()
    task = _checked(request, pk, task_led)
    given["owner"] = get_object_or_404(User.objects.visible_to(user), pk=body.owner) if body.owner else None
    return checklist.change(task, by=user, **given)


@router.put("/crisis-tasks/{int:pk}/done", response={200: CrisisTaskOut, **REFUSED})
def do_task(request: HttpRequest, pk: int, body: CrisisNoteIn) -> Any:
    user = allowed(request, "cases.work")
    return checklist.do(task_seen(request, pk), by=user, note=body.note)


@router.delete("/crisis-tasks/{int:pk}/done", response={200: CrisisTaskOut, **REFUSED})
def undo_task(request: HttpRequest, pk: int) -> Any:
    user = allowed(request, "cases.work")
    return checklist.undo(task_seen(request, pk), by=user)


@router.delete("/crisis-tasks/{int:pk}", response={200: CrisisTaskOut, **REFUSED})
def drop_task(request: HttpRequest, pk: int) -> Any:
    return checklist.drop(_checked(request, pk, task_led), by=user_of(request))


@router.get("/crises/{int:pk}/affected", response={200: list[AffectedOut], 403: Problem, 404: Problem})
def list_affected(request: HttpRequest, pk: int, after: int = 0, limit: int = 100) -> Any:
    user = allowed(request, "customers.see")
    rows = affected.customers_of(_seen(request, pk)).visible_to(user).filter(pk__gt=after).order_by("pk")
    return [
        {"customer": one.pk, "name": str(one), "reason_not_to_write": runs.why_not(one)}
        for one in rows[: min(max(limit, 1), 500)]
    ]


@router.post("/crises/{int:pk}/cases", response={201: CrisisRunOut, **REFUSED})
def open_cases(request: HttpRequest, pk: int) -> Any:
    """A case for each answer in the spike that has none; the work goes on in the background."""
    return Status(201, runs.open_cases(_led(request, pk), by=user_of(request)))


@router.post("/crises/{int:pk}/messages", response={201: CrisisRunOut, **REFUSED})
def write_to_all(request: HttpRequest, pk: int, body: CrisisMessageIn) -> Any:
    found = _led(request, pk)
    chosen = get_object_or_404(found.statements.all(), pk=body.statement)
    try:
        return Status(201, runs.write_to_all(found, statement=chosen, by=user_of(request)))
    except statements.NotApproved:
        return Status(409, {"detail": "the statement is not approved"})


@router.post("/crises/{int:pk}/links", response={201: CrisisOut, **REFUSED})
def link_case(request: HttpRequest, pk: int, body: CrisisLinkIn) -> Any:
    user, found = allowed(request, "cases.work"), _seen(request, pk)
    crises.link(found, cases=[get_object_or_404(Case.objects.visible_to(user), pk=body.case)], by=user)
    return Status(201, found)


@router.delete("/crises/{int:pk}/links/{int:case}", response={200: CrisisOut, **REFUSED})
def unlink_case(request: HttpRequest, pk: int, case: int) -> Any:
    found = _led(request, pk)
    crises.unlink(
        found, case=get_object_or_404(Case.objects.visible_to(user_of(request)), pk=case), by=user_of(request)
    )
    return found


@router.get("/crisis-watch", response={200: WatchIO, 403: Problem})
def get_watch(request: HttpRequest) -> Any:
    allowed(request, "settings.edit")
    return CrisisWatch.current()


@router.put("/crisis-watch", response={200: WatchIO, **REFUSED})
def set_watch(request: HttpRequest, body: WatchIO) -> Any:
    user = allowed(request, "settings.edit")
    if fault := _fault(body):
        return Status(422, {"detail": fault})
    return settings.save(by=user, **body.dict())


@router.post("/crisis-watch/preview", response={200: list[WatchDayOut], **REFUSED})
def preview_watch(request: HttpRequest, body: WatchIO) -> Any:
    """The days of the last ninety that would have alarmed."""
    allowed(request, "settings.edit")
    if fault := _fault(body):
        return Status(422, {"detail": fault})
    return [_day(one) for one in settings.preview(CrisisWatch(**body.dict()))]


def _fault(body: WatchIO) -> str:
    if not body.charts or set(body.charts) - CHARTS:
        return f"charts are some of {', '.join(sorted(CHARTS))}"
    sound = 0.1 <= body.false_a_year <= 52 and 3 <= body.at_least <= 1000 and 1 <= body.times <= 20
    return "" if sound else "false_a_year 0.1–52, at_least 3–1000, times 1–20"


def _day(one: settings.Day) -> dict[str, Any]:
    found = one.rarest
    about = {"n": found.n, "usual": found.usual, "limit": found.limit, "n_alarms": one.n}
    place = {"chart": found.chart, "grain": str(found.grain), "where": place_name(found)}
    return {"day": one.day.isoformat(), **place, **about}


def _room(crisis: Crisis, user: User) -> dict[str, Any]:
    names = (
        "pk", "state", "level", "chart", "unit_id", "touchpoint", "owner_id", "since", "until", "opened_at",
        "closed_at",
    )  # fmt: skip
    about = {("id" if name == "pk" else name): getattr(crisis, name) for name in names}
    shown = page.live(crisis, user)
    return about | {
        "name": str(crisis),
        "alarms": list(crisis.alarms.order_by("p_value")),
        "statements": shown["statements"],
        "tasks": list(shown["tasks"]),
        "review": shown["review"],
        "figures": asdict(figures.of(crisis)),
        "n_customers": affected.customers_of(crisis).visible_to(user).count(),
        "n_cases": affected.cases_of(crisis).visible_to(user).count(),
    }


def _seen(request: HttpRequest, pk: int) -> Crisis:
    allowed(request, "cases.see")
    return seen(request, pk)


def _led(request: HttpRequest, pk: int) -> Crisis:
    allowed(request, "cases.assign")
    return led(request, pk)


def _checked(request: HttpRequest, pk: int, door: Callable[[HttpRequest, int], Any]) -> Any:
    allowed(request, "cases.assign")
    return door(request, pk)
