"""The pages of mailed views: when, to whom, and what became of each."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.server.collect import tokens
from voiceloop.server.collect.views_leaving import for_anybody, leave_page
from voiceloop.server.core.models import User
from voiceloop.server.core.rights import requires
from voiceloop.server.measure import mailing, schedules
from voiceloop.server.measure.models import MailRun, SavedView, Schedule
from voiceloop.server.measure.people import take_address
from voiceloop.server.measure.saved_forms import WEEKDAYS, AddressForm, ScheduleForm

LOG = 50


@requires("measure.see")
def mails(request: HttpRequest, pk: int) -> HttpResponse:
    user = cast(User, request.user)
    # Only answers of the explore page are mailed; the voice page has its weekly digest.
    view = get_object_or_404(SavedView.objects.changeable_by(user).kept().filter(page="explore"), pk=pk)
    form = ScheduleForm(request.POST or None, by=user)
    if form.is_valid():
        schedules.plan(view, by=user, **form.arguments())
        messages.success(request, _("The mails are planned."))
        return redirect("saved_view_mails", pk)
    found = Schedule.objects.running().filter(view=view).prefetch_related("receivers__user")
    runs = (
        MailRun.objects.filter(schedule__view=view).select_related("user").defer("letter", "picture", "paper")
    )
    context = {"view": view, "form": form, "schedules": found, "weekdays": WEEKDAYS, "room": "explore"}
    context |= {
        "runs": runs.order_by("-due_at", "-pk")[:LOG],
        "address_form": AddressForm(initial={"email": user.email}),
    }
    return render(request, "measure/saved_view_mails.html", context, status=422 if form.is_bound else 200)


@require_POST
@requires("measure.see")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    user = cast(User, request.user)
    schedule = get_object_or_404(Schedule.objects.visible_to(user).filter(by=user), pk=pk)
    schedules.end(schedule, by=user)
    messages.success(request, _("The mails are ended."))
    return redirect("saved_view_mails", schedule.view_id)


@for_anybody
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever holds the link of a mail ends such mails to that person, without signing in."""
    pk = tokens.read(token, purpose=mailing.LEAVE)
    run = MailRun.objects.filter(pk=pk).select_related("schedule__view", "user").first() if pk else None
    if run is None:
        return leave_page("unknown")
    if request.method == "POST":
        schedules.leave(run.schedule, by=run.user)
    gone = run.schedule.receivers.filter(user=run.user).exclude(left_at=None).exists()
    return leave_page("left" if gone else "asked", run.schedule.view.name)


@require_POST
@requires("measure.see")
def address(request: HttpRequest) -> HttpResponse:
    form = AddressForm(request.POST)
    if form.is_valid():
        take_address(cast(User, request.user), **form.cleaned_data)
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("That is no e-mail address."))
    return redirect("saved_views")
