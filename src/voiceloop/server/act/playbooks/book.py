"""Which playbook is followed: the first in order that hears the event and whose conditions hold."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from voiceloop.analytics.scales import DETRACTOR, PASSIVE, PROMOTER
from voiceloop.server.act.cases import outreach, scores
from voiceloop.server.act.models import Case, CrisisCase, Playbook, PlaybookRun, PlaybookVersion
from voiceloop.server.act.playbooks import rules, shipped
from voiceloop.server.collect.models import Response

Trigger = PlaybookVersion.Trigger
OF_CLASS = {DETRACTOR: Trigger.DETRACTOR, PASSIVE: Trigger.PASSIVE, PROMOTER: Trigger.PROMOTER}


def in_use() -> list[PlaybookVersion]:
    """The versions in use, in the order in which they are asked."""
    rows = PlaybookVersion.objects.filter(state="active", playbook__archived_at=None)
    return list(rows.select_related("playbook").order_by("playbook__position", "playbook__pk"))


def choose(trigger: str, facts: Mapping[str, Any]) -> PlaybookVersion | None:
    """The first that fits; the shipped ones are made where there is none at all."""
    if not Playbook.objects.exists():
        shipped.starter()
    return first_of(in_use(), trigger, facts)


def first_of(
    versions: list[PlaybookVersion], trigger: str, facts: Mapping[str, Any]
) -> PlaybookVersion | None:
    mine = (one for one in versions if one.trigger == trigger)
    return next((one for one in mine if rules.holds(one.conditions, facts)), None)


def triggers_of(case: Case) -> list[str]:
    """What it is asked for, first to last: a crisis goes before what opened the case."""
    crisis = [Trigger.CRISIS] if CrisisCase.objects.filter(case=case).exists() else []
    return [*crisis, trigger_of(case)]


def trigger_of(case: Case) -> str:
    """What opened the case."""
    if case.response is not None:
        return trigger_of_answer(case.response) or Trigger.DETRACTOR
    of_channel = {
        outreach.CHANNEL: Trigger.AT_RISK,
        outreach.OF_A_STAGE: Trigger.STAGE,
        outreach.OF_A_HAPPENING: Trigger.AT_RISK,
    }
    return of_channel.get(case.channel, Trigger.BY_HAND)


def trigger_of_answer(response: Response) -> str:
    """Of the class of its score; "" without one."""
    return OF_CLASS.get(scores.class_of(scores.of(response)), "")


def followed(case: Case) -> PlaybookVersion:
    """The version that the case began with; before that, the one in use under its code."""
    run = run_of(case)
    return of_code(case.playbook) if run is None else run.version


def of_code(code: str) -> PlaybookVersion:
    """The version that is switched on; of a code that nobody wrote down, the one that ships."""
    rows: QuerySet[PlaybookVersion] = PlaybookVersion.objects.filter(state="active")
    return rows.filter(playbook__code=code).select_related("playbook").first() or shipped.version_of(code)


def run_of(case: Case) -> PlaybookRun | None:
    return PlaybookRun.objects.filter(case=case).select_related("version__playbook").first()


def digest(version: PlaybookVersion) -> str:
    """Of what decides who is caught: a dry run of another digest is an old one."""
    said = json.dumps([version.trigger, version.conditions], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()
