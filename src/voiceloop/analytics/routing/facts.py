"""What is known of a case and of the people who could take it, when somebody must be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SEATS = ("phone", "online", "micro", "video")
FREE, BUSY, AWAY, OFF = STATUSES = ("available", "busy", "away", "off")

# Minutes that a case takes where nobody has measured it; the synthetic company's mean conversation.
USUAL_MINUTES = 8.0
# What a level of skill does to the time that a case takes. Our choice, until it is measured.
PACE_OF_LEVEL = {0: 1.25, 1: 1.1, 2: 1.0, 3: 0.85}
# How much of a person's attention a case asks for that nobody has spoken with yet, by its priority.
WEIGHT_OF_PRIORITY = {1: 1.5, 2: 1.25, 3: 1.0, 4: 0.75}
# After the first talk a case mostly waits for others.
WEIGHT_CONTACTED = 0.25


@dataclass(slots=True)
class Work:
    """A case, as far as the choice of a person depends on it.

    Attributes
    ----------
    key : int
        Whose case it is for the caller.
    place : str
        Path of its unit, '1/4/9/': who stands at a beginning of it answers for it.
    seat, language : str
        Seat type and language that it cannot be answered without; "" for any.
    topics : frozenset of str
        Skills that make it quicker: 'kind:complaint', 'reason:refund'.
    priority : int
        1 urgent to 4 low.
    is_green : bool
        Goes to a senior agent at once.
    is_heated : bool
        The customer is angry: a senior agent is worth more.
    known_by : int or None
        Key of the agent who handled this customer last.
    left : float or None
        Minutes of working time until the first word is due, negative since it is late; None: no promise.
    waited : float
        Minutes since it came.
    minutes : float
        How long it usually takes.
    """

    key: int
    place: str = ""
    seat: str = ""
    language: str = ""
    topics: frozenset[str] = frozenset()
    priority: int = 3
    is_green: bool = False
    is_heated: bool = False
    known_by: int | None = None
    left: float | None = None
    waited: float = 0.0
    minutes: float = USUAL_MINUTES

    @property
    def weight(self) -> float:
        return WEIGHT_OF_PRIORITY.get(self.priority, 1.0)


@dataclass(slots=True)
class Agent:
    """A person who takes cases, at this moment.

    Attributes
    ----------
    key : int
        Who it is for the caller.
    place : str
        Path of the unit where they stand.
    status : {'available', 'busy', 'away', 'off'}
        As they set it themselves.
    is_on_shift : bool
        Whether their working hours run.
    is_lead : bool
        A lead takes cases only where there is no agent for them.
    is_senior : bool
        Takes the green channel.
    skills : mapping of str to int
        Level 1 to 3 by 'seat:phone', 'kind:complaint' or 'reason:refund'.
    languages : frozenset of str
        What they speak.
    capacity, load : float
        How much they can hold at once, and hold, in cases of normal priority not yet spoken about.
    n_open : int
        Open cases that are theirs.
    pace : float
        How long they take, as a multiple of what is usual.
    """

    key: int
    place: str = ""
    status: str = FREE
    is_on_shift: bool = True
    is_lead: bool = False
    is_senior: bool = False
    skills: Mapping[str, int] = field(default_factory=dict)
    languages: frozenset[str] = frozenset()
    capacity: float = 20.0
    load: float = 0.0
    n_open: int = 0
    pace: float = 1.0

    @property
    def is_on_duty(self) -> bool:
        return self.is_on_shift and self.status in (FREE, BUSY)

    def sits(self, seat: str) -> bool:
        return not seat or f"seat:{seat}" in self.skills

    def speaks(self, language: str) -> bool:
        return not language or language in self.languages

    def takes(self, work: Work) -> float:
        """Minutes that the case will take them."""
        level = max((self.skills.get(topic, 0) for topic in work.topics), default=2)
        return work.minutes * self.pace * PACE_OF_LEVEL.get(level, 1.0)
