"""The addresses of the voice page, its heatmap and its digest."""

from __future__ import annotations

from django.urls import URLPattern, path

from voiceloop.server.understand import voice_views

urlpatterns: list[URLPattern] = [
    path("voice/", voice_views.voice, name="voice"),
    path("voice/export.<str:kind>", voice_views.export, name="voice_export"),
    path("voice/heat/", voice_views.heat, name="voice_heat"),
]
