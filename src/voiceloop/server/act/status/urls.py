"""The addresses of where things stand: ours, and the customer's own."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from voiceloop.server.act.status import views, views_public, views_rules

urlpatterns: list[URLPattern | URLResolver] = [
    path("status/", views.notices, name="status_notices"),
    path("status/export.<str:form>", views.export, name="status_notices_export"),
    path("status/<int:pk>/withdrawal/", views.withdraw, name="milestone_withdraw"),
    path("status/rules/", views_rules.own, name="status_rules"),
    path("status/rules/<int:pk>/", views_rules.of_unit, name="status_rules_of"),
    path("status/rules/versions/<int:pk>/", views_rules.restore, name="status_rules_restore"),
    path("orders/<int:pk>/status/", views.order_status, name="order_status"),
    path("customers/<int:pk>/status-messages/", views.choice, name="status_choice"),
    path("track/<str:token>/", views_public.status_page, name="status_page"),
]
