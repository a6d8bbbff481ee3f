"""Whom we leave in peace: an open case, a contact meanwhile, a letter within the month, their own wish."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q

from voiceloop.server.act.anticipation import contacts
from voiceloop.server.act.anticipation.contacts import Contacts
from voiceloop.server.act.cases import outreach
from voiceloop.server.act.models import Case
from voiceloop.server.collect.models import Customer, Invitation, Message

# The rest that `collect.budget` gives a customer whose programme says nothing else.
MONTH = timedelta(days=30)
OPEN_CASE, CAME_FIRST, WRITTEN, OPTED_OUT = "open_case", "came_first", "written", "opted_out"
Spans = dict[int, list[tuple[datetime, datetime | None]]]


class Peace:
    """What was known of many customers in a stretch of time, read once; then asked for any moment of it."""

    def __init__(
        self, since: datetime, until: datetime, *, path: str = "", customers: Collection[int] | None = None
    ) -> None:
        whose = Q(customer__isnull=False, customer__unit__path__startswith=path)
        if customers is not None:
            whose &= Q(customer__in=customers)
        self.contacts: Contacts = contacts.between(since, until, path=path, customers=customers)
        self.cases = _cases(whose, since, until)
        self.letters = _letters(whose, since, until)
        self.out = _opted_out(path, customers)

    def why_not(self, customer: int, *, since: datetime, at: datetime, own: str = "") -> str:
        """Why this customer is not proposed at that moment; "" when nothing is in the way."""
        out = self.out.get(customer)
        if out is not None and out <= at:
            return OPTED_OUT
        if self.heard(customer, since, at, own):
            return CAME_FIRST
        if any(a <= at and (b is None or b > at) for a, b in self.cases[customer]):
            return OPEN_CASE
        if any(at - MONTH < a <= at and (b is None or b > at) for a, b in self.letters[customer]):
            return WRITTEN
        return ""

    def heard(self, customer: int, after: datetime, until: datetime, own: str = "") -> list[contacts.Heard]:
        """Their contacts after one moment, up to another; what is itself the happening is none."""
        known = self.contacts.get(customer, [])
        return [one for one in known if after < one.at <= until and not (own and one.origin == own)]


def _cases(whose: Q, since: datetime, until: datetime) -> Spans:
    """From when to when each case was open."""
    rows = Case.objects.filter(whose, merged_into=None, opened_at__lt=until)
    rows = rows.filter(Q(resolved_at=None) | Q(resolved_at__gt=since))
    found: Spans = defaultdict(list)
    for customer, opened, resolved in rows.values_list("customer_id", "opened_at", "resolved_at").iterator():
        found[customer].append((opened, resolved))
    return found


def _letters(whose: Q, since: datetime, until: datetime) -> Spans:
    """From when a letter waits for an answer, until it has one: what was answered is a talk, not a letter."""
    found: Spans = defaultdict(list)
    asked = Invitation.objects.filter(
        whose, suppressed_by="", created_at__gte=since - MONTH, created_at__lt=until
    )
    for customer, at, answered in asked.values_list("customer_id", "created_at", "answered_at").iterator():
        found[customer].append((at, answered))
    # A letter about a case answers somebody who wrote first; an invitation was counted above.
    unasked = Message.objects.filter(whose, invitation=None, held_back_by="", created_at__lt=until)
    unasked = unasked.filter(created_at__gte=since - MONTH).exclude(about__startswith="case:")
    for customer, at in unasked.values_list("customer_id", "created_at").iterator():
        found[customer].append((at, None))
    begun = Case.objects.filter(whose, channel__in=outreach.UNASKED, opened_at__gte=since - MONTH)
    for customer, at in begun.filter(opened_at__lt=until).values_list("customer_id", "opened_at").iterator():
        found[customer].append((at, None))
    return found


def _opted_out(path: str, customers: Collection[int] | None) -> dict[int, datetime | None]:
    rows = Customer.objects.filter(opted_out_at__isnull=False, unit__path__startswith=path)
    if customers is not None:
        rows = rows.filter(pk__in=customers)
    return dict(rows.values_list("pk", "opted_out_at"))
