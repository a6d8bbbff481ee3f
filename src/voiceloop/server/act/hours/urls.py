"""The addresses of peak hours and of access."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from voiceloop.server.act.hours import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("hours/", views.hours, name="hours"),
    path("hours/export.<str:form>", views.hours_export, name="hours_export"),
    path("hours/access/", views.access, name="access"),
    path("hours/access/export.<str:form>", views.access_export, name="access_export"),
]
