"""Who gets a case, and in one sentence why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Length
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from voiceloop.server.core.models import Role, Unit, User


def choose(unit: Unit) -> tuple[User | None, dict[str, Any]]:
    """The least loaded agent at the unit or above it; a lead when there is no agent; with the reason."""
    for role in (Role.AGENT, Role.LEAD):
        people = list(_by_load(unit, role))
        if people:
            first = people[0]
            return first, {
                "kind": "least_loaded",
                "role": str(role),
                "n_open": first.n_open,  # type: ignore[attr-defined]  # annotated in _by_load
                "among": len(people),
                "unit": unit.code,
            }
    return None, {"kind": "nobody", "unit": unit.code}


def candidates(unit: Unit) -> QuerySet[User]:
    """Everyone who may answer for the unit: agents and leads at it or above it."""
    people: QuerySet[User] = User.objects.who_take_cases().filter(unit__in=unit.ancestors_and_self())
    return people.select_related("unit").order_by("-unit__path", "role", "name")


def lead_above(unit: Unit) -> User | None:
    """The nearest lead at the unit or above it, then the nearest manager."""
    leads = User.objects.filter(is_active=True, unit__in=unit.ancestors_and_self())
    nearest = Length("unit__path").desc()
    for role in (Role.LEAD, Role.MANAGER, Role.ADMIN):
        found: User | None = leads.filter(role=role).order_by(nearest, "pk").first()
        if found:
            return found
    return None


def sentence(reason: dict[str, Any]) -> str:
    """The stored reason in the reader's language."""
    kind = reason.get("kind") or reason.get("code", "")
    return _SENTENCES[kind](reason) if kind in _SENTENCES else str(reason.get("text", ""))


def _by_load(unit: Unit, role: str) -> QuerySet[User]:
    open_cases = Count("cases", filter=Q(cases__resolution__isnull=True, cases__isnull=False))
    people: QuerySet[User] = User.objects.filter(
        role=role, is_active=True, unit__in=unit.ancestors_and_self()
    )
    nearest = Length("unit__path").desc()
    return people.annotate(n_open=open_cases).order_by("n_open", nearest, "pk")


def _least_loaded(reason: dict[str, Any]) -> str:
    if "among" not in reason:
        return _("Fewest open cases in the branch")
    unit = Unit.objects.filter(code=reason["unit"]).first() or reason["unit"]
    words = ngettext(
        "Fewest open cases (%(n_open)s) of %(among)s person who answers for %(unit)s",
        "Fewest open cases (%(n_open)s) of %(among)s people who answer for %(unit)s",
        reason["among"],
    )
    return words % {**reason, "unit": unit}


def _nobody(reason: dict[str, Any]) -> str:
    unit = Unit.objects.filter(code=reason["unit"]).first() or reason["unit"]
    return _("Nobody answers for %(unit)s yet") % {"unit": unit}


def _with_text(words: str, reason: dict[str, Any]) -> str:
    text = reason.get("text", "")
    return f"{words}: {text}" if text else words


_SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "least_loaded": _least_loaded,
    "nobody": _nobody,
    "claimed": lambda reason: _("Took it over"),
    "by_hand": lambda reason: _with_text(_("Assigned by hand"), reason),
    "escalated": lambda reason: _with_text(_("Handed up"), reason),
    "opened": lambda reason: _("Opened it"),
    "overdue": lambda reason: _("Handed up, because the promised time was over"),
}
