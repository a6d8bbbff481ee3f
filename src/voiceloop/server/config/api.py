"""The HTTP API: every room's router under one schema, signed in by session or by key."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.security import APIKeyCookie, HttpBearer

from voiceloop import __version__
from voiceloop.server.act.api import router as act
from voiceloop.server.collect.api import router as collect
from voiceloop.server.core.api import router as core
from voiceloop.server.core.models import ApiKey, User
from voiceloop.server.measure.api import router as measure
from voiceloop.server.store.api import router as store
from voiceloop.server.understand.api import router as understand
from voiceloop.server.verify.api import router as verify


class Key(HttpBearer):
    """`Authorization: Bearer vl_…`"""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        key = ApiKey.find(token)
        if key:
            request.user = key.user
        return key.user if key else None


class Session(APIKeyCookie):
    """The cookie of a person who is signed in; writing also needs the CSRF token."""

    param_name = "sessionid"

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        return request.user if request.user.is_authenticated else None


api = NinjaAPI(title="Voiceloop 客声", version=__version__, auth=[Key(), Session()], urls_namespace="api")
for prefix, router in (
    ("", core),
    ("", collect),
    ("", store),
    ("", measure),
    ("", understand),
    ("", act),
    ("", verify),
):
    api.add_router(prefix, router)


@api.exception_handler(PermissionError)
def forbidden(request: HttpRequest, error: PermissionError) -> HttpResponse:
    return api.create_response(request, {"detail": _("You may not do this.")}, status=403)
