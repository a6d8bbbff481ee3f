"""Every address of the product: each room brings its own."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from voiceloop.server.config.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    path("language/", login_not_required(set_language), name="set_language"),
    path("api/", api.urls),
    *(
        path("", include(f"voiceloop.server.{room}.urls"))
        for room in ("core", "collect", "measure", "understand", "act", "verify", "web")
    ),
]
