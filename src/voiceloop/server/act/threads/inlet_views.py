"""The settings of the ways in: their addresses, whether they work, and a button to try them."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from voiceloop.server.act.cases.answers import user_of
from voiceloop.server.act.models import Inlet
from voiceloop.server.act.threads import addresses, inlets, mailbox
from voiceloop.server.act.threads.forms import InletForm
from voiceloop.server.core.rights import requires


@requires("settings.edit")
def inlet_list(request: HttpRequest) -> HttpResponse:
    rows = Inlet.objects.visible_to(user_of(request)).select_related("unit")
    context = {
        "lines": [inlets.line(one) for one in rows],
        "has_mailbox": mailbox.is_set_up(),
        "sends_mail": bool(settings.EMAIL_URL),
        "mail_address": addresses.ours(),
    }
    return render(request, "act/threads/channels.html", context)


@requires("settings.edit")
def inlet_new(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in inlets.MADE_HERE:
        raise Http404
    return _edit(request, Inlet(channel=kind, unit=user_of(request).unit))


@requires("settings.edit")
def inlet_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, _inlet(request, pk))


@require_POST
@requires("settings.edit")
def inlet_test(request: HttpRequest, pk: int) -> HttpResponse:
    works, said = inlets.test(_inlet(request, pk))
    (messages.success if works else messages.error)(request, said)
    return redirect("channels")


def _edit(request: HttpRequest, inlet: Inlet) -> HttpResponse:
    form = InletForm(request.POST or None, instance=inlet, user=user_of(request))
    if form.is_valid():
        inlets.save(form.save(commit=False), by=user_of(request))
        return redirect("channels")
    context = {"form": form, "inlet": inlet, "address": inlets.address_of(inlet) if inlet.pk else ""}
    return render(request, "act/threads/channel.html", context, status=422 if form.is_bound else 200)


def _inlet(request: HttpRequest, pk: int) -> Inlet:
    found: Inlet = get_object_or_404(Inlet.objects.visible_to(user_of(request)), pk=pk)
    return found
