"""Erlang C: how many people must be there so that customers who call do not wait long."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, exp, inf

from voiceloop.analytics.errors import AnalyticsError


@dataclass(frozen=True)
class Staffing:
    """People needed for an hour, and what the customers of that hour then meet.

    Attributes
    ----------
    load : float
        Offered work in erlangs: people who would be busy all the time.
    agents : int
        People at their seats; the fewest that keep the promise.
    on_duty : int
        People on duty, of whom a share ``shrinkage`` is in breaks, trainings or meetings.
    waits : float
        Probability that a contact has to wait, 0–1.
    service_level : float
        Share of contacts answered within the promised time, 0–1.
    mean_wait : float
        Seconds, over all contacts.
    occupancy : float
        Share of the time at the seat that is work, 0–1.
    """

    load: float
    agents: int
    on_duty: int
    waits: float
    service_level: float
    mean_wait: float
    occupancy: float


def wait_probability(agents: int, load: float) -> float:
    """Return the probability that a contact finds everybody busy: Erlang's C formula.

    Contacts arrive at random at a steady rate, last exponentially long, wait in one queue and do not give
    up: those who do give up make the truth better than this (Erlang, Post Office Electrical Engineers'
    Journal 10 (1917) 189; here by the recursion of Erlang B, which never overflows).

    Parameters
    ----------
    agents : int
        People at their seats, 0 or more.
    load : float
        Offered work in erlangs, 0 or more.

    Returns
    -------
    float
        0–1; 1 where there are no more people than work.

    Examples
    --------
    >>> round(wait_probability(14, 10), 3), wait_probability(10, 10)
    (0.174, 1.0)
    """
    if load <= 0:
        return 0.0
    if agents <= load:
        return 1.0
    blocked = 1.0
    for n in range(1, agents + 1):
        blocked = load * blocked / (n + load * blocked)
    return agents * blocked / (agents - load * (1 - blocked))


def service_level(agents: int, load: float, handling: float, within: float) -> float:
    """Return the share of contacts that are answered in time.

    Parameters
    ----------
    agents : int
    load : float
        Erlangs.
    handling : float
        Mean handling time, seconds.
    within : float
        The promised time to the answer, seconds.

    Examples
    --------
    >>> round(service_level(14, 10, 180, 20), 3)
    0.888
    """
    if load <= 0:
        return 1.0
    if agents <= load:
        return 0.0
    return 1 - wait_probability(agents, load) * exp(-(agents - load) * within / handling)


def agents_needed(
    per_hour: float,
    handling: float,
    *,
    share: float = 0.8,
    within: float = 20.0,
    shrinkage: float = 0.0,
    at_once: float = 1.0,
) -> Staffing:
    """Return the fewest people with whom a share of the contacts is answered in time.

    Parameters
    ----------
    per_hour : float
        Contacts that arrive in an hour, 0 or more.
    handling : float
        Mean handling time of one contact, seconds, above 0.
    share : float
        The share answered in time, 0 < share < 1.
    within : float
        Seconds to the answer, 0 or more.
    shrinkage : float
        Share of the paid time away from the seat, 0 ≤ shrinkage < 1.
    at_once : float
        Contacts that one person holds at a time, 1 for calls; chats may be more. Each is then as long as
        before, so a person does the work of so many.

    Returns
    -------
    Staffing
        Nobody is needed where nothing arrives.

    Raises
    ------
    AnalyticsError
        When a parameter is out of its range.

    Examples
    --------
    >>> found = agents_needed(200, 180, share=0.8, within=20, shrinkage=0.3)
    >>> found.agents, found.on_duty, round(found.occupancy, 3)
    (14, 20, 0.714)
    """
    _check(per_hour, handling, share, within, shrinkage, at_once)
    load = per_hour * handling / 3600
    if load == 0:
        return Staffing(0.0, 0, 0, 0.0, 1.0, 0.0, 0.0)
    # Whoever holds two chats at a time is two seats.
    seats = int(load) + 1
    while service_level(seats, load, handling, within) < share:
        seats += 1
    people = ceil(seats / at_once - 1e-9)
    seats = max(seats, int(people * at_once + 1e-9))
    waits = wait_probability(seats, load)
    return Staffing(
        load=load,
        agents=people,
        on_duty=ceil(people / (1 - shrinkage) - 1e-9),
        waits=waits,
        service_level=service_level(seats, load, handling, within),
        mean_wait=waits * handling / (seats - load) if seats > load else inf,
        occupancy=load / seats,
    )


def _check(
    per_hour: float, handling: float, share: float, within: float, shrinkage: float, at_once: float
) -> None:
    fine = (
        0 <= per_hour < 1e6
        and 0 < handling <= 86_400
        and 0 < share < 1
        and 0 <= within <= 86_400
        and 0 <= shrinkage < 1
        and 1 <= at_once <= 20
    )
    if not fine:
        raise AnalyticsError(
            "Erlang C asks for contacts per hour from 0, a handling time and a promised time within a day, "
            "a share and time away between 0 and 1, and 1 to 20 contacts at once.",
            "Erlang C 的输入须为：每小时联系量不小于 0，处理时长与承诺时间不超过一天，"
            "占比与离席比例在 0 与 1 之间，同时处理 1 到 20 个。",
        )
