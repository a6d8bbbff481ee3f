"""A promise of ours broke without a word: a call that nobody made, a case that ended before we spoke."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from voiceloop.server.act.anticipation.kinds.base import Occasion, Parameter, Period, Values, number
from voiceloop.server.act.models import Callback, Case, Contact, Post

PARAMETERS = (
    Parameter("hours", gettext_lazy("Hours after the promised time"), gettext_lazy("hours"), 4, 1, 720),
)
OTHERS = gettext_lazy("customers with a promise that was kept")


def occasions(values: Values, period: Period) -> Iterator[Occasion]:
    late = timedelta(hours=values["hours"])
    yield from _callbacks(late, period, values["hours"])
    yield from _first_words(late, period, values["hours"])


def _callbacks(late: timedelta, period: Period, hours: int) -> Iterator[Occasion]:
    """Calls that were promised after a solution."""
    rows = Callback.objects.filter(
        due_at__gte=period.since - late, due_at__lt=period.until - late, cancelled_at=None,
        case__customer__isnull=False, case__customer__unit__path__startswith=period.path,
    ).annotate(spoken=_spoken("case", "due_at", late))  # fmt: skip
    columns = ("pk", "case_id", "case__customer_id", "case__customer__unit_id", "due_at", "done_at", "spoken")
    for pk, case, customer, unit, due, done, spoken in rows.values_list(*columns).iterator(chunk_size=5_000):
        at = due + late
        broken = (done is None or done > at) and not spoken
        facts = {"case": case, "hours": hours, "what": "callback"} if broken else {}
        yield Occasion(customer, unit, at, broken, due, f"callback:{pk}", hours, facts)


def _first_words(late: timedelta, period: Period, hours: int) -> Iterator[Occasion]:
    """First contacts that were promised, of cases that ended; while one is open, its owner owes the word."""
    rows: QuerySet[Any] = Case.objects.filter(
        resolved_at__gte=period.since - late, resolved_at__lt=period.until - late, merged_into=None,
        first_contact_due_at__lt=F("resolved_at"), customer__isnull=False,
        customer__unit__path__startswith=period.path,
    ).annotate(spoken=_spoken("pk", "resolved_at", late))  # fmt: skip
    columns = ("pk", "customer_id", "customer__unit_id", "resolved_at", "first_contact_at", "spoken")
    for pk, customer, unit, resolved, first, spoken in rows.values_list(*columns).iterator(chunk_size=5_000):
        at = resolved + late
        broken = (first is None or first > at) and not spoken
        facts = {"case": pk, "hours": hours, "what": "first_contact"} if broken else {}
        yield Occasion(customer, unit, at, broken, resolved, f"case:{pk}", hours, facts)


def _spoken(case: str, since: str, late: timedelta) -> Any:
    """Whether anything was said to the customer of this case between the promised time and then."""
    until = OuterRef(since) + late
    about = {"case": OuterRef(case), "at__gte": OuterRef(since), "at__lte": until}
    written = Post.objects.filter(
        thread__case=OuterRef(case), direction=Post.Direction.OUT, is_automatic=False, withdrawn_at=None,
        at__gte=OuterRef(since), at__lte=until,
    )  # fmt: skip
    return Exists(Contact.objects.filter(**about)) | Exists(written)


def said(facts: Mapping[str, Any]) -> str:
    told = {"case": f"#{facts.get('case') or '—'}", "hours": number(facts.get("hours"))}
    if facts.get("what") == "first_contact":
        return _("Case %(case)s ended %(hours)s hours ago, and nobody had spoken with them.") % told
    return _("The call promised for case %(case)s is %(hours)s hours late, without a word.") % told
