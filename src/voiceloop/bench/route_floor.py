"""The floor of a simulated day: customers come, people work through what they hold, shifts end."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from time import perf_counter

from voiceloop.analytics.routing import AWAY, FREE, OFF, Work
from voiceloop.bench.route_day import BREAK, Case, Day, Person
from voiceloop.bench.route_rivals import Rule

# Who lacks the language talks through somebody who has it; who lacks the seat has to hand the talk over.
# Our choice.
WITHOUT_LANGUAGE, WITHOUT_SEAT, KNOWN = 1.8, 1.4, 0.85


class Floor:
    """One day under one rule."""

    def __init__(self, day: Day, rule: Rule) -> None:
        self.rule, self.people, self.cases = rule, day.people, day.cases
        self.agents = [person.agent for person in self.people]
        self.by_key = {case.work.key: case for case in self.cases}
        self.waiting: list[Work] = []
        self.took: list[float] = []
        self.n = 0
        self.happens: list[tuple[float, int, str, int]] = []
        for agent in self.agents:
            agent.capacity = rule.capacity or 1e9
            agent.is_on_shift = False
        for person in self.people:
            for at, what in _hours(person):
                self._plan(at, what, person.agent.key)
        for case in self.cases:
            self._plan(case.at, "came", case.work.key)

    def run(self) -> list[Case]:
        """Let the day pass; everybody stays until nobody waits."""
        while self.happens:
            self.now, _, what, key = heapq.heappop(self.happens)
            getattr(self, f"_{what}")(key)
        return self.cases

    def _plan(self, at: float, what: str, key: int) -> None:
        self.n += 1
        heapq.heappush(self.happens, (at, self.n, what, key))

    def _came(self, key: int) -> None:
        self._give(self.by_key[key])

    def _give(self, case: Case) -> None:
        begun = perf_counter()
        to = self.rule.give(self._aged(case), self.agents)
        self.took.append(perf_counter() - begun)
        if to is None:
            self.waiting.append(case.work)
        else:
            self._hold(self.people[to], case)

    def _hold(self, person: Person, case: Case) -> None:
        case.owner = person.agent.key
        person.held.append(case)
        person.agent.load += case.work.weight
        person.agent.n_open += 1
        self._work(person)

    def _work(self, person: Person) -> None:
        """The most urgent they hold; what was looked at before comes after the first words."""
        if person.busy_with or not person.agent.is_on_duty:
            return
        if person.held:
            case = min(person.held, key=lambda one: one.due)
            person.held.remove(case)
            case.contacted = self.now
            person.busy_with = case
            self._plan(self.now + minutes(person, case), "done", person.agent.key)
        elif person.again:
            case = person.again.pop(0)
            person.busy_with = case
            self._plan(self.now + case.again * person.agent.pace, "settled", person.agent.key)

    def _done(self, key: int) -> None:
        person = self.people[key]
        case = person.busy_with
        assert case is not None
        person.agent.load -= case.work.weight
        person.agent.n_open -= 1
        if case.again:
            self._plan(self.now + case.again_after, "again", case.work.key)
        self._freed(person)

    def _again(self, key: int) -> None:
        """Others have answered: its owner looks again, or who is there when they have gone home."""
        case = self.by_key[key]
        person = self.people[case.owner]
        if not person.agent.is_on_shift:
            there = [one for one in self.people if one.agent.is_on_duty] or [person]
            person = min(there, key=lambda one: (len(one.again), one.agent.key))
        person.again.append(case)
        self._work(person)

    def _settled(self, key: int) -> None:
        self._freed(self.people[key])

    def _freed(self, person: Person) -> None:
        person.busy_with = None
        self._drain(person)
        self._work(person)

    def _drain(self, person: Person) -> None:
        while self.waiting and person.agent.is_on_duty:
            waiting = [self._aged(self.by_key[work.key]) for work in self.waiting]
            begun = perf_counter()
            work = self.rule.take(person.agent, waiting, self.agents)
            self.took.append(perf_counter() - begun)
            if work is None:
                break
            self.waiting.remove(work)
            self._hold(person, self.by_key[work.key])

    def _begins(self, key: int) -> None:
        self.people[key].agent.is_on_shift = True
        self._back(key)

    def _leaves(self, key: int) -> None:
        self.people[key].agent.status = AWAY

    def _back(self, key: int) -> None:
        person = self.people[key]
        person.agent.status = FREE
        self._drain(person)
        for work in [*self.waiting] if self.rule.capacity is None else []:
            self.waiting.remove(work)
            self._give(self.by_key[work.key])
        self._work(person)

    def _ends(self, key: int) -> None:
        """Home; what they hold and nobody has spoken about goes to others. The last shift stays."""
        person = self.people[key]
        if person.end >= max(one.end for one in self.people):
            return
        person.agent.is_on_shift, person.agent.status = False, OFF
        for case in person.held:
            person.agent.load -= case.work.weight
            person.agent.n_open -= 1
        back, person.held = person.held, []
        for case in back:
            self._give(case)
        rest, person.again = person.again, []
        for case in rest:
            self._again(case.work.key)

    def _aged(self, case: Case) -> Work:
        case.work.left, case.work.waited = case.due - self.now, self.now - case.at
        return case.work


def minutes(person: Person, case: Case) -> float:
    """How long it really takes them."""
    agent, work = person.agent, case.work
    much = case.minutes * agent.takes(work) / work.minutes
    much *= 1 if agent.speaks(work.language) else WITHOUT_LANGUAGE
    much *= 1 if agent.sits(work.seat) else WITHOUT_SEAT
    return much * (KNOWN if work.known_by == agent.key else 1)


def _hours(person: Person) -> Iterator[tuple[float, str]]:
    yield person.start, "begins"
    yield person.pause, "leaves"
    yield person.pause + BREAK, "back"
    yield person.end, "ends"
