"""By which ways a person hears of what, and when they may be reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.timezone import now

from voiceloop.server.act.cases import calendars
from voiceloop.server.act.models import BusinessCalendar, Notice, NoticeChoice, NoticeHours
from voiceloop.server.act.notices.events import NoticeChoicesSaved
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User

Kind, Mail = Notice.Kind, Notice.Mail


@dataclass(frozen=True)
class Ways:
    """What one person wants of one kind."""

    in_app: bool = True
    mail: str = ""
    robot: bool = False


# What holds until somebody chooses: in the product all, by mail a day's summary of what cannot wait for long.
HOUSE = {
    Kind.ASSIGNED: Ways(),
    Kind.MENTION: Ways(mail=Mail.DAILY),
    Kind.REPLY: Ways(),
    Kind.WARNING: Ways(),
    Kind.BREACH: Ways(mail=Mail.DAILY),
    Kind.APPROVAL: Ways(mail=Mail.DAILY),
    Kind.DECISION: Ways(),
    Kind.STEP: Ways(mail=Mail.DAILY),
    Kind.GREEN: Ways(),
    Kind.AWOKE: Ways(),
    Kind.CRISIS: Ways(mail=Mail.NOW),
    Kind.REPORT: Ways(),
    Kind.VISIT: Ways(),
}


def ways_of(users: list[User], kind: str) -> dict[int, Ways]:
    """Each one's ways by their key: their own choice, else the house's."""
    own = NoticeChoice.objects.filter(user__in=users, kind=kind)
    found = {one.user_id: Ways(one.in_app, one.mail, one.robot) for one in own}
    return {user.pk: found.get(user.pk, HOUSE[Kind(kind)]) for user in users}


def choices_of(user: User) -> dict[str, Ways]:
    own = {one.kind: Ways(one.in_app, one.mail, one.robot) for one in user.notice_choices.all()}
    return {kind.value: own.get(kind.value, HOUSE[kind]) for kind in Kind}


@verb
def choose(
    user: User, *, ways: dict[str, Ways], digest_hour: int, calendar: BusinessCalendar | None, language: str
) -> None:
    """Keep what differs from before; one event however much was chosen."""
    for kind, way in ways.items():
        values: dict[str, Any] = {"in_app": way.in_app, "mail": way.mail, "robot": way.robot}
        NoticeChoice.objects.update_or_create(user=user, kind=kind, defaults=values)
    when = {"digest_hour": digest_hour, "calendar": calendar}
    NoticeHours.objects.update_or_create(user=user, defaults=when)
    if language != user.language:
        user.language = language
        user.save(update_fields=["language"])
    record(NoticeChoicesSaved(user=user.pk), by=user, unit=user.unit)


def hours_of(user: User) -> NoticeHours:
    found: NoticeHours | None = NoticeHours.objects.select_related("calendar").filter(user=user).first()
    return found or NoticeHours(user=user)


def reachable_at(user: User, at: datetime | None = None) -> datetime:
    """Now in their working hours, else when these begin again; without hours of their own always."""
    moment, calendar = at or now(), hours_of(user).calendar
    if calendar is None:
        return moment
    hours = calendars.hours_of(calendar)
    return moment if hours.is_open(moment) else hours.after(moment, 1.0)
