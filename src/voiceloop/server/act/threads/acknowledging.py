"""The answer that goes out by itself: we have it, and by when somebody answers."""

from __future__ import annotations

from datetime import timedelta

from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime, now
from django.utils.translation import gettext as _

from voiceloop.server.act.cases import clocks
from voiceloop.server.act.models import Case, Post
from voiceloop.server.act.overflow import diverting
from voiceloop.server.act.threads import opening, outgoing

# Once a thread in this time; and never into a talk that is going on. Our choice.
AGAIN_AFTER = timedelta(hours=12)
STILL_TALKING = timedelta(minutes=30)


def acknowledge(heard: Post) -> Post | None:
    """Say that it arrived and when an answer is due; a machine is never answered by a machine."""
    thread, case = heard.thread, heard.thread.case
    if not case.is_open or not _is_owed(heard):
        return None
    with translation.override(_language(heard)):
        words = "\n".join(filter(None, [sentence(case), diverting.addition(heard)]))
    post: Post = Post.objects.create(
        thread=thread, direction=Post.Direction.OUT, key=f"ack:{heard.pk}", text=words, is_automatic=True,
        at=max(now(), heard.at),
    )  # fmt: skip
    outgoing.acknowledge(post)
    return post


def sentence(case: Case) -> str:
    """In the language that is active."""
    lines = [_("We have your message (number %(number)s).") % {"number": case.pk}]
    due = case.first_contact_due_at if case.first_contact_at is None else case.due_at
    is_open = clocks.hours_for(case).is_open(now())
    if not is_open:
        lines.append(_("Nobody is at the desk right now; messages are taken around the clock."))
    if due and due > now():
        lines.append(_("Somebody answers you by %(when)s.") % {"when": when(due)})
    else:
        lines.append(_("Somebody answers you as soon as possible."))
    return " ".join(lines) if translation.get_language() == "en" else "".join(lines)


def when(at: object) -> str:
    """A moment as one says it: today 14:05, tomorrow 9:00, or the day with it."""
    local = localtime(at)  # type: ignore[arg-type]  # an aware datetime
    days = (local.date() - localdate()).days
    clock = f"{local:%H:%M}"
    if days == 0:
        return _("today %(time)s") % {"time": clock}
    if days == 1:
        return _("tomorrow %(time)s") % {"time": clock}
    return f"{date_format(local, 'MONTH_DAY_FORMAT')} {clock}"


def _is_owed(heard: Post) -> bool:
    ours = heard.thread.posts.filter(direction=Post.Direction.OUT, withdrawn_at=None)
    said_lately = ours.filter(is_automatic=True, at__gt=heard.at - AGAIN_AFTER)
    talking = ours.filter(is_automatic=False, at__gt=heard.at - STILL_TALKING)
    return not said_lately.exists() and not talking.exists()


def _language(heard: Post) -> str:
    spoken = opening.language_of(heard.text or heard.thread.subject, heard.thread.customer)
    return "en" if spoken == "en" else "zh-hans"
