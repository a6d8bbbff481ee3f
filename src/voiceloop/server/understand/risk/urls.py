"""The addresses of the Risk page."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from voiceloop.server.understand.risk import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("risk/", views.risks, name="risks"),
    path("risk/export.csv", views.risks_export, name="risks_export"),
    path("risk/refresh/", views.refresh, name="risks_refresh"),
    path("risk/start/", views.start, name="risks_start"),
    path("risk/<int:pk>/snooze/", views.snooze, name="risk_snooze"),
]
