"""What can happen to a customer's tags and tier, and to the rules behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from voiceloop.server.core.events import EventType
from voiceloop.server.measure.labels import label


@dataclass(frozen=True, kw_only=True)
class CustomerTagged(EventType):
    type: ClassVar[str] = "customer.tagged"
    about: ClassVar[tuple[str, ...]] = ("customer",)
    sentence: ClassVar[object] = _("%(by)s gave the tag %(name)s")
    icon: ClassVar[str] = "tag"

    customer: int
    name: str


@dataclass(frozen=True, kw_only=True)
class CustomerUntagged(EventType):
    type: ClassVar[str] = "customer.untagged"
    about: ClassVar[tuple[str, ...]] = ("customer",)
    sentence: ClassVar[object] = _("%(by)s took the tag %(name)s away")
    icon: ClassVar[str] = "tag"

    customer: int
    name: str


@dataclass(frozen=True, kw_only=True)
class TagsExpired(EventType):
    """The nightly job has written down which tags had come to their last day."""

    type: ClassVar[str] = "tags.expired"
    sentence: ClassVar[object] = _("%(n)s tags expired")
    icon: ClassVar[str] = "clock-off"

    n: int


@dataclass(frozen=True, kw_only=True)
class TagRuleSaved(EventType):
    type: ClassVar[str] = "tag_rule.saved"
    sentence: ClassVar[object] = _("%(by)s changed the tag rule %(name)s")
    icon: ClassVar[str] = "tags"

    rule: int
    name: str


@dataclass(frozen=True, kw_only=True)
class TagRuleSwitched(EventType):
    type: ClassVar[str] = "tag_rule.switched"
    sentence: ClassVar[object] = _("%(by)s switched the tag rule %(name)s: %(state)s")
    icon: ClassVar[str] = "tags"

    rule: int
    name: str
    state: str

    def words(self) -> dict[str, Any]:
        from voiceloop.server.understand.tag_models import TagRule

        known = dict(TagRule.State.choices)
        return {"state": known.get(self.state, _("Archived"))}


@dataclass(frozen=True, kw_only=True)
class TagRuleRan(EventType):
    type: ClassVar[str] = "tag_rule.ran"
    sentence: ClassVar[object] = _("The tag rule %(name)s ran: %(given)s given, %(taken)s taken away")
    icon: ClassVar[str] = "tags"

    rule: int
    name: str
    given: int
    taken: int


@dataclass(frozen=True, kw_only=True)
class TierSchemeSaved(EventType):
    type: ClassVar[str] = "tiers.saved"
    sentence: ClassVar[object] = _("%(by)s changed the tiers")
    icon: ClassVar[str] = "star"


@dataclass(frozen=True, kw_only=True)
class TierSchemeSwitched(EventType):
    type: ClassVar[str] = "tiers.switched"
    sentence: ClassVar[object] = _("%(by)s switched the nightly tiers: %(state)s")
    icon: ClassVar[str] = "star"

    is_active: bool

    def words(self) -> dict[str, Any]:
        return {"state": pgettext_lazy("switch", "on") if self.is_active else pgettext_lazy("switch", "off")}


@dataclass(frozen=True, kw_only=True)
class TiersApplied(EventType):
    type: ClassVar[str] = "tiers.applied"
    sentence: ClassVar[object] = _("The tiers were applied: %(up)s up, %(down)s down")
    icon: ClassVar[str] = "star"

    application: int
    up: int
    down: int


@dataclass(frozen=True, kw_only=True)
class TiersUndone(EventType):
    type: ClassVar[str] = "tiers.undone"
    sentence: ClassVar[object] = _("%(by)s undid the last application of the tiers: %(n)s customers")
    icon: ClassVar[str] = "arrow-back-up"

    application: int
    n: int


@dataclass(frozen=True, kw_only=True)
class _OfTier(EventType):
    about: ClassVar[tuple[str, ...]] = ("customer",)
    icon: ClassVar[str] = "star"

    customer: int
    before: str
    after: str

    def words(self) -> dict[str, Any]:
        return {name: _named(getattr(self, name)) for name in ("before", "after")}


@dataclass(frozen=True, kw_only=True)
class TierChanged(_OfTier):
    type: ClassVar[str] = "customer.tier_changed"
    sentence: ClassVar[object] = _("Tier %(before)s → %(after)s")


@dataclass(frozen=True, kw_only=True)
class TierHeld(_OfTier):
    type: ClassVar[str] = "customer.tier_held"
    sentence: ClassVar[object] = _("%(by)s keeps the tier %(after)s until %(until)s")

    until: str


@dataclass(frozen=True, kw_only=True)
class TierReleased(_OfTier):
    type: ClassVar[str] = "customer.tier_released"
    sentence: ClassVar[object] = _("%(by)s no longer keeps the tier %(before)s")


def _named(code: str) -> str:
    return label("tier", code) if code else "—"
