"""Whose turn it is: the case that a person takes next out of those that wait for anybody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from voiceloop.analytics.routing.decide import NEEDS, answering, gate, is_short, needs_of, shares
from voiceloop.analytics.routing.facts import Agent, Work

# A case without a promise is as urgent as one that has a working day left.
NO_PROMISE = 480.0
# Minutes of lead that a step of priority gives, and that the green channel has.
PRIORITY, GREEN = 10.0, 30.0
# Minutes of lead for a case that only few can do, when one of them is free; and how many minutes of waiting
# a minute of work is worth that somebody saves by being good at it. Our choice, by `bin/bench route`.
RARE, SKILLED = 60.0, 6.0


def urgency(work: Work) -> float:
    """How long a case may still wait, in minutes; less is sooner.

    The time left until its promise breaks, earlier by its priority: the least slack first.

    Parameters
    ----------
    work : Work
        The case.

    Returns
    -------
    float
        Minutes, negative for what is late already.

    Examples
    --------
    >>> urgency(Work(1, left=30.0)) < urgency(Work(2, left=60.0))
    True
    """
    left = NO_PROMISE - work.waited if work.left is None else work.left
    return left - PRIORITY * (3 - work.priority) - (GREEN if work.is_green else 0.0)


def next_for(agent: Agent, waiting: Iterable[Work], agents: Sequence[Agent]) -> Work | None:
    """The waiting case that a person who became free takes next.

    The least slack first, earlier what few can do and what this person is good at.

    Parameters
    ----------
    agent : Agent
        Who became free.
    waiting : iterable of Work
        Cases without an owner; of equals the first goes first.
    agents : sequence of Agent
        Everybody, this one among them: what nobody can do is asked of nobody.

    Returns
    -------
    Work or None
        The first of those that they may take.

    Examples
    --------
    >>> free = Agent(1, languages=frozenset({"zh"}))
    >>> cases = [Work(7, language="en", left=5.0), Work(8, left=60.0), Work(9, left=20.0)]
    >>> next_for(free, cases, [free, Agent(2, languages=frozenset({"en"}))]).key
    9
    """
    line = _Line(agent, agents)
    return next((work for work in sorted(waiting, key=line.turn) if line.may_take(work)), None)


class _Line:
    """The queue as one person sees it; what others can do is looked up once for each sort of case."""

    def __init__(self, agent: Agent, agents: Sequence[Agent]) -> None:
        self.agent, self.agents = agent, agents
        there = [one for one in agents if one.is_on_duty] or [agent]
        self.share = shares(there)
        self.needs: dict[tuple[object, ...], tuple[str, ...] | None] = {}

    def turn(self, work: Work) -> float:
        asked = ([work.language] if work.language else []) + ([f"seat:{work.seat}"] if work.seat else [])
        rare = sum(1 - self.share.get(name, 0.0) for name in asked)
        return urgency(work) - RARE * rare + SKILLED * self.agent.takes(work)

    def may_take(self, work: Work) -> bool:
        agent = self.agent
        if not agent.is_lead and work.place.startswith(agent.place):
            verdict = gate(work, agent)
            if verdict not in NEEDS:
                return not verdict
        # What they lack may be something that is not asked for: nobody has it, or time is short.
        needs = self._needs(work)
        return needs is not None and not gate(work, agent, needs)

    def _needs(self, work: Work) -> tuple[str, ...] | None:
        is_late = work.left is not None and work.left <= 0
        sort = (work.place, work.language, work.seat, work.is_green, is_short(work), is_late)
        if sort not in self.needs:
            here = answering(work, self.agents)
            answers = any(one is self.agent for one in here)
            self.needs[sort] = needs_of(work, here)[0] if answers else None
        return self.needs[sort]
