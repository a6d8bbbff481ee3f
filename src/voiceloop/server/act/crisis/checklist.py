"""The checklist of a crisis: begun from a template, changed as needed, every tick with its name and time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import now

from voiceloop.server.act.crisis import templates
from voiceloop.server.act.crisis.events import (
    OfCrisis,
    TaskAdded,
    TaskChanged,
    TaskDone,
    TaskDropped,
    TaskUndone,
)
from voiceloop.server.act.models import Crisis, CrisisTask, CrisisTemplate
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User


@verb
def begin(crisis: Crisis, *, template: CrisisTemplate | None = None) -> list[CrisisTask]:
    """The template's lines, unless the crisis has some already."""
    if crisis.tasks.exists():
        return []
    chosen = template or templates.first_checklist()
    at = now()
    lines = templates.lines(chosen) if chosen else []
    return CrisisTask.objects.bulk_create(
        CrisisTask(
            crisis=crisis, position=i, text_zh=line.zh[:300], text_en=line.en[:300],
            due_at=at + timedelta(minutes=line.minutes) if line.minutes else None,
        )
        for i, line in enumerate(lines)
    )  # fmt: skip


@verb
def add(
    crisis: Crisis, *, text: str, by: User, owner: User | None = None, due_at: datetime | None = None
) -> CrisisTask:
    place = crisis.tasks.count()
    task = CrisisTask.objects.create(
        crisis=crisis, position=place, text_zh=text[:300], owner=owner, due_at=due_at
    )
    _say(TaskAdded, task, by=by)
    return task


@verb
def change(
    task: CrisisTask, *, text: str, by: User, owner: User | None = None, due_at: datetime | None = None
) -> CrisisTask:
    """New words replace both languages': nobody translated them."""
    _lock(task)
    if text != str(task):
        task.text_zh, task.text_en = text[:300], ""
    task.owner, task.due_at = owner, due_at
    task.save(update_fields=["text_zh", "text_en", "owner", "due_at"])
    _say(TaskChanged, task, by=by)
    return task


@verb
def do(task: CrisisTask, *, by: User, note: str = "") -> CrisisTask:
    _lock(task)
    if task.done_at is None and task.dropped_at is None:
        task.done_at, task.done_by, task.note = now(), by, note[:500]
        task.save(update_fields=["done_at", "done_by", "note"])
        _say(TaskDone, task, by=by, note=note)
    return task


@verb
def undo(task: CrisisTask, *, by: User) -> CrisisTask:
    _lock(task)
    if task.done_at:
        task.done_at, task.done_by, task.note = None, None, ""
        task.save(update_fields=["done_at", "done_by", "note"])
        _say(TaskUndone, task, by=by)
    return task


@verb
def drop(task: CrisisTask, *, by: User) -> CrisisTask:
    """Off the list, still in the log."""
    _lock(task)
    if task.dropped_at is None:
        task.dropped_at = now()
        task.save(update_fields=["dropped_at"])
        _say(TaskDropped, task, by=by)
    return task


def _lock(task: CrisisTask) -> None:
    task.refresh_from_db(from_queryset=CrisisTask.objects.select_for_update(of=("self",)))


def _say(event: type[OfCrisis], task: CrisisTask, *, by: User, note: str = "") -> None:
    about: dict[str, Any] = {"crisis": task.crisis_id, "task": task.pk}
    record(event(**about), by=by, unit=task.crisis.unit, note=note)
