"""Programmes: what is measured, and the versions of its measurement plan."""

from __future__ import annotations

from django.utils.timezone import now

from voiceloop.server.collect.events import PlanChanged
from voiceloop.server.collect.models import Plan, Programme, Touchpoint
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import Unit, User

PARTS = ("source", "definition", "method", "cycle", "population")


@verb
def create(
    *, code: str, name: str, unit: Unit, by: User | None, name_en: str = "", rest_days: int = 30, **plan: str
) -> Programme:
    """A programme and the first version of its plan."""
    programme = Programme.objects.create(
        code=code, name=name, name_en=name_en, unit=unit, rest_days=rest_days
    )
    change_plan(programme=programme, by=by, **plan)
    return programme


@verb
def change_plan(*, programme: Programme, by: User | None, **plan: str) -> Plan:
    """Write the next version; parts that are not named stay, and a plan that says the same is no version."""
    Programme.objects.select_for_update().get(pk=programme.pk)
    before = programme.plan
    parts = {part: plan.get(part, getattr(before, part, "")) for part in PARTS}
    if before and all(getattr(before, part) == text for part, text in parts.items()):
        return before
    number = before.number + 1 if before else 1
    after = Plan.objects.create(programme=programme, number=number, by=by, **parts)
    record(PlanChanged(programme=programme.pk, number=number), by=by, unit=programme.unit)
    return after


@verb
def set_rest(*, programme: Programme, rest_days: int, by: User) -> Programme:
    programme.rest_days = rest_days
    programme.save(update_fields=["rest_days"])
    return programme


@verb
def close(*, programme: Programme, by: User) -> Programme:
    Programme.objects.filter(pk=programme.pk, closed_at=None).update(closed_at=now())
    programme.refresh_from_db()
    return programme


def changes(before: Plan | None, after: Plan) -> list[tuple[str, str, str]]:
    """The parts in which two versions differ: name, old text, new text."""
    pairs = ((part, getattr(before, part, ""), getattr(after, part)) for part in PARTS)
    return [(part, old, new) for part, old, new in pairs if old != new]


@verb
def add_touchpoint(
    *, code: str, name: str, unit: Unit, by: User | None, name_en: str = "", stage: str = ""
) -> Touchpoint:
    return Touchpoint.objects.create(code=code, name=name, name_en=name_en, stage=stage, unit=unit)
