"""Tiers: one scheme, tried, applied to everybody, held for somebody, undone; the verbs."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Sum
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from voiceloop.server.collect.models import Customer, Transaction
from voiceloop.server.core.events import EventType, record, verb
from voiceloop.server.core.models import Event, User
from voiceloop.server.core.queueing import queue_once
from voiceloop.server.understand.customers import tag_starter
from voiceloop.server.understand.customers.tag_events import (
    TierChanged,
    TierHeld,
    TierReleased,
    TiersApplied,
    TierSchemeSaved,
    TierSchemeSwitched,
    TiersUndone,
)
from voiceloop.server.understand.customers.tags import LONGEST_WHY, Refused, words
from voiceloop.server.understand.risk_models import CustomerRisk
from voiceloop.server.understand.tag_models import TierApplication, TierChange, TierHold, TierScheme

TASK, QUEUE = "understand.apply_tiers", "risk"
CHUNK, MOST_STEPS = 5_000, 9
YEAR = timedelta(days=365)
Measure = TierScheme.Measure
Step = Mapping[str, Any]


def scheme() -> TierScheme:
    """The company's scheme; before anybody saved one, the one that ships, unsaved and off."""
    return TierScheme.objects.order_by("pk").first() or TierScheme(steps=[*tag_starter.STEPS])


def benefits(code: str) -> str:
    """What comes with a tier, as the company wrote it; "" for a tier the scheme does not know."""
    known = scheme().steps if code else []
    return next((str(one.get("benefits") or "") for one in known if one["code"] == code), "")


def place(measures: Mapping[int, float], steps: list[dict[str, Any]]) -> dict[int, str]:
    """The tier of each customer: the first step, highest first, that they reach; "" below all of them.

    A share is one of the customers whose measure is above zero; who is level with the last of it is in it.
    """
    ranked = sorted((value for value in measures.values() if value > 0), reverse=True)
    bounds = [(step["code"], _bound(step, ranked)) for step in steps]
    return {
        pk: next((code for code, bound in bounds if value >= bound), "") for pk, value in measures.items()
    }


def _bound(step: Step, ranked: list[float]) -> float:
    """From which measure on one is in the tier."""
    if step["by"] == "amount":
        return float(step["at"])
    n = math.ceil(len(ranked) * float(step["at"]) / 100)
    return ranked[n - 1] if n else math.inf


def measured(measure: str) -> dict[int, float]:
    """What every customer comes to; who has nothing, or is not known, comes to nothing."""
    found = dict.fromkeys(Customer.objects.values_list("pk", flat=True), 0.0)
    found.update((pk, float(value)) for pk, value in _known(measure) if pk in found and value is not None)
    return found


def _known(measure: str) -> Iterator[tuple[int, Any]]:
    if measure in (Measure.HISTORIC, Measure.EXPECTED):
        yield from CustomerRisk.objects.values_list("customer_id", str(measure)).iterator()
        return
    rows = Transaction.objects.filter(at__gte=now() - YEAR, customer__isnull=False).order_by()
    if measure == Measure.ORDERS:
        of = rows.filter(amount__gt=0).values("customer").annotate(n=Count("pk"))
    else:
        of = rows.values("customer").annotate(n=Sum("amount"))
    yield from of.values_list("customer", "n").iterator()


@dataclass
class Plan:
    """What an application would do: whose tier changes to what, and how many go where."""

    changes: dict[int, tuple[str, str]] = field(default_factory=dict)
    # (before, after) → how many, those that stay included.
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)
    up: int = 0
    down: int = 0
    same: int = 0
    held: int = 0

    @property
    def counts(self) -> dict[str, int]:
        return {"up": self.up, "down": self.down, "same": self.same, "held": self.held}


