"""What people do with a customer's preferences: note, agree, withdraw, bring back."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from voiceloop.server.collect.models import Customer, Preference
from voiceloop.server.collect.models.preference import LONGEST
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User
from voiceloop.server.understand.customers.preference_events import (
    PreferenceAdded,
    PreferenceConsented,
    PreferenceRestored,
    PreferenceWithdrawn,
)

# Our choice: so long a slip of the hand can be taken back.
KEPT = timedelta(days=30)


class NotKept(ValueError):
    """Why a preference may not be written down, in the reader's language."""


def checked(*, kind: str, words: str, consent: str, expires_on: date | None) -> str:
    """The words as they are kept; raises `NotKept`."""
    said = " ".join(words.split())
    if not said:
        raise NotKept(_("Say what the preference is."))
    if len(said) > LONGEST:
        raise NotKept(_("Say it in at most %(n)s characters.") % {"n": LONGEST})
    if kind == Preference.Kind.MUST_NOT and not consent:
        raise NotKept(_("An allergy is about somebody's health: keep it only when the customer agreed."))
    if expires_on is not None and expires_on < localdate():
        raise NotKept(_("The last day lies in the past."))
    return said


@verb
def add(
    customer: Customer,
    *,
    by: User,
    kind: str,
    words: str,
    source: str = Preference.Source.SAID,
    consent: str = "",
    expires_on: date | None = None,
) -> Preference:
    """Write down one preference; one that is already known and live is that one."""
    said = checked(kind=kind, words=words, consent=consent, expires_on=expires_on)
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    live = Preference.objects.filter(customer=customer, kind=kind).live()
    known = next((one for one in live if one.words == said), None)
    if known is not None:
        return confirm(known, by=by, consent=consent) if consent else known
    made: Preference = Preference.objects.create(
        customer=customer,
        kind=kind,
        words=said,
        source=source,
        consent=consent,
        consent_at=now() if consent else None,
        by=by,
        expires_on=expires_on,
    )
    _say(PreferenceAdded, made, by)
    return made


@verb
def confirm(preference: Preference, *, by: User, consent: str) -> Preference:
    """The customer agreed to its being kept."""
    if consent and preference.consent != consent:
        preference.consent, preference.consent_at = consent, now()
        preference.save(update_fields=["consent", "consent_at"])
        _say(PreferenceConsented, preference, by)
    return preference


@verb
def withdraw(preference: Preference, *, by: User) -> Preference:
    """No longer shown to anybody who serves; it can be brought back."""
    if preference.withdrawn_at is None:
        preference.withdrawn_at, preference.withdrawn_by = now(), by
        preference.save(update_fields=["withdrawn_at", "withdrawn_by"])
        _say(PreferenceWithdrawn, preference, by)
    return preference


@verb
def restore(preference: Preference, *, by: User) -> Preference:
    if preference.withdrawn_at is not None:
        preference.withdrawn_at = preference.withdrawn_by = None
        preference.save(update_fields=["withdrawn_at", "withdrawn_by"])
        _say(PreferenceRestored, preference, by)
    return preference


@verb
def forget() -> int:
    """Delete what was withdrawn or ran out so long ago that nobody brings it back."""
    withdrawn = Q(withdrawn_at__lt=now() - KEPT)
    n, _rows = Preference.objects.filter(withdrawn | Q(expires_on__lt=localdate() - KEPT)).delete()
    return n


def of(customer: Customer) -> list[Preference]:
    """The live ones of a customer whom the reader may see, what must not be first."""
    live = Preference.objects.filter(customer=customer).live()
    return list(live.most_important_first().select_related("by"))


def _say(
    event: type[PreferenceAdded | PreferenceConsented | PreferenceRestored | PreferenceWithdrawn],
    preference: Preference,
    by: User,
) -> None:
    customer = preference.customer
    said = event(customer=customer.pk, preference=preference.pk, kind=preference.kind)
    record(said, by=by, unit=customer.unit)
