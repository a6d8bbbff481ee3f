"""The room's addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from voiceloop.server.web import live, views_bar, views_customer, views_home, views_workbench

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views_home.home, name="home"),
    path("live/", live.live, name="live"),
    path("bar/", views_bar.bar, name="bar"),
    path("workbench/", views_workbench.workbench, name="workbench"),
    path("workbench/queue/", views_workbench.workbench_queue, name="workbench_queue"),
    path("customers/", views_customer.customers, name="customers"),
    path("customers/export.<str:form>", views_customer.customers_export, name="customers_export"),
    path("customers/<int:pk>/", views_customer.customer, name="customer"),
    path("customers/<int:pk>/contact/", views_customer.show_contact, name="customer_contact"),
    path("customers/<int:pk>/opt-out/", views_customer.opt_out, name="customer_opt_out"),
]
