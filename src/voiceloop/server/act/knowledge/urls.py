"""The addresses of knowledge."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from voiceloop.server.act.knowledge import views

urlpatterns: list[URLPattern | URLResolver] = [path("knowledge/", views.knowledge, name="knowledge")]
