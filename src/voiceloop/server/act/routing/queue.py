"""Cases without an owner: they wait in one queue, and who becomes free takes the most urgent they can do."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.timezone import now

from voiceloop.analytics.routing import Agent, gate, next_for
from voiceloop.server.act.cases import cases
from voiceloop.server.act.cases.calendars import hours_of
from voiceloop.server.act.models import AgentProfile, Assignment, Case
from voiceloop.server.act.routing import choosing, facts, green
from voiceloop.server.act.routing.events import CaseReturned
from voiceloop.server.act.routing.people import profile_of
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import Unit, User

# So many of those that wait are looked at for one who became free; and at most so many are given at once.
LOOKED_AT, AT_ONCE = 60, 10
# Who is away gives back what is due within this; who is off, what is due before they come again, at most so.
NEAR, NEXT_DAY = timedelta(minutes=30), timedelta(hours=16)
AWAY = (AgentProfile.Status.AWAY, AgentProfile.Status.OFF)


def waiting(unit: Unit) -> QuerySet[Case]:
    """What nobody owns at or below a unit, the most urgent first."""
    below = list(Unit.objects.filter(path__startswith=unit.path or "-").values_list("pk", flat=True))
    rows: QuerySet[Case] = Case.objects.open().unowned().filter(unit__in=below)
    return rows.order_by("priority", "due_at", "opened_at", "pk")


def drain(user: User) -> list[Case]:
    """Give somebody who became free what waits, the most urgent first, while they have room."""
    taken: list[Case] = []
    while len(taken) < AT_ONCE:
        case = take_next(user)
        if case is None:
            break
        taken.append(case)
    return taken


@verb
def take_next(user: User) -> Case | None:
    """One case out of the queue for this person, or none."""
    if user.unit is None or not user.is_active:
        return None
    me = _me(user)
    if me is None or not _has_room(me):
        return None
    # Another who becomes free at this moment looks at the rest.
    rows = waiting(user.unit).select_for_update(skip_locked=True, of=("self",))
    found = {case.pk: case for case in rows.select_related("unit", "customer")[:LOOKED_AT]}
    if not found:
        return None
    agents = facts.agents_at(
        Unit.objects.filter(path__startswith=user.unit.path or "-").values_list("pk", flat=True)
    )
    agents += [one for one in facts.agents_for(user.unit) if one.key not in {a.key for a in agents}]
    here = next(agent for agent in agents if agent.key == user.pk)
    work = next_for(here, facts.works_of(found), agents)
    if work is None:
        return None
    case = found[work.key]
    cases.give(case, to=user, reason=choosing.reason_of(work, here, agents, case.unit))
    return case


@verb
def give_back(case: Case, *, why: str) -> Case:
    """Its owner cannot answer in time: it goes back to the queue, and to somebody else if anybody is free."""
    cases.lock(case)
    owner = case.owner
    if owner is None or not case.is_open:
        return case
    reason = {"kind": "returned", "why": why, "user": owner.pk, "name": str(owner)}
    Assignment.objects.create(case=case, to=None, by=None, reason=reason)
    case.owner = None
    case.save(update_fields=["owner"])
    event = CaseReturned(case=case.pk, customer=case.customer_id, person=owner.pk, name=str(owner), why=why)
    record(event, unit=case.unit)
    return cases.route(case)


def leave(user: User, *, why: str = "") -> int:
    """Give back what somebody who went away cannot answer in time."""
    kind = why or profile_of(user).status
    rows = list(_in_danger(user, now())) if kind != "gone" else list(_of(user))
    for case in rows:
        give_back(case, why=kind)
    return len(rows)


def watch() -> int:
    """Those who are away or whose hours are over keep nothing that is due; who is free gets what waits."""
    n = 0
    for profile in AgentProfile.objects.filter(user__cases__in=_uncontacted()).distinct():
        kind = _absence(profile)
        n += leave(profile.user, why=kind) if kind else 0
    return n + route_waiting()


def route_waiting() -> int:
    """Try again for those that wait: somebody may have come, or their time is short now."""
    n = 0
    rows = Case.objects.open().unowned().order_by("priority", "due_at", "opened_at", "pk")
    for case in rows[:50]:
        n += int(cases.route(case).owner is not None)
    return n


def _me(user: User) -> Agent | None:
    unit = user.unit
    assert unit is not None
    return next((one for one in facts.agents_at([unit.pk]) if one.key == user.pk), None)


def _has_room(agent: Agent) -> bool:
    from voiceloop.analytics.routing import Work

    return not gate(Work(0, place=agent.place, priority=4), agent, ())


def _of(user: User) -> QuerySet[Case]:
    rows: QuerySet[Case] = Case.objects.open().owned_by(user).order_by("priority", "due_at", "pk")
    return rows


def _uncontacted() -> QuerySet[Case]:
    rows: QuerySet[Case] = Case.objects.uncontacted().exclude(owner=None)
    return rows.filter(first_contact_due_at__lte=now() + NEXT_DAY)


def _in_danger(user: User, at: datetime) -> QuerySet[Case]:
    """Not yet contacted, and due before they are likely to be back."""
    profile = profile_of(user)
    until = at + NEAR
    if profile.status == AgentProfile.Status.OFF or not _is_open(profile, at):
        until = _next_shift(profile, at)
    due = Q(first_contact_due_at__lte=until)
    return _of(user).filter(due, first_contact_at=None)


def _next_shift(profile: AgentProfile, at: datetime) -> datetime:
    latest = at + NEXT_DAY
    if profile.calendar is None:
        return latest
    return min(hours_of(profile.calendar).after(at, 0), latest)


def _absence(profile: AgentProfile) -> str:
    """Why somebody is not there, "" when they are."""
    if profile.status in AWAY:
        return profile.status
    return "" if _is_open(profile, now()) else "closed"


def _is_open(profile: AgentProfile, at: datetime) -> bool:
    return profile.calendar is None or hours_of(profile.calendar).is_open(at)


@verb
def enter_green(case: Case) -> Case:
    """A case that turned serious goes to a senior agent while nobody has spoken with the customer."""
    cases.lock(case)
    made = green.consider(case)
    if made and case.owner and case.first_contact_at is None and not profile_of(case.owner).is_senior:
        choice = choosing.choose(case)
        found = choice.user is not None and choice.user != case.owner
        if choice.user and found and "senior" not in choice.reason["dropped"]:
            cases.give(case, to=choice.user, reason=choice.reason)
    return case
