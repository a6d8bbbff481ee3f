"""Stages of life: the company's rules for them, and what a night finds and says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from voiceloop.analytics.value import stages
from voiceloop.analytics.value.stages import NOT_YET, STAGES, Limits
from voiceloop.analytics.value.transactions import Purchases
from voiceloop.server.collect.models import Customer, CustomerLife, StageRules, StageRun
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User
from voiceloop.server.understand.customers.lifecycle_events import StageEntered, StageRulesSaved

# Days before the last one at which everybody's stage is kept: a year of months, for movements and trend.
MARKS = (0, 30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 330, 365)
# Our choice: of one stage no more in a night than a team can attend to, the dearest first.
MOST_A_NIGHT, LOOKED_AT, CHUNK = 20, 2_000, 2_000


class NotPossible(ValueError):
    """Why rules cannot be saved, in the reader's language."""


@verb
def save_rules(
    *, by: User, at_risk_days: int | None, lapsed_days: int | None, regular_orders: int, note: str = ""
) -> StageRules:
    """A new version, which holds from the next night on; both limits empty: as measured."""
    check_rules(at_risk_days, lapsed_days, regular_orders)
    rules = StageRules.objects.create(
        by=by,
        at_risk_days=at_risk_days,
        lapsed_days=lapsed_days,
        regular_orders=regular_orders,
        note=note[:200],
    )
    record(StageRulesSaved(rules=rules.pk), by=by)
    return rules


def check_rules(at_risk_days: int | None, lapsed_days: int | None, regular_orders: int) -> None:
    """Raises `NotPossible`."""
    if (at_risk_days is None) != (lapsed_days is None):
        raise NotPossible(_("Give both limits, or neither: then they are measured."))
    if at_risk_days is not None and lapsed_days is not None and not 1 <= at_risk_days < lapsed_days <= 3650:
        raise NotPossible(_("Lapsed must come after at risk, and within ten years."))
    if not 2 <= regular_orders <= 1000:
        raise NotPossible(_("A regular has bought at least twice."))


def rules_in_force() -> StageRules | None:
    return StageRules.objects.select_related("by").first()


def newest_run() -> StageRun | None:
    return StageRun.objects.select_related("rules__by").order_by("-pk").first()


def limits_of(of: Purchases) -> Limits:
    """The company's limits, else those that the pauses of customers show."""
    rules = rules_in_force()
    if rules is None:
        return stages.limits(of)
    if rules.at_risk_days is None or rules.lapsed_days is None:
        return stages.limits(of)._replace(regular=rules.regular_orders)
    return Limits(rules.at_risk_days, rules.lapsed_days, rules.regular_orders)


def keep(of: Purchases, limits: Limits, as_of: date) -> StageRun:
    """Write everybody's stage and course, and say of the dearest who moved; new rules move nobody."""
    was = dict(CustomerLife.objects.values_list("customer_id", "stage"))
    before, rules = newest_run(), rules_in_force()
    n = 0
    for rows in _chunks(of, limits, as_of):
        n += _write(rows, was, as_of)
    run = _finish(limits, as_of, rules, n)
    if before is not None and before.rules_id == (rules.pk if rules else None):
        run.n_moved = say_moves(was, as_of=as_of)
        run.save(update_fields=["n_moved"])
    return run


def _chunks(of: Purchases, limits: Limits, as_of: date) -> Iterator[list[tuple[int, str, str]]]:
    """Key, stage and course, some thousand customers at a time."""
    courses = stages.courses(of, MARKS, limits)
    rows = (
        (int(key), STAGES[course[0]].code, "".join("-" if one == NOT_YET else str(one) for one in course))
        for key, course in zip(of.keys, courses.tolist(), strict=True)
    )
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


@transaction.atomic
def _write(rows: list[tuple[int, str, str]], was: dict[int, str], as_of: date) -> int:
    """Insert or replace; a customer erased meanwhile is passed over and cannot be erased while we write."""
    keys = [key for key, _stage, _course in rows]
    locked = Customer.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    known = set(locked.values_list("pk", flat=True))
    since = dict(CustomerLife.objects.filter(customer__in=keys).values_list("customer_id", "since"))
    CustomerLife.objects.bulk_create(
        [
            CustomerLife(
                customer_id=key,
                as_of=as_of,
                stage=stage,
                course=course,
                since=as_of if was.get(key, stage) != stage else since.get(key),
            )
            for key, stage, course in rows
            if key in known
        ],
        update_conflicts=True,
        update_fields=["as_of", "stage", "course", "since"],
        unique_fields=["customer"],
    )
    return len(known)


def _finish(limits: Limits, as_of: date, rules: StageRules | None, n: int) -> StageRun:
    return StageRun.objects.create(
        as_of=as_of,
        rules=rules,
        at_risk_days=limits.at_risk,
        lapsed_days=limits.lapsed,
        regular_orders=limits.regular,
        n=n,
    )


@verb
def say_moves(was: dict[int, str], *, as_of: date) -> int:
    """One event for each of the dearest who entered a stage this night."""
    n = 0
    for stage in STAGES:
        rows = CustomerLife.objects.filter(stage=stage.code, since=as_of).select_related("customer__unit")
        dear = rows.order_by(F("customer__risk__expected").desc(nulls_last=True), "pk")[:LOOKED_AT]
        moved = [one for one in dear if was.get(one.customer_id) not in (None, stage.code)]
        for one in moved[:MOST_A_NIGHT]:
            said = StageEntered(customer=one.customer_id, stage=stage.code, before=was[one.customer_id])
            record(said, unit=one.customer.unit)
            n += 1
    return n
