"""All that one person may see of one customer, on one page."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from voiceloop.analytics.scales import CLASS_LABELS, UNCLASSIFIED
from voiceloop.server.act.cases import page, scores
from voiceloop.server.act.models import CareTask, Case
from voiceloop.server.collect import budget
from voiceloop.server.collect.models import (
    Customer,
    Message,
    Response,
    Transaction,
    Verbatim,
)
from voiceloop.server.core.models import Event, User
from voiceloop.server.measure.labels import label
from voiceloop.server.understand.risk import reading as risk
from voiceloop.server.understand.voices import voices
from voiceloop.server.web import customer_health

SHOWN = 50
COLOURS = {"promoter": "--nps-promoter", "passive": "--nps-passive", "detractor": "--nps-detractor"}


def context(customer: Customer, user: User) -> dict[str, Any]:
    of_customer = {"customer": customer}
    responses = Response.objects.visible_to(user).filter(**of_customer).prefetch_related("answers")
    said = list(responses.order_by("-at")[:SHOWN])
    points = _points(said)
    words = Verbatim.objects.filter(response__in=[r.pk for r in said]).select_related("response__unit")
    events = Event.objects.visible_to(user).about("customer", customer.pk).newest_first()[:SHOWN]
    return {
        "customer": customer,
        "tier": label("tier", customer.tier) if customer.tier else "",
        "segment": label("segment", customer.segment) if customer.segment else "",
        "n_responses": responses.count(),
        "now_class": points[-1] if points else None,
        "option": _chart(points) if len(points) > 1 else None,
        "table": _table(points),
        "voices": voices(
            words.prefetch_related("annotations", "response__answers").order_by("-response__at")
        ),
        "cases": _cases(customer, user),
        "care": CareTask.objects.visible_to(user).filter(**of_customer).select_related("owner")[:SHOWN],
        "orders": _orders(customer, user),
        "outbox": Message.objects.visible_to(user).filter(**of_customer).order_by("-created_at")[:SHOWN],
        "log": [page.entry(event) for event in events],
        "budget": budget.of(customer),
        "standing": risk.for_customer(customer),
        **customer_health.context(customer, user, said),
    }


def _cases(customer: Customer, user: User) -> list[Case]:
    rows = page.for_rows(Case.objects.visible_to(user).filter(customer=customer)).order_by("-opened_at")
    found = list(rows[:SHOWN])
    for case in found:
        case.score = page.score_of(case)
    return found


def _orders(customer: Customer, user: User) -> list[Transaction]:
    rows = Transaction.objects.visible_to(user).filter(customer=customer).select_related("unit")
    found = list(rows.order_by("-at")[:SHOWN])
    for order in found:
        order.what = customer_health.ORDERS.get(order.kind, order.kind)
    return found


def _points(responses: list[Response]) -> list[dict[str, Any]]:
    """Oldest first: each answer to the recommend question with its class."""
    answers = ((response, scores.of(response)) for response in reversed(responses))
    return [
        {"at": response.at, "score": answer.score, "score_class": scores.class_of(answer)}
        for response, answer in answers
        if answer and answer.question == "nps" and answer.scale == "nps_0_10"
    ]


def _chart(points: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "grid": {"left": 28, "right": 12, "top": 12, "bottom": 24},
        "xAxis": {"type": "time"},
        "yAxis": {"type": "value", "min": 0, "max": 10, "interval": 5},
        "tooltip": {"trigger": "item", "formatter": {"$fmt": "tip"}},
        "series": [
            {
                "type": "line",
                "symbolSize": 9,
                "lineStyle": {"color": "#c3cad4", "width": 1.5},
                "data": [_dot(point) for point in points],
            }
        ],
    }


def _dot(point: dict[str, Any]) -> dict[str, Any]:
    day = date_format(localtime(point["at"]), "DATE_FORMAT")
    colour = COLOURS.get(point["score_class"], "--nps-passive")
    return {
        "value": [point["at"].isoformat(), point["score"]],
        "itemStyle": {"color": {"$css": colour}},
        "tip": [day, f"{point['score']:g} · {label('score_class', point['score_class'])}"],
    }


def _table(points: list[dict[str, Any]]) -> dict[str, Any]:
    rows = [
        [date_format(localtime(p["at"]), "DATE_FORMAT"), f"{p['score']:g}", _class(p["score_class"])]
        for p in reversed(points)
    ]
    return {"head": [_("Date"), _("Score"), _("Class")], "rows": rows}


def _class(code: str) -> str:
    return label("score_class", code) if code in CLASS_LABELS and code != UNCLASSIFIED else "—"
