"""The addresses of “You said, we did”."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from voiceloop.server.act.telling import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("you-said/", views.telling_list, name="tellings"),
    path("you-said/new/", views.telling_edit, name="telling_new"),
    path("you-said/<int:pk>/", views.telling, name="telling"),
    path("you-said/<int:pk>/edit/", views.telling_edit, name="telling_edit"),
    path("you-said/<int:pk>/sending/", views.telling_send, name="telling_send"),
]
