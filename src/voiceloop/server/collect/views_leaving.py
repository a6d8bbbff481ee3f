"""The page on which somebody ends mails to themselves: they hold the signed link, nobody signs in."""

from __future__ import annotations

from django.http import HttpResponse
from django.template.loader import render_to_string

from voiceloop.server.collect.survey_visit import frame
from voiceloop.server.collect.views_survey import for_anybody as for_anybody

STATUS = {"asked": 200, "left": 200, "unknown": 404}


def leave_page(state: str, name: str = "") -> HttpResponse:
    """`state` is asked, left or unknown; opening the page changes nothing, because scanners open links."""
    html = render_to_string("collect/mails_leave.html", {**frame(), "state": state, "name": name})
    return HttpResponse(html, status=STATUS[state])
