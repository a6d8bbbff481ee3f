"""Whom the digest is mailed to, who answers for what it tells, and what is done. The verbs, and the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import localtime, now
from procrastinate.contrib.django import app

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import Unit, User
from voiceloop.server.understand.digest.events import (
    ActionNoted,
    DigestLeft,
    DigestSubscribed,
    OwnerNamed,
)
from voiceloop.server.understand.digest.weeks import Week
from voiceloop.server.understand.digest_models import (
    DigestMail,
    DigestNote,
    DigestSubscription,
    SubjectOwner,
)

TASK, QUEUE = "understand.mail_digest", "default"
# Our choice: a job that has not come to an end by then died with its worker, and is given out again.
PATIENCE = timedelta(minutes=10)
BATCH = 200
SUBJECTS = ("reason", "touchpoint", "voice", "theme")


@verb
def subscribe(
    user: User, *, unit: Unit, by: User, weekday: int = 0, minute: int = 480, language: str = "zh-hans"
) -> DigestSubscription:
    """Mail somebody the digest of a unit; a second time changes when it comes."""
    if not Unit.objects.visible_to(user).filter(pk=unit.pk).exists():
        raise AnalyticsError("Not a unit that they may see.", "对方无权查看该单位。")
    made = DigestSubscription.objects.running().filter(user=user, unit=unit).first()
    made = made or DigestSubscription(user=user, unit=unit)
    is_new = made.pk is None
    made.weekday, made.minute, made.language = weekday, minute, language
    made.next_at = following(made, now())
    made.save()
    if is_new:
        record(DigestSubscribed(digest=made.pk, receiver=str(user)), by=by, unit=unit)
    return made


@verb
def leave(subscription: DigestSubscription, *, by: User | None = None) -> None:
    """No more digests; leaving twice is leaving once."""
    rows = DigestSubscription.objects.running().filter(pk=subscription.pk)
    if rows.update(ended_at=now()):
        event = DigestLeft(digest=subscription.pk, receiver=str(subscription.user))
        record(event, by=by, unit=subscription.unit)


@verb
def name_owner(unit: Unit, *, subject: str, owner: User | None, by: User) -> None:
    """Somebody answers for a subject in a unit; None takes the name away."""
    if subject.partition(":")[0] not in SUBJECTS or len(subject) > 96:
        raise AnalyticsError(f"Unknown subject: {subject}.", f"未知的事项：{subject}。")
    known = SubjectOwner.objects.filter(unit=unit, subject=subject).first()
    if owner == (known.owner if known else None):
        return
    if owner is None:
        SubjectOwner.objects.filter(unit=unit, subject=subject).delete()
    else:
        given = {"owner": owner, "set_by": by, "set_at": now()}
        SubjectOwner.objects.update_or_create(unit=unit, subject=subject, defaults=given)
    record(OwnerNamed(subject=subject, owner=str(owner or "—")), by=by, unit=unit)


@verb
def note(unit: Unit, *, week: Week, subject: str, text: str, by: User) -> DigestNote:
    """What is done about a subject, told in that week's digest and in the next one."""
    if subject.partition(":")[0] not in SUBJECTS or not text.strip():
        raise AnalyticsError("A note needs words and a subject.", "请填写措施和事项。")
    given = {"unit": unit, "week": week.monday, "subject": subject[:96], "text": text.strip()[:500]}
    made = DigestNote.objects.create(**given, by=by)
    record(ActionNoted(subject=subject, week=str(week)), by=by, unit=unit)
    return made


def following(subscription: DigestSubscription, after: datetime) -> datetime:
    """The next time of a subscription, by the company's clock."""
    start = localtime(after)
    day = start + timedelta(days=(subscription.weekday - start.weekday()) % 7)
    at = day.replace(hour=subscription.minute // 60, minute=subscription.minute % 60, second=0, microsecond=0)
    return at if at > start else at + timedelta(weeks=1)


def call_due() -> int:
    """Write down and queue one mail for each subscription that is due; return how many."""
    rows = DigestSubscription.objects.running().filter(next_at__lte=now())
    return sum(_call(pk) for pk in rows.values_list("pk", flat=True)[:BATCH])


@transaction.atomic
def _call(pk: int) -> int:
    """The mail, its job and the next time commit together: no week is mailed twice."""
    rows = DigestSubscription.objects.running().filter(pk=pk, next_at__lte=now())
    subscription = rows.select_for_update(skip_locked=True).first()
    if subscription is None:
        return 0
    week = Week.of(localtime(subscription.next_at).date().isoformat()).before
    mail, is_new = DigestMail.objects.get_or_create(
        subscription=subscription, week=week.monday, defaults={"due_at": subscription.next_at}
    )
    # After weeks of standing still one mail comes, not one for every week that was missed.
    subscription.next_at = following(subscription, max(now(), subscription.next_at))
    subscription.save(update_fields=["next_at"])
    if is_new:
        _queue(mail.pk)
    return int(is_new)


def call_again() -> int:
    """Queue what died with its worker: its message has a key, so it is written once."""
    late = DigestMail.objects.filter(state=DigestMail.State.DUE, due_at__lt=now() - PATIENCE)
    found = list(late.values_list("pk", flat=True)[:BATCH])
    for pk in found:
        _queue(pk)
    return len(found)


def _queue(pk: int) -> None:
    app.configure_task(TASK, queue=QUEUE, lock=f"digest_mail:{pk}").defer(mail=pk)


def forget(older_than: timedelta = timedelta(days=60)) -> int:
    """Let go of the papers of old mails; the log of what was sent stays."""
    old = DigestMail.objects.filter(done_at__lt=now() - older_than).exclude(paper=None)
    return old.update(paper=None, letter="")
