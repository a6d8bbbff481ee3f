"""The address of reception."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from voiceloop.server.act.visits import views

urlpatterns: list[URLPattern | URLResolver] = [path("visit/", views.visit, name="visit")]
