"""The pages of people, units and one's own API keys."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from voiceloop.server.core import people
from voiceloop.server.core.forms import KeyForm, NewPersonForm, NewUnitForm, PersonForm, UnitForm
from voiceloop.server.core.models import ApiKey, Unit, User
from voiceloop.server.core.rights import requires, user_of

PER_PAGE = 50


@requires("team.see")
def people_list(request: HttpRequest) -> HttpResponse:
    user, given = user_of(request), request.GET
    units = Unit.objects.visible_to(user).in_tree_order()
    chosen = units.filter(code=given.get("unit", "")).first()
    rows = User.objects.visible_to(user).filter(_matching(chosen, given.get("q", "")))
    found = Paginator(rows.select_related("unit").order_by("-is_active", "name", "pk"), PER_PAGE)
    context = {
        "tree": units.annotate(n=Count("people", filter=Q(people__is_active=True))),
        "chosen": chosen,
        "q": given.get("q", ""),
        "page": found.get_page(given.get("page")),
        "edits": user.may("people.edit"),
        "base_depth": user.unit.depth if user.unit else 0,
    }
    return render(request, "core/people.html", context)


@never_cache
@requires("people.edit")
def person_new(request: HttpRequest) -> HttpResponse:
    form = NewPersonForm(request.POST or None, by=user_of(request), initial=_unit_asked(request))
    if form.is_valid():
        person, password = people.add(by=user_of(request), **form.cleaned_data)
        return _secret(request, person, password)
    status = 422 if form.is_bound else 200
    return render(request, "core/person_form.html", {"form": form, "room": "people"}, status=status)


@requires("people.edit")
def person(request: HttpRequest, pk: int) -> HttpResponse:
    found = _person(request, pk)
    now = {"name": found.name, "name_en": found.name_en, "role": found.role, "unit": found.unit}
    form = PersonForm(request.POST or None, by=user_of(request), initial=now)
    if form.is_valid():
        _allowed(people.change, found, by=user_of(request), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("people")
    context = {"form": form, "person": found, "is_me": found == request.user, "room": "people"}
    return render(request, "core/person_form.html", context, status=422 if form.is_bound else 200)


@require_POST
@requires("people.edit")
def person_active(request: HttpRequest, pk: int) -> HttpResponse:
    """The same button closes an account and opens it again."""
    found = _person(request, pk)
    verb = people.deactivate if request.POST.get("do") == "close" else people.reactivate
    _allowed(verb, found, by=user_of(request))
    said = _("%(name)s can sign in again.") if found.is_active else _("%(name)s can no longer sign in.")
    messages.success(request, said % {"name": found})
    return redirect("person", pk)


@never_cache
@require_POST
@requires("people.edit")
def person_password(request: HttpRequest, pk: int) -> HttpResponse:
    found = _person(request, pk)
    return _secret(request, found, _allowed(people.reset_password, found, by=user_of(request)))


@requires("people.edit")
def unit_new(request: HttpRequest) -> HttpResponse:
    form = NewUnitForm(request.POST or None, by=user_of(request), initial=_parent_asked(request))
    if form.is_valid():
        made = people.add_unit(by=user_of(request), **form.cleaned_data)
        messages.success(request, _("Added: %(unit)s") % {"unit": made})
        return redirect("people")
    status = 422 if form.is_bound else 200
    return render(request, "core/unit_form.html", {"form": form, "room": "people"}, status=status)


@requires("people.edit")
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Unit.objects.visible_to(user_of(request)), pk=pk)
    form = UnitForm(request.POST or None, initial={"name": found.name, "name_en": found.name_en})
    if form.is_valid():
        people.rename_unit(found, by=user_of(request), **form.cleaned_data)
        return redirect("people")
    context = {"form": form, "unit": found, "room": "people"}
    return render(request, "core/unit_form.html", context, status=422 if form.is_bound else 200)


@never_cache
def keys(request: HttpRequest) -> HttpResponse:
    """Everyone's own keys; a new one is shown on the answer to its making, and never again."""
    form, secret = KeyForm(request.POST or None), None
    if form.is_valid():
        _key, secret = people.issue_key(by=user_of(request), **form.cleaned_data)
        form = KeyForm()
    mine = ApiKey.objects.filter(user=user_of(request)).order_by("revoked_at", "-created_at")
    context = {"form": form, "secret": secret, "keys": mine}
    return render(request, "core/keys.html", context, status=422 if form.is_bound else 200)


@require_POST
def key_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    key = get_object_or_404(ApiKey.objects.filter(user=user_of(request)), pk=pk)
    people.revoke_key(key, by=user_of(request))
    messages.success(request, _("Revoked: %(key)s") % {"key": key})
    return redirect("keys")


def _matching(unit: Unit | None, words: str) -> Q:
    here = Q(unit__path__startswith=unit.path) if unit else Q()
    named = Q(name__icontains=words) | Q(name_en__icontains=words) | Q(username__icontains=words)
    return here & named if words else here


def _secret(request: HttpRequest, person: User, password: str) -> HttpResponse:
    context = {"person": person, "password": password, "room": "people"}
    return render(request, "core/person_password.html", context)


def _person(request: HttpRequest, pk: int) -> User:
    found: User = get_object_or_404(User.objects.visible_to(user_of(request)).select_related("unit"), pk=pk)
    return found


def _unit_asked(request: HttpRequest) -> dict[str, Any]:
    unit = Unit.objects.visible_to(user_of(request)).filter(code=request.GET.get("unit", "")).first()
    return {"unit": unit or user_of(request).unit, "role": "agent"}


def _parent_asked(request: HttpRequest) -> dict[str, Any]:
    return {"parent": _unit_asked(request)["unit"], "kind": "store"}


def _allowed(verb: Any, *args: Any, **values: Any) -> Any:
    try:
        return verb(*args, **values)
    except PermissionError as error:
        raise PermissionDenied from error
