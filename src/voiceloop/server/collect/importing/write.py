"""Writes one batch: responses, answers and comments by COPY, all in the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from voiceloop.analytics.scales import classify
from voiceloop.server.collect.events import ResponseCompleted
from voiceloop.server.collect.importing.convert import Batch, Lines, Rejected, Row
from voiceloop.server.collect.importing.copy import (
    among,
    copy,
    hold,
    listed,
    or_null,
    reserve,
    sealed,
    text,
    without_row_checks,
)
from voiceloop.server.collect.importing.people import resolve
from voiceloop.server.collect.importing.places import Places
from voiceloop.server.collect.models import Import, RejectedRow, Response, Verbatim
from voiceloop.server.core.events import record
from voiceloop.server.core.moment import DIMENSIONS

_RESPONSE = (
    "id, idempotency_key, unit_id, customer_id, plan_id, batch_id, about, state, at, completed_at, weight,"
    f" wants_contact, attributes, {', '.join(DIMENSIONS)}"
)
_ANSWER = "response_id, question, scale, score, options"
_VERBATIM = "response_id, question, text, as_typed, language, labelled_by"
_typed = Verbatim._meta.get_field("as_typed")
_value, _cells = RejectedRow._meta.get_field("value"), RejectedRow._meta.get_field("cells")


@dataclass(frozen=True)
class Target:
    """What all rows of one import have in common."""

    import_: Import
    places: Places
    programme: str
    plan: int | None
    source: str
    recent_since: datetime | None
    # Frozen dimensions as COPY text; few combinations occur, so each is put together once.
    moments: dict[tuple[object, ...], str] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, import_: Import, places: Places, source: str, recent_days: int) -> Target:
        programme = import_.programme
        plan = programme.plan if programme else None
        since = import_.created_at - timedelta(days=recent_days) if recent_days else None
        return cls(
            import_, places, programme.code if programme else "", plan.pk if plan else None, source, since
        )


class Written(NamedTuple):
    n_new: int
    n_known: int


def prepare(rows: list[Row], target: Target) -> list[Lines]:
    """The text of the rows; asks no database, so it is made while the batch before is written."""
    return [_lines(row, moment, target) for row, moment in zip(rows, _moments(rows, target), strict=True)]


def write(batch: Batch, target: Target) -> Written:
    """Write the rows that are not there yet, and the refusals."""
    known = _known(row.key for row in batch.rows)
    pairs = zip(batch.rows, batch.lines, strict=True)
    fresh = [(row, lines) for row, lines in pairs if row.key not in known]
    copy_rejected(batch.rejected, target)
    if fresh:
        rows = [row for row, _ in fresh]
        ids = reserve("collect_response", len(rows))
        customers = _bring_in(rows, [lines for _, lines in fresh], ids, target)
        _record_recent(rows, ids, customers, target)
    return Written(len(fresh), len(batch.rows) - len(fresh))


def _bring_in(rows: list[Row], lines: list[Lines], ids: list[int], target: Target) -> dict[Any, int]:
    hold("core_unit", sorted({target.places.unit(row.unit).pk for row in rows}))
    hold("collect_plan", [target.plan] if target.plan else [])
    with without_row_checks():
        customers = resolve(rows, target.places)
        whose = [or_null(customers[row.customer] if row.customer else None) for row in rows]
        numbered = list(zip(ids, lines, strict=True))
        responses = [
            f"{pk}\t{line.before_customer}{customer}{line.after_customer}"
            for (pk, line), customer in zip(numbered, whose, strict=True)
        ]
        copy("collect_response", _RESPONSE, responses)
        copy("collect_answer", _ANSWER, [f"{pk}\t{one}" for pk, line in numbered for one in line.answers])
        copy(
            "collect_verbatim", _VERBATIM, [f"{pk}\t{one}" for pk, line in numbered for one in line.verbatims]
        )
    return customers


def _known(keys: Iterable[str]) -> set[str]:
    known = f"select idempotency_key from collect_response where {among('idempotency_key')}"
    with connection.cursor() as cursor:
        cursor.execute(known, [listed(keys)])
        return {key for (key,) in cursor.fetchall()}


def _lines(row: Row, moment: str, target: Target) -> Lines:
    plan, at = or_null(target.plan), row.at.isoformat(" ")
    return Lines(
        f"{row.key}\t{target.places.unit(row.unit).pk}\t",
        f"\t{plan}\t{target.import_.pk}\t\t{Response.State.COMPLETE.value}\t{at}\t{at}"
        f"\t{row.weight!r}\tf\t{text(row.attributes)}\t{moment}\n",
        [f"{text(question)}\t{scale}\t{score!r}\t[]\n" for question, scale, score in row.scores],
        [
            f"{text(said.question)}\t{text(said.text)}\t{sealed(_typed, said.typed)}\t{said.language}\t\n"
            for said in row.comments
        ],
    )


def _moments(rows: list[Row], target: Target) -> Iterator[str]:
    known = target.moments
    if len(known) > 50_000:
        known.clear()
    for row in rows:
        spoken = row.comments[0].language if row.comments else ""
        key = (*row.dimensions.items(), row.unit, spoken)
        if key not in known:
            known[key] = _moment(row, spoken, target)
        yield known[key]


def _moment(row: Row, spoken: str, target: Target) -> str:
    found = target.places.moment(row.dimensions, target.places.unit(row.unit))
    found["programme"], found["source"] = target.programme, target.source
    found["language"] = (found.get("language") or spoken)[:16]
    return "\t".join([text(found.get(name, "")) for name in DIMENSIONS])


def copy_rejected(rejected: list[Rejected], target: Target) -> None:
    lines = []
    for row in rejected:
        value = row.value.encode("utf-8", "replace").decode()
        cells = json.dumps(row.cells, ensure_ascii=True)
        lines.append(
            f"{target.import_.pk}\t{row.number}\t{row.fault}\t{text(row.column[:255])}"
            f"\t{sealed(_value, value[:500])}\t{sealed(_cells, cells)}\n"
        )
    copy("collect_rejectedrow", 'batch_id, number, fault, "column", value, cells', lines)


def _record_recent(rows: list[Row], ids: list[int], customers: dict[Any, int], target: Target) -> None:
    """Tell of detractors who answered lately, as if they had answered here: a case is opened for each."""
    if target.recent_since is None:
        return
    for row, pk in zip(rows, ids, strict=True):
        if row.at < target.recent_since or not (main := _main_score(row)):
            continue
        if classify(main[2], main[1]) == "detractor":
            customer = customers[row.customer] if row.customer else None
            event = ResponseCompleted(response=pk, customer=customer, score=main[2], score_class="detractor")
            record(event, by=target.import_.by, unit=target.import_.unit)


def _main_score(row: Row) -> tuple[str, str, float] | None:
    by_question = {score[0]: score for score in row.scores}
    return by_question.get("nps") or by_question.get("csat") or by_question.get("ces")
