"""The person behind a request that had to sign in."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from voiceloop.server.core.models import User


def reader(request: HttpRequest) -> User:
    # LoginRequiredMiddleware lets nobody else come here.
    return cast(User, request.user)
