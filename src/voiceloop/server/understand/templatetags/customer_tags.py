"""Shows what a customer is marked with and the tier they stand in, wherever a customer is shown."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import RequestContext
from django.utils.timezone import localdate

from voiceloop.server.collect.models import Customer
from voiceloop.server.measure.labels import label
from voiceloop.server.understand.customers import tags, tier_promises, tiers
from voiceloop.server.understand.tag_models import CustomerTag, TierHold

register = template.Library()


@register.inclusion_tag("understand/customers/_tags_of.html", takes_context=True)
def tags_of(context: RequestContext, customer: Customer) -> dict[str, Any]:
    """The card of the customer's page: tags to read, give and take."""
    user = context["user"]
    return {
        "customer": customer,
        "tags": tags.of(customer),
        "taken": tags.taken_lately(customer),
        "suggested": tags.suggestions(user) if user.may("cases.work") else [],
        "works": user.may("cases.work"),
        "today": localdate(),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("understand/customers/_tier_of.html", takes_context=True)
def tier_of(context: RequestContext, customer: Customer) -> dict[str, Any]:
    """The card of the customer's page: the tier, what it brings, and whether a person keeps it."""
    user, scheme = context["user"], tiers.scheme()
    return {
        **_standing(customer),
        "customer": customer,
        "held": TierHold.objects.live().filter(customer=customer).select_related("by").first(),
        "names": [(code, name) for code, name in scheme.names.items()],
        "assigns": user.may("cases.assign"),
        "today": localdate(),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("understand/customers/_marks_of.html", takes_context=True)
def marks_of(context: RequestContext, customer: Customer) -> dict[str, Any]:
    """A line for the card of a case: tier with its benefits, and tags."""
    rows = CustomerTag.objects.visible_to(context["user"]).live().filter(customer=customer)
    return {**_standing(customer), "tags": list(rows.order_by("name"))}


def _standing(customer: Customer) -> dict[str, Any]:
    code = customer.tier
    return {
        "tier": label("tier", code) if code else "",
        "benefits": tiers.benefits(code),
        "promises": tier_promises.of([code])[code] if code else [],
    }
