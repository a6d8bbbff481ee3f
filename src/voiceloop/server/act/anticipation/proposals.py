"""What is made of a proposal: accepted, dismissed, taken back; the verbs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import override

from voiceloop.server.act.anticipation.events import OutreachAccepted, OutreachDismissed, OutreachRestored
from voiceloop.server.act.anticipation.kinds import Refused
from voiceloop.server.act.anticipation.proposing import lapse, overtaken
from voiceloop.server.act.cases import outreach
from voiceloop.server.act.models import Case, OutreachProposal
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User

State, Reason = OutreachProposal.State, OutreachProposal.Reason
# As many as a team can call in a week.
MOST_AT_ONCE = 100


@dataclass(frozen=True)
class Accepted:
    """Of several that somebody accepted: the cases that opened, and how many came too late."""

    cases: list[Case]
    n_late: int


def accept_all(proposals: Iterable[OutreachProposal], *, by: User) -> Accepted:
    """Each by itself, so that one that is over does not hold the others up."""
    found = [_try(one, by) for one in list(proposals)[:MOST_AT_ONCE]]
    cases = [case for case in found if case is not None]
    return Accepted(cases, len(found) - len(cases))


def _try(proposal: OutreachProposal, by: User) -> Case | None:
    try:
        return accept(proposal, by=by)
    except Refused:
        return None


@verb
def accept(proposal: OutreachProposal, *, by: User) -> Case | None:
    """Speak with them: a case opens. None where the customer was faster; the proposal then says so."""
    customer = Customer.objects.select_for_update(no_key=True).get(pk=proposal.customer_id)
    _lock(proposal)
    _must_be_open(proposal)
    if overtaken([proposal]):
        lapse(proposal, state=State.OVERTAKEN)
        return None
    # A case has one text for all who read it: in the company's language.
    with override("zh-hans"):
        summary = proposal.sentence
    case = outreach.open_for_happening(customer, summary=summary, by=by)
    _decide(proposal, State.ACCEPTED, by)
    proposal.case = case
    proposal.save(update_fields=["case"])
    said = OutreachAccepted(customer=customer.pk, proposal=proposal.pk, case=case.pk)
    record(said, by=by, unit=proposal.unit)
    return case


@verb
def dismiss(proposal: OutreachProposal, *, by: User, reason: str, note: str = "") -> OutreachProposal:
    """Leave this customer in peace, and say why: the results are read by it."""
    _lock(proposal)
    _must_be_open(proposal)
    if reason not in Reason.values:
        raise Refused(_("Choose a reason."))
    if reason == Reason.OTHER and not note.strip():
        raise Refused(_("Say in a few words what the reason is."))
    proposal.reason, proposal.note = reason, note.strip()[:300]
    _decide(proposal, State.DISMISSED, by)
    said = OutreachDismissed(customer=proposal.customer_id, proposal=proposal.pk, reason=reason)
    record(said, by=by, unit=proposal.unit, note=proposal.note)
    return proposal


@verb
def restore(proposal: OutreachProposal, *, by: User) -> OutreachProposal:
    """A dismissal is taken back while the proposal would still be kept."""
    Customer.objects.select_for_update(no_key=True).get(pk=proposal.customer_id)
    _lock(proposal)
    if proposal.state != State.DISMISSED:
        raise Refused(_("Only a dismissal can be taken back."))
    if proposal.expires_at <= now():
        raise Refused(_("It has expired meanwhile. Open a case by hand if they should be called."))
    if OutreachProposal.objects.filter(customer=proposal.customer_id, state=State.OPEN).exists():
        raise Refused(_("Another proposal for this customer waits to be decided."))
    proposal.reason = proposal.note = ""
    proposal.state, proposal.decided_at, proposal.decided_by = State.OPEN, None, None
    proposal.save(update_fields=["state", "decided_at", "decided_by", "reason", "note"])
    record(OutreachRestored(customer=proposal.customer_id, proposal=proposal.pk), by=by, unit=proposal.unit)
    return proposal


def _lock(proposal: OutreachProposal) -> None:
    proposal.refresh_from_db(from_queryset=OutreachProposal.objects.select_for_update(of=("self",)))


def _must_be_open(proposal: OutreachProposal) -> None:
    if not proposal.is_open:
        raise Refused(
            _("This proposal is no longer to be decided: %(state)s.") % {"state": proposal.shown_state}
        )


def _decide(proposal: OutreachProposal, state: str, by: User) -> None:
    proposal.state, proposal.decided_at, proposal.decided_by = state, now(), by
    proposal.save(update_fields=["state", "decided_at", "decided_by", "reason", "note"])
