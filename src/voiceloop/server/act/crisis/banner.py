"""The strip above every page while a crisis concerns its reader."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from voiceloop.server.act.models import Crisis
from voiceloop.server.core.models import User

MOST = 3


def context(request: HttpRequest) -> dict[str, Any]:
    """Read only where a page shows it; a proposal is for those who decide."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not user.may("cases.see"):
        return {}
    return {"crises_now": SimpleLazyObject(lambda: _now(user))}


def _now(user: User) -> list[Crisis]:
    rows = Crisis.objects.visible_to(user)
    rows = rows.live() if user.may("cases.assign") else rows.open()
    return list(rows.select_related("unit").order_by("level", "-opened_at")[:MOST])
