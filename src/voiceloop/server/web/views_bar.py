"""What the command bar finds while somebody types."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from voiceloop.server.act.models import Case
from voiceloop.server.core.models import User
from voiceloop.server.web import bar as of_bar


def bar(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]  # behind LoginRequiredMiddleware
    given = request.GET.get("case", "")
    number = int(given) if given.isdigit() and len(given) < 19 else None
    seen = number if Case.objects.visible_to(user).filter(pk=number).exists() else None
    groups = of_bar.find(user, request.GET.get("q", ""), case=seen)
    return render(request, "web/_bar_list.html", {"groups": groups})
