"""The daily look at targets: owners hear once of a missed date, and once of a crossed threshold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from voiceloop.server.collect import messages
from voiceloop.server.collect.channels import channel
from voiceloop.server.core.events import record, verb
from voiceloop.server.measure.events_boards import TargetOverdue, ThresholdCrossed
from voiceloop.server.measure.models import Target
from voiceloop.server.measure.targets import metric_word
from voiceloop.server.measure.targets_reading import Standing, standings

# Subject and text, asked for in the owner's language.
Words = Callable[[], tuple[str, str]]


def watch() -> int:
    """Look at every open target that could have something to say; return how many owners were told."""
    dated = Q(due_on__lt=localdate())
    rows = standings(Target.objects.open().filter(dated | Q(threshold__isnull=False)))
    return sum(tell_overdue(standing=one) + tell_alarm(standing=one) for one in rows)


@verb
def tell_overdue(*, standing: Standing) -> bool:
    """One event and one mail for each missed date, however often this runs."""
    target = standing.target
    if not standing.is_overdue:
        return False
    untold = Target.objects.filter(pk=target.pk).exclude(told_of=target.due_on)
    if not untold.update(told_of=target.due_on):
        return False
    event = TargetOverdue(target=target.pk, metric=target.metric, value=target.value)
    record(event, unit=target.unit)
    _write(standing, f"overdue:{target.due_on}", _overdue_words)
    return True


@verb
def tell_alarm(*, standing: Standing) -> bool:
    """Once when it crosses; armed again only when the figure surely came back."""
    target = standing.target
    if target.alarmed_at and standing.verdict == "reached":
        Target.objects.filter(pk=target.pk).update(alarmed_at=None)
    if not standing.is_alarm:
        return False
    at = now()
    if not Target.objects.filter(pk=target.pk, alarmed_at=None).update(alarmed_at=at):
        return False
    event = ThresholdCrossed(target=target.pk, metric=target.metric, value=target.threshold or 0.0)
    record(event, unit=target.unit)
    _write(standing, f"alarm:{at.isoformat()}", _alarm_words)
    return True


def _write(standing: Standing, key: str, words: Words) -> None:
    def values() -> dict[str, Any]:
        name = {"metric": metric_word(standing.target.metric), "where": standing.where}
        return {**name, "day": standing.target.due_on, "word": standing.word}

    mail_owner(standing.target, key, words, values)


def mail_owner(target: Target, key: str, words: Words, values: Callable[[], dict[str, Any]]) -> None:
    """A mail, where mail is set up and the owner has an address; the page shows it in any case."""
    owner, mail = target.owner, channel("email")
    if not owner.email or not mail.is_ready():
        return
    with translation.override(owner.language or settings.LANGUAGE_CODE):
        subject, said = (text % values() for text in words())
        link = settings.BASE_URL + reverse("target", args=[target.pk])
        messages.write(
            key=f"target:{target.pk}:{key}"[:120],
            channel_code="email",
            to=owner.email,
            subject=subject[:200],
            body=f"{owner}\n\n{said}\n{link}\n",
            unit=target.unit,
        )


def _overdue_words() -> tuple[str, str]:
    return (
        _("Target overdue: %(metric)s"),
        _("The target for %(metric)s (%(where)s) was due on %(day)s. How it stands: %(word)s."),
    )


def _alarm_words() -> tuple[str, str]:
    return (
        _("Beyond the alarm threshold: %(metric)s"),
        _("%(metric)s (%(where)s) is beyond its threshold, with all of its 95%% interval."),
    )
