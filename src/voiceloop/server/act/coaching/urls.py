"""The addresses of coaching."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from voiceloop.server.act.coaching import views

urlpatterns: list[URLPattern | URLResolver] = [path("coaching/", views.coaching, name="coaching")]
