"""What a tag rule can look at: each field as an expression that the database works out for all customers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    F,
    Func,
    IntegerField,
    Max,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncDate
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.timezone import localdate, now
from django.utils.translation import gettext_lazy as _

from voiceloop.analytics.scales import CLASS_LABELS, DETRACTOR, PASSIVE, PROMOTER, SCALES
from voiceloop.analytics.value.stages import STAGES
from voiceloop.server.collect.models import Answer, Customer, Response, Transaction
from voiceloop.server.core.models import Unit
from voiceloop.server.measure.labels import KNOWN, label, names
from voiceloop.server.understand.risk_models import CustomerRisk

Condition = Mapping[str, Any]
Options = Callable[[], list[tuple[str, str]]]
COMPARISONS: dict[str, dict[str, Any]] = {
    "number": {"at_least": _("is at least"), "at_most": _("is at most"), "equals": _("is exactly")},
    "choice": {"one_of": _("is one of"), "none_of": _("is none of")},
    "unit": {"below": _("is at or below"), "not_below": _("is not at or below")},
    "date": {"before": _("is before"), "after": _("is on or after")},
    "attribute": {"equals": _("is exactly"), "differs": _("is something else")},
}
CLASSES = SCALES["nps_0_10"].classes.bounds


@dataclass(frozen=True)
class Field:
    """One thing that is known about a customer."""

    code: str
    label: Any
    # A key of `COMPARISONS`.
    kind: str
    expression: Callable[[Condition], Any]
    options: Options | None = None
    # "days": how far it looks back. "name": of which attribute.
    more: str = ""


def _per_customer(rows: QuerySet[Any]) -> Any:
    mine = rows.filter(customer=OuterRef("pk")).order_by().values("customer")
    return Coalesce(Subquery(mine.annotate(n=Count("pk")).values("n")), 0)


def counted(rows: QuerySet[Any], moment: str, condition: Condition) -> Any:
    """How many rows each customer has within the days of the condition."""
    since = now() - timedelta(days=int(condition.get("more") or 0))
    return _per_customer(rows.filter(**{f"{moment}__gte": since}))


def _complete() -> QuerySet[Any]:
    rows: QuerySet[Any] = Response.objects.filter(state=Response.State.COMPLETE)
    return rows


def _last_score(condition: Condition) -> Any:
    mine = Answer.objects.filter(
        response__customer=OuterRef("pk"), question="nps", scale="nps_0_10", score__isnull=False
    )
    return Subquery(mine.order_by("-response__at", "-pk").values("score")[:1])


def _class(condition: Condition) -> Any:
    """By the classes of the scale, each from its lowest score on; they come lowest first."""
    starts = [
        When(GreaterThanOrEqual(_last_score(condition), low), then=Value(name)) for low, name in CLASSES
    ]
    return Case(*reversed(starts), output_field=CharField())


def _bought() -> QuerySet[Any]:
    rows: QuerySet[Any] = Transaction.objects.filter(amount__gt=0)
    return rows


def _days_since_order(condition: Condition) -> Any:
    mine = _bought().filter(customer=OuterRef("pk")).order_by().values("customer")
    last = Subquery(mine.annotate(last=TruncDate(Max("at"))).values("last"), output_field=DateField())
    today = Value(localdate(), output_field=DateField())
    return Func(today, last, template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField())


def _channel(condition: Condition) -> Any:
    mine = _complete().filter(customer=OuterRef("pk")).order_by("-at", "-pk")
    return Subquery(mine.values("channel")[:1])


def _tiers() -> list[tuple[str, str]]:
    known = Customer.objects.exclude(tier="").order_by("tier").values_list("tier", flat=True).distinct()
    return [(code, label("tier", code)) for code in dict.fromkeys([*known, *names("tier")])]


def _channels() -> list[tuple[str, str]]:
    return [(code, label("channel", code)) for code in dict.fromkeys([*KNOWN["channel"], *names("channel")])]


def _units() -> list[tuple[str, str]]:
    return [(unit.code, str(unit)) for unit in Unit.objects.order_by("path")]


def _stages() -> list[tuple[str, str]]:
    from voiceloop.server.understand.risk.reading import stage_name

    return [(one.code, stage_name(one.code)) for one in STAGES]


def _classes() -> list[tuple[str, str]]:
    return [(one, label("score_class", one)) for one in (PROMOTER, PASSIVE, DETRACTOR) if one in CLASS_LABELS]


def _bands() -> list[tuple[str, str]]:
    return [(code, str(name)) for code, name in CustomerRisk.Band.choices]


FIELDS: dict[str, Field] = {
    field.code: field
    for field in (
        Field("responses", _("Answers in the last days"), "number",
              lambda c: counted(_complete(), "at", c), more="days"),
        Field("last_score", _("Last score"), "number", _last_score),
        Field("score_class", _("Class of the last score"), "choice", _class, _classes),
        Field("orders", _("Orders in the last days"), "number",
              lambda c: counted(_bought(), "at", c), more="days"),
        Field("days_since_order", _("Days since the last order"), "number", _days_since_order),
        Field("value", _("Value so far"), "number", lambda c: F("risk__historic")),
        Field("expected", _("Expected value"), "number", lambda c: F("risk__expected")),
        Field("band", _("Risk"), "choice", lambda c: F("risk__band"), _bands),
        Field("stage", _("Stage of life"), "choice", lambda c: F("risk__stage"), _stages),
        Field("tier", _("Tier"), "choice", lambda c: F("tier"), _tiers),
        Field("channel", _("Channel of the last answer"), "choice", _channel, _channels),
        Field("unit", _("Unit"), "unit", lambda c: F("unit__path"), _units),
        Field("joined", _("Joined"), "date", lambda c: F("joined_on")),
        Field("attribute", _("Attribute"), "attribute", lambda c: F("attributes"), more="name"),
    )
}  # fmt: skip
