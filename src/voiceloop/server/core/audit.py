"""The Event log for people: who did what, when, about what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import get_current_timezone, localtime, make_aware
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from voiceloop.server.core.events import TYPES
from voiceloop.server.core.models import Event, User
from voiceloop.server.core.models.event import EventQuerySet

CHUNK = 500


def readable_by(user: User) -> QuerySet[Event]:
    """Events of one's own branch; who stands at the root also reads those that belong to no unit."""
    rows: Any = Event.objects.all()
    if user.is_of_the_company:
        return rows.filter(EventQuerySet.scope(user) | Q(unit=None))  # type: ignore[no-any-return]
    return rows.visible_to(user)  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Wanted:
    """The filter out of the page's address; what cannot be read is ignored."""

    type: str = ""
    by: str = ""
    since: str = ""
    until: str = ""
    about: str = ""

    @classmethod
    def of(cls, query: Mapping[str, Any]) -> Wanted:
        return cls(*(str(query.get(name, "")).strip() for name in ("type", "by", "since", "until", "about")))

    @property
    def is_on(self) -> bool:
        return any((self.type, self.by, self.since, self.until, self.about))

    def of_events(self, events: QuerySet[Event]) -> QuerySet[Event]:
        return events.filter(*self._conditions()).select_related("by", "unit").order_by("-id")

    def _conditions(self) -> Iterator[Q]:
        if self.type:
            yield Q(type=self.type)
        if self.by.isdigit() and len(self.by) < 10:
            yield Q(by=int(self.by))
        if since := _day(self.since):
            yield Q(at__gte=_midnight(since))
        if until := _day(self.until):
            yield Q(at__lt=_midnight(until + timedelta(days=1)))
        if self.about:
            yield Q(about__contains=[self.about])


def types() -> list[str]:
    return sorted(TYPES)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.min), get_current_timezone())


def table(events: QuerySet[Event]) -> Iterator[list[str]]:
    """The rows of a file, one event after the other, however many there are."""
    yield [
        _("Number"),
        _("Time"),
        _("Type"),
        _("What happened"),
        _("Who"),
        pgettext("organisation", "Unit"),
        _("About"),
        _("Note"),
    ]
    for event in events.iterator(chunk_size=CHUNK):
        yield _cells(event)


def _cells(event: Event) -> list[str]:
    at = localtime(event.at).strftime("%Y-%m-%d %H:%M:%S")
    who, where = str(event.by or ""), str(event.unit or "")
    return [str(event.pk), at, event.type, event.sentence, who, where, " ".join(event.about), event.note]
