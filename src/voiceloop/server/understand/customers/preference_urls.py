"""The addresses of customers' preferences."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from voiceloop.server.understand.customers import preference_views as views

urlpatterns: list[URLPattern | URLResolver] = [
    path("customers/<int:pk>/preferences/", views.add, name="preference_add"),
    path("preferences/<int:pk>/consent/", views.consent, name="preference_consent"),
    path("preferences/<int:pk>/withdraw/", views.withdraw, name="preference_withdraw"),
    path("preferences/<int:pk>/restore/", views.restore, name="preference_restore"),
]
