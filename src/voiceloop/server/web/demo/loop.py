"""The demo company's closed loop: cases with owners, talks, solutions, callbacks and outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from voiceloop.analytics.synth import Company
from voiceloop.server.act import events
from voiceloop.server.act.cases import clocks
from voiceloop.server.act.growth.sharing import came_by
from voiceloop.server.act.models import (
    Assignment,
    Callback,
    CareTask,
    Case,
    Contact,
    Outcome,
    Recommendation,
    Resolution,
    RootCause,
    ShareLink,
)
from voiceloop.server.core.bulk import copy
from voiceloop.server.core.events import EventType
from voiceloop.server.core.models import Event, User
from voiceloop.server.web.demo.feedback import MOMENT, Ids, numbered

SEVERITIES = {"critical": "catastrophic", "high": "serious", "normal": "slight"}
STEPS = (("callback_1h", 1), ("callback_24h", 24), ("callback_72h", 72))
RESULTS = {"solved": "solved", "not_solved": "not_solved", "no_answer": "no_reply"}
RECENT = timedelta(days=45)
CARED_FOR, SHARED = timedelta(days=10), timedelta(days=180)
# When, by whom, in which unit, and what.
Told = tuple[datetime, User | None, int, EventType]


def load_causes(company: Company) -> Ids:
    kinds = {
        row["root_cause"]: row["root_cause_kind"] for row in company.cases.to_pylist() if row["root_cause"]
    }
    for row in company.labels.to_pylist():
        if row["dimension"] == "root_cause":
            names = {
                "name": row["name_zh"],
                "name_en": row["name_en"],
                "group": kinds.get(row["code"], "process"),
            }
            RootCause.objects.update_or_create(code=row["code"], defaults=names)
    return dict(RootCause.objects.values_list("code", "pk"))


def load_cases(company: Company, units: Ids, customers: Ids, people: dict[str, User], causes: Ids) -> None:
    responses = numbered(company.responses, "response")
    given = dict(enumerate(company.responses.to_pylist(), 1))
    held = [
        row
        | {"pk": pk, "response_id": responses[row["response"]], "owner": people[row["agent"]]}
        | {"first": people[row["first_agent"]]}
        for pk, row in enumerate(company.cases.to_pylist(), 1)
    ]
    for row in held:
        said = given[row["response_id"]]
        row["said"] = said | {"unit_id": units[said["unit"]], "customer_id": customers[said["customer"]]}
    columns = [
        "id",
        "response_id",
        "customer_id",
        "unit_id",
        "owner_id",
        "kind",
        "severity",
        "playbook",
        "summary",
        "opened_at",
        "first_contact_due_at",
        "first_contact_at",
    ]
    columns += MOMENT
    copy(Case, columns, map(_case, held))
    _load_steps(held, causes)
    _load_events(held)
    # Clocks are read from what happened.
    clocks.rewind()
    clocks.read_solutions()


def _case(row: dict[str, Any]) -> tuple[Any, ...]:
    said = row["said"]
    return (
        *(row["pk"], row["response_id"], said["customer_id"], said["unit_id"], row["owner"].pk, row["kind"]),
        *(SEVERITIES[row["severity"]], "fast", (said["comment"] or "")[:200]),
        *(row["opened_at"], row["first_contact_due_at"], row["first_contact_at"]),
        *((said[name] or "") for name in MOMENT),
    )


def _load_steps(held: list[dict[str, Any]], causes: Ids) -> None:
    # The reason of a choice is data, so that it can be said in the reader's language.
    why = '{"code": "least_loaded"}'
    spoken = [row for row in held if row["first_contact_at"]]
    solved = [row for row in held if row["resolved_at"]]
    ended = [row for row in held if row["outcome"]]
    copy(
        Assignment,
        ("id", "case_id", "to_id", "at", "reason"),
        ((pk, *assigned, why) for pk, assigned in enumerate(_assigned(held), 1)),
    )
    copy(
        Contact,
        ("id", "case_id", "by_id", "at", "channel", "result"),
        (
            (pk, row["pk"], row["owner"].pk, row["first_contact_at"], "phone", "reached")
            for pk, row in enumerate(spoken, 1)
        ),
    )
    copy(
        Resolution,
        ("id", "case_id", "by_id", "root_cause_id", "at"),
        (
            (pk, row["pk"], row["owner"].pk, causes[row["root_cause"]], row["resolved_at"])
            for pk, row in enumerate(solved, 1)
        ),
    )
    copy(Callback, ("id", "case_id", "step", "due_at", "done_at", "by_id", "result"), _callbacks(solved))
    copy(
        Outcome,
        ("id", "case_id", "code", "score", "at"),
        (
            (pk, row["pk"], row["outcome"], row["resurvey_score"], row["resurvey_at"] or row["closed_at"])
            for pk, row in enumerate(ended, 1)
        ),
    )


def _assigned(held: list[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    for row in held:
        yield (row["pk"], row["first"].pk, row["opened_at"])
        if row["first"] != row["owner"]:
            yield (row["pk"], row["owner"].pk, _handed_on(row))


def _handed_on(row: dict[str, Any]) -> datetime:
    """Half way to the first talk, at once while there was none."""
    opened: datetime = row["opened_at"]
    return opened + ((row["first_contact_at"] or opened) - opened) / 2


def _callbacks(solved: list[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    pk = 0
    for row in solved:
        for step, (column, hours) in enumerate(STEPS, 1):
            pk += 1
            result = RESULTS.get(row[column] or "", "")
            due = row["resolved_at"] + timedelta(hours=hours)
            done = due + timedelta(minutes=20) if result else None
            yield (pk, row["pk"], step, due, done, row["owner"].pk if result else None, result)


def _load_events(held: list[dict[str, Any]]) -> None:
    """What the timelines of recent cases tell; older ones keep their rows only."""
    newest = max((row["opened_at"] for row in held), default=None)
    recent = [row for row in held if newest and row["opened_at"] > newest - RECENT]
    _record(entry for row in recent for entry in _told(row))


def _record(told: Iterable[Told]) -> None:
    Event.objects.bulk_create(
        Event(type=event.type, at=at, by=by, unit_id=unit, about=event.subjects(), data=asdict(event))
        for at, by, unit, event in sorted(told, key=lambda entry: entry[0])
    )


def _told(row: dict[str, Any]) -> Iterator[Told]:
    said, owner = row["said"], row["owner"]
    ids = {"case": row["pk"], "customer": said["customer_id"]}
    unit = said["unit_id"]
    opened = events.CaseOpened(**ids, response=row["response_id"], score=said["nps"])
    yield row["opened_at"], None, unit, opened
    first = row["first"]
    yield row["opened_at"], None, unit, events.CaseAssigned(**ids, to=first.pk, to_name=first.name)
    if first != owner:
        yield _handed_on(row), first, unit, events.CaseAssigned(**ids, to=owner.pk, to_name=owner.name)
    if row["first_contact_at"]:
        yield row["first_contact_at"], owner, unit, events.CustomerContacted(**ids, result="reached")
    if row["resolved_at"]:
        cause = row["root_cause"]
        yield row["resolved_at"], owner, unit, events.CaseResolved(**ids, root_cause=cause, round=1)
    if row["outcome"]:
        verified = events.CaseVerified(**ids, outcome=row["outcome"], score=row["resurvey_score"])
        yield row["resurvey_at"] or row["closed_at"], None, unit, verified


def load_growth(company: Company, units: Ids, customers: Ids, people: dict[str, User]) -> None:
    """Care for the passives of the last days, a link for the promoters of the last half-year."""
    rows = [(pk, row) for pk, row in enumerate(company.responses.to_pylist(), 1) if row["nps"] is not None]
    newest = max((row["at"] for _, row in rows), default=None)

    def since(span: timedelta) -> list[tuple[int, Any]]:
        return [(pk, row) for pk, row in rows if newest and row["at"] > newest - span]

    leads = {person.unit_id: person for person in people.values() if person.role == "lead"}
    passives = [(pk, row) for pk, row in since(CARED_FOR) if 7 <= row["nps"] <= 8]
    CareTask.objects.bulk_create(
        CareTask(
            response_id=pk,
            customer_id=customers[row["customer"]],
            unit_id=units[row["unit"]],
            owner=leads.get(units[row["region"]]),
            opened_at=row["at"],
            due_at=row["at"] + timedelta(days=3),
        )
        for pk, row in passives
    )
    links = ShareLink.objects.bulk_create(
        ShareLink(
            response_id=pk,
            customer_id=customers[row["customer"]],
            unit_id=units[row["unit"]],
            created_at=row["at"],
        )
        for pk, row in since(SHARED)
        if row["nps"] >= 9
    )
    # One link in nine brought a friend a day later.
    came = Recommendation.objects.bulk_create(
        Recommendation(link=link, visitor=f"demo-{link.pk}", at=link.created_at + timedelta(days=1))
        for link in links[::9]
        if newest and link.created_at < newest - timedelta(days=1)
    )
    _record((one.at, None, one.link.unit_id, came_by(one.link)) for one in came)
