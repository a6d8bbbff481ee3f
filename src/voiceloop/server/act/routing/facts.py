"""What the choice of a person is made from, read from the database in few and small questions."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.timezone import now

from voiceloop.analytics.routing import FREE, Agent, Work
from voiceloop.analytics.routing.facts import WEIGHT_CONTACTED, WEIGHT_OF_PRIORITY
from voiceloop.server.act.cases import clocks
from voiceloop.server.act.cases.calendars import hours_of
from voiceloop.server.act.models import AgentProfile, BusinessCalendar, Case, GreenCase
from voiceloop.server.core.models import Unit
from voiceloop.server.understand.models import Annotation

# Through which seat a channel is answered; a channel that is not here needs none.
SEAT_OF_CHANNEL = {
    "phone": "phone", "hotline": "phone", "call": "phone", "ivr": "phone",
    "email": "online", "chat": "online", "webchat": "online", "web": "online", "app": "online",
    "wechat": "micro", "weibo": "micro", "wecom": "micro", "mini_program": "micro",
    "video": "video",
}  # fmt: skip
# More of one person's cases than this are not counted: they are full long before.
COUNTED = 60
HEATED = "angry"

# The load of each: what nobody has spoken about yet by its priority, what waits for others a quarter,
# what stands still (no clock runs) nothing.
_WEIGHTS = " ".join(f"when priority = {priority} then {w}" for priority, w in WEIGHT_OF_PRIORITY.items())
AGENTS = f"""
select u.id, n.path, u.role, p.status, p.capacity, p.is_senior, p.languages, p.skills, p.calendar_id,
    coalesce(held.n, 0), coalesce(held.load, 0)
from core_user u
join core_unit n on n.id = u.unit_id
left join act_agentprofile p on p.user_id = u.id
left join lateral (
    select count(*) as n, sum(case
        when due_at is null then 0
        when first_contact_at is not null then {WEIGHT_CONTACTED}
        {_WEIGHTS} else 1 end)::float8 as load
    from (
        select priority, due_at, first_contact_at from act_case
        where owner_id = u.id and resolved_at is null limit {COUNTED}
    ) as few
) as held on true
where u.is_active and u.role in ('agent', 'lead') and u.unit_id = any(%s)
order by u.id
"""


def agents_at(units: Iterable[int], at: datetime | None = None) -> list[Agent]:
    """Everybody who stands at one of these units, as they are now."""
    moment = at or now()
    with connection.cursor() as cursor:
        cursor.execute(AGENTS, [list(units)])
        rows = cursor.fetchall()
    open_now = _open_calendars({row[8] for row in rows if row[8]}, moment)
    return [_agent(row, open_now) for row in rows]


def agents_for(unit: Unit) -> list[Agent]:
    """Everybody who may answer for the unit: those at it or above it."""
    return agents_at(path_of(unit))


def path_of(unit: Unit) -> list[int]:
    return [int(part) for part in (unit.path or "").split("/") if part]


def work_of(case: Case) -> Work:
    """The case, as far as the choice depends on it."""
    return Work(
        key=case.pk,
        place=case.unit.path or "",
        seat=seat_of(case.channel),
        language=language_of(case),
        topics=frozenset({f"kind:{case.kind}", *(f"reason:{code}" for code in _reasons(case))}),
        priority=case.priority,
        is_green=GreenCase.objects.filter(case=case).exists(),
        is_heated=case.emotion == HEATED,
        known_by=_known_by(case),
        left=left_of(case),
        waited=(now() - case.opened_at).total_seconds() / 60,
    )


def seat_of(channel: str) -> str:
    return SEAT_OF_CHANNEL.get(channel.lower(), "")


def language_of(case: Case) -> str:
    """What the customer speaks, "" while nobody knows."""
    said = case.language or (case.customer.language if case.customer else "")
    return said.lower().replace("_", "-").split("-")[0]


def left_of(case: Case) -> float | None:
    """Minutes of working time until the first word is due."""
    if case.first_contact_due_at is None or case.first_contact_at is not None:
        return None
    return clocks.hours_for(case).between(now(), case.first_contact_due_at) / 60


def _reasons(case: Case) -> list[str]:
    if case.response_id is None:
        return []
    said = Annotation.objects.filter(verbatim__response=case.response_id, kind="reason")
    return list(said.values_list("label", flat=True))


def _known_by(case: Case) -> int | None:
    if case.customer_id is None:
        return None
    before = Case.objects.filter(customer=case.customer_id).exclude(owner=None).exclude(pk=case.pk)
    found: int | None = before.order_by("-opened_at").values_list("owner", flat=True).first()
    return found


def _open_calendars(keys: set[int], at: datetime) -> dict[int, bool]:
    if not keys:
        return {}
    return {one.pk: hours_of(one).is_open(at) for one in BusinessCalendar.objects.filter(pk__in=keys)}


def _agent(row: tuple[Any, ...], open_now: dict[int, bool]) -> Agent:
    key, path, role, status, capacity, is_senior, languages, skills, calendar, n_open, load = row
    is_known = status is not None
    return Agent(
        key=key,
        place=path,
        status=status or FREE,
        is_on_shift=open_now.get(calendar, True),
        is_lead=role == "lead",
        is_senior=bool(is_senior),
        skills=(_json(skills) or {}) if is_known else {},
        languages=frozenset(_json(languages) or ()) if is_known else frozenset({"zh"}),
        capacity=float(capacity if is_known else AgentProfile.CAPACITY),
        load=float(load),
        n_open=n_open,
    )


def _json(value: Any) -> Any:
    """A cursor of Django's gives JSON as text."""
    return json.loads(value) if isinstance(value, str) else value
