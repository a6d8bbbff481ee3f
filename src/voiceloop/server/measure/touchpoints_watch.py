"""The daily look at touchpoints: whoever answers for one hears once that it left its usual level."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import Event, Unit
from voiceloop.server.measure.events_boards import TouchpointShifted
from voiceloop.server.measure.labels import label
from voiceloop.server.measure.models import Target
from voiceloop.server.measure.slices import Slice
from voiceloop.server.measure.targets_watch import mail_owner
from voiceloop.server.measure.touchpoints import watched


def watch() -> int:
    """Of the company as a whole; return how many shifts are new."""
    root = Unit.objects.filter(parent=None).first()
    if root is None:
        return 0
    charts, _sparks = watched(Slice(None, None))
    shifts = ((code, chart.points[-1].since) for code, chart in charts.items() if chart.points)
    return sum(tell_shift(touchpoint=code, since=since, unit=root) for code, since in shifts if since)


@verb
def tell_shift(*, touchpoint: str, since: date, unit: Unit) -> bool:
    """One event for each shift, and one mail to the owner of each target for this touchpoint."""
    said = {"touchpoint": touchpoint, "since": since.isoformat()}
    # The lock makes two workers one after the other.
    Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    if Event.objects.filter(type=TouchpointShifted.type, data__contains=said).exists():
        return False
    record(TouchpointShifted(**said), unit=unit)
    owned = Target.objects.open().filter(scope__touchpoint=[touchpoint])
    for target in owned.select_related("owner", "unit"):
        mail_owner(
            target,
            f"shift:{since}",
            _words,
            lambda: {"name": label("touchpoint", touchpoint), "since": since},
        )
    return True


def _words() -> tuple[str, str]:
    return (
        _("%(name)s is off its usual level"),
        _("The NPS of %(name)s has been off its usual level since %(since)s."),
    )
