"""The addresses of what people do with cases."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from voiceloop.server.act.casework import macro_views, views, wait_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("cases/<int:pk>/others/", views.others, name="case_others"),
    path("cases/<int:pk>/merge/", views.merge, name="case_merge"),
    path("cases/<int:pk>/unmerge/", views.unmerge, name="case_unmerge"),
    path("cases/<int:pk>/links/", views.link, name="case_link"),
    path("links/<int:pk>/end/", views.unlink, name="case_unlink"),
    path("cases/<int:pk>/split/", views.split, name="case_split"),
    path("cases/<int:pk>/snooze/", views.snooze, name="case_snooze"),
    path("cases/<int:pk>/awake/", views.wake, name="case_wake"),
    path("cases/<int:pk>/presence/", views.beat, name="case_beat"),
    path("cases/<int:pk>/leave/", views.leave, name="case_leave"),
    path("cases/<int:pk>/macros/", macro_views.case_macros, name="case_macros"),
    path("cases/<int:pk>/macros/<int:macro>/", macro_views.macro_preview, name="case_macro"),
    path("cases/<int:pk>/macros/<int:macro>/run/", macro_views.macro_run, name="case_macro_run"),
    path("deeds/<int:pk>/undo/", views.undo, name="deed_undo"),
    path("mentions/", views.mention_list, name="mentions"),
    path("mentions/seen/", views.mentions_seen, name="mentions_seen"),
    path("macros/", macro_views.macro_list, name="macros"),
    path("macros/new/", macro_views.macro_edit, name="macro_new"),
    path("macros/<int:pk>/", macro_views.macro_edit, name="macro_edit"),
    path("macros/<int:pk>/archive/", macro_views.macro_archive, name="macro_archive"),
    path("promises/waiting/", wait_views.wait_list, name="waits"),
    path("promises/waiting/new/", wait_views.wait_edit, name="wait_new"),
    path("promises/waiting/<int:pk>/", wait_views.wait_edit, name="wait_edit"),
    path("promises/waiting/<int:pk>/archive/", wait_views.wait_archive, name="wait_archive"),
]
