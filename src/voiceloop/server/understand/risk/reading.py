"""The list of customers at risk, its filters, and the charts above it."""

from __future__ import annotations

from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet, Sum
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from voiceloop.analytics.value.customers import NAMES
from voiceloop.analytics.value.rfm import KINDS
from voiceloop.analytics.value.stages import STAGES
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.models import Unit, User
from voiceloop.server.measure.labels import label
from voiceloop.server.understand.risk_models import CustomerRisk, RiskRun

SORTS = {
    "loss": ("-loss", _lazy("Value at stake")),
    "risk": ("-probability", _lazy("Risk")),
    "value": ("-expected", _lazy("Expected value")),
    "recency": ("-recency_days", _lazy("Longest away")),
}
SHOWN_IN_CHART = 400
# Our choice: what moves the odds by less than a twentieth is no reason to call.
TELLING = 1.05
_AXIS = {"type": "value", "min": 0, "nameLocation": "middle", "nameGap": 24}
COLOURS = {"high": "--nps-detractor", "medium": "--nps-passive", "low": "--nps-promoter"}


class RiskFilter:
    """Out of the address; what is unknown is ignored."""

    sorts = SORTS

    def __init__(self, given: QueryDict, *, user: User) -> None:
        self.user = user
        self.band = _one_of(given.get("band", ""), CustomerRisk.Band.values)
        self.kind = _one_of(given.get("kind", ""), [one.code for one in KINDS])
        self.stage = _one_of(given.get("stage", ""), [one.code for one in STAGES])
        self.unit = given.get("unit", "")
        self.value = _one_of(given.get("value", ""), ["dear"])
        self.asleep = given.get("asleep", "") == "1"
        self.sort = _one_of(given.get("sort", ""), list(SORTS)) or "loss"

    @property
    def is_on(self) -> bool:
        return any((self.band, self.kind, self.stage, self.unit, self.value))

    def of(self, rows: QuerySet[CustomerRisk]) -> QuerySet[CustomerRisk]:
        exact = {name: value for name in ("band", "kind", "stage") if (value := getattr(self, name))}
        found = rows.filter(**exact).filter(self._unit())
        if self.value:
            found = found.filter(is_dear=True)
        if not self.asleep:
            found = found.awake()  # type: ignore[attr-defined]  # its manager's own
        loss = found.annotate(loss=F("probability") * F("expected"))
        order = F(SORTS[self.sort][0][1:]).desc(nulls_last=True)
        return loss.order_by(order, "pk")

    def _unit(self) -> Q:
        unit = Unit.objects.visible_to(self.user).filter(code=self.unit).first() if self.unit else None
        return Q(customer__unit__path__startswith=unit.path) if unit else Q()


def visible(user: User) -> QuerySet[CustomerRisk]:
    return CustomerRisk.objects.visible_to(user).select_related("customer__unit")


def summary(user: User) -> dict[str, Any]:
    """Counts by band, and what is at stake, of those whom the user may see."""
    rows = CustomerRisk.objects.visible_to(user)
    bands = {row["band"]: row["n"] for row in rows.values("band").annotate(n=Count("pk"))}
    totals = rows.aggregate(
        worth=Sum("expected"),
        at_stake=Sum(F("probability") * F("expected"), filter=Q(band="high")),
        mean=Avg("probability"),
    )
    kinds = {row["kind"]: row for row in rows.values("kind").annotate(n=Count("pk"), value=Sum("expected"))}
    stages = {row["stage"]: row["n"] for row in rows.values("stage").annotate(n=Count("pk"))}
    n = sum(bands.values())
    return {
        "n": n,
        "scored": sum(bands.get(one, 0) for one in ("high", "medium", "low")),
        "bands": [
            (code, name, bands.get(code, 0)) for code, name in CustomerRisk.Band.choices if bands.get(code)
        ],
        "kinds": [
            (one.code, kind_name(one.code), kinds[one.code]) for one in reversed(KINDS) if one.code in kinds
        ],
        "stages": [(one.code, stage_name(one.code), stages.get(one.code, 0)) for one in STAGES],
        **totals,
    }


def newest_run() -> RiskRun | None:
    return RiskRun.objects.select_related("model").order_by("-pk").first()


