"""What we do unasked: a colleague who was named is told, a case that was put off comes back."""

from __future__ import annotations

from voiceloop.server.act.casework import mentions, snoozing
from voiceloop.server.act.casework.events import CaseAwoke, ColleagueMentioned
from voiceloop.server.act.events import CaseNoted
from voiceloop.server.act.models import Case, Snooze
from voiceloop.server.act.notices import notices
from voiceloop.server.act.threads.events import PostHeard
from voiceloop.server.core.models import Event, User
from voiceloop.server.core.reactor import reacts_to


@reacts_to(CaseNoted)
def heed_mentions(event: Event) -> None:
    mentions.heed(event)


@reacts_to(ColleagueMentioned)
def tell_the_mentioned(event: Event) -> None:
    said: ColleagueMentioned = event.typed
    notices.tell(event, to=User.objects.filter(pk__in=said.people), kind="mention")


@reacts_to(PostHeard)
def bring_back(event: Event) -> None:
    """Whoever was put off until the customer writes, or longer, is looked at now."""
    said: PostHeard = event.typed
    case = Case.objects.filter(pk=said.case).first()
    if case:
        snoozing.wake(case, why=Snooze.Ended.REPLY)


@reacts_to(CaseAwoke)
def tell_the_owner(event: Event) -> None:
    said: CaseAwoke = event.typed
    if said.why != Snooze.Ended.PERSON and said.owner:
        notices.tell(event, to=User.objects.filter(pk=said.owner), kind="warning")
