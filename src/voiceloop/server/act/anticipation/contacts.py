"""When customers contacted us by themselves: what a rule foretells, and what it must not come after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from voiceloop.server.act.cases import outreach
from voiceloop.server.act.models import Case, Post
from voiceloop.server.collect.models import Conversation, ImportedTicket

# A visit or a page of help is no question to us.
KINDS = (
    Conversation.Kind.CALL,
    Conversation.Kind.CHAT,
    Conversation.Kind.MAIL,
    Conversation.Kind.MESSAGE,
)
COMPLAINTS = (Case.Kind.RECOVERY, Case.Kind.COMPLAINT)


@dataclass(frozen=True, slots=True)
class Heard:
    """One contact: when, how, what it came of, and whether it was a complaint."""

    at: datetime
    # talk: a conversation, a message or a ticket; case: somebody took it down; answer: of a survey.
    way: str
    origin: str = ""
    is_complaint: bool = False


Contacts = dict[int, list[Heard]]


def between(
    since: datetime, until: datetime, *, path: str = "", customers: Collection[int] | None = None
) -> Contacts:
    """The contacts of each customer in that time, oldest first; what we began ourselves is none."""
    whose = Q(customer__isnull=False, customer__unit__path__startswith=path)
    if customers is not None:
        whose &= Q(customer__in=customers)
    found: Contacts = defaultdict(list)
    for rows in (_talks(whose, since, until), _posts(whose, since, until), _cases(whose, since, until)):
        for customer, heard in rows:
            found[customer].append(heard)
    for several in found.values():
        several.sort(key=lambda one: one.at)
    return found


def _talks(whose: Q, since: datetime, until: datetime) -> Iterator[tuple[int, Heard]]:
    rows = Conversation.objects.filter(whose, kind__in=KINDS, started_at__gte=since, started_at__lt=until)
    rows = rows.exclude(thread__case__channel__in=outreach.UNASKED)
    for customer, pk, at in rows.values_list("customer_id", "pk", "started_at").iterator(chunk_size=5_000):
        yield customer, Heard(at, "talk", f"conversation:{pk}")
    tickets = ImportedTicket.objects.filter(whose, opened_at__gte=since, opened_at__lt=until)
    for customer, at, kind in tickets.values_list("customer_id", "opened_at", "kind").iterator():
        yield customer, Heard(at, "talk", is_complaint=kind in COMPLAINTS)


def _posts(whose: Q, since: datetime, until: datetime) -> Iterator[tuple[int, Heard]]:
    """What they wrote in a thread that was there already."""
    rows: QuerySet[Any] = Post.objects.filter(
        direction=Post.Direction.IN, is_automatic=False, withdrawn_at=None, at__gte=since, at__lt=until,
        thread__in=_threads(whose),
    )  # fmt: skip
    for customer, at in rows.values_list("thread__customer_id", "at").iterator(chunk_size=5_000):
        yield customer, Heard(at, "talk")


def _threads(whose: Q) -> QuerySet[Any]:
    model = Post._meta.get_field("thread").related_model
    rows: QuerySet[Any] = model._default_manager.filter(whose).exclude(case__channel__in=outreach.UNASKED)
    return rows.values("pk")


def _cases(whose: Q, since: datetime, until: datetime) -> Iterator[tuple[int, Heard]]:
    rows = Case.objects.filter(whose, opened_at__gte=since, opened_at__lt=until)
    rows = rows.exclude(channel__in=outreach.UNASKED)
    columns = ("customer_id", "pk", "opened_at", "kind", "response_id")
    for customer, pk, at, kind, response in rows.values_list(*columns).iterator(chunk_size=5_000):
        way, origin = ("answer", f"response:{response}") if response else ("case", f"case:{pk}")
        yield customer, Heard(at, way, origin, kind in COMPLAINTS)
