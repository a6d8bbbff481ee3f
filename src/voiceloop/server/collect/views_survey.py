"""The public pages: a customer answers, leaves, or reads what becomes of the answer. A GET never writes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from csp.decorators import csp_update
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from voiceloop.server.collect import invitations, limits, responses, survey_form, tokens
from voiceloop.server.collect.answers import InvalidAnswer
from voiceloop.server.collect.models import Customer, Invitation, Response
from voiceloop.server.collect.questions import published
from voiceloop.server.collect.survey_visit import CSP, Visit, frame, language_of, page, short

View = Callable[..., HttpResponse]


def for_anybody(view: View) -> View:
    """No sign-in and no cookie, so nothing that a forged post could borrow; never cached."""

    @wraps(view)
    def spoken(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override(language_of(request)):
            return view(request, *args, **kwargs)

    methods = require_http_methods(["GET", "HEAD", "POST"])
    return login_not_required(csrf_exempt(never_cache(csp_update(CSP)(methods(spoken)))))  # type: ignore[return-value]


@for_anybody
def answer_invitation(request: HttpRequest, token: str) -> HttpResponse:
    pk = tokens.read(token, purpose=tokens.ANSWER)
    if limits.is_over(f"t{pk}" if pk else _address(request)):
        return _too_many()
    # A slice, because `first()` would sort by the key that already names one row.
    known = Invitation.objects.filter(pk=pk or 0)
    known = known if request.method == "POST" else known.select_related("customer")
    invitation = next(iter(known[:1]), None)
    if invitation is None or invitation.survey_version_id is None:
        return _unknown()
    if request.method == "POST":
        return _take(request, request.path, {"invitation": invitation}, invitation.survey_version_id)
    return _ask_invited(request, invitation)


def _ask_invited(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    visit = Visit(
        published(invitation.survey_version_id),
        invitation.unit_id,
        request.path,
        invitation.touchpoint,
        invitation.created_at,
        _so_far(f"invitation:{invitation.pk}"),
        invitation.customer,
    )
    if not invitation.is_answerable and not visit.is_done:
        return _over()
    known = visit.response.language if visit.response else ""
    with translation.override(language_of(request, known, invitation.language)):
        return HttpResponse(page(request, visit))


@for_anybody
def answer_link(request: HttpRequest, slug: str) -> HttpResponse:
    if limits.is_over(_address(request)):
        return _too_many()
    place = responses.place_of(slug)
    if place is None:
        return _unknown()
    if place.version is None or place.link.revoked_at:
        return _over()
    key = _client_key(request)
    if request.method == "POST":
        return _take(request, f"{request.path}?k={key}", {"link": place, "client_key": key}, place.version)
    response = _so_far(f"link:{place.link.pk}:{key}") if "k" in request.GET else None
    visit = Visit(
        published(place.version),
        place.link.unit_id,
        request.path,
        place.link.touchpoint,
        response=response,
        client_key=key,
    )
    return HttpResponse(page(request, visit))


@for_anybody
def leave(request: HttpRequest, token: str) -> HttpResponse:
    pk = tokens.read(token, purpose=tokens.LEAVE)
    if limits.is_over(f"u{pk}" if pk else _address(request)):
        return _too_many()
    customer = Customer.objects.filter(pk=pk).first() if pk else None
    if customer is None:
        return _unknown()
    if request.method == "POST":
        customer = invitations.opt_out(customer=customer)
    left = customer.opted_out_at is not None
    return HttpResponse(render_to_string("collect/survey_leave.html", {**frame(), "left": left}))


@for_anybody
def privacy(request: HttpRequest) -> HttpResponse:
    return HttpResponse(render_to_string("collect/survey_privacy.html", frame()))


def _take(request: HttpRequest, here: str, whose: dict[str, Any], version: int) -> HttpResponse:
    """Keep what was posted: one answer on its way, or all of it as final."""
    answers = survey_form.answers_in(published(version), request.POST)
    is_partial = "partial" in request.POST or request.POST.get("go") == "next"
    keep = responses.answer if is_partial else responses.complete
    try:
        keep(answers=answers, language=short(translation.get_language() or ""), **whose)
    except responses.NotAnswerable:
        return _over()
    except responses.NothingSaid:
        return _back(request, here)
    except InvalidAnswer as error:
        return JsonResponse({"error": str(error)}, status=400)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"complete": not is_partial})
    return _back(request, here)


def _back(request: HttpRequest, here: str) -> HttpResponse:
    language = short(translation.get_language() or "")
    return HttpResponseRedirect(
        f"{here}{'&' if '?' in here else '?'}{urlencode({'lang': language})}", status=303
    )


def _so_far(key: str) -> Response | None:
    rows = Response.objects.filter(idempotency_key=key).prefetch_related("answers", "verbatims")
    return rows.first()


def _client_key(request: HttpRequest) -> str:
    """The visitor's own random key, which makes a repeated post the same response."""
    given = request.POST.get("k") or request.GET.get("k") or ""
    try:
        return str(UUID(given))
    except ValueError:
        return str(uuid4())


def _address(request: HttpRequest) -> str:
    return f"ip{request.META.get('REMOTE_ADDR', '')}"


def _notice(title: str, text: str, status: int) -> HttpResponse:
    html = render_to_string("collect/survey_notice.html", {**frame(), "title": title, "text": text})
    return HttpResponse(html, status=status)


def _unknown() -> HttpResponse:
    return _notice(
        _("We do not know this link"),
        _("Perhaps a part of it got lost. Please open it again from the message."),
        404,
    )


def _over() -> HttpResponse:
    return _notice(
        _("This survey has ended"), _("Thank you for wanting to answer. The link is no longer valid."), 410
    )


def _too_many() -> HttpResponse:
    response = _notice(
        _("One moment, please"), _("Too many requests came at once. Try again in a minute."), 429
    )
    response["Retry-After"] = "60"
    return response
