"""Preferences for programs: the same list, the same verbs, the same rights."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError

from voiceloop.server.collect.models import Customer, Preference
from voiceloop.server.core.problem import Problem
from voiceloop.server.core.rights import allowed
from voiceloop.server.understand.customers import preferences

router = Router(tags=["understand"])
REFUSALS: Any = {403: Problem, 404: Problem, 422: Problem}
Agreed = Literal["spoken", "phone", "written"]


class PreferenceOut(Schema):
    id: int
    customer: int = Field(alias="customer_id")
    kind: str
    words: str
    source: str
    consent: str = Field(description="Empty: observed, not consented")
    consent_at: datetime | None
    at: datetime
    by: str | None = Field(None, alias="by.username")
    expires_on: date | None
    withdrawn_at: datetime | None


class PreferenceIn(Schema):
    kind: Literal["must_not", "address", "likes", "dislikes", "reach", "when", "other"]
    words: str = Field(description="At most 200 characters")
    source: Literal["said", "seen", "brought"] = "said"
    consent: Literal["", "spoken", "phone", "written"] = ""
    expires_on: date | None = None


class PreferenceConsentIn(Schema):
    consent: Agreed


@router.get("/customers/{int:pk}/preferences", response={200: list[PreferenceOut], **REFUSALS})
def list_preferences(request: HttpRequest, pk: int) -> Any:
    """The live ones, what must not be first."""
    user = allowed(request, "customers.see")
    return preferences.of(get_object_or_404(Customer.objects.visible_to(user), pk=pk))


@router.post("/customers/{int:pk}/preferences", response={201: PreferenceOut, **REFUSALS})
def add_preference(request: HttpRequest, pk: int, body: PreferenceIn) -> Any:
    user = allowed(request, "cases.work")
    customer = get_object_or_404(Customer.objects.visible_to(user), pk=pk)
    try:
        return Status(201, preferences.add(customer, by=user, **body.dict()))
    except preferences.NotKept as error:
        raise HttpError(422, str(error)) from error


@router.put("/preferences/{int:pk}/consent", response={200: PreferenceOut, **REFUSALS})
def consent_to_preference(request: HttpRequest, pk: int, body: PreferenceConsentIn) -> Any:
    user = allowed(request, "cases.work")
    return preferences.confirm(_one(user, pk), by=user, consent=body.consent)


@router.put("/preferences/{int:pk}/withdrawal", response={200: PreferenceOut, **REFUSALS})
def withdraw_preference(request: HttpRequest, pk: int) -> Any:
    user = allowed(request, "cases.work")
    return preferences.withdraw(_one(user, pk), by=user)


@router.delete("/preferences/{int:pk}/withdrawal", response={200: PreferenceOut, **REFUSALS})
def restore_preference(request: HttpRequest, pk: int) -> Any:
    """Bring back what was withdrawn."""
    user = allowed(request, "cases.work")
    return preferences.restore(_one(user, pk), by=user)


def _one(user: Any, pk: int) -> Any:
    rows = Preference.objects.visible_to(user).select_related("customer__unit", "by")
    return get_object_or_404(rows, pk=pk)
