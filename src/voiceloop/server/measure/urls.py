"""The room's addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from voiceloop.server.measure import urls_boards, views, views_labels

urlpatterns: list[URLPattern | URLResolver] = [
    path("explore/", views.explore, name="explore"),
    re_path(r"^explore/export\.(?P<kind>csv|xlsx)$", views.export, name="explore_export"),
    path("labels/", views_labels.labels, name="labels"),
    path("labels/save/", views_labels.name_codes, name="labels_save"),
    *urls_boards.urlpatterns,
]
