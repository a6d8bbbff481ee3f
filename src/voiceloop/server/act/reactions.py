"""What we do unasked when a customer has spoken."""

from __future__ import annotations

from voiceloop.analytics.scales import DETRACTOR, PASSIVE, PROMOTER
from voiceloop.server.act.cases import cases, outreach, recovery
from voiceloop.server.act.cases import reactions as of_cases  # noqa: F401  # its reactions
from voiceloop.server.act.casework import reactions as of_casework  # noqa: F401  # its reactions
from voiceloop.server.act.crisis import reactions as of_crisis  # noqa: F401  # its reactions
from voiceloop.server.act.events import CallbackDone
from voiceloop.server.act.models import Case
from voiceloop.server.act.notices import reactions as of_notices  # noqa: F401  # its reactions
from voiceloop.server.act.playbooks import reactions as of_playbooks  # noqa: F401  # its reactions
from voiceloop.server.act.playbooks import runs
from voiceloop.server.act.routing import reactions as of_routing  # noqa: F401  # its reactions
from voiceloop.server.act.status import reactions as of_status  # noqa: F401  # its reactions
from voiceloop.server.act.threads import reactions as of_threads  # noqa: F401  # its reactions
from voiceloop.server.act.visits import reactions as of_visits  # noqa: F401  # its reactions
from voiceloop.server.collect.events import ResponseCompleted
from voiceloop.server.collect.models import Customer, Response
from voiceloop.server.core.models import Event
from voiceloop.server.core.reactor import reacts_to
from voiceloop.server.understand.risk.events import RiskRaised


@reacts_to(ResponseCompleted)
def open_case(event: Event) -> None:
    """Who is unhappy or asks to be called is owed an answer."""
    said: ResponseCompleted = event.typed
    response = _first_word(said)
    if response and (said.score_class == DETRACTOR or said.wants_contact):
        cases.route(cases.open_for_response(response))


@reacts_to(ResponseCompleted)
def care_for_passive(event: Event) -> None:
    said: ResponseCompleted = event.typed
    response = _first_word(said)
    if response and said.score_class == PASSIVE:
        runs.begin_for_answer(response)


@reacts_to(ResponseCompleted)
def thank_promoter(event: Event) -> None:
    said: ResponseCompleted = event.typed
    response = _first_word(said)
    if response and said.score_class == PROMOTER:
        runs.begin_for_answer(response)


@reacts_to(CallbackDone)
def ask_whether_it_is_solved(event: Event) -> None:
    done: CallbackDone = event.typed
    case = Case.objects.filter(pk=done.case).first()
    if done.last and case:
        recovery.ask(case)


@reacts_to(ResponseCompleted)
def hear_the_re_survey(event: Event) -> None:
    said: ResponseCompleted = event.typed
    response = Response.objects.filter(pk=said.response).first()
    case = Case.objects.filter(pk=said.case).first() if said.case else None
    if response and case:
        recovery.hear(case, response=response)


@reacts_to(RiskRaised)
def reach_out(event: Event) -> None:
    """Who may leave is spoken with before they do."""
    raised: RiskRaised = event.typed
    customer = Customer.objects.filter(pk=raised.customer).first()
    if customer:
        outreach.open_for_risk(customer, raised=raised, by=event.by)


def _first_word(said: ResponseCompleted) -> Response | None:
    """The response, unless it answers a re-survey or its customer was erased since."""
    return None if said.case else Response.objects.filter(pk=said.response).first()
