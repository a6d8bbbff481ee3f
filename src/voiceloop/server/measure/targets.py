"""Targets: who answers for which number, where, by when. The verbs."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.timezone import now

from voiceloop.analytics import registry
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import Unit, User
from voiceloop.server.measure.cards import metric_label
from voiceloop.server.measure.events_boards import (
    OfTarget,
    TargetRestored,
    TargetRevised,
    TargetSet,
    TargetWithdrawn,
)
from voiceloop.server.measure.models import Target

SCOPES = ("touchpoint", "channel", "segment")


class Taken(Exception):
    """There is an open target for this metric in this place."""


@verb
def set_target(
    *,
    by: User,
    metric: str,
    value: float,
    unit: Unit,
    owner: User,
    scope: dict[str, list[str]] | None = None,
    threshold: float | None = None,
    due_on: date | None = None,
    days: int = 90,
    note: str = "",
) -> Target:
    target = Target(
        metric=registry.metric(metric).name, value=value, unit=unit, owner=owner, scope=scope or {},
        threshold=threshold, due_on=due_on, days=days, note=note,
    )  # fmt: skip
    _save(target)
    _record(TargetSet, target, by=by, note=note)
    return target


@verb
def revise(target: Target, *, by: User, **changes: Any) -> Target:
    """Change it; a new due date may be missed, and told, once more."""
    target.refresh_from_db(from_queryset=Target.objects.select_for_update(of=("self",)))
    changed = {name: value for name, value in changes.items() if getattr(target, name) != value}
    if changed:
        for name, value in changed.items():
            setattr(target, name, value)
        _save(target)
        _record(TargetRevised, target, by=by, note=str(changed.get("note", "")))
    return target


@verb
def withdraw(target: Target, *, by: User) -> Target:
    if Target.objects.open().filter(pk=target.pk).update(withdrawn_at=now()):
        _record(TargetWithdrawn, target, by=by)
    target.refresh_from_db()
    return target


@verb
def restore(target: Target, *, by: User) -> Target:
    """Bring a withdrawn target back, unless another one has taken its place."""
    if target.withdrawn_at is not None:
        target.withdrawn_at = None
        _save(target)
        _record(TargetRestored, target, by=by)
    return target


def _save(target: Target) -> None:
    target.scope = {name: sorted(codes) for name, codes in sorted(target.scope.items()) if codes}
    target.scope_key = scope_key(target.scope)
    _check_threshold(target)
    here = Target.objects.open().filter(unit=target.unit, metric=target.metric, scope_key=target.scope_key)
    if here.exclude(pk=target.pk).exists():
        raise Taken
    target.save()


def scope_key(scope: dict[str, list[str]]) -> str:
    unknown = set(scope) - set(SCOPES)
    if unknown:
        known = ", ".join(SCOPES)
        raise AnalyticsError(f"A target's scope has {known} only.", f"目标范围只能是 {known}。")
    return "&".join(f"{name}={','.join(sorted(codes))}" for name, codes in sorted(scope.items()) if codes)[
        :200
    ]


def _check_threshold(target: Target) -> None:
    if target.threshold is None:
        return
    higher = registry.metric(target.metric).better == "higher"
    if (target.threshold > target.value) == higher and target.threshold != target.value:
        raise AnalyticsError(
            "The alarm threshold lies on the good side of the target.", "警戒线不能比目标更好。"
        )


def metric_word(name: str) -> str:
    """What people call a metric; one that this version no longer has keeps its name."""
    known = registry.metrics().get(name)
    return metric_label(known) if known else name.removeprefix("series:")


def _record(event: type[OfTarget], target: Target, *, by: User | None, note: str = "") -> None:
    said = event(target=target.pk, metric=target.metric, value=target.value)
    record(said, by=by, unit=target.unit, note=note)
