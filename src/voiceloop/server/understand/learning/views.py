"""The pages of text models: versions with their figures, a fit now, a comparison, into use and back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.server.core.rights import requires, user_of
from voiceloop.server.measure.slices import Slice
from voiceloop.server.understand import coverage, progress
from voiceloop.server.understand.learning import fitting, pages, switching
from voiceloop.server.understand.models import Fitting, TextModel

KINDS = tuple(TextModel.Kind.values)
TREND = {"days": "365"}
ROOM = {"room": "text_models"}


@requires("voice.teach")
def models(request: HttpRequest) -> HttpResponse:
    """All versions of a kind; the newest one's figures, or those of the one that was chosen."""
    found = pages.context(_kind(request.GET.get("kind", KINDS[0])))
    part = Slice.of(user_of(request), TREND)
    shown = found["live"] or next(iter(found["models"]), None)
    context = {**found, **_figures(shown), "kinds": TextModel.Kind.choices, **_fitting(found["fitting"])}
    context |= {"coverage": coverage.coverage(part), "months": pages.months(part)}
    return render(request, "understand/models.html", context | progress.context() | ROOM)


@requires("voice.teach")
def model(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(TextModel.objects.select_related("by"), pk=pk)
    context = {"model": found, **_figures(found), **ROOM}
    return render(request, "understand/model.html", context)


@requires("voice.teach")
def compare(request: HttpRequest) -> HttpResponse:
    """Comments on which two versions disagree, side by side."""
    kind = _kind(request.GET.get("kind", KINDS[0]))
    context = pages.context(kind) | ROOM
    new = _model(kind, request.GET.get("new", ""), next(iter(context["models"]), None))
    old = _model(kind, request.GET.get("old", ""), context["live"])
    engines = pages.engine_of(kind, old), pages.engine_of(kind, new)
    n, differ, rows = pages.disagreements(user_of(request), *engines, kind)
    context |= {"old": old, "new": new, "n": n, "differ": differ, "rows": rows}
    return render(request, "understand/models_compare.html", context)


@require_POST
@requires("voice.teach")
def fit(request: HttpRequest) -> HttpResponse:
    kind = _kind(request.POST.get("kind", ""))
    fitting.start(kind=kind, by=user_of(request))
    return redirect(_address(kind))


@requires("voice.teach")
def fitting_state(request: HttpRequest, kind: str) -> HttpResponse:
    found = Fitting.objects.filter(kind=_kind(kind)).order_by("-pk").first()
    answer = render(request, "understand/_fitting.html", {"fitting": found, "kind": kind, **_fitting(found)})
    if found and not found.is_moving:
        # The versions and their figures are on the page around it.
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
@requires("voice.teach")
def go_live(request: HttpRequest, pk: int) -> HttpResponse:
    found = switching.go_live(get_object_or_404(TextModel, pk=pk), by=user_of(request))
    messages.success(request, _("It is in use. History is being labelled with it."))
    return redirect(_address(found.kind))


@require_POST
@requires("voice.teach")
def go_back(request: HttpRequest) -> HttpResponse:
    kind = _kind(request.POST.get("kind", ""))
    switching.go_back(kind=kind, by=user_of(request))
    messages.success(request, _("What was in use before is in use again."))
    return redirect(_address(kind))


def _figures(found: TextModel | None) -> dict[str, Any]:
    figures = found.figures if found else {}
    drawn: dict[str, Any] = {"shown": found, "figures": figures}
    if figures.get("curve"):
        drawn["curve"] = pages.curve(figures["curve"])
    if all(figures.get("reliability", [])) and figures.get("reliability"):
        drawn["reliability"] = pages.reliability(figures["reliability"])
    return drawn


def _fitting(found: Fitting | None) -> dict[str, Any]:
    """What went wrong, in the reader's language: the sentence was kept in both."""
    lines = (found.error if found else "").split("\n")
    return {"fault": lines[0 if get_language() == "en" else -1]}


def _model(kind: str, asked: str, otherwise: TextModel | None) -> TextModel | None:
    """A version by its id; 0 is the one that is shipped."""
    if asked == "0":
        return None
    if not (asked.isascii() and asked.isdigit()):
        return otherwise
    return get_object_or_404(TextModel, kind=kind, pk=int(asked[:18]))


def _kind(asked: str) -> str:
    if asked not in KINDS:
        raise Http404(asked)
    return asked


def _address(kind: str) -> str:
    return f"{reverse('text_models')}?kind={kind}"
