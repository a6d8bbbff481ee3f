"""The room's addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from voiceloop.server.store import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("customers/<int:pk>/erasure/", views.erase, name="customer_erase"),
    path("erasures/", views.erasures, name="erasures"),
    path("erasures/<int:pk>/", views.receipt, name="erasure"),
]
