"""A question without an honest answer becomes a page that says so."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from voiceloop.analytics.errors import AnalyticsError


class SayWhatIsWrong:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, AnalyticsError):
            return None
        return render(request, "400.html", {"sentence": error.say(get_language() or "zh")}, status=400)
