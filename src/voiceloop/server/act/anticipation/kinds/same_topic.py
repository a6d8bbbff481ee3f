"""They had to contact us about the same topic again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from voiceloop.server.act.anticipation.contacts import KINDS
from voiceloop.server.act.anticipation.kinds.base import Occasion, Parameter, Period, Values, number
from voiceloop.server.collect.models import Conversation
from voiceloop.server.measure.labels import label

PARAMETERS = (
    Parameter("count", gettext_lazy("From which contact on"), gettext_lazy("times"), 2, 2, 20),
    Parameter("days", gettext_lazy("Within days"), gettext_lazy("days"), 14, 1, 365),
)
OTHERS = gettext_lazy("customers who contacted us once about a topic")


def occasions(values: Values, period: Period) -> Iterator[Occasion]:
    window = timedelta(days=values["days"])
    rows = Conversation.objects.filter(
        started_at__gte=period.since - window, started_at__lt=period.until, customer__isnull=False,
        kind__in=KINDS, customer__unit__path__startswith=period.path,
    ).exclude(topic="").order_by("started_at", "pk")  # fmt: skip
    before: dict[tuple[int, str], list[datetime]] = defaultdict(list)
    columns = ("pk", "customer_id", "customer__unit_id", "started_at", "topic")
    for pk, customer, unit, at, topic in rows.values_list(*columns).iterator(chunk_size=5_000):
        before[customer, topic].append(at)
        if period.holds(at):
            n = sum(at - window < one for one in before[customer, topic])
            again = n >= values["count"]
            facts = {"topic": topic, "n": n, "days": values["days"]} if again else {}
            yield Occasion(customer, unit, at, again, at, f"conversation:{pk}", n, facts)


def said(facts: Mapping[str, Any]) -> str:
    named = label("topic", facts["topic"]) if facts.get("topic") else "—"
    told = {"n": number(facts.get("n")), "days": number(facts.get("days")), "topic": named}
    return _("They contacted us %(n)s times within %(days)s days about “%(topic)s”.") % told
