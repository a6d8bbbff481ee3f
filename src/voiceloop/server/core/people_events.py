"""What can happen to people, their keys and their units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from voiceloop.server.core.events import EventType


@dataclass(frozen=True, kw_only=True)
class PersonAdded(EventType):
    type: ClassVar[str] = "person.added"
    about: ClassVar[tuple[str, ...]] = ("person",)
    sentence: ClassVar[object] = _("%(by)s added %(name)s")
    icon: ClassVar[str] = "user-plus"

    person: int
    name: str


@dataclass(frozen=True, kw_only=True)
class PersonChanged(EventType):
    """`changes`: {field: [before, after]} of what is no secret."""

    type: ClassVar[str] = "person.changed"
    about: ClassVar[tuple[str, ...]] = ("person",)
    sentence: ClassVar[object] = _("%(by)s changed %(name)s: %(what)s")
    icon: ClassVar[str] = "edit"

    person: int
    name: str
    changes: dict[str, list[Any]]

    def words(self) -> dict[str, Any]:
        known = {
            "role": _("Role"),
            "unit": pgettext_lazy("organisation", "Unit"),
            "name": _("Name"),
            "name_en": _("Name in English"),
        }
        said = [
            f"{known.get(name, name)} {before or '—'} → {after or '—'}"
            for name, (before, after) in self.changes.items()
        ]
        return {"what": "; ".join(said)}


@dataclass(frozen=True, kw_only=True)
class PersonDeactivated(EventType):
    type: ClassVar[str] = "person.deactivated"
    about: ClassVar[tuple[str, ...]] = ("person",)
    sentence: ClassVar[object] = _("%(by)s closed the account of %(name)s")
    icon: ClassVar[str] = "lock"

    person: int
    name: str


@dataclass(frozen=True, kw_only=True)
class PersonReactivated(EventType):
    type: ClassVar[str] = "person.reactivated"
    about: ClassVar[tuple[str, ...]] = ("person",)
    sentence: ClassVar[object] = _("%(by)s opened the account of %(name)s again")
    icon: ClassVar[str] = "lock-open"

    person: int
    name: str


@dataclass(frozen=True, kw_only=True)
class PasswordReset(EventType):
    type: ClassVar[str] = "person.password_reset"
    about: ClassVar[tuple[str, ...]] = ("person",)
    sentence: ClassVar[object] = _("%(by)s gave %(name)s a new password")
    icon: ClassVar[str] = "key"

    person: int
    name: str


@dataclass(frozen=True, kw_only=True)
class KeyIssued(EventType):
    type: ClassVar[str] = "key.issued"
    about: ClassVar[tuple[str, ...]] = ("key", "person")
    sentence: ClassVar[object] = _("%(by)s made the API key %(name)s")
    icon: ClassVar[str] = "key"

    key: int
    person: int
    name: str


@dataclass(frozen=True, kw_only=True)
class KeyRevoked(EventType):
    type: ClassVar[str] = "key.revoked"
    about: ClassVar[tuple[str, ...]] = ("key", "person")
    sentence: ClassVar[object] = _("%(by)s revoked the API key %(name)s")
    icon: ClassVar[str] = "ban"

    key: int
    person: int
    name: str


@dataclass(frozen=True, kw_only=True)
class UnitAdded(EventType):
    type: ClassVar[str] = "unit.added"
    about: ClassVar[tuple[str, ...]] = ("unit",)
    sentence: ClassVar[object] = _("%(by)s added the unit %(name)s")
    icon: ClassVar[str] = "building-store"

    unit: int
    name: str


@dataclass(frozen=True, kw_only=True)
class UnitRenamed(EventType):
    type: ClassVar[str] = "unit.renamed"
    about: ClassVar[tuple[str, ...]] = ("unit",)
    sentence: ClassVar[object] = _("%(by)s renamed the unit %(before)s: %(name)s")
    icon: ClassVar[str] = "edit"

    unit: int
    before: str
    name: str


@dataclass(frozen=True, kw_only=True)
class ReactionRetried(EventType):
    type: ClassVar[str] = "reaction.retried"
    about: ClassVar[tuple[str, ...]] = ()
    sentence: ClassVar[object] = _("%(by)s had %(reaction)s try again")
    icon: ClassVar[str] = "refresh"

    reaction: str
