"""One mail of a digest: composed within its receiver's rights, written once, ended by a signed link."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _

from voiceloop.server.collect import channels, messages, tokens
from voiceloop.server.collect.enclosures import Enclosure, File, encloses
from voiceloop.server.core.events import record
from voiceloop.server.core.models import Unit
from voiceloop.server.understand.digest import paper, words
from voiceloop.server.understand.digest.compose import Digest, compose
from voiceloop.server.understand.digest.events import DigestWritten
from voiceloop.server.understand.digest.weeks import Week
from voiceloop.server.understand.digest_models import DigestMail, DigestSubscription

LEAVE = "voiceloop.digest"


def mail(mail_id: int) -> str:
    """Write the mail of a week, unless that was done; return what became of it."""
    with transaction.atomic():
        rows = DigestMail.objects.select_related("subscription__user__unit", "subscription__unit")
        run = rows.select_for_update(of=("self",)).filter(pk=mail_id, state=DigestMail.State.DUE).first()
        if run is None:
            return ""
        with translation.override(run.subscription.language):
            _refuse(run, why) if (why := _why_not(run)) else _write(run)
        return run.state


def _why_not(run: DigestMail) -> str:
    subscription = run.subscription
    user, unit = subscription.user, subscription.unit
    if subscription.ended_at or not user.is_active:
        return _("no longer wanted")
    if not (user.may("voice.see") and user.may("measure.see")):
        return _("may not see numbers")
    if not Unit.objects.visible_to(user).filter(pk=unit.pk).exists():
        return _("the unit is no longer theirs")
    return "" if user.email else _("has no e-mail address")


def _refuse(run: DigestMail, why: str) -> None:
    run.state, run.why_not, run.done_at = DigestMail.State.REFUSED, why, now()
    run.save()


def _write(run: DigestMail) -> None:
    subscription = run.subscription
    digest = compose(subscription.user, subscription.unit, Week(run.week))
    run.letter, run.paper = letter(digest, subscription), paper.pdf(digest)
    run.state, run.done_at = DigestMail.State.WRITTEN, now()
    run.save()
    messages.write(
        key=f"digest:{run.pk}",
        channel_code=channels.preferred().code,
        to=subscription.user.email,
        subject=words.title(digest)[:200],
        body=plain(digest, subscription),
        unit=subscription.unit,
        about=f"digest_mail:{run.pk}",
    )
    event = DigestWritten(digest=subscription.pk, week=str(digest.week), receiver=str(subscription.user))
    record(event, unit=subscription.unit)


def letter(digest: Digest, subscription: DigestSubscription) -> str:
    context = {
        "digest": digest,
        "title": words.title(digest),
        "period": words.period(digest),
        "headline": words.headline(digest),
        "tiles": paper.tiles(digest),
        "sections": words.sections(digest)[1:],
        "footnote": paper.footnote(digest),
        "link": address_of(digest),
        "leave": leave_address(subscription),
    }
    return render_to_string("understand/digest_mail.html", context)


def plain(digest: Digest, subscription: DigestSubscription) -> str:
    """The same for mail programs that show no HTML."""
    lines = [words.title(digest), words.period(digest), "", words.headline(digest), ""]
    for section in words.sections(digest):
        lines.append(f"## {section.title}")
        for item in section.items:
            lines += [f"- {item.line}"] if item.line else []
            lines += [f"  “{text}” ({where})" for text, where in item.quotes]
        lines.append("")
    leave = _("No more of these mails: %(link)s") % {"link": leave_address(subscription)}
    return "\n".join([*lines, address_of(digest), "", leave])


def address_of(digest: Digest) -> str:
    return f"{settings.BASE_URL}{reverse('digest')}?week={digest.week}&of={digest.unit.code}"


def leave_address(subscription: DigestSubscription) -> str:
    token = tokens.make(subscription.pk, purpose=LEAVE)
    return settings.BASE_URL + reverse("digest_leave", args=[token])


def filename(digest: Digest, kind: str) -> str:
    return f"{words.title(digest)}.{kind}".replace("/", "-").replace(":", " ")


@encloses("digest_mail")
def enclosure(pk: int) -> Enclosure | None:
    rows = DigestMail.objects.select_related("subscription__unit", "subscription__user")
    run = rows.filter(pk=pk).first()
    if run is None or not run.letter:
        return None
    subscription = run.subscription
    with translation.override(subscription.language):
        name = f"{_('Voice of the customer')} {Week(run.week)}.pdf"
    files = (File(name, bytes(run.paper), "application/pdf"),) if run.paper else ()
    return Enclosure(run.letter, {}, files, leave_address(subscription), one_click=True)
