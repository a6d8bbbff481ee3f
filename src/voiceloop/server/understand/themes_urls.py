"""Addresses of the themes."""

from __future__ import annotations

from django.urls import path

from voiceloop.server.understand import views_themes as views

urlpatterns = [
    path("themes/", views.themes_map, name="themes"),
    path("themes/find/", views.themes_find, name="themes_find"),
    path("themes/run/", views.themes_run, name="themes_run"),
    path("themes/<int:pk>/", views.theme, name="theme"),
    path("themes/<int:pk>/name/", views.theme_rename, name="theme_rename"),
    path("themes/<int:pk>/merge/", views.theme_merge, name="theme_merge"),
    path("themes/<int:pk>/archive/", views.theme_archive, name="theme_archive"),
    path("themes/<int:pk>/restore/", views.theme_restore, name="theme_restore"),
]