def cloud(rows: QuerySet[CustomerRisk]) -> dict[str, Any] | None:
    """Risk against expected value, a dot a customer: those of the list with most at stake."""
    known = rows.exclude(probability=None).exclude(expected=None)
    found = list(known.order_by(F("loss").desc(nulls_last=True))[:SHOWN_IN_CHART])
    if len(found) < 3:
        return None
    most = max(100 * (one.probability or 0) for one in found)
    return {
        "animation": False,
        "grid": {"left": 60, "right": 16, "top": 36, "bottom": 40},
        "legend": {"top": 0, "right": 0},
        "tooltip": {"trigger": "item", "formatter": {"$fmt": "tip"}},
        "xAxis": {**_AXIS, "max": min(100, 10 * (int(most // 10) + 1)), "name": _("Risk %")},
        "yAxis": {"type": "value", "min": 0, "axisLabel": {"formatter": {"$fmt": "money"}}},
        "series": [_dots(code, [one for one in found if one.band == code]) for code in COLOURS],
    }


def _dots(code: str, found: list[CustomerRisk]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "name": str(CustomerRisk.Band(code).label),
        "symbolSize": 8,
        "itemStyle": {"color": {"$css": COLOURS[code]}, "opacity": 0.75},
        "data": [_dot(one) for one in found],
    }


def reliability(steps: list[dict[str, Any]]) -> dict[str, Any]:
    """Predicted against observed shares: on the diagonal 20 % means 20 %."""
    points = [[round(100 * one["predicted"], 1), round(100 * one["observed"], 1)] for one in steps]
    top = max([10.0, *(max(point) for point in points)])
    edge = min(100, 10 * (int(top // 10) + 1))
    axis = {"type": "value", "min": 0, "max": edge}
    return {
        "animation": False,
        "grid": {"left": 44, "right": 16, "top": 16, "bottom": 40},
        "tooltip": {"trigger": "item", "formatter": {"$fmt": "tip"}},
        "xAxis": {**axis, "name": _("Predicted %"), "nameLocation": "middle", "nameGap": 24},
        "yAxis": {**axis},
        "series": [
            {
                "type": "line",
                "symbol": "none",
                "lineStyle": {"type": "dashed", "color": "#c3cad4"},
                "data": [[0, 0], [edge, edge]],
            },
            {
                "type": "line",
                "symbolSize": 9,
                "itemStyle": {"color": {"$css": "--tblr-primary"}},
                "data": [
                    {"value": point, "tip": _step(one)} for point, one in zip(points, steps, strict=True)
                ],
            },
        ],
    }


def calibration_table(steps: list[dict[str, Any]]) -> dict[str, Any]:
    rows = [
        [
            f"{one['n']:,}",
            f"{100 * one['predicted']:.1f} %",
            f"{100 * one['observed']:.1f} %",
            f"{100 * one['low']:.1f} – {100 * one['high']:.1f} %",
        ]
        for one in steps
    ]
    return {"head": [_("Customers"), _("Predicted"), _("Did not come back"), _("Interval")], "rows": rows}


def reasons(risk: CustomerRisk) -> list[dict[str, Any]]:
    """What raises the risk, in the reader's language."""
    return [
        {"name": column_name(one["column"]), "value": _told(one), "odds": one["odds"]} for one in risk.reasons
    ]


def column_name(column: str) -> str:
    return NAMES[column][0 if _is_chinese() else 1] if column in NAMES else column


def kind_name(code: str) -> str:
    found = next((one for one in KINDS if one.code == code), None)
    return code if found is None else found.label_zh if _is_chinese() else found.label_en


def stage_name(code: str) -> str:
    found = next((one for one in STAGES if one.code == code), None)
    return code if found is None else found.label_zh if _is_chinese() else found.label_en


def for_customer(customer: Customer) -> dict[str, Any] | None:
    """What a customer's page shows: value, kind, stage, risk and why."""
    risk = CustomerRisk.objects.filter(customer=customer).select_related("model").first()
    if risk is None:
        return None
    past = [float(value) for _day, value in risk.history]
    return {
        "risk": risk,
        "reasons": reasons(risk),
        "kind": kind_name(risk.kind),
        "stage": stage_name(risk.stage),
        "spark": [*past, risk.probability] if past and risk.probability is not None else [],
        "days": risk.model.horizon_days if risk.model else None,
    }


def _dot(one: CustomerRisk) -> dict[str, Any]:
    chance = 100 * (one.probability or 0)
    return {
        "value": [round(chance, 1), round(one.expected or 0, 2)],
        "url": reverse("customer", args=[one.customer_id]),
        "tip": [str(one.customer), f"{chance:.0f} % · ¥{one.expected or 0:,.0f}"],
    }


def _step(one: dict[str, Any]) -> list[str]:
    predicted, observed, low, high = (100 * one[name] for name in ("predicted", "observed", "low", "high"))
    return [f"n = {one['n']:,}", f"{predicted:.1f} % → {observed:.1f} % ({low:.1f} – {high:.1f})"]


def _told(one: dict[str, Any]) -> str:
    """A number short, a code by its name, nothing as a dash."""
    value: str = one["value"]
    try:
        return f"{float(value):,.4g}"
    except ValueError:
        return label(one["column"], value) if value else "—"


def _one_of(value: str, known: list[str]) -> str:
    return value if value in known else ""


def _is_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")
