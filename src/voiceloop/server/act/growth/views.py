"""The public page of a share link: opening it writes nothing, only the button does."""

from __future__ import annotations

import secrets

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from voiceloop.server.act.growth import sharing
from voiceloop.server.act.models import ShareLink
from voiceloop.server.collect import limits
from voiceloop.server.collect.survey_visit import company_of

VISITOR = "vl_visitor"


@login_not_required
def share(request: HttpRequest, code: str) -> HttpResponse:
    if limits.is_over(f"ip{request.META.get('REMOTE_ADDR')}"):
        return HttpResponse(status=429)
    link = get_object_or_404(ShareLink, code=code)
    visitor = request.COOKIES.get(VISITOR, "")[:40] or secrets.token_urlsafe(16)
    said = request.method == "POST"
    if said:
        sharing.recommend(link, visitor=visitor)
    response = render(
        request, "act/growth/share.html", {"link": link, "company": company_of(link.unit_id), "said": said}
    )
    if said:
        response.set_cookie(VISITOR, visitor, max_age=365 * 86400, httponly=True, samesite="Lax")
    return response
