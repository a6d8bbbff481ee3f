"""The pages of notices: the bell's panel, all of them, what to be told, a team's robots."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.server.act.models import Case, Notice, Robot
from voiceloop.server.act.notices import choices, notices, reading, robots
from voiceloop.server.act.notices.forms import ChoicesForm, RobotForm
from voiceloop.server.core.models import User
from voiceloop.server.core.rights import requires, user_of


def notice_list(request: HttpRequest) -> HttpResponse:
    only = request.GET.get("only", "")
    context = {
        "page": reading.page(user_of(request), number=request.GET.get("page"), only=only),
        "chosen": only,
    }
    return render(request, "act/notices/list.html", context | {"kinds": Notice.Kind.choices})


def notice_panel(request: HttpRequest) -> HttpResponse:
    return _panel(request)


def notice_counts(request: HttpRequest) -> HttpResponse:
    """What the open pages ask when something of this person changed."""
    found = reading.counts(user_of(request))
    return JsonResponse(found | {"newest": reading.newest(user_of(request), found["newest"])})


@require_POST
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a line as read, with all that it stands for, and go where it leads."""
    mine = Notice.objects.visible_to(user_of(request))
    notice = get_object_or_404(mine.select_related("event"), pk=pk)
    same = mine.filter(case=notice.case_id) if notice.case_id else mine.filter(pk=pk)
    notices.see(user_of(request), notices=same)
    return redirect(reading.href_of(notice.event))


@require_POST
def notice_seen(request: HttpRequest, pk: int) -> HttpResponse:
    """A line is marked as read without going anywhere."""
    mine = Notice.objects.visible_to(user_of(request))
    notice = get_object_or_404(mine, pk=pk)
    same = mine.filter(case=notice.case_id) if notice.case_id else mine.filter(pk=pk)
    notices.see(user_of(request), notices=same)
    return _panel(request) if request.htmx else redirect("notices")  # type: ignore[attr-defined]


@require_POST
def case_seen(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has the case before them has read what was told about it."""
    case = get_object_or_404(Case.objects.visible_to(user_of(request)), pk=pk)
    notices.see(user_of(request), notices=Notice.objects.filter(case=case))
    return HttpResponse(status=204)


@require_POST
def all_seen(request: HttpRequest) -> HttpResponse:
    at = notices.see_all(user_of(request))
    if request.htmx:  # type: ignore[attr-defined]
        return _panel(request, undo=at.isoformat())
    request.session["notices_seen_at"] = at.isoformat()
    return redirect("notices")


@require_POST
def all_unseen(request: HttpRequest) -> HttpResponse:
    """Take back that all were marked."""
    at = parse_datetime(request.POST.get("at", ""))
    if at:
        notices.unsee(user_of(request), at=at)
    return _panel(request) if request.htmx else redirect("notices")  # type: ignore[attr-defined]


def notice_choices(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    form = ChoicesForm(request.POST or None, user=user)
    if form.is_valid():
        choices.choose(user, **form.arguments)
        messages.success(request, _("Saved."))
        return redirect("notice_choices")
    context = {"form": form, "room": "notices", "assigns": user.may("cases.assign")}
    return render(request, "act/notices/choices.html", context, status=422 if form.is_bound else 200)


@requires("cases.assign")
def robot_list(request: HttpRequest) -> HttpResponse:
    archived = _robots(user_of(request)).select_related("unit").exclude(archived_at=None)
    context = {"robots": robots.rows(user_of(request)), "archived": archived, "room": "notices"}
    return render(request, "act/notices/robots.html", context)


@requires("cases.assign")
def robot_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    user = user_of(request)
    robot = get_object_or_404(_robots(user), pk=pk) if pk else Robot()
    form = RobotForm(request.POST or None, robot=robot, user=user)
    if form.is_valid():
        robots.save(form.applied(), by=user)
        messages.success(request, _("Saved. Let it say hello to see that it works."))
        return redirect("robots")
    context = {"form": form, "robot": robot, "room": "notices"}
    return render(request, "act/notices/robot_form.html", context, status=422 if form.is_bound else 200)


@require_POST
@requires("cases.assign")
def robot_try(request: HttpRequest, pk: int) -> HttpResponse:
    why = robots.try_out(get_object_or_404(_robots(user_of(request)).working(), pk=pk), by=user_of(request))
    if why:
        messages.error(request, _("It did not work: %(why)s") % {"why": why})
    else:
        messages.success(request, _("It said hello: look into the group chat."))
    return redirect("robots")


@require_POST
@requires("cases.assign")
def robot_archive(request: HttpRequest, pk: int) -> HttpResponse:
    robots.archive(get_object_or_404(_robots(user_of(request)), pk=pk), by=user_of(request))
    return redirect("robots")


@require_POST
@requires("cases.assign")
def robot_restore(request: HttpRequest, pk: int) -> HttpResponse:
    robots.restore(get_object_or_404(_robots(user_of(request)), pk=pk), by=user_of(request))
    return redirect("robots")


def _panel(request: HttpRequest, undo: str = "") -> HttpResponse:
    context = {"lines": reading.panel(user_of(request)), "undo": undo}
    response = render(request, "act/notices/_panel.html", context)
    if request.method == "POST":
        response["HX-Trigger"] = "notices-seen"
    return response


def _robots(user: User) -> Any:
    return Robot.objects.visible_to(user)
