"""Who is told of what: each event to the people whom it concerns, never to all."""

from __future__ import annotations

from collections.abc import Iterable

from voiceloop.server.act.cases.events import PromiseBroken, PromiseNear
from voiceloop.server.act.casework.events import CaseAwoke, ColleagueMentioned
from voiceloop.server.act.events import CaseAssigned, CaseEscalated, RemedyDecided
from voiceloop.server.act.models import Case, Notice, Remedy
from voiceloop.server.act.notices.events import RemedyAsked
from voiceloop.server.act.notices.notices import tell
from voiceloop.server.act.playbooks.events import StepAsked, StepFinished, StepHanded, StepReturned
from voiceloop.server.act.routing import people
from voiceloop.server.act.routing.events import CaseGreen
from voiceloop.server.act.threads.events import PostHeard, PostReturned
from voiceloop.server.core.models import Event, Unit, User
from voiceloop.server.core.reactor import reacts_to
from voiceloop.server.measure.events_saved import MailWritten
from voiceloop.server.measure.models import MailRun

Kind = Notice.Kind


@reacts_to(CaseAssigned, CaseEscalated)
def tell_the_new_owner(event: Event) -> None:
    tell(event, to=_people([event.typed.to]), kind=Kind.ASSIGNED)


@reacts_to(ColleagueMentioned)
def tell_who_is_mentioned(event: Event) -> None:
    tell(event, to=_people(event.typed.people), kind=Kind.MENTION)


@reacts_to(PostHeard, PostReturned)
def tell_that_the_customer_wrote(event: Event) -> None:
    tell(event, to=_owner(event), kind=Kind.REPLY)


@reacts_to(PromiseNear)
def warn_the_owner(event: Event) -> None:
    tell(event, to=_owner(event), kind=Kind.WARNING)


@reacts_to(PromiseBroken)
def tell_of_the_breach(event: Event) -> None:
    """The owner, and the lead who answers for the branch."""
    lead = people.lead_above(event.unit) if event.unit else None
    tell(event, to=[*_owner(event), *([lead] if lead else [])], kind=Kind.BREACH)


@reacts_to(RemedyAsked)
def ask_who_may_decide(event: Event) -> None:
    """The nearest lead; not all of them, for one decides."""
    lead = people.lead_above(event.unit) if event.unit else None
    tell(event, to=[lead] if lead else [], kind=Kind.APPROVAL)


@reacts_to(StepHanded)
def tell_the_department(event: Event) -> None:
    """Those of the department who take cases; its lead where nobody does."""
    unit = Unit.objects.filter(pk=event.typed.unit).first()
    here = list(User.objects.who_take_cases().filter(unit=unit)) if unit else []
    lead = people.lead_above(unit) if unit and not here else None
    tell(event, to=[*here, *([lead] if lead else [])], kind=Kind.STEP)


@reacts_to(StepAsked)
def tell_the_role(event: Event) -> None:
    """The nearest who hold it, unless the case's owner does."""
    role = event.typed.role
    if event.unit and all(owner.role != role for owner in _owner(event)):
        tell(event, to=people.nearest_of(role, event.unit), kind=Kind.STEP)


@reacts_to(StepFinished, StepReturned)
def tell_who_handed_it_over(event: Event) -> None:
    tell(event, to=_owner(event), kind=Kind.STEP)


@reacts_to(RemedyDecided)
def tell_who_asked(event: Event) -> None:
    remedy = Remedy.objects.select_related("by").filter(pk=event.typed.remedy).first()
    tell(event, to=[remedy.by] if remedy else [], kind=Kind.DECISION)


@reacts_to(CaseAwoke)
def tell_that_it_is_back(event: Event) -> None:
    tell(event, to=_people([event.typed.owner or 0]), kind=Kind.AWOKE)


@reacts_to(CaseGreen)
def tell_the_leads_at_once(event: Event) -> None:
    tell(event, to=_people(event.typed.leads), kind=Kind.GREEN)


@reacts_to(MailWritten)
def tell_that_a_report_is_ready(event: Event) -> None:
    said: MailWritten = event.typed
    runs = MailRun.objects.filter(schedule__view=said.saved_view, done_at__lte=event.at).select_related(
        "user"
    )
    named = [run.user for run in runs.order_by("-pk")[:50] if said.receiver in _names(run.user)]
    tell(event, to=named[:1], kind=Kind.REPORT)


def _owner(event: Event) -> list[User]:
    case = Case.objects.select_related("owner").filter(pk=event.data.get("case") or 0).first()
    return [case.owner] if case and case.owner else []


def _people(keys: Iterable[int]) -> list[User]:
    return list(User.objects.filter(pk__in=list(keys), is_active=True).select_related("unit"))


def _names(user: User) -> set[str]:
    return {user.name, user.name_en, user.username}