def plan(of: TierScheme) -> Plan:
    """Who goes up, down and stays; the dry run and the application are this same reading."""
    found, rank = Plan(), {step["code"]: -number for number, step in enumerate(of.steps)}
    placed = place(measured(of.measure), of.steps)
    held = set(TierHold.objects.live().values_list("customer_id", flat=True))
    # A tier that the scheme does not know counts as below all that it knows.
    lowest = -len(of.steps)
    for pk, before in Customer.objects.order_by("pk").values_list("pk", "tier"):
        if pk not in placed:
            continue
        after = before if pk in held else placed[pk]
        found.held += pk in held
        found.moves[before, after] += 1
        if before == after:
            found.same += pk not in held
            continue
        found.changes[pk] = (before, after)
        is_up = (rank.get(after, lowest), bool(after)) > (rank.get(before, lowest), bool(before))
        found.up, found.down = found.up + is_up, found.down + (not is_up)
    return found


def faults(measure: str, steps: Any) -> Iterator[str]:
    """What keeps a scheme from being used, each in one sentence."""
    if measure not in Measure.values:
        yield _("Choose what the tiers are measured by.")
    if not isinstance(steps, list) or not 1 <= len(steps) <= MOST_STEPS:
        yield _("Enter from 1 to %(n)s tiers.") % {"n": MOST_STEPS}
        return
    codes = [str(step.get("code", "")) for step in steps]
    if len(set(codes)) < len(codes):
        yield _("Two tiers have the same code.")
    for number, step in enumerate(steps, 1):
        yield from (_("Tier %(n)s: %(said)s") % {"n": number, "said": said} for said in _faults_of(step))
    for kind in ("amount", "top"):
        at = [float(s["at"]) for s in steps if s.get("by") == kind and _is_number(s.get("at"))]
        if at != sorted(set(at), reverse=kind == "amount"):
            yield _("The tiers stand highest first: each one must be easier to reach than the one above it.")


def _faults_of(step: Step) -> Iterator[str]:
    code = str(step.get("code", ""))
    if not code or len(code) > 64 or not all(c.isalnum() or c in "-_." for c in code):
        yield _("the code has letters, digits, - _ . and at most 64 of them.")
    if not 1 <= len(str(step.get("name", ""))) <= 40:
        yield _("enter a name of at most 40 characters.")
    if len(str(step.get("benefits", ""))) > 500 or len(str(step.get("name_en", ""))) > 40:
        yield _("the words are too long.")
    at = step.get("at")
    if step.get("by") not in ("amount", "top") or not _is_number(at):
        yield _("enter from which amount, or which share.")
    elif step["by"] == "top" and not 0 < float(at or 0) <= 100:
        yield _("a share is above 0 and at most 100 %.")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15


@verb
def save(*, by: User, measure: str, steps: list[dict[str, Any]]) -> TierScheme:
    """Change the scheme. It is switched off: a changed one is tried before it works by itself again."""
    said = list(faults(measure, steps))
    if said:
        raise Refused(" ".join(said))
    made = scheme()
    told = [_plain(step) for step in steps]
    if made.pk and (made.measure, made.steps) == (measure, told):
        return made
    made.is_active = made.is_active and _same_bounds(made, measure, told)
    made.measure, made.steps, made.changed_at = measure, told, now()
    made.save()
    record(TierSchemeSaved(), by=by, unit=by.unit)
    return made


def _plain(step: Step) -> dict[str, Any]:
    kept = {name: words(str(step.get(name) or ""), 500) for name in ("code", "name", "name_en", "benefits")}
    return {**kept, "by": step["by"], "at": float(step["at"])}


