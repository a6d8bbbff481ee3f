"""The addresses of the lifecycle page."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from voiceloop.server.understand.customers import lifecycle_views as views

urlpatterns: list[URLPattern | URLResolver] = [
    path("lifecycle/", views.stages, name="lifecycle"),
    path("lifecycle/rules/", views.stage_rules, name="lifecycle_rules"),
    path("lifecycle/export.<str:form>", views.stages_export, name="lifecycle_export"),
]
