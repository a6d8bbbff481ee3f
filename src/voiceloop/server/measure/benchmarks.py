"""External figures: a file is brought, looked at, then taken as a whole or not at all. The verbs."""

from __future__ import annotations

from typing import Any

from django.utils.timezone import now

from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import Unit, User
from voiceloop.server.measure import benchmarks_rows as rows
from voiceloop.server.measure.benchmarks_models import Benchmark, OwnCircumstances, SeriesPoint, Sheet
from voiceloop.server.measure.events_boards import (
    CircumstancesSaid,
    OfSheet,
    SheetRestored,
    SheetTaken,
    SheetWithdrawn,
)

MODELS: dict[str, Any] = {"benchmarks": Benchmark, "series": SeriesPoint}


class Refused(Exception):
    """Rows that cannot be read; nothing was written."""


@verb
def bring(*, by: User, unit: Unit, kind: str, name: str, columns: list[str], lines: list[list[str]]) -> Sheet:
    """Keep a file's cells with a first guess of what its columns mean."""
    return Sheet.objects.create(
        by=by, unit=unit, kind=kind, name=name[:200], columns=columns, lines=lines,
        mapping=rows.guess(kind, columns),
    )  # fmt: skip


@verb
def remap(sheet: Sheet, *, mapping: dict[str, str]) -> Sheet:
    """Say what the columns mean, before anything is taken."""
    if sheet.taken_at is None:
        known = {role: column for role, column in mapping.items() if column in sheet.columns}
        sheet.mapping = {role: column for role, column in known.items() if role in rows.ROLES[sheet.kind]}
        sheet.save(update_fields=["mapping"])
    return sheet


@verb
def take(sheet: Sheet, *, by: User, without_faulty: bool = False) -> int:
    """Write all rows, or none; rows that cannot be read are left out only when a person says so."""
    sheet.refresh_from_db(from_queryset=Sheet.objects.select_for_update(of=("self",)))
    if sheet.taken_at is not None:
        return 0
    read = rows.read(sheet.kind, sheet.columns, sheet.lines, sheet.mapping)
    good = [row.values for row in read if not row.faults]
    if not good or (len(good) < len(read) and not without_faulty):
        raise Refused
    model = MODELS[sheet.kind]
    model.objects.bulk_create(model(sheet=sheet, unit=sheet.unit, **values) for values in good)
    sheet.taken_at = now()
    sheet.save(update_fields=["taken_at"])
    _record(SheetTaken, sheet, len(good), by)
    return len(good)


@verb
def withdraw(sheet: Sheet, *, by: User) -> Sheet:
    """Its figures are compared with no longer; they stay and can be restored."""
    if sheet.taken_at and sheet.withdrawn_at is None:
        sheet.withdrawn_at = now()
        sheet.save(update_fields=["withdrawn_at"])
        _record(SheetWithdrawn, sheet, figures(sheet), by)
    return sheet


@verb
def restore(sheet: Sheet, *, by: User) -> Sheet:
    if sheet.withdrawn_at is not None:
        sheet.withdrawn_at = None
        sheet.save(update_fields=["withdrawn_at"])
        _record(SheetRestored, sheet, figures(sheet), by)
    return sheet


@verb
def say_circumstances(*, by: User, **said: str) -> OwnCircumstances:
    """What we are compared as from now on: industry, size, country, how customers are asked."""
    assert by.unit is not None
    made: OwnCircumstances = OwnCircumstances.objects.create(by=by, unit=by.unit, **said)
    record(CircumstancesSaid(circumstances=made.pk, said=str(made)), by=by, unit=by.unit)
    return made


def figures(sheet: Sheet) -> int:
    return int(MODELS[sheet.kind].objects.filter(sheet=sheet).count())


def _record(event: type[OfSheet], sheet: Sheet, n: int, by: User) -> None:
    record(event(sheet=sheet.pk, name=sheet.name, n=n), by=by, unit=sheet.unit)
