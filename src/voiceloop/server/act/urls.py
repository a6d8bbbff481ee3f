"""The room's addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("voiceloop.server.act.cases.urls")),
    path("", include("voiceloop.server.act.casework.urls")),
    path("", include("voiceloop.server.act.threads.urls")),
    path("", include("voiceloop.server.act.playbooks.urls")),
    path("", include("voiceloop.server.act.compensation.urls")),
    path("", include("voiceloop.server.act.telling.urls")),
    path("", include("voiceloop.server.act.crisis.urls")),
    path("", include("voiceloop.server.act.anticipation.urls")),
    path("", include("voiceloop.server.act.growth.urls")),
    path("", include("voiceloop.server.act.notices.urls")),
    path("", include("voiceloop.server.act.routing.urls")),
    path("", include("voiceloop.server.act.knowledge.urls")),
    path("", include("voiceloop.server.act.coaching.urls")),
    path("", include("voiceloop.server.act.visits.urls")),
    path("", include("voiceloop.server.act.hours.urls")),
    path("", include("voiceloop.server.act.status.urls")),
    path("", include("voiceloop.server.act.overflow.urls")),
]
