"""The room's addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from voiceloop.server.act.growth import views as growth

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("voiceloop.server.act.cases.urls")),
    path("share/<str:code>/", growth.share, name="share"),
]
