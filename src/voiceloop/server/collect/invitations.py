"""Invitations: who is asked, who is spared and why, and how the asking ends."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from django.db.models import F, Sum
from django.utils.timezone import now
from django.utils.translation import gettext as _

from voiceloop.server.collect import channels, freezing, letters, messages
from voiceloop.server.collect.models import Customer, Invitation, Message, Survey, Transaction
from voiceloop.server.core.events import verb
from voiceloop.server.core.models import Unit, User

if TYPE_CHECKING:
    from voiceloop.server.collect.channels import Channel

Order = Literal["value", "random"]
# The company's name by unit and language, looked up once a sending.
Names = dict[tuple[int, str], str]
Suppressed = Invitation.Suppressed
LIFETIME = timedelta(days=14)
REMINDERS = 2
VALUE_WINDOW = timedelta(days=365)


class NotPublished(ValueError):
    """A survey is sent only in a published version."""


@dataclass(frozen=True)
class Choice:
    """What would become of each customer if the survey were sent now."""

    asked: tuple[Customer, ...]
    spared: tuple[tuple[Customer, str], ...]

    @property
    def reasons(self) -> list[tuple[str, int]]:
        counts = Counter(reason for _, reason in self.spared)
        return [(str(Suppressed(code).label), n) for code, n in counts.most_common()]


def choose(
    *,
    survey: Survey,
    customers: Iterable[Customer],
    channel: str,
    about: str = "",
    at_most: int | None = None,
    order: Order = "value",
) -> Choice:
    """Decide who is asked: nobody too often, nobody who said no, and at most so many.

    A re-survey goes before the rest budget, because the customer is waiting to be asked; it still never
    goes to somebody who opted out.
    """
    people = list({customer.pk: customer for customer in customers}.values())
    rested = set() if about.startswith("case:") else _asked_lately(people, survey.programme.rest_days)
    adapter = channels.channel(channel)
    reasons = {c.pk: _reason(c, rested, adapter) for c in people}
    asked = [c for c in people if not reasons[c.pk]]
    if at_most is not None and len(asked) > at_most:
        asked = _in_order(asked, order, survey)
        reasons |= {c.pk: Suppressed.NOT_SAMPLED for c in asked[at_most:]}
        asked = asked[:at_most]
    spared = tuple((c, str(reasons[c.pk])) for c in people if reasons[c.pk])
    return Choice(tuple(asked), spared)


def _reason(customer: Customer, rested: set[int], adapter: Channel) -> str:
    if customer.opted_out_at:
        return Suppressed.OPTED_OUT
    if customer.pk in rested:
        return Suppressed.RESTED
    return "" if adapter.address_of(customer) else Suppressed.NO_ADDRESS


def _asked_lately(customers: list[Customer], rest_days: int) -> set[int]:
    """Those whom any survey asked within the rest days, whichever programme it belonged to."""
    since = now() - timedelta(days=rest_days)
    asked = Invitation.objects.filter(suppressed_by="", created_at__gt=since, revoked_at=None)
    return set(asked.filter(customer__in=[c.pk for c in customers]).values_list("customer_id", flat=True))


def _in_order(customers: list[Customer], order: Order, survey: Survey) -> list[Customer]:
    if order == "value":
        worth = _worth(customers)
        return sorted(customers, key=lambda c: (-worth.get(c.pk, 0.0), c.pk))
    # A random order that is the same when asked again: the forecast and the sending agree.
    return sorted(customers, key=lambda c: hashlib.sha256(f"{survey.pk}:{c.pk}".encode()).digest())


def _worth(customers: list[Customer]) -> dict[int, float]:
    lately = Transaction.objects.filter(customer__in=[c.pk for c in customers], at__gt=now() - VALUE_WINDOW)
    sums = lately.values_list("customer_id").annotate(total=Sum("amount"))
    return {pk: float(total) for pk, total in sums}


@verb
def send(
    *,
    survey: Survey,
    customers: Iterable[Customer],
    channel: str = "",
    by: User | None,
    about: str = "",
    touchpoint: str = "",
    unit: Unit | None = None,
    team: str = "",
    agent: str = "",
    at_most: int | None = None,
    order: Order = "value",
) -> list[Invitation]:
    """Ask these customers, and write down for each who is not asked why not."""
    version, plan = survey.live, survey.programme.plan
    if version is None:
        raise NotPublished(_("Publish the survey before sending it."))
    adapter = channels.channel(channel) if channel else channels.preferred()
    # TRICKY: locked in one order, so that two sendings at once neither ask a customer twice nor deadlock.
    pks = [customer.pk for customer in customers]
    people = list(Customer.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk"))
    open_already = _open_about(about, people)
    people = [c for c in people if c.pk not in open_already]
    chosen = choose(
        survey=survey, customers=people, channel=adapter.code, about=about, at_most=at_most, order=order
    )
    regions: dict[int, str] = {}

    def row(customer: Customer, suppressed_by: str = "") -> Invitation:
        place = unit or customer.unit
        if place.pk not in regions:
            regions[place.pk] = freezing.region_of(place)
        return Invitation(
            survey_version=version,
            plan=plan,
            customer=customer,
            unit=place,
            about=about,
            suppressed_by=suppressed_by,
            expires_at=None if suppressed_by else now() + LIFETIME,
            programme=survey.programme.code,
            survey=survey.code,
            touchpoint=touchpoint,
            stage=stage,
            channel=adapter.code,
            source=freezing.ASKED,
            region=regions[place.pk],
            team=team,
            agent=agent,
            **freezing.of_customer(customer),
        )

    stage = freezing.stage_of(touchpoint)
    rows = [row(c) for c in chosen.asked] + [row(c, reason) for c, reason in chosen.spared]
    Invitation.objects.bulk_create(rows, batch_size=500)
    _write_to(rows[: len(chosen.asked)], adapter, by)
    return [*open_already.values(), *rows]


def _open_about(about: str, people: list[Customer]) -> dict[int, Invitation]:
    """Invitations of the same occasion that still wait for an answer: they are not sent a second time."""
    if not about:
        return {}
    waiting = Invitation.objects.answerable().filter(about=about, answered_at=None, customer__in=people)
    return {i.customer_id: i for i in waiting}


def _write_to(asked: list[Invitation], adapter: Channel, by: User | None) -> None:
    if adapter.code == "link":
        at = now()
        Invitation.objects.filter(pk__in=[i.pk for i in asked]).update(sent_at=at)
        for invitation in asked:
            invitation.sent_at = at
            messages.say_sent(invitation, adapter.code, by)
        return
    names: Names = {}
    letters_out = [_letter(i, adapter, names, f"invitation:{i.pk}") for i in asked]
    messages.write_many(messages=letters_out)


def _letter(invitation: Invitation, adapter: Channel, names: Names, key: str) -> Message:
    known = (invitation.unit_id, letters.language_of(invitation))
    if known not in names:
        names[known] = letters.company_for(invitation)
    subject, body = letters.words_of(invitation, names[known])
    return Message(
        key=key,
        channel=adapter.code,
        to=adapter.address_of(invitation.customer) if invitation.customer else "",
        subject=subject,
        body=body,
        unit=invitation.unit,
        customer=invitation.customer,
        invitation=invitation,
        about=invitation.about,
    )


@verb
def leave_out(*, survey: Survey, customer: Customer, by: User, touchpoint: str = "") -> Invitation:
    """An agent spares a customer; written down, because sparing the unhappy ones flatters the score."""
    return Invitation.objects.create(
        survey_version=survey.live,
        plan=survey.programme.plan,
        customer=customer,
        unit=customer.unit,
        suppressed_by=Suppressed.BY_AGENT,
        programme=survey.programme.code,
        survey=survey.code,
        touchpoint=touchpoint,
        stage=freezing.stage_of(touchpoint),
        source=freezing.ASKED,
        region=freezing.region_of(customer.unit),
        agent=by.code or "",
        team=by.unit.code if by.unit and by.unit.kind == "team" else "",
        **freezing.of_customer(customer),
    )


@verb
def remind(*, invitation: Invitation, by: User | None) -> Message | None:
    """Ask once more, at most twice, and never somebody who answered or said no."""
    n = Message.objects.filter(invitation=invitation).count()
    adapter = channels.channel(invitation.channel)
    customer = invitation.customer
    if customer is None or customer.opted_out_at or invitation.answered_at:
        return None
    if not invitation.is_answerable or adapter.code == "link" or n > REMINDERS:
        return None
    message = _letter(invitation, adapter, {}, f"invitation:{invitation.pk}:reminder:{n}")
    messages.write_many(messages=[message])
    return Message.objects.get(key=message.key)


@verb
def revoke(*, invitation: Invitation, by: User | None) -> Invitation:
    Invitation.objects.filter(pk=invitation.pk, revoked_at=None, answered_at=None).update(revoked_at=now())
    invitation.refresh_from_db()
    return invitation


@verb
def expire(*, invitation: Invitation) -> Invitation:
    """End it before its time."""
    Invitation.objects.filter(pk=invitation.pk, expires_at__gt=now()).update(expires_at=now())
    invitation.refresh_from_db()
    return invitation


@verb
def touch_expired() -> int:
    """Let the lake hear of invitations that time alone has ended: only a change moves a row's `xid`."""
    lately = Invitation.objects.filter(answered_at=None, expires_at__lte=now())
    # Two hours for an hourly job: one missed run loses nothing.
    return lately.filter(expires_at__gt=now() - timedelta(hours=2)).update(expires_at=F("expires_at"))


@verb
def opt_out(*, customer: Customer) -> Customer:
    """The customer wants no more surveys, by whatever channel."""
    Customer.objects.filter(pk=customer.pk, opted_out_at=None).update(opted_out_at=now())
    customer.refresh_from_db()
    return customer
