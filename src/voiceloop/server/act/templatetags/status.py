"""Where orders and cases stand, for templates of other rooms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template

from voiceloop.server.act.models import Case, Milestone
from voiceloop.server.act.status import links, refusing
from voiceloop.server.collect.models import Customer, Transaction

register = template.Library()


@register.filter
def with_standing(orders: Iterable[Transaction]) -> list[Transaction]:
    """The same orders, each with what became of it last as `.milestone`."""
    found = list(orders)
    rows = Milestone.objects.live().filter(order__in=[one.pk for one in found]).in_order()
    last = {one.order_id: one for one in rows}
    for order in found:
        order.milestone = last.get(order.pk)  # type: ignore[attr-defined]  # for the template
    return found


@register.inclusion_tag("act/status/_of_case.html")
def status_of_case(case: Case) -> dict[str, Any]:
    """What its customer can read of it, and what they were told."""
    return {"case": case, "milestones": links.of_case(case).milestones, "address": links.address_of(case)}


@register.inclusion_tag("act/status/_choice.html", takes_context=True)
def status_choice(context: template.Context, customer: Customer) -> dict[str, Any]:
    """Whether a customer wants to be told; who works on cases writes down their word."""
    found = {"customer": customer, "refuses": refusing.refuses(customer), "works": context.get("works")}
    return found | {"csrf_token": context.get("csrf_token")}
