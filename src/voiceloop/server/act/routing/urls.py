"""The addresses of routing."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from voiceloop.server.act.routing import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("team/", views.team, name="routing_team"),
    path("team/skills/", views.matrix, name="routing_matrix"),
    path("team/status/", views.my_status, name="my_status"),
    path("team/green/", views.green_rule, name="green_rule"),
    path("team/<int:pk>/", views.person, name="routing_person"),
    path("team/<int:pk>/skill/", views.skill, name="routing_skill"),
    path("team/<int:pk>/status/", views.status, name="routing_status"),
]
