"""The addresses of the ledger and the limits."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from voiceloop.server.act.compensation import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("compensation/", views.ledger_page, name="ledger"),
    path("compensation/export.<str:form>", views.ledger_export, name="ledger_export"),
    path("compensation/<int:pk>/decision/", views.ledger_decide, name="ledger_decide"),
    path("compensation/<int:pk>/reversal/", views.ledger_reverse, name="ledger_reverse"),
    path("compensation/limits/", views.limit_list, name="limits"),
    path("compensation/limits/<int:pk>/removal/", views.limit_remove, name="limit_remove"),
]
