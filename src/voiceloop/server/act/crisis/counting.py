"""What each chart of the watch counts, and where it happened."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, TruncHour
from django.utils.timezone import get_default_timezone

from voiceloop.server.act.models import Case, CrisisWatch
from voiceloop.server.act.models.crisis import Chart
from voiceloop.server.collect.models import Response, Verbatim
from voiceloop.server.core.models import Unit
from voiceloop.server.understand.models import Annotation

COMPLAINING = (Case.Kind.RECOVERY, Case.Kind.COMPLAINT)
GRAVE = (Case.Severity.SERIOUS, Case.Severity.CATASTROPHIC)


@dataclass(frozen=True)
class Where:
    """A part of the company and a stretch of time."""

    since: datetime
    until: datetime
    unit: Unit | None = None
    touchpoint: str = ""

    def of(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Rows whose `happened` lies in the stretch; the two columns behind it have their own indexes."""
        rows = rows.filter(happened__gte=self.since, happened__lt=self.until)
        if self.unit and self.unit.parent_id:
            rows = rows.filter(unit__path__startswith=self.unit.path)
        return rows.filter(touchpoint=self.touchpoint) if self.touchpoint else rows


def responses(chart: str, words: list[str]) -> Any:
    """The responses that a chart counts, each with the moment it is counted at."""
    rows: QuerySet[Any] = Response.objects.filter(state=Response.State.COMPLETE)
    mine = Verbatim.objects.filter(response=OuterRef("pk"))
    if chart == Chart.NEGATIVE:
        rows = rows.filter(Exists(_labelled(mine, kind="sentiment", polarity__lt=0)))
    elif chart == Chart.WORDS:
        grave = _labelled(mine, kind="severity", label="catastrophic")
        said = Exists(mine.filter(text__iregex=pattern(words))) if words else Q(pk__in=[])
        rows = rows.filter(Exists(grave) | said)
    else:
        rows = rows.none()
    return rows.annotate(happened=F("at"))


def cases(chart: str, words: list[str]) -> Any:
    """The cases that a chart counts; that of a response counts at the moment of the response."""
    rows: QuerySet[Any] = Case.objects.all()
    if chart == Chart.COMPLAINTS:
        rows = rows.filter(kind__in=COMPLAINING)
    elif chart == Chart.SEVERE:
        rows = rows.filter(severity__in=GRAVE)
    elif chart == Chart.WORDS and words:
        # What was said on the phone stands in the summary; a response was counted by its own words.
        rows = rows.filter(response=None, summary__iregex=pattern(words))
    else:
        rows = rows.none()
    return rows.annotate(happened=Coalesce("response__at", "opened_at"))


def counted(chart: str, where: Where, watch: CrisisWatch) -> list[tuple[int, str, datetime, int]]:
    """(unit, touchpoint, hour, how many) of a chart."""
    zone = get_default_timezone()
    found: list[tuple[int, str, datetime, int]] = []
    for rows in (responses(chart, watch.words), cases(chart, watch.words)):
        if rows.query.is_empty():
            continue
        hours = where.of(rows).annotate(hour=TruncHour("happened", tzinfo=zone)).order_by()
        found += hours.values_list("unit_id", "touchpoint", "hour").annotate(n=Count("pk"))
    return found


def pattern(words: list[str]) -> str:
    """One expression for all words; letters stand for themselves."""
    return "|".join(re.escape(word) for word in sorted(set(words)) if word)


def _labelled(mine: QuerySet[Any], **label: Any) -> QuerySet[Any]:
    return mine.filter(Exists(Annotation.objects.filter(verbatim=OuterRef("pk"), **label)))
