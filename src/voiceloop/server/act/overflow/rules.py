"""From how many waiting on a unit points to self-service, and to which pages."""

from __future__ import annotations

from typing import Any

from django.db.models.functions import Length
from django.utils.timezone import now

from voiceloop.server.act.models import OverflowRule, SelfServicePage
from voiceloop.server.act.overflow.events import OverflowSaved, SelfServiceSaved
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import Unit, User

# So many pages in one message.
SHOWN = 3


def above(unit: Unit) -> list[int]:
    """A unit and those above it."""
    return [int(part) for part in (unit.path or "").split("/") if part]


def rule_for(unit: Unit, channel: str, *, besides: Unit | None = None) -> OverflowRule | None:
    """The nearest at or above a unit."""
    rows = OverflowRule.objects.filter(unit__in=above(unit), channel=channel).select_related("unit")
    rows = rows.exclude(unit=besides) if besides else rows
    found: OverflowRule | None = rows.order_by(Length("unit__path").desc()).first()
    return found


def pages_for(unit: Unit) -> list[SelfServicePage]:
    """Those of the unit itself first, then of those above."""
    rows = SelfServicePage.objects.filter(unit__in=above(unit), archived_at=None)
    return list(rows.order_by(Length("unit__path").desc(), "pk")[:SHOWN])


@verb
def save(unit: Unit, *, by: User, channels: dict[str, tuple[bool, int] | None]) -> None:
    """For each channel on or off and from how many on; None is as above."""
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    before = _of(unit)
    for channel, said in channels.items():
        if said is None:
            OverflowRule.objects.filter(unit=unit, channel=channel).delete()
            continue
        values = {"is_on": said[0], "threshold": said[1], "by": by, "at": now()}
        if before.get(channel) != said:
            OverflowRule.objects.update_or_create(unit=unit, channel=channel, defaults=values)
    after = _of(unit)
    if after != before:
        said_now = {name: {"on": on, "threshold": n} for name, (on, n) in after.items()}
        record(OverflowSaved(name=unit.name, channels=said_now), by=by, unit=unit)


@verb
def save_page(page: SelfServicePage, *, by: User, **said: Any) -> SelfServicePage:
    for name, value in said.items():
        setattr(page, name, value)
    page.by, page.at = by, now()
    page.full_clean(exclude=["unit", "by"])
    page.save()
    _say(page, by)
    return page


@verb
def archive_page(page: SelfServicePage, *, by: User, archived: bool = True) -> SelfServicePage:
    """Out of the messages from now on, or back into them."""
    if (page.archived_at is not None) != archived:
        page.archived_at = now() if archived else None
        page.save(update_fields=["archived_at"])
        _say(page, by)
    return page


def _say(page: SelfServicePage, by: User) -> None:
    event = SelfServiceSaved(page=page.pk, name=page.title, archived=page.archived_at is not None)
    record(event, by=by, unit=page.unit)


def _of(unit: Unit) -> dict[str, tuple[bool, int]]:
    rows = OverflowRule.objects.filter(unit=unit)
    return {one.channel: (one.is_on, one.threshold) for one in rows}
