"""Who is affected: those whose words or cases are in the spike."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import now

from voiceloop.server.act.crisis.counting import Where, cases, responses
from voiceloop.server.act.models import Case, Crisis, CrisisCase, CrisisWatch
from voiceloop.server.act.models.crisis import Chart
from voiceloop.server.collect.models import Customer, Response, Verbatim
from voiceloop.server.core.models.unit import Reader


def charts_of(crisis: Crisis) -> list[str]:
    """The charts that raised it; a crisis that a person saw is about all that complain."""
    raised = list(crisis.alarms.order_by("chart").values_list("chart", flat=True).distinct())
    return raised or ([crisis.chart] if crisis.chart else [str(Chart.NEGATIVE), str(Chart.COMPLAINTS)])


def where(crisis: Crisis) -> Where:
    until = max(crisis.until, now()) if crisis.is_live and not crisis.chart else crisis.until
    return Where(crisis.since, until, crisis.unit, crisis.touchpoint)


def responses_of(crisis: Crisis) -> Any:
    """What was answered in the spike, by any of its charts."""
    return _any(crisis, Response, responses)


def cases_of(crisis: Crisis) -> Any:
    """Cases in the spike, those of its responses, and those that were linked."""
    linked = CrisisCase.objects.filter(case=OuterRef("pk"), crisis=crisis)
    of_words = Q(response__in=responses_of(crisis).values("pk"))
    found = Q(pk__in=_any(crisis, Case, cases).values("pk")) | of_words | Q(Exists(linked))
    return Case.objects.filter(found)


def customers_of(crisis: Crisis) -> Any:
    said = Q(pk__in=responses_of(crisis).exclude(customer=None).values("customer"))
    owed = Q(pk__in=cases_of(crisis).exclude(customer=None).values("customer"))
    return Customer.objects.filter(said | owed)


def without_case(crisis: Crisis) -> Any:
    """Responses in the spike that nobody answers for yet."""
    return responses_of(crisis).filter(case=None)


def quotes_of(crisis: Crisis, user: Reader) -> QuerySet[Any]:
    """Their words, newest first, as far as the reader may see them."""
    return (
        Verbatim.objects.filter(response__in=responses_of(crisis).visible_to(user).values("pk"))
        .exclude(text="")
        .select_related("response__unit", "response__customer", "response__case__owner")
        .prefetch_related("annotations", "response__answers")
        .order_by("-response__at", "-pk")
    )


def _any(crisis: Crisis, model: Any, counted: Any) -> Any:
    words, place = CrisisWatch.current().words, where(crisis)
    found = Q()
    for chart in charts_of(crisis):
        rows = counted(chart, words)
        if not rows.query.is_empty():
            found |= Q(pk__in=place.of(rows).values("pk"))
    return model.objects.filter(found) if found else model.objects.none()
