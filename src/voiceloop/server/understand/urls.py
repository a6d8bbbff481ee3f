"""The room's addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from voiceloop.server.understand import views, views_correct

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("voiceloop.server.understand.themes_urls")),
    path("", include("voiceloop.server.understand.drivers.urls")),
    path("", include("voiceloop.server.understand.reasons.urls")),
    path("", include("voiceloop.server.understand.risk.urls")),
    path("", include("voiceloop.server.understand.customers.tag_urls")),
    path("", include("voiceloop.server.understand.customers.preference_urls")),
    path("", include("voiceloop.server.understand.customers.lifecycle_urls")),
    path("", include("voiceloop.server.understand.learning.urls")),
    path("", include("voiceloop.server.understand.assistant.urls")),
    path("", include("voiceloop.server.understand.voice_urls")),
    path("voice/<int:pk>/", views_correct.verbatim, name="verbatim"),
    path("voice/<int:pk>/labels/", views_correct.correct, name="verbatim_correct"),
    path("responses/<int:pk>/", views.response, name="response"),
]
