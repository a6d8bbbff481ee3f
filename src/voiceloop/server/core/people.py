"""People, their keys and their units: the verbs. Whoever acts must stand above whom they change."""

from __future__ import annotations

import secrets
from typing import Any

from django.utils.timezone import now

from voiceloop.server.core import rights
from voiceloop.server.core.events import EventType, record, verb
from voiceloop.server.core.models import ApiKey, Unit, User
from voiceloop.server.core.people_events import (
    KeyIssued,
    KeyRevoked,
    PasswordReset,
    PersonAdded,
    PersonChanged,
    PersonDeactivated,
    PersonReactivated,
    UnitAdded,
    UnitRenamed,
)


@verb
def add(*, by: User, username: str, name: str, role: str, unit: Unit, name_en: str = "") -> tuple[User, str]:
    """A new person and their first password, which is shown once and stored nowhere."""
    _may_place(by, unit, role)
    password = secrets.token_urlsafe(9)
    person: User = User.objects.create_user(
        username=username, password=password, name=name, name_en=name_en, role=role, unit=unit, code=username
    )
    record(PersonAdded(person=person.pk, name=str(person)), by=by, unit=unit)
    return person, password


@verb
def change(person: User, *, by: User, **values: Any) -> User:
    """Name, role or unit. Facts of the past keep the unit and team they were frozen with."""
    _may_change(by, person)
    _may_place(by, values.get("unit", person.unit), values.get("role", person.role))
    changes = {
        name: [_plain(getattr(person, name)), _plain(value)]
        for name, value in values.items()
        if getattr(person, name) != value
    }
    if changes:
        for name in changes:
            setattr(person, name, values[name])
        person.save(update_fields=list(changes))
        _record(PersonChanged, person, by=by, changes=changes)
    return person


@verb
def deactivate(person: User, *, by: User) -> User:
    """They can no longer sign in and their keys no longer work; what they did stays theirs."""
    _may_change(by, person)
    if person.is_active:
        person.is_active = False
        person.save(update_fields=["is_active"])
        _record(PersonDeactivated, person, by=by)
    return person


@verb
def reactivate(person: User, *, by: User) -> User:
    _may_change(by, person)
    if not person.is_active:
        person.is_active = True
        person.save(update_fields=["is_active"])
        _record(PersonReactivated, person, by=by)
    return person


@verb
def reset_password(person: User, *, by: User) -> str:
    """A new password for who lost theirs; it is shown once."""
    _may_change(by, person)
    password = secrets.token_urlsafe(9)
    person.set_password(password)
    person.save(update_fields=["password"])
    _record(PasswordReset, person, by=by)
    return password


@verb
def issue_key(*, by: User, name: str) -> tuple[ApiKey, str]:
    """A key in one's own name; it may do what the person may do, and is shown once."""
    key, secret = ApiKey.issue(user=by, name=name)
    record(KeyIssued(key=key.pk, person=by.pk, name=name), by=by, unit=by.unit)
    return key, secret


@verb
def revoke_key(key: ApiKey, *, by: User) -> ApiKey:
    if key.user_id != by.pk:
        raise PermissionError("not your key")
    if key.revoked_at is None:
        key.revoked_at = now()
        key.save(update_fields=["revoked_at"])
        record(KeyRevoked(key=key.pk, person=by.pk, name=key.name), by=by, unit=by.unit)
    return key


@verb
def add_unit(*, by: User, parent: Unit, code: str, name: str, name_en: str = "", kind: str = "") -> Unit:
    _may_place(by, parent, by.role)
    unit = Unit.objects.create(parent=parent, code=code, name=name, name_en=name_en, kind=kind)
    record(UnitAdded(unit=unit.pk, name=name), by=by, unit=unit)
    return unit


@verb
def rename_unit(unit: Unit, *, by: User, name: str, name_en: str = "") -> Unit:
    """Another name; the code, by which figures know the unit, stays."""
    _may_place(by, unit, by.role)
    before = unit.name
    if (unit.name, unit.name_en) != (name, name_en):
        unit.name, unit.name_en = name, name_en
        unit.save(update_fields=["name", "name_en"])
        record(UnitRenamed(unit=unit.pk, before=before, name=name), by=by, unit=unit)
    return unit


def _may_change(by: User, person: User) -> None:
    """Nobody changes themselves, or anyone who is not at or below their unit."""
    if by.pk == person.pk or not User.objects.visible_to(by).filter(pk=person.pk).exists():
        raise PermissionError("not above this person")
    if not rights.OF_ROLE[person.role] <= rights.OF_ROLE[by.role]:
        raise PermissionError("this person may do more than you")


def _may_place(by: User, unit: Unit | None, role: str) -> None:
    """Nobody gives a right that they lack, or a place outside their own branch."""
    if not by.may("people.edit") or not rights.OF_ROLE[role] <= rights.OF_ROLE[by.role]:
        raise PermissionError("more than your own rights")
    if unit is None or not Unit.objects.visible_to(by).filter(pk=unit.pk).exists():
        raise PermissionError("outside of your branch")


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Unit) else value


def _record(event: type[EventType], person: User, *, by: User, **more: Any) -> None:
    record(event(person=person.pk, name=str(person), **more), by=by, unit=person.unit)  # type: ignore[call-arg]
