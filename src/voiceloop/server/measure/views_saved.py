"""The pages of saved views: open, keep, change, copy, delete and bring back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.server.core.models import User
from voiceloop.server.core.rights import requires, user_of
from voiceloop.server.measure import saved_views
from voiceloop.server.measure.models import SavedView
from voiceloop.server.measure.saved_forms import ViewForm

# Our choice: so long a deleted view is offered to be brought back.
RECENT = timedelta(days=30)


@requires("measure.see")
def saved_view_list(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    gone = SavedView.objects.changeable_by(user).filter(removed_at__gte=now() - RECENT)
    views = [_entry(view, user) for view in saved_views.visible(user)]
    return render(request, "measure/saved_views.html", {"views": views, "gone": gone, "room": "explore"})


@requires("measure.see")
def saved_view_new(request: HttpRequest) -> HttpResponse:
    query = request.GET.copy()
    page = str((query.pop("page_of", None) or ["explore"])[0])
    form = ViewForm(request.POST or None, initial={"query": query.urlencode(), "page": page})
    if form.is_valid():
        view = saved_views.save(by=user_of(request), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect(_address(view))
    context = {"form": form, "room": "explore"}
    return render(request, "measure/saved_view_form.html", context, status=422 if form.is_bound else 200)


@requires("measure.see")
def saved_view_edit(request: HttpRequest, pk: int) -> HttpResponse:
    view = _own(request, pk)
    form = ViewForm(request.POST or None, initial={"name": view.name, "is_shared": view.is_shared})
    if form.is_valid():
        said = form.cleaned_data
        saved_views.change(view, by=user_of(request), name=said["name"], is_shared=said["is_shared"])
        return redirect("saved_views")
    context = {"form": form, "view": view, "room": "explore"}
    return render(request, "measure/saved_view_form.html", context, status=422 if form.is_bound else 200)


@requires("measure.see")
def saved_view(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect(_address(get_object_or_404(saved_views.visible(user_of(request)), pk=pk)))


@require_POST
@requires("measure.see")
def saved_view_change(request: HttpRequest, pk: int) -> HttpResponse:
    view = saved_views.change(_own(request, pk), by=user_of(request), query=request.POST.get("query", ""))
    messages.success(request, _("Saved."))
    return redirect(_address(view))


@require_POST
@requires("measure.see")
def saved_view_copy(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    saved_views.duplicate(get_object_or_404(saved_views.visible(user), pk=pk), by=user)
    return redirect("saved_views")


@require_POST
@requires("measure.see")
def saved_view_remove(request: HttpRequest, pk: int) -> HttpResponse:
    view = _own(request, pk)
    saved_views.remove(view, by=user_of(request))
    messages.info(request, _("“%(name)s” is deleted. It can be brought back below.") % {"name": view.name})
    return redirect("saved_views")


@require_POST
@requires("measure.see")
def saved_view_restore(request: HttpRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView.objects.changeable_by(request.user), pk=pk)
    saved_views.restore(view, by=user_of(request))
    return redirect("saved_views")


def opened(request: HttpRequest) -> dict[str, Any]:
    """The view that the explore page stands for, if it was opened from one."""
    asked, user = request.GET.get("view", ""), user_of(request)
    view = saved_views.visible(user).filter(pk=asked).first() if asked.isdigit() and len(asked) < 12 else None
    return {"view": view, "may_change": view is not None and view.owner_id == user.pk}


def _entry(view: SavedView, user: User) -> dict[str, Any]:
    is_own = view.owner_id == user.pk
    return {"view": view, "is_own": is_own, "is_current": saved_views.is_current(view)}


def _address(view: SavedView) -> str:
    return f"{reverse(view.page)}?{view.query}&view={view.pk}"


def _own(request: HttpRequest, pk: int) -> SavedView:
    found: SavedView = get_object_or_404(SavedView.objects.changeable_by(request.user).kept(), pk=pk)
    return found
