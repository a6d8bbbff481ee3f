"""Who answers for a branch, and what is known of them as takers of cases."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, QuerySet, When
from django.db.models.functions import Length
from django.utils.timezone import now

from voiceloop.server.act.models import AgentProfile
from voiceloop.server.act.routing.events import ProfileSaved, StatusSet
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import Role, Unit, User


def candidates(unit: Unit) -> QuerySet[User]:
    """Everyone who may answer for the unit: agents and leads at it or above it."""
    people: QuerySet[User] = User.objects.who_take_cases().filter(unit__in=unit.ancestors_and_self())
    return people.select_related("unit").order_by("-unit__path", "role", "name")


def lead_above(unit: Unit) -> User | None:
    """The nearest lead at the unit or above it, then the nearest manager."""
    found = (_holders(role, unit).first() for role in (Role.LEAD, Role.MANAGER, Role.ADMIN))
    return next((one for one in found if one), None)


def manager_above(unit: Unit) -> User | None:
    """The nearest manager at the unit or above it, then the nearest who may do anything."""
    people = User.objects.filter(is_active=True, unit__in=unit.ancestors_and_self())
    ranked = people.filter(role__in=(Role.MANAGER, Role.ADMIN)).order_by(
        Case(When(role=Role.MANAGER, then=0), default=1), Length("unit__path").desc(), "pk"
    )
    found: User | None = ranked.first()
    return found


def next_above(unit: Unit, owner: User | None) -> User | None:
    """To whom a case of the unit goes up from its owner: to the nearest lead, from a lead to the manager."""
    if _rank(owner) == 0:
        return lead_above(unit)
    above = manager_above(unit)
    return above if _rank(above) > _rank(owner) else None


def is_below(owner: User | None, other: User) -> bool:
    """Whether a case would go up, not down or sideways, from one to the other."""
    return _rank(owner) < _rank(other)


def _rank(person: User | None) -> int:
    return {Role.LEAD: 1, Role.MANAGER: 2, Role.ADMIN: 2}.get(Role(person.role), 0) if person else 0


def nearest_of(role: str, unit: Unit) -> list[User]:
    """Those of the role at the unit; where there are none, at the next unit above that has some."""
    found = list(_holders(role, unit).select_related("unit"))
    return [one for one in found if one.unit_id == found[0].unit_id]


def _holders(role: str, unit: Unit) -> QuerySet[User]:
    """Who has the role at the unit or above it, the nearest first."""
    people: QuerySet[User] = User.objects.filter(is_active=True, unit__in=unit.ancestors_and_self())
    return people.filter(role=role).order_by(Length("unit__path").desc(), "pk")


def profile_of(user: User) -> AgentProfile:
    """What is known of them; of somebody of whom nothing is, what is usual, not kept."""
    found: AgentProfile | None = AgentProfile.objects.select_related("calendar").filter(user=user).first()
    return found or AgentProfile(user=user)


@verb
def set_status(user: User, *, to: str, by: User) -> AgentProfile:
    """Say that they are there, busy, away or off."""
    profile = _locked(user)
    if profile.status != to:
        profile.status, profile.status_at = to, now()
        profile.save(update_fields=["status", "status_at"])
        record(StatusSet(person=user.pk, name=str(user), status=to), by=by, unit=user.unit)
    return profile


@verb
def save_profile(user: User, *, by: User, **values: Any) -> AgentProfile:
    """Skills, languages, room, hours: what a lead knows of somebody."""
    profile = _locked(user)
    changed = [name for name, value in values.items() if getattr(profile, name) != value]
    if changed:
        for name in changed:
            setattr(profile, name, values[name])
        profile.save(update_fields=changed)
        record(ProfileSaved(person=user.pk, name=str(user), fields=sorted(changed)), by=by, unit=user.unit)
    return profile


@verb
def set_skill(user: User, *, skill: str, level: int, by: User) -> AgentProfile:
    """One skill of somebody; level 0 takes it away."""
    skills = {code: n for code, n in _locked(user).skills.items() if code != skill}
    return save_profile(user, by=by, skills=skills | ({skill: level} if level else {}))


def _locked(user: User) -> AgentProfile:
    found: AgentProfile = AgentProfile.objects.select_for_update().get_or_create(user=user)[0]
    return found
