"""Where people want their mails."""

from __future__ import annotations

from voiceloop.server.core.events import verb
from voiceloop.server.core.models import User


@verb
def take_address(user: User, *, email: str) -> None:
    """One's own address, to which the mails of views go."""
    User.objects.filter(pk=user.pk).update(email=email)
