"""The room's addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from voiceloop.server.measure import urls_boards, urls_saved, views, views_labels

urlpatterns: list[URLPattern | URLResolver] = [
    path("explore/", views.explore, name="explore"),
    path("explore/conditions/", views.conditions, name="explore_conditions"),
    path("explore/why/", views.why, name="explore_why"),
    path("explore/rows.csv", views.export_rows, name="explore_rows"),
    re_path(r"^explore/export\.(?P<kind>csv|json|pdf|pptx|xlsx)$", views.export, name="explore_export"),
    path("labels/", views_labels.labels, name="labels"),
    path("labels/save/", views_labels.name_codes, name="labels_save"),
    *urls_saved.urlpatterns,
    *urls_boards.urlpatterns,
]
