"""What we do unasked: who is named in a note is remembered, a case that was put off comes back."""

from __future__ import annotations

from voiceloop.server.act.casework import mentions, snoozing
from voiceloop.server.act.events import CaseNoted
from voiceloop.server.act.models import Case, Snooze
from voiceloop.server.act.threads.events import PostHeard
from voiceloop.server.core.models import Event
from voiceloop.server.core.reactor import reacts_to


@reacts_to(CaseNoted)
def heed_mentions(event: Event) -> None:
    mentions.heed(event)


@reacts_to(PostHeard)
def bring_back(event: Event) -> None:
    """Whoever was put off until the customer writes, or longer, is looked at now."""
    said: PostHeard = event.typed
    case = Case.objects.filter(pk=said.case).first()
    if case:
        snoozing.wake(case, why=Snooze.Ended.REPLY)
