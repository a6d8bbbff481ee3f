"""Recovery net of what chance brings: who was treated, who was not yet, and who answered twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Lead
from django.utils.translation import gettext as _

from voiceloop.analytics.net_recovery import NetRecovery, Pair, net_recovery
from voiceloop.analytics.scales import scale
from voiceloop.server.act.models import Case
from voiceloop.server.collect.models import Answer, Response
from voiceloop.server.core.models import User
from voiceloop.server.measure.slices import Slice

STANDARD = scale("nps_0_10")
# A second answer later than this says more of what happened since than of luck. Our choice.
APART = timedelta(days=180)
# Repeated answers beyond these add nothing that an interval would show.
MOST_PAIRS = 20_000
# Scores of everybody asked are counted; their shares matter, not their number.
AS_MANY_AS = 10_000


@dataclass(frozen=True)
class Report:
    """The whole period, and those contacted in time beside those contacted late."""

    whole: NetRecovery
    parts: tuple[tuple[str, NetRecovery], ...]


def report(user: User, query: Mapping[str, Any]) -> Report:
    since, until = Slice.period(query)
    cases = Case.objects.visible_to(user).filter(kind=Case.Kind.RECOVERY, response__isnull=False)
    if since:
        cases = cases.filter(response__at__date__gte=since)
    if until:
        cases = cases.filter(response__at__date__lt=until)
    known: dict[str, Any] = {
        "untreated": _untreated(cases),
        "repeated": _repeated(user),
        "scores": _scores(user),
    }
    in_time = Q(first_contact_at__lte=F("first_contact_due_at"))
    return Report(
        net_recovery(_treated(cases), **known),
        (
            (_("First contact in time"), net_recovery(_treated(cases.filter(in_time)), **known)),
            (_("First contact late"), net_recovery(_treated(cases.exclude(in_time)), **known)),
        ),
    )


def _treated(cases: QuerySet[Any]) -> list[Pair]:
    """First score and the re-survey's of every case that was asked again; None for the silent."""
    asked = cases.filter(outcome__isnull=False, first_contact_at__isnull=False)
    rows = asked.annotate(first=_first_score()).exclude(first=None)
    return list(rows.values_list("first", "outcome__score"))


def _untreated(cases: QuerySet[Any]) -> list[Pair]:
    """Detractors who answered another survey before anybody had spoken with them."""
    asked = cases.exclude(customer=None)
    answers = _followed(_answers().filter(response__customer__in=asked.order_by().values("customer")))
    again = {
        response: pair for response, *pair in answers.values_list("response", "score", "again", "again_at")
    }
    found = (
        again[response][:2]
        for response, spoken in asked.values_list("response", "first_contact_at").iterator()
        if response in again and (spoken is None or spoken > again[response][2])
    )
    return [(first, later) for first, later in islice(found, MOST_PAIRS)]


def _repeated(user: User) -> list[Pair]:
    """Two answers of one customer with no case between them, the newest."""
    mine = _answers().filter(response__in=Response.objects.visible_to(user))
    treated = Exists(Case.objects.filter(response=OuterRef("response")))
    # Left out after the next answer is known: it may be one that a case came of.
    rows = _followed(mine).annotate(treated=treated).order_by("-id")
    free = (
        (score, again)
        for score, again, has_case in rows.values_list("score", "again", "treated").iterator()
        if not has_case
    )
    return list(islice(free, MOST_PAIRS))


def _answers() -> QuerySet[Any]:
    """Answers of known customers to the question of recommendation, re-surveys after a case left out."""
    rows: QuerySet[Any] = Answer.objects.filter(
        question="nps", scale=STANDARD.id, response__about="", response__customer__isnull=False
    )
    return rows.exclude(score=None)


def _followed(answers: QuerySet[Any]) -> QuerySet[Any]:
    """Those whose customer answered again soon, with that score and moment.

    TRICKY: one pass over all answers. A subquery for each answer took hours where the planner had no
    statistics yet, as in the minute after an import.
    """

    def following(field: str) -> Window:
        order = [F("response__at").asc(), F("id").asc()]
        return Window(Lead(field), partition_by=F("response__customer"), order_by=order)

    rows: Any = answers.annotate(again=following("score"), again_at=following("response__at"))
    found: QuerySet[Any] = rows.filter(again__isnull=False, again_at__lt=F("response__at") + APART)
    return found


def _scores(user: User) -> list[float]:
    """How common each first score is, as so many scores."""
    rows = Answer.objects.filter(
        question="nps", scale=STANDARD.id, response__in=Response.objects.visible_to(user), response__about=""
    )
    counts = dict(rows.exclude(score=None).values_list("score").annotate(n=Count("id")))
    total = sum(counts.values())
    share = min(1.0, AS_MANY_AS / total) if total else 0.0
    return [score for score, n in counts.items() for _copy in range(max(round(n * share), 1))]


def _first_score() -> Subquery:
    mine = Answer.objects.filter(response=OuterRef("response"), question="nps", scale=STANDARD.id)
    return Subquery(mine.values("score")[:1])
