"""The demo company's customers, orders, invitations and what they answered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from voiceloop.analytics.synth import Company
from voiceloop.analytics.text.masking import mask
from voiceloop.server.collect.models import Answer, Customer, Invitation, Response, Transaction, Verbatim
from voiceloop.server.core.bulk import copy

# The codes of the synthetic company for what the product calls so.
SUPPRESSED = {"contact_budget": "rested", "opted_out": "opted_out", "agent_skipped": "by_agent"}
SCALES = {"nps": "nps_0_10", "csat": "csat_1_5", "ces": "ces_1_7"}
MOMENT = [
    "programme",
    "touchpoint",
    "stage",
    "channel",
    "segment",
    "tier",
    "region",
    "team",
    "agent",
    "language",
]
Ids = dict[str, int]
Plans = dict[str, tuple[int, int]]


# The columns that are copied, in the order of the rows.
CUSTOMER = "id number unit_id language segment tier joined_on birthday created_at opted_out_at attributes"
ORDER = (
    "id number customer_id unit_id at kind amount wait_minutes promised_minutes region touchpoint attributes"
)
INVITATION = (
    "id customer_id unit_id programme touchpoint stage channel region team agent plan_id "
    "survey_version_id suppressed_by created_at sent_at failed_at started_at answered_at expires_at"
)
RESPONSE = (
    "id idempotency_key invitation_id customer_id unit_id plan_id survey_version_id state at "
    "completed_at wants_contact attributes"
)


def words(text: str) -> list[str]:
    return text.split()


def numbered(table: Any, column: str) -> Ids:
    """The id of each row: its place, from one."""
    return {code: place for place, code in enumerate(table[column].to_pylist(), 1)}


def load_customers(company: Company, units: Ids) -> None:
    field: dict[str, Any] = {name: Customer._meta.get_field(name) for name in ("name", "phone", "email")}
    columns = [*words(CUSTOMER), *(part for name in field for part in (name, f"{name}_index"))]
    copy(Customer, columns, _customers(company, units, field))


def _customers(company: Company, units: Ids, field: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    for pk, row in enumerate(company.customers.to_pylist(), 1):
        private = [part for name in field for part in _sealed(field[name], row[name])]
        out = row["joined_on"] if row["opted_out"] else None
        yield (
            *(pk, row["customer"], units[row["unit"]], row["language"], row["segment"], row["tier"]),
            *(row["joined_on"], row["birthday"], row["joined_on"], out, "{}"),
            *private,
        )


def _sealed(field: Any, text: str | None) -> tuple[bytes | None, bytes | None]:
    return (field.encrypt(text), field.token(text)) if text else (None, None)


def load_orders(company: Company, units: Ids, customers: Ids) -> None:
    columns = words(ORDER)
    copy(Transaction, columns, _orders(company, units, customers))
    copy(Transaction, columns, _returns(company, units, customers))


def _orders(company: Company, units: Ids, customers: Ids) -> Iterator[tuple[Any, ...]]:
    steps = ("prep_minutes", "handover_minutes", "ride_minutes")
    for pk, row in enumerate(company.orders.to_pylist(), 1):
        known = {name: round(row[name], 1) for name in steps if row[name] is not None}
        yield (
            *(pk, row["order"], customers[row["customer"]], units[row["unit"]], row["at"], row["kind"]),
            *(row["amount"], row["wait_minutes"], row["promised_minutes"], row["region"], row["kind"]),
            json.dumps(known),
        )


def _returns(company: Company, units: Ids, customers: Ids) -> Iterator[tuple[Any, ...]]:
    touchpoints = company.orders["kind"].to_pylist()
    for pk, row in enumerate(company.returns.to_pylist(), company.orders.num_rows + 1):
        of_order = touchpoints[int(row["order"][1:]) - 1]
        yield (
            *(pk, row["return"], customers[row["customer"]], units[row["unit"]], row["at"], "return"),
            *(row["amount"], None, None, row["region"], of_order, "{}"),
        )


def load_invitations(company: Company, units: Ids, customers: Ids, plans: Plans) -> None:
    """`plans` gives each programme's plan and survey version."""
    columns = words(INVITATION)
    copy(Invitation, columns, _invitations(company, units, customers, plans))


def _invitations(company: Company, units: Ids, customers: Ids, plans: Plans) -> Iterator[tuple[Any, ...]]:
    for pk, row in enumerate(company.invitations.to_pylist(), 1):
        plan, version = plans[row["programme"]]
        yield (
            *(pk, customers[row["customer"]], units[row["unit"]], row["programme"], row["touchpoint"]),
            *(row["stage"], row["channel"], row["region"], row["team"] or "", row["agent"] or ""),
            *(plan, version, SUPPRESSED.get(row["reason"], "")),
            *(row["created_at"], row["sent_at"], row["created_at"] if row["status"] == "failed" else None),
            *(row["started_at"], row["answered_at"], _expiry(row)),
        )


def _expiry(row: dict[str, Any]) -> datetime:
    created: datetime = row["created_at"]
    return created + timedelta(days=14)


def load_responses(company: Company, units: Ids, customers: Ids, plans: Plans) -> None:
    invitations = numbered(company.invitations, "invitation")
    rows = company.responses.to_pylist()
    columns = [*words(RESPONSE), *MOMENT]
    copy(
        Response,
        columns,
        (
            (
                *(pk, f"invitation:{invitations[row['invitation']]}", invitations[row["invitation"]]),
                *(customers[row["customer"]], units[row["unit"]], *plans[row["programme"]]),
                *("complete", row["at"], row["at"], row["wants_contact"], "{}"),
                *((row[name] or "") for name in MOMENT),
            )
            for pk, row in enumerate(rows, 1)
        ),
    )
    answers = chain(_answers(rows), _ratings(company))
    columns = ["response_id", "question", "scale", "score", "options"]
    copy(Answer, ("id", *columns), ((pk, *answer) for pk, answer in enumerate(answers, 1)))
    copy(Verbatim, ("id", "response_id", "question", "text", "as_typed", "language"), _verbatims(rows))


def _answers(rows: list[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    for response, row in enumerate(rows, 1):
        for question, scale in SCALES.items():
            if row[question] is not None:
                yield (response, question, scale, float(row[question]), "[]")
        if row["reasons"]:
            yield (response, "reasons", "", None, json.dumps(row["reasons"]))


def _ratings(company: Company) -> Iterator[tuple[Any, ...]]:
    responses = numbered(company.responses, "response")
    for row in company.ratings.to_pylist():
        yield (responses[row["response"]], row["question"], row["scale"], row["score"], "[]")


def _verbatims(rows: list[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    field: Any = Verbatim._meta.get_field("as_typed")
    written = [(pk, row) for pk, row in enumerate(rows, 1) if row["comment"]]
    for pk, (response, row) in enumerate(written, 1):
        masked = mask(row["comment"]).text
        typed = field.encrypt(row["comment"]) if masked != row["comment"] else None
        yield (pk, response, "why", masked, typed, row["language"])
