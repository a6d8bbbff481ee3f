"""The page on which one looks for words in everything said and noted."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from voiceloop.server.act.cases.answers import user_of
from voiceloop.server.act.threads import search as searching
from voiceloop.server.core.rights import requires


@requires("cases.see")
def search(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    found = searching.find(user_of(request), words, after=request.GET.get("after", "")) if words else None
    return render(request, "act/threads/search.html", {"q": words, "found": found, "room": "cases"})
