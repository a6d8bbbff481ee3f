"""What the choice of a person is made from, read from the database in few and small questions."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.utils.timezone import now

from voiceloop.analytics.routing import FREE, Agent, Work
from voiceloop.analytics.routing.facts import WEIGHT_CONTACTED, WEIGHT_OF_PRIORITY
from voiceloop.server.act.cases.calendars import hours_of
from voiceloop.server.act.models import AgentProfile, BusinessCalendar, Case
from voiceloop.server.core.models import Unit

# Through which seat a channel is answered; a channel that is not here needs none.
SEAT_OF_CHANNEL = {
    "phone": "phone", "hotline": "phone", "call": "phone", "ivr": "phone",
    "email": "online", "chat": "online", "webchat": "online", "web": "online", "app": "online",
    "wechat": "micro", "weibo": "micro", "wecom": "micro", "mini_program": "micro",
    "video": "video",
}  # fmt: skip
# More of one person's cases than this are not counted: they are full long before.
COUNTED = 40
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
# The channel of a survey says how it was sent, not how the customer wants to talk: it asks for no seat.
# `due`: of the first word, while nobody has spoken with the customer. The order decides between equals: at
# night none has working time left, and what is due first on the wall goes first.
WORKS = """
select c.id, n.path, case when c.response_id is null then c.channel else '' end,
    coalesce(nullif(c.language, ''), cu.language, ''), c.kind, c.priority, c.emotion, c.opened_at,
    case when c.first_contact_at is null then c.first_contact_due_at end,
    exists (select from act_greencase g where g.case_id = c.id),
    (select b.owner_id from act_case b where b.customer_id = c.customer_id and b.owner_id is not null
        and b.id <> c.id order by b.opened_at desc limit 1),
    array(select distinct a.label from understand_annotation a join collect_verbatim v on v.id = a.verbatim_id
        where v.response_id = c.response_id and a.kind = 'reason'),
    h.zone, h.week, h.country, h.days
from act_case c
join core_unit n on n.id = c.unit_id
left join collect_customer cu on cu.id = c.customer_id
left join act_clock k on k.case_id = c.id and k.kind = 'first_contact'
left join act_servicepromise p on p.id = k.promise_id
left join act_businesscalendar h on h.id = p.calendar_id
where c.id = any(%s)
order by c.first_contact_due_at, c.opened_at, c.id
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
    return works_of([case.pk])[0]


def works_of(keys: Iterable[int]) -> list[Work]:
    """Several cases at once, in one question: what is due first comes first."""
    with connection.cursor() as cursor:
        cursor.execute(WORKS, [list(keys)])
        rows = cursor.fetchall()
    at = now()
    return [_work(row, at) for row in rows]


def seat_of(channel: str) -> str:
    return SEAT_OF_CHANNEL.get(channel.lower(), "")


def plain_language(code: str) -> str:
    """'zh-Hans' is 'zh'; "" while nobody knows."""
    return code.lower().replace("_", "-").split("-")[0]


def _work(row: tuple[Any, ...], at: datetime) -> Work:
    key, path, channel, language, kind, priority, emotion, opened, due, is_green, known, reasons, *hours = row
    return Work(
        key=key,
        place=path,
        seat=seat_of(channel),
        language=plain_language(language),
        topics=frozenset({f"kind:{kind}", *(f"reason:{code}" for code in reasons)}),
        priority=priority,
        is_green=is_green,
        is_heated=emotion == HEATED,
        known_by=known,
        left=None if due is None else _between(at, due, hours) / 60,
        waited=(at - opened).total_seconds() / 60,
    )


def _between(at: datetime, due: datetime, hours: list[Any]) -> float:
    """Seconds of working time; of the clock on the wall where no promise says its hours."""
    zone, week, country, days = hours
    if zone is None:
        return (due - at).total_seconds()
    calendar = BusinessCalendar(zone=zone, week=_json(week), country=country, days=_json(days))
    return hours_of(calendar).between(at, due)


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
    return _read(value) if isinstance(value, str) else value


@lru_cache(maxsize=4096)
def _read(text: str) -> Any:
    """Many people have the same skills and hours; nobody changes what this returns."""
    return json.loads(text)
