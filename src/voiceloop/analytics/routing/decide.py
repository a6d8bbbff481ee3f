"""The choice of a person for a case, with what spoke against everybody else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from voiceloop.analytics.routing.facts import AWAY, BUSY, OFF, Agent, Work

# With less time left than this, in minutes, anybody who can talk with the customer is better than the right
# person later. Our choice: one usual case and a half.
RUSH = 12.0
# Minutes by which somebody is kept free for those who need what few can do, and a senior for the green
# channel; and what knowing the customer saves. Our choice, by the simulation of `bin/bench route`.
HOLD, HOLD_SENIOR, KNOWN = 3.0, 3.0, 4.0
# The green channel does not wait for a senior agent who is merely full.
GREEN_CAPACITY = 1.5
NEEDS = ("senior", "seat", "language")


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody who was looked at: `verdict` says what spoke against them, 'chosen' that nothing did.

    'off', 'away', 'busy' and 'closed' (their hours are over) speak of the person, 'language', 'seat' and
    'senior' of the case, 'full' of both; 'later' could have taken it, `minutes` after the one chosen.
    """

    agent: int
    verdict: str
    n_open: int
    load: float
    capacity: float
    minutes: float = 0.0


@dataclass(frozen=True, slots=True)
class Choice:
    """Who takes the case, or that it waits.

    Attributes
    ----------
    agent : int or None
        Nobody: it waits for the next person who becomes free.
    dropped : tuple of str
        Needs that could not be met: nobody has what it takes, or there is no time to wait for them.
    others : tuple of Other
        Everybody who answers for the case, the best first.
    """

    agent: int | None
    dropped: tuple[str, ...]
    others: tuple[Other, ...]

    @property
    def among(self) -> int:
        """How many could have taken it."""
        return sum(other.verdict in ("chosen", "later") for other in self.others)


def choose(work: Work, agents: Iterable[Agent]) -> Choice:
    """Choose who takes a case.

    Whoever can talk with the customer, is there and is not full may take it. Of those it is the one with
    whom the customer is answered and helped first: cases ahead, the time this one will take them, and what
    knowing the customer saves; people who can do what few can are kept for those who need it.

    Parameters
    ----------
    work : Work
        The case.
    agents : iterable of Agent
        Everybody; those whose place is not above the case's are passed over.

    Returns
    -------
    Choice
        The person, or nobody while all who can are full or gone; and why not the others.

    Examples
    --------
    >>> fang = Agent(1, languages=frozenset({"zh", "en"}), load=3, n_open=3)
    >>> lei = Agent(2, status="away", languages=frozenset({"zh", "en"}))
    >>> min_ = Agent(3, languages=frozenset({"zh"}))
    >>> choice = choose(Work(9, language="en"), [fang, lei, min_])
    >>> choice.agent, [(other.agent, other.verdict) for other in choice.others]
    (1, [(1, 'chosen'), (3, 'language'), (2, 'away')])
    """
    here = answering(work, agents)
    needs, dropped = needs_of(work, here)
    share = shares(here)
    able, unable = [], []
    for agent in here:
        verdict = gate(work, agent, needs)
        if verdict:
            unable.append((agent, verdict))
        else:
            able.append((_minutes(work, agent, share), agent.n_open, agent.key, agent))
    able.sort(key=lambda one: one[:3])
    unable.sort(key=lambda one: (_ORDER[one[1]], one[0].load, one[0].key))
    first = able[0][0] if able else 0.0
    found = [_other(a, "later" if n else "chosen", m - first) for n, (m, _, _, a) in enumerate(able)]
    found += [_other(agent, verdict) for agent, verdict in unable]
    return Choice(able[0][3].key if able else None, dropped, tuple(found))


def answering(work: Work, agents: Iterable[Agent]) -> list[Agent]:
    """List those who answer for the place of a case: its agents, or its leads where there is no agent.

    When time is short and no agent is there, leads answer as well.

    Parameters
    ----------
    work : Work
        The case.
    agents : iterable of Agent
        Everybody.

    Returns
    -------
    list of Agent
        In the order given.

    Examples
    --------
    >>> agents = [Agent(1, "1/4/"), Agent(2, "1/5/"), Agent(3, "1/", is_lead=True)]
    >>> [agent.key for agent in answering(Work(9, place="1/4/8/"), agents)]
    [1]
    """
    here = [agent for agent in agents if work.place.startswith(agent.place)]
    people = [agent for agent in here if not agent.is_lead]
    in_a_rush = is_short(work) or work.is_green
    if people and not (in_a_rush and not any(agent.is_on_duty for agent in people)):
        return people
    return here


