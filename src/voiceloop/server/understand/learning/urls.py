"""The addresses of text models."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from voiceloop.server.understand.learning import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("voice/models/", views.models, name="text_models"),
    path("voice/models/<int:pk>/", views.model, name="text_model"),
    path("voice/models/<int:pk>/live/", views.go_live, name="text_model_live"),
    path("voice/models/compare/", views.compare, name="text_models_compare"),
    path("voice/models/fit/", views.fit, name="text_model_fit"),
    path("voice/models/back/", views.go_back, name="text_model_back"),
    path("voice/models/fitting/<slug:kind>/", views.fitting_state, name="fitting"),
]
