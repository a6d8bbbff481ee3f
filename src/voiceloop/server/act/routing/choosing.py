"""Who gets a case, with what spoke for them and against the others."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any

from voiceloop.analytics import routing as core
from voiceloop.server.act.models import Case
from voiceloop.server.act.routing import facts
from voiceloop.server.core.models import Unit, User

# Of a hundred people, so many are kept beside the one chosen.
KEPT = 8


@dataclass(frozen=True)
class Choice:
    """`reason` says it in any language (`explain.sentence`), the others with it in `alternatives`."""

    user: User | None
    reason: dict[str, Any]
    alternatives: tuple[dict[str, Any], ...]


def choose(case: Case) -> Choice:
    """Who takes the case; nobody while all who can are full or gone."""
    return _chosen(facts.work_of(case), facts.agents_for(case.unit), case.unit)


def choose_other(case: Case) -> Choice:
    """Who takes it over from the person who has it now."""
    others = [agent for agent in facts.agents_for(case.unit) if agent.key != case.owner_id]
    return _chosen(facts.work_of(case), others, case.unit)


def choose_for(unit: Unit) -> User | None:
    """Who takes something at this unit that asks for nothing in particular."""
    return _chosen(core.Work(0, place=unit.path or ""), facts.agents_for(unit), unit).user


def reason_of(work: core.Work, agent: core.Agent, agents: list[core.Agent], unit: Unit) -> dict[str, Any]:
    """Why somebody who became free has a case that waited."""
    here = core.answering(work, agents)
    found = [(one, core.gate(work, one, core.needs_of(work, here)[0])) for one in here if one is not agent]
    rows = sorted(found, key=lambda one: (one[1] != "full", one[1], one[0].load))[:KEPT]
    others = [
        _row(core.Other(one.key, verdict or "later", one.n_open, one.load, one.capacity))
        for one, verdict in rows
    ]
    return {
        "kind": "drained",
        "unit": unit.code,
        "needs": _needs(work),
        "dropped": list(core.needs_of(work, here)[1]),
        "others": others,
        "n_open": agent.n_open,
        "waited": round(work.waited),
        "left": None if work.left is None else round(work.left),
        "facts": facts_of(work, agent),
    }


def _chosen(work: core.Work, agents: list[core.Agent], unit: Unit) -> Choice:
    found = core.choose(work, agents)
    people = {agent.key: agent for agent in agents}
    passed_over = (other for other in found.others if other.verdict != "chosen")
    others = tuple(_row(other) for other in islice(passed_over, KEPT))
    reason: dict[str, Any] = {
        "unit": unit.code,
        "needs": _needs(work),
        "dropped": list(found.dropped),
        "others": list(others),
    }
    if found.agent is None:
        kind = "queued" if found.others else "nobody"
        return Choice(None, {"kind": kind, **reason, "counts": _counts(found)}, others)
    agent = people[found.agent]
    more = {"n_open": agent.n_open, "among": found.among, "facts": facts_of(work, agent)}
    return Choice(User.objects.get(pk=agent.key), {"kind": "routed", **reason, **more}, others)


def facts_of(work: core.Work, agent: core.Agent) -> list[str]:
    """What speaks for a person, as codes."""
    found = [f"language:{work.language}"] if work.language and agent.speaks(work.language) else []
    found += [f"seat:{work.seat}"] if work.seat and agent.sits(work.seat) else []
    found += [f"{topic}:{agent.skills[topic]}" for topic in sorted(work.topics) if agent.skills.get(topic)]
    found += ["known"] if work.known_by == agent.key else []
    found += ["senior"] if work.is_green and agent.is_senior else []
    return found + (["lead"] if agent.is_lead else [])


def _needs(work: core.Work) -> dict[str, str]:
    asked = {"language": work.language, "seat": work.seat, "senior": "yes" if work.is_green else ""}
    return {name: value for name, value in asked.items() if value}


def _row(other: core.Other) -> dict[str, Any]:
    return {
        "user": other.agent,
        "verdict": other.verdict,
        "n_open": other.n_open,
        "load": round(other.load, 2),
        "capacity": other.capacity,
    }


def _counts(found: core.Choice) -> dict[str, int]:
    counted: dict[str, int] = {}
    for other in found.others:
        counted[other.verdict] = counted.get(other.verdict, 0) + 1
    return counted
