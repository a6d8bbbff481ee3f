"""Whose words these are, and to which thread and case they belong."""

from __future__ import annotations

import re

from django.db import connection

from voiceloop.server.act.models import Case, Inlet, Thread
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.fields import blind
from voiceloop.server.core.models import Unit

# A word of thanks after a solution is no new problem.
THANKS = re.compile(
    r"^\W*(?:(?:好的|好|嗯|收到|知道了|明白了|没事了|可以了|解决了|已解决|非常|太|多谢|谢谢|感谢|辛苦|了|您|你|们|啦|哦|"
    r"ok|okay|thanks?|thank you|thx|cheers|great|perfect|got it|very much|so much|a lot|all good|solved|"
    r"again|for your help)[\s\W]*)+$",
    re.IGNORECASE,
)
LONGEST_THANKS = 60


def hold(channel: str, address: str) -> None:
    """One message of an address at a time, so that two at once open one case."""
    key = int.from_bytes(blind(address, f"thread:{channel}")[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [key])


def customer_of(channel: str, address: str, inlet: Inlet | None, name: str = "") -> Customer | None:
    """The customer of an address; one who is not known yet becomes one where the channel names a person."""
    known = Thread.objects.filter(channel=channel, address=address).exclude(customer=None)
    spoken = known.select_related("customer").order_by("-pk").first()
    if spoken:
        whose: Customer | None = spoken.customer
        return whose
    field = {"email": "email", "phone": "phone"}.get(channel, "")
    if field:
        found: Customer | None = Customer.objects.filter(**{field: address}).order_by("-pk").first()
        if found:
            return found
    if channel == Thread.Channel.CHAT:
        return None
    more = {field: address} if field else {}
    return Customer.objects.create(unit=_place(inlet), name=name[:120] or None, **more)


def thread_of(channel: str, address: str) -> Thread | None:
    """The newest thread of an address whose case is open, or else its newest one."""
    mine = Thread.objects.filter(channel=channel, address=address).select_related("case")
    newest: list[Thread] = list(mine.order_by("-pk")[:20])
    return next((one for one in newest if one.case.is_open), newest[0] if newest else None)


def open_case_of(customer: Customer | None) -> Case | None:
    if customer is None:
        return None
    found: Case | None = Case.objects.open().filter(customer=customer).order_by("-opened_at", "-pk").first()
    return found


def is_only_thanks(text: str) -> bool:
    return len(text) <= LONGEST_THANKS and THANKS.match(text) is not None


def unit_of(customer: Customer | None, inlet: Inlet | None) -> Unit:
    return customer.unit if customer else _place(inlet)


def _place(inlet: Inlet | None) -> Unit:
    if inlet:
        return inlet.unit
    root = Unit.objects.filter(parent=None).order_by("pk").first()
    if root is None:
        raise ValueError("an organisation without a unit hears nobody")
    return root
