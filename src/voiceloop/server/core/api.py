"""The room's endpoints: parse, call one verb or read one queryset, answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status

from voiceloop.server.core import audit, health, people, rights
from voiceloop.server.core.forms import NewPersonForm
from voiceloop.server.core.models import ApiKey, Unit, User
from voiceloop.server.core.problem import Problem
from voiceloop.server.core.rights import allowed, user_of

router = Router(tags=["core"])


class UnitOut(Schema):
    id: int
    code: str
    name: str
    name_en: str
    kind: str
    parent_id: int | None


class PersonOut(Schema):
    id: int
    username: str
    code: str | None
    name: str
    name_en: str
    role: str
    unit_id: int | None
    is_active: bool


class MeOut(PersonOut):
    rights: list[str]


class PersonIn(Schema):
    username: str
    name: str
    name_en: str = ""
    role: Literal["agent", "lead", "analyst", "manager", "admin"] = "agent"
    unit: int


class NewPersonOut(PersonOut):
    """`password` is said once."""

    password: str


class PersonChange(Schema):
    name: str | None = None
    name_en: str | None = None
    role: Literal["agent", "lead", "analyst", "manager", "admin"] | None = None
    unit: int | None = None
    is_active: bool | None = None


class EventOut(Schema):
    id: int
    type: str
    at: datetime
    by_id: int | None
    unit_id: int | None
    about: list[str]
    sentence: str
    note: str


class KeyOut(Schema):
    id: int
    name: str
    created_at: datetime
    revoked_at: datetime | None


class CheckOut(Schema):
    code: str
    state: str
    text: str


class LogAsked(Schema):
    type: str = ""
    by: str = ""
    since: str = ""
    until: str = ""
    about: str = ""
    before: int | None = None
    limit: int = 100


REFUSED = {403: Problem, 404: Problem, 422: Problem}


@router.get("/me", response=MeOut)
def me(request: HttpRequest) -> Any:
    """Who asks, and what they may do."""
    user = user_of(request)
    shown = {name: getattr(user, name) for name in PersonOut.model_fields}
    return shown | {"rights": sorted(rights.OF_ROLE[user.role])}


@router.get("/units", response=list[UnitOut])
def units(request: HttpRequest) -> Any:
    return Unit.objects.visible_to(user_of(request)).in_tree_order()


@router.get("/people", response={200: list[PersonOut], 403: Problem})
def list_people(request: HttpRequest) -> Any:
    return User.objects.visible_to(allowed(request, "team.see")).order_by("pk")


@router.post("/people", response={201: NewPersonOut, **REFUSED})
def add_person(request: HttpRequest, body: PersonIn) -> Any:
    by = allowed(request, "people.edit")
    get_object_or_404(Unit.objects.visible_to(by), pk=body.unit)
    form = NewPersonForm(body.dict(), by=by)
    if not form.is_valid():
        return Status(422, {"detail": form.errors.as_json()})
    person, password = people.add(by=by, **form.cleaned_data)
    return Status(
        201, {name: getattr(person, name) for name in PersonOut.model_fields} | {"password": password}
    )


@router.patch("/people/{int:pk}", response={200: PersonOut, **REFUSED})
def change_person(request: HttpRequest, pk: int, body: PersonChange) -> Any:
    by = allowed(request, "people.edit")
    person = get_object_or_404(User.objects.visible_to(by), pk=pk)
    given = body.dict(exclude_unset=True, exclude_none=True)
    active = given.pop("is_active", None)
    if "unit" in given:
        given["unit"] = get_object_or_404(Unit.objects.visible_to(by), pk=given["unit"])
    people.change(person, by=by, **given)
    if active is not None:
        (people.reactivate if active else people.deactivate)(person, by=by)
    return person


@router.get("/keys", response=list[KeyOut])
def keys(request: HttpRequest) -> Any:
    """One's own keys; the keys themselves are stored nowhere."""
    return ApiKey.objects.filter(user=user_of(request)).order_by("-created_at")


@router.delete("/keys/{int:pk}", response={204: None, 404: Problem})
def revoke_key(request: HttpRequest, pk: int) -> Any:
    people.revoke_key(get_object_or_404(ApiKey, user=user_of(request), pk=pk), by=user_of(request))
    return Status(204, None)


@router.get("/health", response={200: list[CheckOut], 403: Problem})
def system_health(request: HttpRequest) -> Any:
    """What each check finds; details for those who may know them."""
    details = allowed(request, "settings.edit").is_of_the_company
    found = ((check, check.run()) for check in health.all_checks())
    return [
        {"code": check.code, "state": finding.state, "text": finding.text if details else ""}
        for check, finding in found
    ]


@router.get("/events", response={200: list[EventOut], 403: Problem})
def events(request: HttpRequest, asked: Query[LogAsked]) -> Any:
    """The event log, newest first; `before` is the id at which the page before ended."""
    rows = audit.Wanted.of(asked.dict()).of_events(audit.readable_by(allowed(request, "audit.see")))
    rows = rows.filter(pk__lt=asked.before) if asked.before else rows
    return rows[: max(1, min(asked.limit, 500))]
