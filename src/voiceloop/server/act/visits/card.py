"""One glance at a customer: how to address them, what must not be, what went wrong before, what we owe."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.cases import scores
from voiceloop.server.act.models import Callback, Case
from voiceloop.server.collect import budget
from voiceloop.server.collect.models import Customer, Preference, Response
from voiceloop.server.core.models import User
from voiceloop.server.measure.labels import label
from voiceloop.server.understand.customers import preferences, tiers

# Our choice: what fits on a screen without scrolling.
PROBLEMS, PROMISES = 3, 3


@dataclass
class Promise:
    """A callback or a first contact that is still owed."""

    what: Any
    case: Case
    due_at: datetime

    @property
    def is_late(self) -> bool:
        return self.due_at < now()


@dataclass
class Glance:
    """What whoever serves a customer must know at once."""

    customer: Customer
    address: str
    preferences: list[Preference] = field(default_factory=list)
    problems: list[Case] = field(default_factory=list)
    n_problems: int = 0
    promises: list[Promise] = field(default_factory=list)


@dataclass
class Card(Glance):
    """The glance, and who they are to us."""

    tier: str = ""
    # What comes with the tier, as the company wrote it.
    benefits: str = ""
    segment: str = ""
    score: dict[str, Any] | None = None
    budget: dict[str, Any] = field(default_factory=dict)


def glance(customer: Customer | None, user: User, *, besides: Case | None = None) -> Glance | None:
    """What a case shows when it is opened; nothing of a customer whom the reader may not see."""
    if customer is None or not may_see(customer, user):
        return None
    return Glance(**_known(customer, user, besides))


def card(customer: Customer, user: User) -> Card:
    """The whole card of a customer whom the reader may see."""
    return Card(
        **_known(customer, user, None),
        tier=label("tier", customer.tier) if customer.tier else "",
        benefits=tiers.benefits(customer.tier),
        segment=label("segment", customer.segment) if customer.segment else "",
        score=last_score(customer, user),
        budget=budget.of(customer),
    )


def last_score(customer: Customer, user: User) -> dict[str, Any] | None:
    if not user.may("voice.see"):
        return None
    said = Response.objects.visible_to(user).filter(customer=customer, state="complete").order_by("-at")
    for response in said.prefetch_related("answers")[:PROBLEMS]:
        answer = scores.of(response)
        if answer:
            return {"value": answer.score, "score_class": scores.class_of(answer), "at": response.at}
    return None


def may_see(customer: Customer, user: User) -> bool:
    return user.may("customers.see") and Customer.objects.visible_to(user).filter(pk=customer.pk).exists()


def _known(customer: Customer, user: User, besides: Case | None) -> dict[str, Any]:
    found = preferences.of(customer)
    address = next((one.words for one in found if one.kind == Preference.Kind.ADDRESS), "")
    known = {
        "customer": customer,
        "address": address or str(customer),
        "preferences": [one for one in found if one.kind != Preference.Kind.ADDRESS],
    }
    return known | (_served(customer, user, besides) if user.may("cases.see") else {})


def _served(customer: Customer, user: User, besides: Case | None) -> dict[str, Any]:
    cases = Case.objects.visible_to(user).filter(customer=customer)
    past = cases.filter(merged_into=None).exclude(pk=besides.pk if besides else None)
    shown = past.select_related("resolution__root_cause", "outcome").prefetch_related("callbacks")
    return {
        "problems": list(shown.order_by("-opened_at")[:PROBLEMS]),
        "n_problems": past.count(),
        "promises": _promises(cases),
    }


def _promises(cases: Any) -> list[Promise]:
    calls = Callback.objects.waiting().filter(case__in=cases.values("pk")).select_related("case")
    found = [Promise(_("Callback"), one.case, one.due_at) for one in calls.order_by("due_at")[:PROMISES]]
    first = cases.open().filter(first_contact_at=None).exclude(first_contact_due_at=None)
    found += [
        Promise(_("First contact"), one, one.first_contact_due_at)
        for one in first.order_by("first_contact_due_at")[:PROMISES]
    ]
    return sorted(found, key=lambda one: one.due_at)[:PROMISES]
