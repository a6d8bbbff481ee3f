"""Every address of the product: each room brings its own."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from voiceloop.server.config.api import api


def signs_in_by_itself(urls: Any) -> Any:
    """The API asks for its key or session itself: a program must get 401, not the sign-in page."""
    for pattern in urls[0]:
        pattern.callback = login_not_required(pattern.callback)
    return urls


urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    path("language/", login_not_required(set_language), name="set_language"),
    path("api/", signs_in_by_itself(api.urls)),
    *(
        path("", include(f"voiceloop.server.{room}.urls"))
        for room in ("core", "collect", "store", "measure", "understand", "act", "verify", "web")
    ),
]
