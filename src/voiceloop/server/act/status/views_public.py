"""The page behind the link of a message: where an order or a case stands. Opening it writes nothing."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from csp.decorators import csp_update
from django.contrib.auth.decorators import login_not_required
from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from voiceloop.server.act.models import Inlet, Milestone
from voiceloop.server.act.status import links, refusing
from voiceloop.server.act.status.links import Followed
from voiceloop.server.act.threads.acknowledging import when
from voiceloop.server.collect import limits
from voiceloop.server.collect.survey_visit import CSS as SURVEY_CSS
from voiceloop.server.collect.survey_visit import company_of, frame, language_of

_OWN = Path(__file__).parents[1] / "templates" / "act" / "status" / "page.css"
CSS = SafeString(SURVEY_CSS + _OWN.read_text())
_HASH = base64.b64encode(hashlib.sha256(CSS.encode()).digest()).decode()
CSP = {"style-src": [f"'sha256-{_HASH}'"]}
View = Callable[..., HttpResponse]


def for_anybody(view: View) -> View:
    """No sign-in and no cookie, so nothing that a forged post could borrow; never cached, no script."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if limits.is_over(f"status{request.META.get('REMOTE_ADDR', '')}"):
            return HttpResponse(status=429, headers={"Retry-After": "60"})
        return view(request, *args, **kwargs)

    methods = require_http_methods(["GET", "HEAD", "POST"])
    return login_not_required(csrf_exempt(never_cache(csp_update(CSP)(methods(guarded)))))  # type: ignore[return-value]


@for_anybody
def status_page(request: HttpRequest, token: str) -> HttpResponse:
    found = links.followed(token)
    known = found.customer.language if found and found.customer else ""
    with translation.override(language_of(request, known)):
        if found is None:
            return _page({"state": "unknown"}, status=404)
        if request.method == "POST":
            return _choose(request, found)
        return _page(_context(found))


def _choose(request: HttpRequest, found: Followed) -> HttpResponse:
    """The customer's word on such messages, taken back as easily as it was given."""
    customer, said = found.customer, request.POST.get("messages")
    if customer and not found.is_over and said in ("no", "yes"):
        (refusing.refuse if said == "no" else refusing.want)(customer)
    language = "en" if translation.get_language() == "en" else "zh"
    return HttpResponseRedirect(f"{request.path}?lang={language}", status=303)


def _context(found: Followed) -> dict[str, Any]:
    company = company_of(found.unit.pk)
    if found.is_over:
        return {"state": "over", "company": company}
    steps = [_step(one) for one in found.milestones]
    return {
        "state": "open",
        "company": company,
        "number": found.number,
        "is_order": found.order is not None,
        "store": str(found.unit),
        "steps": steps[::-1],
        "latest": steps[-1] if steps else None,
        "chat": _chat(found),
        "may_choose": found.customer is not None,
        "refuses": refusing.refuses(found.customer),
    }


def _chat(found: Followed) -> str:
    """Where they can write to us at once: the chat of the store, or of a unit above it."""
    above = [int(part) for part in (found.unit.path or "").split("/") if part]
    rows = Inlet.objects.filter(channel=Inlet.Channel.CHAT, is_open=True, unit__in=above)
    nearest = rows.annotate(depth=Length("unit__path")).order_by("-depth", "pk").first()
    return reverse("chat", args=[nearest.slug]) if nearest else ""


def _step(one: Milestone) -> dict[str, Any]:
    return {
        "label": one.what.label,
        "tone": one.what.tone,
        "at": when(one.at),
        "new_time": when(one.new_time) if one.new_time else "",
        "asks": one.kind == "case_waiting",
    }


def _page(context: dict[str, Any], status: int = 200) -> HttpResponse:
    html = render_to_string(
        "act/status/page.html", {**frame(context.get("company", "")), **context, "css": CSS}
    )
    return HttpResponse(html, status=status)