def gate(work: Work, agent: Agent, needs: Sequence[str] = NEEDS) -> str:
    """Say what keeps an agent from a case, "" for nothing.

    Parameters
    ----------
    work : Work
        The case.
    agent : Agent
        Who might take it.
    needs : sequence of str
        Which of 'senior', 'seat' and 'language' are asked for.

    Returns
    -------
    str
        'off', 'away', 'closed', 'busy', 'language', 'seat', 'senior' or 'full'.

    Examples
    --------
    >>> gate(Work(9, language="en"), Agent(1, languages=frozenset({"zh"})))
    'language'
    """
    if agent.status in (OFF, AWAY):
        return agent.status
    if not agent.is_on_shift:
        return "closed"
    for need in needs:
        if not _meets(work, agent, need):
            return need
    if agent.status == BUSY:
        return BUSY
    room = agent.capacity * (GREEN_CAPACITY if work.is_green else 1.0)
    return "full" if agent.load + work.weight > max(room, work.weight) else ""


# The nearer somebody is to taking it, the earlier they are named.
_ORDER = {
    name: at
    for at, name in enumerate(("full", "busy", "senior", "seat", "language", "away", "closed", "off"))
}


def needs_of(work: Work, here: Sequence[Agent]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Say what a case asks for, and what is given up.

    Parameters
    ----------
    work : Work
        The case.
    here : sequence of Agent
        Those who answer for it.

    Returns
    -------
    tuple of (tuple of str, tuple of str)
        Kept, and dropped: nobody has it, or nobody who has it can come in time.

    Examples
    --------
    >>> needs_of(Work(9, language="fr", seat="phone"), [Agent(1, skills={"seat:phone": 2})])
    (('seat',), ('language',))
    """
    asked = {"senior": work.is_green, "seat": bool(work.seat), "language": bool(work.language)}
    kept: list[str] = []
    dropped: list[str] = []
    for need in NEEDS:
        if asked[need]:
            having = [agent for agent in here if _meets(work, agent, need)]
            is_there = any(agent.is_on_duty for agent in having)
            hurries = is_short(work) or (work.is_green and need == "senior")
            (kept if having and (is_there or not hurries) else dropped).append(need)
    if is_short(work) and not any(not gate(work, agent, kept) for agent in here):
        # Nobody right is free before it is late: whoever speaks the language talks to the customer now, and
        # when it is late, whoever is there.
        is_late = work.left is not None and work.left <= 0
        kept = [need for need in kept if need == "language" and not is_late]
        dropped = [need for need in NEEDS if asked[need] and need not in kept]
    return tuple(kept), tuple(dropped)


def is_short(work: Work) -> bool:
    """Tell whether so little time is left that the right person may come too late.

    Parameters
    ----------
    work : Work
        The case.

    Returns
    -------
    bool
        False where nothing is promised.

    Examples
    --------
    >>> is_short(Work(1, left=5.0)), is_short(Work(1))
    (True, False)
    """
    return work.left is not None and work.left <= RUSH


def _meets(work: Work, agent: Agent, need: str) -> bool:
    if need == "language":
        return agent.speaks(work.language)
    if need == "seat":
        return agent.sits(work.seat)
    return agent.is_senior or not work.is_green


def shares(here: Sequence[Agent]) -> dict[str, float]:
    """Count who speaks a language or sits at a seat.

    Parameters
    ----------
    here : sequence of Agent
        At least one.

    Returns
    -------
    dict of str to float
        Share of them by language and by 'seat:phone'.

    Examples
    --------
    >>> shares([Agent(1, languages=frozenset({"en"})), Agent(2)])
    {'en': 0.5}
    """
    counted = Counter(name for agent in here for name in agent.languages)
    counted.update(name for agent in here for name in agent.skills if name.startswith("seat:"))
    return {name: n / len(here) for name, n in counted.items()}


def _minutes(work: Work, agent: Agent, share: dict[str, float]) -> float:
    """What choosing this person costs, in minutes of customers' time."""
    ahead = agent.load * work.minutes
    held = sum(1 - share[name] for name in agent.languages if name != work.language)
    seat = f"seat:{work.seat}"
    held += sum(1 - share[name] for name in agent.skills if name.startswith("seat:") and name != seat)
    senior = HOLD_SENIOR if agent.is_senior and not (work.is_green or work.is_heated) else 0.0
    known = KNOWN if work.known_by == agent.key else 0.0
    return ahead + agent.takes(work) + HOLD * held + senior - known


def _other(agent: Agent, verdict: str, minutes: float = 0.0) -> Other:
    return Other(agent.key, verdict, agent.n_open, agent.load, agent.capacity, round(minutes, 1))
