"""What became of the proposals: who then contacted us, who complained, how they answered next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from voiceloop.analytics import registry
from voiceloop.analytics.scales import DETRACTOR, PROMOTER, classify
from voiceloop.analytics.stats.parts import Parts
from voiceloop.server.act.anticipation import contacts
from voiceloop.server.act.anticipation.trials import FOLLOWED, difference, figure
from voiceloop.server.act.models import OutreachProposal
from voiceloop.server.collect.models import Answer
from voiceloop.server.core.models import User
from voiceloop.server.measure import numbers

State = OutreachProposal.State
DAYS = (30, 90, 180, 365)
SCALE = "nps_0_10"
GROUPS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "accepted": (pgettext_lazy("proposals", "Accepted"), (State.ACCEPTED,)),
    "left": (pgettext_lazy("proposals", "Dismissed or expired"), (State.DISMISSED, State.EXPIRED)),
}
OUTCOMES = {
    "contacted": _("Contacted us within 7 days"),
    "complained": _("Complained within 7 days"),
}


@dataclass(frozen=True)
class Ended:
    """One decided proposal that could be followed for a week."""

    accepted: bool
    contacted: bool
    complained: bool
    # Of the next answer to the question of recommendation: 1, 0 or −1; None while there is none.
    answer: int | None


def results(user: User, *, days: int = 90, rule: int | None = None) -> dict[str, Any]:
    """Both groups with n and interval. People chose who is in which, so the difference is no effect."""
    rows = OutreachProposal.objects.visible_to(user).filter(proposed_at__gt=now() - timedelta(days=days))
    if rule is not None:
        rows = rows.filter(rule=rule)
    ended = list(_followed(rows))
    sides = {code: [one for one in ended if one.accepted is (code == "accepted")] for code in GROUPS}
    return {
        "days": days,
        "states": _states(rows),
        "n_followed": len(ended),
        "groups": {code: _group(several) for code, several in sides.items()},
        "differences": {name: _difference(sides, name) for name in OUTCOMES},
    }


def _states(rows: Any) -> dict[str, int]:
    """How many were proposed, and what became of them; those past their day are over."""
    late = Count("pk", filter=Q(state=State.OPEN, expires_at__lte=now()))
    counts = {row["state"]: (row["n"], row["late"]) for row in rows.values("state").annotate(
        n=Count("pk"), late=late
    ).order_by()}  # fmt: skip
    found = {state: counts.get(state, (0, 0))[0] for state in State.values}
    over = counts.get(State.OPEN, (0, 0))[1]
    found[State.OPEN] -= over
    found[State.EXPIRED] += over
    return found


def _followed(rows: Any) -> Iterable[Ended]:
    """From the decision on, or from the day on which the proposal ended by itself."""
    chosen = rows.filter(
        state__in=(State.ACCEPTED, State.DISMISSED, State.EXPIRED), decided_at__lte=now() - FOLLOWED
    )
    known = list(chosen.values_list("customer_id", "state", "decided_at"))
    if not known:
        return
    customers = {customer for customer, _state, _at in known}
    first = min(at for _customer, _state, at in known)
    heard, answers = contacts.between(first, now(), customers=customers), _answers(customers, first)
    for customer, state, at in known:
        week = [one for one in heard.get(customer, []) if at < one.at <= at + FOLLOWED]
        later = next((score for when, score in answers.get(customer, []) if when > at), None)
        yield Ended(state == State.ACCEPTED, bool(week), any(one.is_complaint for one in week), _class(later))


def _answers(customers: set[int], since: datetime) -> dict[int, list[tuple[datetime, float]]]:
    """Their answers to the question of recommendation, oldest first."""
    found: dict[int, list[tuple[datetime, float]]] = {}
    rows = Answer.objects.filter(
        response__customer__in=customers, response__at__gt=since, question="nps", scale=SCALE,
        score__isnull=False,
    ).order_by("response__at")  # fmt: skip
    for customer, at, score in rows.values_list("response__customer_id", "response__at", "score"):
        found.setdefault(customer, []).append((at, float(score or 0.0)))
    return found


def _class(score: float | None) -> int | None:
    if score is None:
        return None
    return {PROMOTER: 1, DETRACTOR: -1}.get(classify(score, SCALE), 0)


def _group(several: list[Ended]) -> dict[str, Any]:
    shares = {name: figure(_parts(several, name)) for name in OUTCOMES}
    return {"n": len(several), **shares, "nps": _nps([one.answer for one in several])}


def _parts(several: list[Ended], name: str) -> Parts:
    return Parts.of([float(getattr(one, name)) for one in several])


def _difference(sides: dict[str, list[Ended]], name: str) -> dict[str, Any] | None:
    """Accepted less the others, in percentage points; None where either side is too small."""
    found = difference(*(_parts(sides[code], name) for code in GROUPS))
    return None if None in found.values() else found


def _nps(answers: list[int | None]) -> dict[str, Any]:
    known = [float(one) for one in answers if one is not None]
    if len(known) < numbers.MIN_N:
        return {"n": len(known), "value": None, "low": None, "high": None}
    parts, metric = Parts.of(known), registry.metric("nps")
    low, high = metric.interval(parts, SCALE, 0.95) or (-1.0, 1.0)
    return {
        "n": len(known), "value": 100 * float(metric.values(parts)), "low": 100 * float(low),
        "high": 100 * float(high),
    }  # fmt: skip
