"""One comment with its labels, and people who correct them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from voiceloop.server.collect.models import Response, Verbatim
from voiceloop.server.core.models import User
from voiceloop.server.core.rights import requires
from voiceloop.server.measure.labels import KNOWN, label
from voiceloop.server.understand import corrections, voices
from voiceloop.server.understand.models import Annotation
from voiceloop.server.understand.reasons import book
from voiceloop.server.understand.themes_models import Theme

# In the order in which a person reads them.
ORDER = ("sentiment", "voice", "reason", "emotion", "urgency", "severity", "need", "theme", "language")


@requires("voice.see")
def verbatim(request: HttpRequest, pk: int) -> HttpResponse:
    found = _verbatim(request, pk)
    notes = sorted(found.annotations.select_related("by"), key=lambda note: (ORDER.index(note.kind), note.pk))
    themes = {theme.key: str(theme) for theme in Theme.objects.filter(key__in=[n.label for n in notes])}
    for note in notes:
        note.label = themes.get(note.label, note.label) if note.kind == "theme" else note.label
    context = {
        "verbatim": found,
        "comment": voices.voices([found])[0],
        "labels": notes,
        "choices": _choices(notes),
        "reasons": _reasons(notes),
        "correction": getattr(found, "correction", None),
    }
    return render(request, "understand/verbatim.html", context)


@require_POST
@requires("voice.correct")
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    corrections.correct(
        _verbatim(request, pk), by=cast(User, request.user), reasons=_sides(request), **_labels(request)
    )
    messages.success(request, _("Thank you. The labels are corrected, and models learn from it."))
    return redirect("verbatim", pk=pk)


def _labels(request: HttpRequest) -> dict[str, str]:
    names = ("sentiment", "voice", "emotion", "severity")
    return {name: request.POST.get(name, "") for name in names}


def _sides(request: HttpRequest) -> dict[str, int | None]:
    """The reasons that were chosen: each by its side, or marked alone."""
    marked: dict[str, int | None] = dict.fromkeys(request.POST.getlist("reason"))
    sides = {code: request.POST.get(f"side-{code}", "") for code in book.in_use().codes}
    return marked | {code: int(side) for code, side in sides.items() if side in ("-1", "0", "1")}


def _choices(notes: list[Annotation]) -> list[dict[str, Any]]:
    """The selects of the form, each with what is chosen now."""
    now = {note.kind: note.label for note in notes}
    unharmed = pgettext("severity", "No failure")
    of_kind: dict[str, tuple[str, Iterable[str], dict[str, str]]] = {
        "sentiment": (_("Feeling"), corrections.POLARITY, {}),
        "voice": (_("Kind of comment"), corrections.VOICES, {"other": _("None of these")}),
        "emotion": (_("Emotion"), corrections.EMOTIONS, {}),
        "severity": (_("How serious the failure is"), corrections.SEVERITIES, {"none": unharmed}),
    }
    return [
        {
            "name": kind,
            "label": words,
            "now": now.get(kind, "none"),
            "options": [(code, own.get(code) or KNOWN[kind].get(code, code)) for code in codes],
        }
        for kind, (words, codes, own) in of_kind.items()
    ]


def _reasons(notes: list[Annotation]) -> list[dict[str, Any]]:
    """Those that were named first, each with its side; the others are found by opening the rest."""
    now = {note.label: note.polarity for note in notes if note.kind == "reason"}
    rows = [
        {"code": reason.code, "name": label("reason", reason.code), "is_named": reason.code in now,
         "side": str(now[reason.code] or 0) if reason.code in now else ""}
        for reason in book.in_use()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: not row["is_named"])


def _verbatim(request: HttpRequest, pk: int) -> Verbatim:
    rows = Response.objects.visible_to(request.user)
    return get_object_or_404(Verbatim.objects.filter(response__in=rows), pk=pk)
