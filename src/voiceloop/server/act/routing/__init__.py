"""Who gets which case: people and their state, the choice, what speaks for it, and the queue of the rest."""

from voiceloop.server.act.routing.choosing import Choice, choose, choose_for
from voiceloop.server.act.routing.explain import sentence
from voiceloop.server.act.routing.people import candidates, next_above
from voiceloop.server.act.routing.queue import drain

__all__ = ["Choice", "candidates", "choose", "choose_for", "drain", "next_above", "sentence"]
