"""The addresses of busy queues."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from voiceloop.server.act.overflow import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("overflow/", views.overflow, name="overflow"),
    path("overflow/export.<str:form>", views.export, name="overflow_export"),
    path("overflow/link/", views.send, name="overflow_send"),
    path("overflow/settings/", views.own_settings, name="overflow_settings"),
    path("overflow/settings/<int:pk>/", views.settings_of, name="overflow_settings_of"),
    path("overflow/settings/<int:pk>/pages/new/", views.page_new, name="self_service_new"),
    path("overflow/pages/<int:pk>/", views.page_edit, name="self_service_edit"),
    path("overflow/pages/<int:pk>/archive/", views.page_archive, name="self_service_archive"),
    path("overflow/pages/<int:pk>/qr.svg", views.page_qr, name="self_service_qr"),
    path("overflow/pages/<int:pk>/print/", views.page_print, name="self_service_print"),
]