def _same_bounds(made: TierScheme, measure: str, steps: list[dict[str, Any]]) -> bool:
    def bounds(of: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
        return [(step["code"], step["by"], step["at"]) for step in of]

    return made.measure == measure and bounds(made.steps) == bounds(steps)


@verb
def switch(*, by: User, is_active: bool) -> TierScheme:
    """Whether the night applies the scheme."""
    made = scheme()
    if made.pk is None or made.is_active != is_active:
        made.is_active = is_active
        made.save()
        record(TierSchemeSwitched(is_active=is_active), by=by, unit=by.unit)
    return made


@verb
def apply(*, by: User | None = None) -> TierApplication | None:
    """Give everybody the tier of the scheme, an event a change; None where nothing changes."""
    of = scheme()
    found = plan(of)
    TierScheme.objects.filter(pk=of.pk).update(checked_at=now())
    if not found.changes:
        return None
    made = TierApplication.objects.create(**found.counts)
    TierChange.objects.exclude(application=made).delete()
    changed = sum(_write(made, some, by) for some in _chunks(found.changes))
    record(TiersApplied(application=made.pk, up=found.up, down=found.down), by=by)
    return made if changed else None


@verb
def undo(made: TierApplication, *, by: User) -> int:
    """Give back the tiers of before the last application, where nobody has changed them since."""
    newest = TierApplication.objects.select_for_update().order_by("-pk").first()
    if newest is None or newest.pk != made.pk or newest.undone_at:
        raise Refused(_("Only the last application can be undone, and only once."))
    rows = {c.customer_id: (c.after, c.before) for c in newest.changes.order_by("customer_id")}
    n = sum(_write(None, some, by) for some in _chunks(rows))
    newest.undone_at = now()
    newest.save(update_fields=["undone_at"])
    # Else the next night would do again what a person has just undone.
    TierScheme.objects.update(is_active=False)
    record(TiersUndone(application=newest.pk, n=n), by=by, unit=by.unit)
    return n


@verb
def hold(customer: Customer, *, by: User, tier: str, until: date, why: str) -> TierHold:
    """Keep a customer in a tier until the end of a day, whatever they come to."""
    if tier and tier not in {step["code"] for step in scheme().steps}:
        raise Refused(_("There is no such tier."))
    if until < localdate():
        raise Refused(_("The last day is over already."))
    why = words(why, LONGEST_WHY)
    if not why:
        raise Refused(_("Say why."))
    customer = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    values = {"tier": tier, "until": until, "why": why, "by": by, "at": now()}
    made, _new = TierHold.objects.update_or_create(customer=customer, defaults=values)
    told = {"customer": customer.pk, "before": customer.tier, "after": tier}
    record(TierHeld(**told, until=until.isoformat()), by=by, unit=customer.unit, note=made.why)  # type: ignore[arg-type]  # its fields by name
    Customer.objects.filter(pk=customer.pk).update(tier=tier)
    return made


@verb
def release(held: TierHold, *, by: User) -> None:
    """The scheme decides again, the next time it is applied."""
    customer = held.customer
    if TierHold.objects.filter(pk=held.pk).delete()[0]:
        told = TierReleased(customer=customer.pk, before=held.tier, after=customer.tier)
        record(told, by=by, unit=customer.unit)


def queue() -> bool:
    """As a job; one that waits already is that one."""
    return queue_once(TASK, queue=QUEUE, lock="risk")


def nightly() -> int:
    """Apply the scheme where somebody has switched it on; holds that are over are put away."""
    TierHold.objects.filter(until__lt=localdate()).delete()
    made = apply() if scheme().is_active else None
    return made.up + made.down if made else 0


def _write(made: TierApplication | None, changes: dict[int, tuple[str, str]], by: User | None) -> int:
    """Those of the changes whose customer still has the tier of before; one event each."""
    rows = Customer.objects.select_for_update(no_key=True).filter(pk__in=changes).order_by("pk")
    now_in = [
        (pk, unit, *changes[pk])
        for pk, unit, tier in rows.values_list("pk", "unit_id", "tier")
        if tier == changes[pk][0]
    ]
    for tier in {after for *_one, after in now_in}:
        Customer.objects.filter(pk__in=[pk for pk, *_one, after in now_in if after == tier]).update(tier=tier)
    if made is not None:
        TierChange.objects.bulk_create(
            TierChange(application=made, customer_id=pk, before=before, after=after)
            for pk, _unit, before, after in now_in
        )
    Event.objects.bulk_create(_event(by, *one) for one in now_in)
    return len(now_in)


def _event(by: User | None, pk: int, unit: int, before: str, after: str) -> Event:
    """As `record` writes it, for many at once."""
    told: EventType = TierChanged(customer=pk, before=before, after=after)
    data = {"customer": pk, "before": before, "after": after}
    return Event(type=told.type, by=by, unit_id=unit, about=told.subjects(), data=data)


def _chunks(rows: dict[int, tuple[str, str]]) -> Iterator[dict[int, tuple[str, str]]]:
    keys = list(rows)
    for start in range(0, len(keys), CHUNK):
        yield {pk: rows[pk] for pk in keys[start : start + CHUNK]}
