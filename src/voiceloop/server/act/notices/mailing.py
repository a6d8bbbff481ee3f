"""Notices by e-mail: one letter for all that is due, at once or once a day, in the reader's language."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from voiceloop.server.act.cases import calendars
from voiceloop.server.act.models import Notice, NoticeHours
from voiceloop.server.act.notices import choices
from voiceloop.server.act.notices.reading import Line, href_of
from voiceloop.server.collect import channels, messages
from voiceloop.server.core.models import User

AT_ONCE, MOST_LINES = 500, 40


def mail_due() -> int:
    """Letters of those who want one at once: what came in one minute is one letter."""
    due = Notice.objects.filter(mail=Notice.Mail.NOW, mailed_at=None, mail_due_at__lte=now())
    users = list(due.values_list("user", flat=True).distinct()[:AT_ONCE])
    return sum(_write(pk, mail=Notice.Mail.NOW) for pk in users)


def mail_days() -> int:
    """The daily letter of those whose hour has come, on days when they work."""
    waiting = Notice.objects.filter(mail=Notice.Mail.DAILY, mailed_at=None)
    users = User.objects.filter(pk__in=waiting.values("user"), is_active=True).select_related("unit")
    return sum(_write(user.pk, mail=Notice.Mail.DAILY) for user in users if _is_their_hour(user))


def _is_their_hour(user: User) -> bool:
    hours = choices.hours_of(user)
    here = now().astimezone(_zone(hours))
    if hours.digested_on == here.date() or here.hour < hours.digest_hour:
        return False
    return hours.calendar is None or _is_a_working_day(hours, here)


def _is_a_working_day(hours: NoticeHours, here: datetime) -> bool:
    assert hours.calendar is not None
    start = here.replace(hour=0, minute=0, second=0, microsecond=0)
    end = here.replace(hour=23, minute=59, second=59, microsecond=0)
    return calendars.hours_of(hours.calendar).between(start, end) > 0


def _zone(hours: NoticeHours) -> ZoneInfo:
    return ZoneInfo(hours.calendar.zone if hours.calendar else settings.TIME_ZONE)


@transaction.atomic
def _write(pk: int, *, mail: str) -> bool:
    """One letter for one person; whoever comes second finds nothing left."""
    user = User.objects.select_for_update(of=("self",)).select_related("unit").get(pk=pk)
    notices = Notice.objects.filter(user=user, mail=mail, mailed_at=None)
    if mail == Notice.Mail.NOW:
        notices = notices.filter(mail_due_at__lte=now())
    ids = list(notices.values_list("pk", flat=True))
    if mail == Notice.Mail.DAILY:
        hours = choices.hours_of(user)
        hours.digested_on = now().astimezone(_zone(hours)).date()
        hours.save()
    # What they have read meanwhile, or may no longer see, is not mailed.
    lines = lines_of(Notice.objects.visible_to(user).filter(pk__in=ids, seen_at=None))
    Notice.objects.filter(pk__in=ids).update(mailed_at=now())
    if not lines or not user.email or user.unit is None:
        return False
    with translation.override(user.language or settings.LANGUAGE_CODE):
        subject, body = letter(lines, daily=mail == Notice.Mail.DAILY)
        key = f"notices:{user.pk}:{mail}:{max(ids)}"
        code = channels.preferred().code
        messages.write(key=key, channel_code=code, to=user.email, subject=subject, body=body, unit=user.unit)
    return True


def lines_of(notices: QuerySet[Notice]) -> list[Line]:
    """One line for each case, the newest sentence first."""
    found: dict[str, Line] = {}
    for notice in notices.select_related("event__by", "event__unit", "case").order_by("-pk"):
        group = f"case:{notice.case_id}" if notice.case_id else f"event:{notice.event_id}"
        line = found.setdefault(group, Line(notice, 0, 0))
        line.n += 1
        line.unread += 1
    return list(found.values())


def letter(lines: list[Line], *, daily: bool) -> tuple[str, str]:
    """Of a customer only the number of the case: mail is read on the way."""
    n = len(lines)
    subject = (
        ngettext("Voiceloop: %(n)s thing of today", "Voiceloop: %(n)s things of today", n)
        if daily
        else ngettext("Voiceloop: %(n)s new notice", "Voiceloop: %(n)s new notices", n)
    ) % {"n": n}
    told = [said for line in lines[:MOST_LINES] for said in _said(line)]
    if n > MOST_LINES:
        told += [_("and %(n)s more") % {"n": n - MOST_LINES}, settings.BASE_URL + reverse("notices"), ""]
    change = _("Choose what you are told and how: %(link)s")
    return subject, "\n".join([*told, change % {"link": settings.BASE_URL + reverse("notice_choices")}])


def _said(line: Line) -> list[str]:
    notice = line.notice
    more = ngettext("(and %(n)s more)", "(and %(n)s more)", line.more) % {"n": line.more} if line.more else ""
    parts = [notice.get_kind_display(), str(notice.case) if notice.case else "", notice.event.sentence, more]
    return [" · ".join(part for part in parts if part), settings.BASE_URL + href_of(notice.event), ""]
