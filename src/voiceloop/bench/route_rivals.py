"""How others give out cases: in turn, to the least loaded, and out of one line to who is free."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from voiceloop.analytics.routing import Agent, Work, choose, next_for

LOOKED_AT = 60


class Rule(ABC):
    """Gives a new case to somebody, or to nobody; then `take` is asked when somebody is free."""

    # How many each person holds before the rest wait in one line; None: everything is given out at once.
    capacity: float | None = None

    @abstractmethod
    def give(self, work: Work, agents: Sequence[Agent]) -> int | None: ...

    def take(self, agent: Agent, waiting: list[Work], agents: Sequence[Agent]) -> Work | None:
        return None


def fits(work: Work, agent: Agent) -> bool:
    return agent.speaks(work.language) and agent.sits(work.seat)


class RoundRobin(Rule):
    """In turn among those who are there; `skilled`: among those of them who can do it."""

    def __init__(self, *, skilled: bool) -> None:
        self.skilled, self.last = skilled, -1

    def give(self, work: Work, agents: Sequence[Agent]) -> int | None:
        there = _there(work, agents, self.skilled)
        after = [agent for agent in there if agent.key > self.last]
        self.last = (after or there)[0].key if there else self.last
        return self.last if there else None


class LeastLoaded(Rule):
    """Who has the fewest cases among those who are there; `skilled`: who can do it."""

    def __init__(self, *, skilled: bool) -> None:
        self.skilled = skilled

    def give(self, work: Work, agents: Sequence[Agent]) -> int | None:
        there = _there(work, agents, self.skilled)
        return min(there, key=lambda agent: (agent.n_open, agent.key)).key if there else None


class LongestWaiting(Rule):
    """One line; who is free takes the oldest that they can do, who is free the longest gets a new one."""

    capacity = 1.0

    def give(self, work: Work, agents: Sequence[Agent]) -> int | None:
        free = [agent for agent in _there(work, agents, skilled=True) if agent.n_open == 0]
        return free[0].key if free else None

    def take(self, agent: Agent, waiting: list[Work], agents: Sequence[Agent]) -> Work | None:
        if agent.n_open:
            return None
        there = [one for one in agents if one.is_on_duty]
        return next((work for work in waiting if fits(work, agent) or not _has(work, there)), None)


class Ours(Rule):
    """The product's own decision."""

    capacity = 1.0

    def give(self, work: Work, agents: Sequence[Agent]) -> int | None:
        return choose(work, agents).agent

    def take(self, agent: Agent, waiting: list[Work], agents: Sequence[Agent]) -> Work | None:
        # As the server does: of a long line, the most urgent are looked at.
        waiting = sorted(waiting, key=lambda work: (work.priority, work.left or 0.0))[:LOOKED_AT]
        return None if agent.n_open else next_for(agent, waiting, agents)


def _has(work: Work, there: Sequence[Agent]) -> bool:
    return any(fits(work, agent) for agent in there)


def _there(work: Work, agents: Sequence[Agent], skilled: bool) -> list[Agent]:
    there = [agent for agent in agents if agent.is_on_duty]
    able = [agent for agent in there if fits(work, agent)] if skilled else there
    return able or there
