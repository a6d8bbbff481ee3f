"""What routing does unasked: who solved something takes the next, who left leaves nothing behind."""

from __future__ import annotations

from voiceloop.server.act.cases.events import CaseGraded
from voiceloop.server.act.events import CaseReopened, CaseResolved, CustomerContacted
from voiceloop.server.act.models import Case
from voiceloop.server.act.routing import queue
from voiceloop.server.core.models import Event, User
from voiceloop.server.core.people_events import PersonDeactivated
from voiceloop.server.core.reactor import reacts_to


@reacts_to(CaseResolved, CustomerContacted)
def take_the_next(event: Event) -> None:
    """Its owner has room again."""
    case = Case.objects.select_related("owner__unit").filter(pk=event.data["case"]).first()
    if case and case.owner:
        queue.drain(case.owner)


@reacts_to(CaseReopened, CaseGraded)
def consider_green(event: Event) -> None:
    """What became serious, or came back too often, belongs into the green channel from now on."""
    case = Case.objects.open().filter(pk=event.data["case"]).first()
    if case:
        queue.enter_green(case)


@reacts_to(PersonDeactivated)
def hand_on(event: Event) -> None:
    """All that was theirs goes to others."""
    gone: PersonDeactivated = event.typed
    user = User.objects.filter(pk=gone.person, is_active=False).first()
    if user:
        queue.leave(user, why="gone")
