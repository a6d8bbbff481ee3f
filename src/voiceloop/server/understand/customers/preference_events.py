"""What can happen to what we know of a customer's wishes; never the words themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from voiceloop.server.collect.models import Preference
from voiceloop.server.core.events import EventType


@dataclass(frozen=True, kw_only=True)
class _OfPreference(EventType):
    about: ClassVar[tuple[str, ...]] = ("customer",)
    icon: ClassVar[str] = "heart-handshake"

    customer: int
    preference: int
    kind: str

    def words(self) -> dict[str, Any]:
        known = dict(Preference.Kind.choices)
        return {"kind": known.get(self.kind, self.kind)}


@dataclass(frozen=True, kw_only=True)
class PreferenceAdded(_OfPreference):
    type: ClassVar[str] = "preference.added"
    sentence: ClassVar[object] = _("%(by)s noted a preference: %(kind)s")


@dataclass(frozen=True, kw_only=True)
class PreferenceConsented(_OfPreference):
    type: ClassVar[str] = "preference.consented"
    sentence: ClassVar[object] = _("%(by)s noted the customer's consent: %(kind)s")
    icon: ClassVar[str] = "check"


@dataclass(frozen=True, kw_only=True)
class PreferenceWithdrawn(_OfPreference):
    type: ClassVar[str] = "preference.withdrawn"
    sentence: ClassVar[object] = _("%(by)s withdrew a preference: %(kind)s")
    icon: ClassVar[str] = "ban"


@dataclass(frozen=True, kw_only=True)
class PreferenceRestored(_OfPreference):
    type: ClassVar[str] = "preference.restored"
    sentence: ClassVar[object] = _("%(by)s brought a preference back: %(kind)s")
    icon: ClassVar[str] = "refresh"
