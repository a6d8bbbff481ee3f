"""The addresses of the pages about drivers."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from voiceloop.server.understand.drivers import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("drivers/", views.drivers, name="drivers"),
    re_path(r"^drivers/export\.(?P<kind>csv|json|xlsx)$", views.export, name="drivers_export"),
    path("drivers/cost/", views.cost, name="detractor_cost"),
    re_path(r"^drivers/cost/export\.(?P<kind>csv|xlsx)$", views.cost_export, name="detractor_cost_export"),
    path("drivers/claims/", views.claims, name="claims"),
    re_path(r"^drivers/claims/export\.(?P<kind>csv|xlsx)$", views.claims_export, name="claims_export"),
    path("drivers/delights/", views.delights, name="delights"),
    path("drivers/misfits/", views.misfits, name="misfits"),
]
