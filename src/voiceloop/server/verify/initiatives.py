"""Initiatives: plan, start, check, then standardise or plan again. The verbs that move one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.timezone import now

from voiceloop.server.act.models import RootCause
from voiceloop.server.core.events import EventType, record, verb
from voiceloop.server.core.models import Unit, User
from voiceloop.server.verify import evidence
from voiceloop.server.verify import training as lessons
from voiceloop.server.verify.events import (
    InitiativeChecked,
    InitiativePlanned,
    InitiativeReplanned,
    InitiativeRevised,
    InitiativeStandardised,
    InitiativeStarted,
    InitiativeStopped,
)
from voiceloop.server.verify.models import Initiative, Step

PLAN, START, CHECK, STANDARDISE = Step.Stage.PLAN, Step.Stage.START, Step.Stage.CHECK, Step.Stage.STANDARDISE
# From which stages a move may come; a move to where one already is changes nothing.
FROM = {START: {PLAN}, CHECK: {START, CHECK}, STANDARDISE: {CHECK}, PLAN: {START, CHECK, STANDARDISE}}
MEASURED_BY = {"metric", "scope", "unit"}


class WrongStage(Exception):
    """The initiative is not where this move begins."""


@verb
def plan(
    *,
    by: User,
    title: str,
    root_cause: RootCause | None = None,
    goal: str = "",
    metric: str = "",
    scope: dict[str, list[str]] | None = None,
    target: float | None = None,
    owner: User | None = None,
    due_on: date | None = None,
    unit: Unit | None = None,
) -> Initiative:
    """Begin with the number as it is now, so that nobody can choose it afterwards."""
    initiative = Initiative(
        title=title, root_cause=root_cause, goal=goal, metric=metric, scope=scope or {}, target=target,
        owner=owner or by, due_on=due_on, unit=unit or by.unit,
    )  # fmt: skip
    initiative.baseline = evidence.baseline(initiative)
    initiative.save()
    _step(initiative, PLAN, by=by, note=goal, measured=initiative.baseline)
    _record(InitiativePlanned, initiative, by=by)
    return initiative


@verb
def revise(initiative: Initiative, *, by: User, **changes: Any) -> Initiative:
    """Change the plan. What is measured may change only before the start: the baseline is taken again."""
    _lock(initiative)
    changed = {name: value for name, value in changes.items() if getattr(initiative, name) != value}
    if MEASURED_BY & set(changed) and initiative.stage != PLAN:
        raise WrongStage(initiative.stage)
    if changed:
        for name, value in changed.items():
            setattr(initiative, name, value)
        if MEASURED_BY & set(changed):
            initiative.baseline = evidence.baseline(initiative)
        initiative.save()
        _record(InitiativeRevised, initiative, by=by)
    return initiative


@verb
def start(initiative: Initiative, *, by: User, note: str = "") -> Initiative:
    if _moves(initiative, START):
        _step(initiative, START, by=by, note=note)
        _record(InitiativeStarted, initiative, by=by, note=note)
    return initiative


@verb
def check(initiative: Initiative, *, by: User, note: str = "") -> Initiative:
    """Measure again; each check is kept, also those that show nothing."""
    _moves(initiative, CHECK)
    found = evidence.since_start(initiative)
    _step(initiative, CHECK, by=by, note=note, measured=found)
    verdict = str(((found or {}).get("change") or {}).get("verdict", ""))
    _record(InitiativeChecked, initiative, by=by, note=note, verdict=verdict)
    return initiative


@verb
def standardise(initiative: Initiative, *, by: User, note: str = "", training: str = "") -> Initiative:
    """Make it the rule; `training` is what the people at the front must learn of it."""
    if _moves(initiative, STANDARDISE):
        _step(initiative, STANDARDISE, by=by, note=note, measured=evidence.since_start(initiative))
        _close(initiative)
        _record(InitiativeStandardised, initiative, by=by, note=note, training=training)
        if training:
            lessons.give(by=by, initiative=initiative, title=initiative.title, text=training)
    return initiative


@verb
def replan(initiative: Initiative, *, by: User, note: str = "") -> Initiative:
    """Back to the plan, with a baseline of today; a stopped initiative lives again."""
    _lock(initiative)
    if initiative.stage != PLAN or not initiative.is_open:
        initiative.closed_at, initiative.baseline = None, evidence.baseline(initiative)
        initiative.save(update_fields=["closed_at", "baseline"])
        _step(initiative, PLAN, by=by, note=note, measured=initiative.baseline)
        _record(InitiativeReplanned, initiative, by=by, note=note)
    return initiative


@verb
def stop(initiative: Initiative, *, by: User, note: str = "") -> Initiative:
    """Give it up where it stands; the steps stay."""
    _lock(initiative)
    if initiative.is_open:
        _close(initiative)
        _record(InitiativeStopped, initiative, by=by, note=note)
    return initiative


def _lock(initiative: Initiative) -> None:
    initiative.refresh_from_db(from_queryset=Initiative.objects.select_for_update())


def _moves(initiative: Initiative, to: Step.Stage) -> bool:
    """Whether there is something to do; two people who press at once make one step."""
    _lock(initiative)
    if initiative.stage == to and to != CHECK:
        return False
    if initiative.stage not in FROM[to] or not initiative.is_open:
        raise WrongStage(initiative.stage)
    return True


def _step(
    initiative: Initiative, stage: Step.Stage, *, by: User, note: str, measured: dict[str, Any] | None = None
) -> None:
    Step.objects.create(initiative=initiative, stage=stage, by=by, note=note, evidence=measured)


def _close(initiative: Initiative) -> None:
    initiative.closed_at = now()
    initiative.save(update_fields=["closed_at"])


def _record(event: type[EventType], initiative: Initiative, *, by: User, note: str = "", **more: Any) -> None:
    about = {"initiative": initiative.pk, "root_cause": initiative.root_cause_id, "title": initiative.title}
    record(event(**about, **more), by=by, unit=initiative.unit, note=note)
