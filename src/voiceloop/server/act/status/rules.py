"""What is told, by which words and at which hours: the newest version of a unit and of those above it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Max
from django.utils.timezone import localtime, now

from voiceloop.server.act.models import StatusRules
from voiceloop.server.act.status import words
from voiceloop.server.act.status.events import StatusRulesSaved
from voiceloop.server.act.status.kinds import KINDS
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import Unit, User

# Nobody is woken by a refund; a few minutes let "delivered" overtake "delayed". Our choice.
QUIET = (time(22), time(8))
HOLD_MINUTES = 5


@dataclass(frozen=True)
class Line:
    """How one thing is told at a unit, and which unit says so; None where nobody chose."""

    kind: str
    is_on: bool
    texts: dict[str, str]
    on_from: Unit | None = None


@dataclass(frozen=True)
class Rules:
    lines: dict[str, Line]
    quiet_from: time
    quiet_until: time
    hold_minutes: int
    sources: dict[str, Unit] = field(default_factory=dict)

    def out_of_quiet(self, at: datetime) -> datetime:
        """That moment, or the end of the quiet hours that it falls into."""
        local = localtime(at)
        begin, end, clock = self.quiet_from, self.quiet_until, local.time()
        over_night = begin > end
        inside = (clock >= begin or clock < end) if over_night else begin <= clock < end
        if not inside:
            return at
        day = local.date() + timedelta(days=1 if over_night and clock >= begin else 0)
        return datetime.combine(day, end, local.tzinfo)


def of(unit: Unit, *, above: bool = False) -> Rules:
    """What holds at a unit; `above` leaves its own choices out, to show what it would be without them."""
    kept = [one for one in _versions(unit) if not (above and one.unit_id == unit.pk)]
    lines = {code: _line(code, kept) for code in KINDS}
    quiet = _last(kept, "quiet_from"), _last(kept, "quiet_until")
    hold = _last(kept, "hold_minutes")
    return Rules(
        lines,
        QUIET[0] if quiet[0] is None else quiet[0],
        QUIET[1] if quiet[1] is None else quiet[1],
        HOLD_MINUTES if hold is None else hold,
    )


def newest(unit: Unit) -> StatusRules | None:
    found: StatusRules | None = StatusRules.objects.filter(unit=unit).order_by("-number").first()
    return found


def text_of(line: Line, language: str) -> str:
    code = "en" if language == "en" else "zh"
    return line.texts.get(code) or words.shipped(line.kind, code)


@verb
def save(
    unit: Unit,
    *,
    by: User,
    events: dict[str, Any],
    quiet_from: time | None = None,
    quiet_until: time | None = None,
    hold_minutes: int | None = None,
) -> StatusRules:
    """A new version; what is as it was makes none."""
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    now_is, events = newest(unit), _thin(events)
    said = {"quiet_from": quiet_from, "quiet_until": quiet_until, "hold_minutes": hold_minutes}
    if now_is and now_is.events == events and all(getattr(now_is, k) == v for k, v in said.items()):
        return now_is
    last = StatusRules.objects.filter(unit=unit).aggregate(n=Max("number"))["n"] or 0
    made: StatusRules = StatusRules.objects.create(
        unit=unit, number=last + 1, events=events, by=by, at=now(), **said
    )
    record(StatusRulesSaved(status_rules=made.pk, name=unit.name), by=by, unit=unit)
    return made


def restore(version: StatusRules, *, by: User) -> StatusRules:
    """An older version holds again, as a new one."""
    names = ("events", "quiet_from", "quiet_until", "hold_minutes")
    return save(version.unit, by=by, **{name: getattr(version, name) for name in names})


def _thin(events: dict[str, Any]) -> dict[str, Any]:
    """Only what was chosen."""
    found = {}
    for code, said in events.items():
        kept = {k: v for k, v in said.items() if v is not None and v != ""}
        if code in KINDS and kept:
            found[code] = kept
    return found


def _versions(unit: Unit) -> list[StatusRules]:
    """The newest of the unit and of each above it, from the root down."""
    ids = [int(part) for part in (unit.path or "").split("/") if part]
    rows = StatusRules.objects.filter(unit__in=ids).select_related("unit").order_by("number")
    by_unit = {one.unit_id: one for one in rows}
    return [by_unit[pk] for pk in ids if pk in by_unit]


def _last(kept: list[StatusRules], name: str) -> Any:
    said = [getattr(one, name) for one in kept if getattr(one, name) is not None]
    return said[-1] if said else None


def _line(code: str, kept: list[StatusRules]) -> Line:
    is_on, on_from = KINDS[code].is_on, None
    texts: dict[str, str] = {}
    for version in kept:
        said = version.events.get(code, {})
        if "on" in said:
            is_on, on_from = bool(said["on"]), version.unit
        texts |= {name: said[name] for name in ("zh", "en") if said.get(name)}
    return Line(code, is_on, texts, on_from)
