"""The addresses of notices, choices and robots."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from voiceloop.server.act.notices import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("notices/", views.notice_list, name="notices"),
    path("notices/panel/", views.notice_panel, name="notice_panel"),
    path("notices/counts/", views.notice_counts, name="notice_counts"),
    path("notices/seen/", views.all_seen, name="notices_seen"),
    path("notices/unseen/", views.all_unseen, name="notices_unseen"),
    path("notices/choices/", views.notice_choices, name="notice_choices"),
    path("notices/<int:pk>/", views.notice_open, name="notice"),
    path("notices/<int:pk>/seen/", views.notice_seen, name="notice_seen"),
    path("cases/<int:pk>/seen/", views.case_seen, name="case_seen"),
    path("notices/robots/", views.robot_list, name="robots"),
    path("notices/robots/new/", views.robot_edit, name="robot_new"),
    path("notices/robots/<int:pk>/", views.robot_edit, name="robot"),
    path("notices/robots/<int:pk>/hello/", views.robot_try, name="robot_try"),
    path("notices/robots/<int:pk>/archive/", views.robot_archive, name="robot_archive"),
    path("notices/robots/<int:pk>/restore/", views.robot_restore, name="robot_restore"),
]
