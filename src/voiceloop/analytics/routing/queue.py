"""Whose turn it is: the case that a person takes next out of those that wait for anybody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from voiceloop.analytics.routing.decide import NEEDS, answering, gate, needs_of
from voiceloop.analytics.routing.facts import Agent, Work

# A case without a promise is as urgent as one that has a working day left.
NO_PROMISE = 480.0
# Minutes of lead that a step of priority gives, and that the green channel has.
PRIORITY, GREEN = 10.0, 30.0


def urgency(work: Work) -> float:
    """How long a case may still wait, in minutes; less is sooner.

    The time left until its promise breaks, less the time that it takes, and earlier by its priority: the
    least slack first.

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

    Parameters
    ----------
    agent : Agent
        Who became free.
    waiting : iterable of Work
        Cases without an owner.
    agents : sequence of Agent
        Everybody, this one among them: what nobody can do is asked of nobody.

    Returns
    -------
    Work or None
        The most urgent of those that they may take.

    Examples
    --------
    >>> free = Agent(1, languages=frozenset({"zh"}))
    >>> cases = [Work(7, language="en", left=5.0), Work(8, left=60.0), Work(9, left=20.0)]
    >>> next_for(free, cases, [free, Agent(2, status="busy", languages=frozenset({"en"}))]).key
    9
    """
    for work in sorted(waiting, key=urgency):
        if _may_take(agent, work, agents):
            return work
    return None


def _may_take(agent: Agent, work: Work, agents: Sequence[Agent]) -> bool:
    if not agent.is_lead and work.place.startswith(agent.place):
        verdict = gate(work, agent)
        if verdict not in NEEDS:
            return not verdict
    # What they lack may be something that is not asked for: nobody has it, or time is short.
    here = answering(work, agents)
    return any(one is agent for one in here) and not gate(work, agent, needs_of(work, here)[0])
