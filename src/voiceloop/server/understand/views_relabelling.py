"""The progress of labelling history anew, and the buttons beside it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from voiceloop.server.core.rights import requires, user_of
from voiceloop.server.understand import progress, relabelling
from voiceloop.server.understand.models import Relabelling


@requires("voice.see")
def state(request: HttpRequest) -> HttpResponse:
    return render(request, "understand/_relabelling.html", progress.context())


@require_POST
@requires("voice.teach")
def start(request: HttpRequest) -> HttpResponse:
    relabelling.start(by=user_of(request), why=Relabelling.Why.ASKED, everything=True)
    return redirect("reasons")


@require_POST
@requires("voice.teach")
def cancel(request: HttpRequest) -> HttpResponse:
    if job := Relabelling.objects.order_by("-pk").first():
        relabelling.cancel(job=job, by=user_of(request))
    return redirect("reasons")


@require_POST
@requires("voice.teach")
def resume(request: HttpRequest) -> HttpResponse:
    if job := Relabelling.objects.order_by("-pk").first():
        relabelling.resume(job=job, by=user_of(request))
    return redirect("reasons")
