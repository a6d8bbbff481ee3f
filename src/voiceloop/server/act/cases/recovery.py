"""Recovery: asked of the customer after the last callback, because only the customer can say so."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Max, Q, QuerySet
from django.utils.timezone import now

from voiceloop.analytics.scales import DETRACTOR
from voiceloop.server.act.cases import cases, scores
from voiceloop.server.act.events import CaseVerified
from voiceloop.server.act.models import Callback, Case, Outcome
from voiceloop.server.collect import invitations
from voiceloop.server.collect.models import Invitation, Response, Survey
from voiceloop.server.collect.starter import RECOVERY
from voiceloop.server.core.events import record, verb

# Our choice: a link that was not used in a week will not be.
ANSWER_WITHIN = timedelta(days=7)


@verb
def ask(case: Case) -> Invitation | None:
    """Send the re-survey, once a solution; without a customer or a survey there is nobody to ask."""
    cases.lock(case)
    survey = Survey.objects.filter(code=RECOVERY).first()
    if not hasattr(case, "resolution") or case.customer is None or survey is None or survey.live is None:
        return None
    asked = Invitation.objects.filter(about=_about(case), created_at__gte=case.resolution.at)
    return asked.first() or _send(case, survey)


@verb
def hear(case: Case, *, response: Response) -> Outcome | None:
    """Keep what the customer answered; a low score is no recovery, whatever the log says."""
    cases.lock(case)
    answer = scores.of(response)
    if answer is None or case.is_open or _is_heard(case, response):
        return getattr(case, "outcome", None)
    recovered = scores.class_of(answer) != DETRACTOR
    code = Outcome.Code.RECOVERED if recovered else Outcome.Code.NOT_RECOVERED
    outcome = _verified(case, code, response=response, score=answer.score)
    if not recovered:
        cases.note(case, by=None, text=cases.words_of(response) or f"{answer.score:g}")
    return outcome


@verb
def give_up(case: Case) -> Outcome:
    """Nobody answered; that is said, not counted as a success."""
    cases.lock(case)
    if not hasattr(case, "outcome"):
        _verified(case, Outcome.Code.NO_ANSWER)
    return case.outcome


def unanswered() -> QuerySet[Case]:
    """Resolved cases whose last callback is a week old and whose customer has not answered."""
    waiting = Callback.objects.waiting().values("case")
    quiet = Case.objects.resolved().filter(outcome_code="").exclude(pk__in=waiting)
    called: QuerySet[Case] = quiet.annotate(called_at=Max("callbacks__done_at"))
    return called.filter(Q(called_at__lt=now() - ANSWER_WITHIN))


def _about(case: Case) -> str:
    return f"case:{case.pk}"


def _send(case: Case, survey: Survey) -> Invitation | None:
    sent = invitations.send(
        survey=survey,
        customers=[case.customer] if case.customer else [],
        by=None,
        about=_about(case),
        touchpoint=case.touchpoint,
        unit=case.unit,
        agent=(case.owner.code or "") if case.owner else "",
    )
    return sent[0] if sent else None


def _is_heard(case: Case, response: Response) -> bool:
    return hasattr(case, "outcome") and case.outcome.response_id == response.pk


def _verified(
    case: Case, code: str, *, response: Response | None = None, score: float | None = None
) -> Outcome:
    values = {"code": code, "response": response, "score": score, "at": now()}
    outcome, _ = Outcome.objects.update_or_create(case=case, defaults=values)
    outcome.case = case  # so that the caller's copy has it too
    event = CaseVerified(case=case.pk, customer=case.customer_id, outcome=code, score=score)
    record(event, unit=case.unit)
    return outcome
