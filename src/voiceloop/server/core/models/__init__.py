"""The models of the organisation and of what happened in it."""

from voiceloop.server.core.models.event import Event, ReactionFailure, ReactionMark, ReactionReceipt
from voiceloop.server.core.models.key import ApiKey
from voiceloop.server.core.models.unit import Scoped, ScopedQuerySet, Unit
from voiceloop.server.core.models.user import Role, User

__all__ = [
    "ApiKey",
    "Event",
    "ReactionFailure",
    "ReactionMark",
    "ReactionReceipt",
    "Role",
    "Scoped",
    "ScopedQuerySet",
    "Unit",
    "User",
]
