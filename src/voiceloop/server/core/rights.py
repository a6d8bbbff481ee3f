"""What each role may do; pages, API and templates ask here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

if TYPE_CHECKING:
    from voiceloop.server.core.models import User

AGENT = {"cases.see", "cases.work", "customers.see", "voice.see"}
LEAD = AGENT | {
    "cases.assign",
    "measure.see",
    "measure.export",
    "team.see",
    "initiatives.edit",
    "voice.correct",
}
ANALYST = {
    "cases.see",
    "customers.see",
    "import",
    "initiatives.edit",
    "measure.export",
    "measure.see",
    "programmes.edit",
    "team.see",
    "voice.correct",
    "voice.see",
    "voice.teach",
}
MANAGER = LEAD | ANALYST | {"targets.edit"}
ADMIN = MANAGER | {"audit.see", "customers.erase", "people.edit", "settings.edit"}

OF_ROLE = {"agent": AGENT, "lead": LEAD, "analyst": ANALYST, "manager": MANAGER, "admin": ADMIN}
ALL = frozenset(ADMIN)
# What is one for all branches is changed by those to whom all of them belong.
OF_THE_COMPANY = {"settings.edit", "voice.teach"}

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def may(role: str, right: str) -> bool:
    if right not in ALL:
        raise ValueError(f"unknown right {right!r}")
    return right in OF_ROLE.get(role, ())


def user_of(request: HttpRequest) -> User:
    """Whoever asks, signed in by session or key."""
    return request.user  # type: ignore[return-value]


def allowed(request: HttpRequest, right: str) -> User:
    """Whoever asks, if they may; the API says 403 to the others."""
    user = user_of(request)
    if not user.may(right):
        raise PermissionError(right)
    return user


def requires(right: str) -> Callable[[View], View]:
    """Refuse a view to those who lack the right."""
    if right not in ALL:
        raise ValueError(f"unknown right {right!r}")

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.may(right):  # type: ignore[union-attr]
                raise PermissionDenied(right)
            return view(request, *args, **kwargs)

        guarded.right = right  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def for_the_company(view: View) -> View:
    """Refuse a view that changes what all branches share to those who belong to one of them."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_of_the_company:  # type: ignore[union-attr]
            raise PermissionDenied("company")
        return view(request, *args, **kwargs)

    return guarded  # type: ignore[return-value]
