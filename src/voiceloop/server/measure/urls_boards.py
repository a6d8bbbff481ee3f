"""The addresses of targets, evaluation, benchmarks, the guard and the boards."""

from __future__ import annotations

from django.urls import URLPattern, path

from voiceloop.server.measure import views_targets as targets

urlpatterns: list[URLPattern] = [
    path("targets/", targets.target_list, name="targets"),
    path("targets/new/", targets.target_new, name="target_new"),
    path("targets/<int:pk>/", targets.target, name="target"),
    path("targets/<int:pk>/edit/", targets.target_edit, name="target_edit"),
    path("targets/<int:pk>/withdraw/", targets.target_withdraw, name="target_withdraw"),
    path("targets/<int:pk>/restore/", targets.target_restore, name="target_restore"),
]
