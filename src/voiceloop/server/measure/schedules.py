"""When a saved view is mailed and to whom. The verbs, and the clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import localtime, now
from procrastinate.contrib.django import app

from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User
from voiceloop.server.measure.events_saved import MailEnded, MailLeft, MailPlanned
from voiceloop.server.measure.models import MailRun, Receiver, SavedView, Schedule

TASK, QUEUE = "measure.mail_view", "default"
# Our choice: a job that has not come to an end by then died with its worker, and is given out again.
PATIENCE = timedelta(minutes=10)
BATCH = 200


@verb
def plan(
    view: SavedView, *, by: User, every: str, day: int, minute: int, receivers: Sequence[User]
) -> Schedule:
    """Have a view mailed from the next such time on."""
    made = Schedule(view=view, by=by, every=every, day=day, minute=minute)
    made.next_at = following(made, now())
    made.save()
    Receiver.objects.bulk_create(Receiver(schedule=made, user=user) for user in receivers)
    event = MailPlanned(saved_view=view.pk, name=view.name, n_receivers=len(receivers))
    record(event, by=by, unit=view.unit)
    return made


@verb
def end(schedule: Schedule, *, by: User) -> None:
    if Schedule.objects.filter(pk=schedule.pk, ended_at=None).update(ended_at=now()):
        view = schedule.view
        record(MailEnded(saved_view=view.pk, name=view.name), by=by, unit=view.unit)


@verb
def leave(schedule: Schedule, *, by: User) -> None:
    """No more of these mails to this person."""
    if Receiver.objects.filter(schedule=schedule, user=by, left_at=None).update(left_at=now()):
        view = schedule.view
        record(MailLeft(saved_view=view.pk, name=view.name), by=by, unit=view.unit)


def following(schedule: Schedule, after: datetime) -> datetime:
    """The next time of a schedule, by the company's clock."""
    start = localtime(after)
    for ahead in range(32):
        day = (start + timedelta(days=ahead)).replace(
            hour=schedule.minute // 60, minute=schedule.minute % 60, second=0, microsecond=0
        )
        if day > start and _is_of(schedule, day):
            return day
    raise AssertionError("every schedule has a day within 31 days")


def _is_of(schedule: Schedule, day: datetime) -> bool:
    if schedule.every == Schedule.Every.WEEK:
        return day.weekday() == schedule.day
    return schedule.every == Schedule.Every.DAY or day.day == schedule.day


def call_due() -> int:
    """Write down one run for each receiver of what is due, and queue it; return how many."""
    due = Schedule.objects.running().filter(next_at__lte=now()).values_list("pk", flat=True)[:BATCH]
    return sum(_call(pk) for pk in due)


@transaction.atomic
def _call(pk: int) -> int:
    """The runs, their jobs and the next time commit together: nothing is due twice."""
    rows = Schedule.objects.running().filter(pk=pk, next_at__lte=now())
    schedule = rows.select_for_update(skip_locked=True, of=("self",)).first()
    if schedule is None:
        return 0
    people = Receiver.objects.filter(schedule=schedule, left_at=None).values_list("user_id", flat=True)
    runs = [MailRun(schedule=schedule, user_id=user, due_at=schedule.next_at) for user in people]
    MailRun.objects.bulk_create(runs, ignore_conflicts=True)
    # After a night of standing still one mail comes, not one for every morning that was missed.
    schedule.next_at = following(schedule, max(now(), schedule.next_at))
    schedule.save(update_fields=["next_at"])
    waiting = MailRun.objects.filter(schedule=schedule, state=MailRun.State.DUE).values_list("pk", flat=True)
    for run in waiting:
        _queue(run)
    return len(runs)


def call_again() -> int:
    """Queue what died with its worker: its message has a key, so it is written once."""
    late = MailRun.objects.filter(state=MailRun.State.DUE, due_at__lt=now() - PATIENCE)
    found = list(late.values_list("pk", flat=True)[:BATCH])
    for pk in found:
        _queue(pk)
    return len(found)


def _queue(pk: int) -> None:
    app.configure_task(TASK, queue=QUEUE, lock=f"mail_run:{pk}").defer(run=pk)


def forget(older_than: timedelta = timedelta(days=30)) -> int:
    """Let go of the papers of old runs; the log of what was sent stays."""
    old = MailRun.objects.filter(done_at__lt=now() - older_than).exclude(paper=None)
    return old.update(paper=None, picture=None, letter="")
