"""The event log, the health of the installation, and its pulse for machines."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from voiceloop.server.core import audit, health, spreadsheets
from voiceloop.server.core.models import ReactionFailure, User
from voiceloop.server.core.rights import for_the_company, requires, user_of

PER_PAGE = 50
FAILURES = 50


@requires("audit.see")
def audit_log(request: HttpRequest) -> HttpResponse:
    user, wanted = user_of(request), audit.Wanted.of(request.GET)
    found = Paginator(wanted.of_events(audit.readable_by(user)), PER_PAGE).get_page(request.GET.get("page"))
    people = User.objects.visible_to(user).order_by("name")
    context = {"page": found, "wanted": wanted, "types": audit.types(), "people": people}
    return render(request, "core/audit.html", context)


@requires("audit.see")
def audit_csv(request: HttpRequest) -> StreamingHttpResponse:
    events = audit.Wanted.of(request.GET).of_events(audit.readable_by(user_of(request)))
    return spreadsheets.named(spreadsheets.streamed(audit.table(events)), "events.csv")


@requires("settings.edit")
def health_page(request: HttpRequest) -> HttpResponse:
    """The admin of a branch sees whether it works; details may name what is another branch's."""
    failures = ReactionFailure.objects.select_related("event").order_by("next_at")[:FAILURES]
    found = [(check, check.run()) for check in health.all_checks()]
    details = user_of(request).is_of_the_company
    context = {"found": found, "details": details, "versions": health.versions(), "failures": failures}
    return render(request, "core/health.html", context)


@require_POST
@requires("settings.edit")
@for_the_company
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    health.retry(get_object_or_404(ReactionFailure, pk=pk), by=user_of(request))
    messages.success(request, _("It is tried again within seconds."))
    return redirect("health")


@login_not_required
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 or 503 for load balancers; it tells a stranger nothing but up or down."""
    pulse = health.pulse()
    return JsonResponse(pulse, status=200 if pulse["status"] == "ok" else 503)
