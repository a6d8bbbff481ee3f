"""Somebody comes, goes or is busy, and what that does to the cases."""

from __future__ import annotations

from typing import NamedTuple

from voiceloop.server.act.models import AgentProfile
from voiceloop.server.act.routing import people, queue
from voiceloop.server.core.models import User


class Moved(NamedTuple):
    """Cases that came out of the queue, and that went back to it."""

    taken: int = 0
    returned: int = 0


def change(user: User, *, to: str, by: User) -> Moved:
    """Who comes gets what waits; who goes gives back what they cannot answer in time."""
    people.set_status(user, to=to, by=by)
    if to == AgentProfile.Status.AVAILABLE:
        return Moved(taken=len(queue.drain(user)))
    return Moved(returned=queue.leave(user)) if to in queue.AWAY else Moved()
