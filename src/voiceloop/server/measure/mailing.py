"""One mail of a saved view: computed within its receiver's rights, written once, logged."""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.collect import channels, messages, tokens
from voiceloop.server.collect.enclosures import Enclosure, File, encloses
from voiceloop.server.core.events import record
from voiceloop.server.core.models import User
from voiceloop.server.measure.events_saved import MailWritten
from voiceloop.server.measure.exploration import Exploration
from voiceloop.server.measure.exports import paper
from voiceloop.server.measure.exports.content import Content
from voiceloop.server.measure.exports.naming import filename
from voiceloop.server.measure.models import MailRun, SavedView
from voiceloop.server.measure.saved_views import asked_by

log = logging.getLogger(__name__)
PICTURE, LEAVE = "chart", "voiceloop.mail"
MOST_LINES = 20


def mail(run_id: int) -> str:
    """Write the mail of a run, unless that was done; return the run's state."""
    with transaction.atomic():
        rows = MailRun.objects.select_related("schedule__view", "user__unit")
        run = rows.select_for_update(of=("self",)).filter(pk=run_id, state=MailRun.State.DUE).first()
        if run is None:
            return ""
        with translation.override(_language(run.user)):
            _refuse(run, why) if (why := _why_not(run)) else _write(run)
        return run.state


def _why_not(run: MailRun) -> str:
    if run.schedule.ended_at or run.schedule.view.removed_at:
        return _("the mails were ended")
    if run.schedule.receivers.filter(user=run.user).exclude(left_at=None).exists():
        return _("no longer wanted")
    if not run.user.may("measure.see"):
        return _("may not see numbers")
    return "" if run.user.email else _("has no e-mail address")


def _refuse(run: MailRun, why: str) -> None:
    run.state, run.why_not, run.done_at = MailRun.State.REFUSED, why, now()
    run.save()


def _write(run: MailRun) -> None:
    view = run.schedule.view
    try:
        answer = Exploration(asked_by(view, run.user))
        run.picture, run.paper = paper.png(answer), paper.pdf(answer)
    except AnalyticsError as error:
        _refuse(run, error.say(translation.get_language() or "zh")[:200])
        return
    content = Content(answer)
    words = _words(run, content)
    run.letter = render_to_string("measure/view_mail.html", words)
    run.state, run.done_at = MailRun.State.WRITTEN, now()
    run.save()
    messages.write(
        key=f"view-mail:{run.pk}",
        channel_code=channels.preferred().code,
        to=run.user.email,
        subject=f"{view.name}: {content.finding}"[:200],
        body="\n".join(_lines(words, content)),
        unit=run.user.unit or view.unit,
        about=f"mail_run:{run.pk}",
    )
    record(MailWritten(saved_view=view.pk, name=view.name, receiver=str(run.user)), unit=view.unit)


def _words(run: MailRun, content: Content) -> dict[str, object]:
    lines = [line[:-3] for line in content.lines()][:MOST_LINES]
    return {
        "content": content,
        "view": run.schedule.view,
        "by": run.schedule.by,
        "picture": f"cid:{PICTURE}" if run.picture else "",
        "head": content.head()[:-3],
        "lines": [[paper.said(cell, content) for cell in line] for line in lines],
        "link": address_of(run.schedule.view),
        "leave": leave_address(run),
    }


def _lines(words: dict[str, object], content: Content) -> list[str]:
    told = [content.finding, content.verdict, content.filter, "", str(words["link"]), ""]
    return [*told, _("No more of these mails: %(link)s") % {"link": words["leave"]}]


def address_of(view: SavedView) -> str:
    """Where the receiver sees the same, now: a private view by its question, a shared one by its name."""
    if view.is_shared:
        return settings.BASE_URL + reverse("saved_view", args=[view.pk])
    return f"{settings.BASE_URL}{reverse('explore')}?{view.query}"


def leave_address(run: MailRun) -> str:
    """The link of one receiver: it ends these mails without signing in."""
    return settings.BASE_URL + reverse("mail_leave", args=[tokens.make(run.pk, purpose=LEAVE)])


def _language(user: User) -> str:
    return user.language or settings.LANGUAGE_CODE


@encloses("mail_run")
def enclosure(pk: int) -> Enclosure | None:
    run = MailRun.objects.select_related("schedule__view", "user").filter(pk=pk).first()
    if run is None or not run.letter:
        return None
    with translation.override(_language(run.user)):
        name = filename(asked_by(run.schedule.view, run.user), "pdf")
    pictures = {PICTURE: bytes(run.picture)} if run.picture else {}
    files = (File(name, bytes(run.paper), "application/pdf"),) if run.paper else ()
    return Enclosure(run.letter, pictures, files, leave_address(run), one_click=True)
