"""Reception: type a phone, a number or a name, and see one card."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from voiceloop.server.act.visits import visits
from voiceloop.server.act.visits.card import card
from voiceloop.server.core.rights import requires, user_of


@require_http_methods(["GET", "POST"])
@requires("customers.see")
def visit(request: HttpRequest) -> HttpResponse:
    """Asked by POST: a lookup is written down, and no phone number gets into an address."""
    asked = _asked(request) if request.method == "POST" else {"words": ""}
    return render(request, "act/visits/visit.html", {"room": "visit", **asked})


def _asked(request: HttpRequest) -> dict[str, Any]:
    user, words = user_of(request), request.POST.get("q", "").strip()[:120]
    chosen = request.POST.get("customer", "")
    key = int(chosen) if chosen.isdigit() and len(chosen) < 19 else None
    hits = visits.found(user, words=words, customer=key)
    if len(hits) != 1:
        return {"words": words, "hits": hits, "is_asked": bool(words or key)}
    return {"words": words, "card": card(visits.receive(hits[0], by=user), user), "is_asked": True}
