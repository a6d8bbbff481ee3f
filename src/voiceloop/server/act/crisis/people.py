"""Who is in charge of a crisis, and whom it concerns."""

from __future__ import annotations

from django.db.models import QuerySet
from django.db.models.functions import Length

from voiceloop.server.act.models import Crisis
from voiceloop.server.core.models import Role, Unit, User

LEADING = (Role.LEAD, Role.MANAGER, Role.ADMIN)
ORDER = {Role.LEAD: 0, Role.MANAGER: 1, Role.ADMIN: 2}


def leaders(unit: Unit) -> QuerySet[User]:
    """All who may lead a crisis there: leads and above, at the unit or above it; the nearest first."""
    people: QuerySet[User] = User.objects.filter(
        role__in=LEADING, is_active=True, unit__in=unit.ancestors_and_self()
    )
    return people.select_related("unit").order_by(Length("unit__path").desc(), "name", "pk")


def nearest(unit: Unit) -> User | None:
    """Who leads it unless somebody says otherwise."""
    return min(
        leaders(unit),
        key=lambda one: (-(one.unit.depth if one.unit else 0), ORDER[Role(one.role)], one.pk),
        default=None,
    )


def in_charge(crisis: Crisis) -> list[User]:
    people = list(leaders(crisis.unit))
    return people if crisis.owner is None or crisis.owner in people else [crisis.owner, *people]


def may_lead(user: User, crisis: Crisis) -> bool:
    """The right, and a place from which the whole of it is seen."""
    mine = user.unit.path if user.unit else None
    return bool(user.may("cases.assign") and mine and (crisis.unit.path or "").startswith(mine))
