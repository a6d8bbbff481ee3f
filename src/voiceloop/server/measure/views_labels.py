"""The page of names: what people call the codes that come with the facts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.server.core.rights import for_the_company, requires, user_of
from voiceloop.server.measure import naming
from voiceloop.server.measure.labels import dimension_label

LONGEST = 120


@requires("measure.see")
def labels(request: HttpRequest) -> HttpResponse:
    user, dimension = user_of(request), _dimension(request.GET.get("dimension"))
    context = {
        "dimension": dimension,
        "dimensions": [(name, dimension_label(name)) for name in naming.NAMED],
        "rows": naming.seen(user, dimension),
        "edits": user.may("settings.edit"),
        "room": "people",
    }
    return render(request, "measure/labels.html", context)


@require_POST
@requires("settings.edit")
@for_the_company
def name_codes(request: HttpRequest) -> HttpResponse:
    """All names of one dimension at once; only those that changed are written."""
    user, dimension = user_of(request), _dimension(request.POST.get("dimension"))
    for row in naming.seen(user, dimension):
        zh, en = (request.POST.get(f"{which}-{row.code}", old) for which, old in _fields(row))
        naming.name(by=user, dimension=dimension, code=row.code, name=_clean(zh), name_en=_clean(en))
    messages.success(request, _("Saved."))
    return redirect(f"{reverse('labels')}?dimension={dimension}")


def _fields(row: naming.Named) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("zh", row.name), ("en", row.name_en)


def _clean(text: str) -> str:
    return text.strip()[:LONGEST]


def _dimension(asked: str | None) -> str:
    return asked if asked in naming.NAMED else naming.NAMED[0]
