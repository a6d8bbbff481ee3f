"""Holding statements: written, approved before anybody says them, withdrawn when no longer true."""

from __future__ import annotations

from django.utils.timezone import now

from voiceloop.server.act.crisis.events import (
    OfCrisis,
    StatementApproved,
    StatementWithdrawn,
    StatementWritten,
)
from voiceloop.server.act.models import Crisis, Statement
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User


class NotApproved(Exception):
    """Nobody says what nobody has approved."""


@verb
def write(crisis: Crisis, *, by: User, text_zh: str = "", text_en: str = "") -> Statement:
    """A draft; new words are a new statement, so that an approval never covers what came after it."""
    made = Statement.objects.create(crisis=crisis, by=by, text_zh=text_zh.strip(), text_en=text_en.strip())
    _say(StatementWritten, made, by=by)
    return made


@verb
def approve(statement: Statement, *, by: User) -> Statement:
    _lock(statement)
    if statement.approved_at is None and statement.withdrawn_at is None:
        statement.approved_by, statement.approved_at = by, now()
        statement.save(update_fields=["approved_by", "approved_at"])
        _say(StatementApproved, statement, by=by)
    return statement


@verb
def withdraw(statement: Statement, *, by: User) -> Statement:
    """What was sent stays sent; nobody sends it any more."""
    _lock(statement)
    if statement.withdrawn_at is None:
        statement.withdrawn_at = now()
        statement.save(update_fields=["withdrawn_at"])
        _say(StatementWithdrawn, statement, by=by)
    return statement


def _lock(statement: Statement) -> None:
    statement.refresh_from_db(from_queryset=Statement.objects.select_for_update(of=("self",)))


def _say(event: type[OfCrisis], statement: Statement, *, by: User) -> None:
    about = {"crisis": statement.crisis_id, "statement": statement.pk}
    # The log is read by everybody concerned: what nobody approved must not be read there either.
    words = statement.text if statement.approved_at else ""
    record(event(**about), by=by, unit=statement.crisis.unit, note=words)
