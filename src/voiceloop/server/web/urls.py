"""The room's addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from voiceloop.server.web import views_home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views_home.home, name="home"),
]
