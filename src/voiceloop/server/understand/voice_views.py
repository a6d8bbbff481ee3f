"""客户之声: what customers said, in three voices, with the evidence; and the same as a file."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from voiceloop.server.core.models import User
from voiceloop.server.core.rights import requires
from voiceloop.server.understand import voice_export, voice_heat, voice_page
from voiceloop.server.understand.voice_asked import Asked


@requires("voice.see")
def voice(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    asked = Asked.of(user, request.GET)
    return render(request, "understand/voice.html", voice_page.context(user, asked, request.GET.get("page")))


@requires("measure.export")
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    user = cast(User, request.user)
    return voice_export.EXPORTS[kind](user, Asked.of(user, request.GET))


@requires("measure.see")
def heat(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    return render(request, "understand/voice_heat.html", voice_heat.context(user, request.GET))
