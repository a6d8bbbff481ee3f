"""Who answers which customer: one decision, taken alike by the server and by its simulation."""

from voiceloop.analytics.routing.decide import Choice, Other, answering, choose, gate, needs_of
from voiceloop.analytics.routing.facts import AWAY, BUSY, FREE, OFF, SEATS, STATUSES, Agent, Work
from voiceloop.analytics.routing.queue import next_for, urgency

__all__ = [
    "AWAY",
    "BUSY",
    "FREE",
    "OFF",
    "SEATS",
    "STATUSES",
    "Agent",
    "Choice",
    "Other",
    "Work",
    "answering",
    "choose",
    "gate",
    "needs_of",
    "next_for",
    "urgency",
]
