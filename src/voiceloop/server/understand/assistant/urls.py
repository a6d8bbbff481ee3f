"""The addresses of the language model."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from voiceloop.server.understand.assistant import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("assistant/", views.setting, name="assistant"),
    path("assistant/try/", views.trial, name="assistant_try"),
    path("assistant/summary/", views.summary, name="assistant_summary"),
    path("voice/<int:pk>/draft/", views.draft, name="assistant_draft"),
]
