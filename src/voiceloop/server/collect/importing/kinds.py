"""The kinds of file that can be imported, and what their columns can mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from voiceloop.analytics.intake import SHAPES

SURVEY = "survey"
KINDS = (SURVEY, *SHAPES)
ATTRIBUTE, IGNORE = "attribute", "ignore"
CUSTOMER = ("customer_number", "customer_name", "customer_phone", "customer_email")

OF_A_SURVEY = {
    "score": _("Score"),
    "comment": _("Comment"),
    "at": _("Time of the answer"),
}
EVERYBODYS = {
    "customer_number": _("Customer: number"),
    "customer_name": _("Customer: name"),
    "customer_phone": _("Customer: phone"),
    "customer_email": _("Customer: e-mail"),
    "touchpoint": _("Touchpoint"),
    "stage": _("Journey stage"),
    "channel": _("Channel"),
    "agent": _("Agent"),
    "team": _("Team"),
    "unit": _("Store or unit"),
    "region": _("Region"),
    "segment": _("Segment"),
    "tier": _("Tier"),
    "language": _("Language"),
}
REST = {ATTRIBUTE: _("Attribute"), IGNORE: _("Leave out")}

_CASE = {
    "kind": _("Kind"),
    "severity": _("Severity"),
    "priority": _("Priority"),
    "root_cause": _("Root cause"),
    "outcome": _("Outcome"),
}
_OF: dict[str, dict[str, Any]] = {
    "calls": {
        "conversation_id": _("Id of the call"),
        "at": _("Time of the call"),
        "clock": _("Clock time, beside its date"),
        "wait_seconds": _("Waiting time"),
        "handle_seconds": _("Handling time"),
        "first_response_seconds": _("First response time"),
        "asked_at": _("Message came in at"),
        "answered_at": _("Message was answered at"),
        "outcome": _("How it ended"),
        "solved": _("Solved? (yes or no)"),
        "topic": _("Topic"),
        "case_id": _("Number of its ticket"),
        "cost": _("Cost"),
        "kind": _("Kind"),
    },
    "tickets": {
        "case_id": _("Number of the ticket"),
        "opened_at": _("Opened at"),
        "first_contact_at": _("First contact at"),
        "first_contact_due_at": _("First contact due at"),
        "due_at": _("Due at"),
        "resolved_at": _("Resolved at"),
        "closed_at": _("Closed at"),
        "updated_at": _("Updated at"),
        "state": _("State"),
        "sla_met": _("Promise kept? (yes or no)"),
        "n_contacts": _("Number of contacts"),
        "n_reassigned": _("Times handed over"),
        "n_reopened": _("Times reopened"),
        **_CASE,
    },
    "log": {
        "case_id": _("Number of the ticket"),
        "activity": _("Activity"),
        "at": _("Time of the activity"),
        **_CASE,
        "sla_met": _("Promise kept? (yes or no)"),
        "due_at": _("Due at"),
    },
    "orders": {
        "transaction_id": _("Number of the order"),
        "at": _("Time of the order"),
        "amount": _("Amount"),
        "quantity": _("Quantity"),
        "price": _("Price of one"),
        "kind": _("Kind"),
        "wait_minutes": _("Minutes waited"),
        "promised_minutes": _("Minutes promised"),
    },
}
# What must be there, said to people; a kind is read by any one of its readers' sets of columns.
NEEDS = {
    "calls": _("A call log needs a waiting time, a handling time or a first response time."),
    "tickets": _("Tickets need a number, the time of opening, and a time, a state or a promise besides."),
    "log": _("An event log needs the number of the ticket, the activity and its time."),
    "orders": _("Orders need a time and an amount, or a quantity with a price."),
}
# What the person who corrects the words of states calls them.
WORDS = {
    "taken": _("Words for “taken in charge”"),
    "resolved": _("Words for “resolved”"),
    "closed": _("Words for “closed”"),
    "new": _("Words for “new”"),
}
# Those that tell a reader where a case stands.
SPEAKING = {"log": ("taken", "resolved", "closed"), "tickets": ("new",)}


def roles_of(kind: str) -> Mapping[str, Any]:
    """Everything that a column can be in a file of this kind, with its label."""
    if kind == SURVEY:
        more = {"weight": _("Weight"), "external_id": _("Id of the row")}
        return OF_A_SURVEY | EVERYBODYS | more | REST
    return _OF[kind] | EVERYBODYS | REST


def field_of(role: str) -> str:
    """The reader's field that a role is: a customer's number is what rows of one customer share."""
    return "customer_key" if role == "customer_number" else role


def role_of(field: str) -> str:
    return "customer_number" if field == "customer_key" else field


def is_timed(kind: str, role: str) -> bool:
    """Whether the column holds moments."""
    return role == "at" or (kind != SURVEY and role.endswith("_at"))
