"""The room's addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from voiceloop.server.core import views, views_people

urlpatterns: list[URLPattern | URLResolver] = [
    path("people/", views_people.people_list, name="people"),
    path("people/new/", views_people.person_new, name="person_new"),
    path("people/<int:pk>/", views_people.person, name="person"),
    path("people/<int:pk>/account/", views_people.person_active, name="person_active"),
    path("people/<int:pk>/password/", views_people.person_password, name="person_password"),
    path("units/new/", views_people.unit_new, name="unit_new"),
    path("units/<int:pk>/", views_people.unit, name="unit"),
    path("keys/", views_people.keys, name="keys"),
    path("keys/<int:pk>/revocation/", views_people.key_revoke, name="key_revoke"),
    path("audit/", views.audit_log, name="audit"),
    path("audit/export.csv", views.audit_csv, name="audit_csv"),
    path("health/", views.health_page, name="health"),
    path("health/failures/<int:pk>/", views.retry, name="reaction_retry"),
    path("healthz", views.healthz, name="healthz"),
]
