"""What the reactions wait for, beyond the one of everything that every address needs."""

from __future__ import annotations

from typing import Any

from django.utils.timezone import now

from tests.house.world import FIRST
from voiceloop.server.act.models import (
    AgentProfile,
    Case,
    GreenCase,
    GreenRule,
    Playbook,
    PlaybookRun,
    PlaybookVersion,
    StepRun,
)
from voiceloop.server.act.playbooks import shipped
from voiceloop.server.collect.models import Answer, Transaction
from voiceloop.server.core.models import User
from voiceloop.server.measure.models import MailRun

OPEN, FRESH = FIRST, FIRST + 3
GONE = FIRST + 3


def arrange() -> None:
    """Answers and a case that no playbook follows yet; work that waits, and somebody who is free or gone."""
    _follow_nothing_yet()
    _mark_as_serious()
    _case_of(None)
    _case_of(GONE)
    User.objects.filter(pk=GONE).update(is_active=False)
    # Without hours of their own: whoever is free is so at any hour at which the tests run.
    AgentProfile.objects.update(calendar=None)
    # Taken as it happened: what an import brought is history.
    Transaction.objects.filter(pk=FIRST).update(batch=None, key=None)
    MailRun.objects.filter(pk=FIRST).update(state=MailRun.State.WRITTEN, done_at=now())


def _follow_nothing_yet() -> None:
    """The open case is followed, with a step that the case itself proves; nothing else is."""
    shipped.starter()
    moved = Playbook.objects.create(code="moved")
    PlaybookVersion.objects.create(playbook=moved, name="moved", trigger="stage", state="active")
    PlaybookRun.objects.exclude(case=OPEN).delete()
    PlaybookRun.objects.update(response=None)
    StepRun.objects.update(action="listen")
    Answer.objects.filter(response=OPEN).update(score=8)
    Answer.objects.filter(response=FRESH).update(score=10)


def _mark_as_serious() -> None:
    GreenCase.objects.filter(case=OPEN).delete()
    GreenRule.objects.update(severities=[Case.Severity.CATASTROPHIC.value])
    Case.objects.filter(pk=OPEN).update(severity=Case.Severity.CATASTROPHIC)


def _case_of(owner: int | None) -> None:
    """One more open case of the branch."""
    like: dict[str, Any] = Case.objects.values("unit_id", "customer_id", "summary", "kind").get(pk=OPEN)
    Case.objects.create(**like, owner_id=owner, channel="phone")
