"""What conversations do unasked: whatever is said or noted about a case can be searched."""

from __future__ import annotations

from voiceloop.server.act.casework.events import CaseMerged, CaseSplit, CaseUnmerged
from voiceloop.server.act.events import CaseNoted, CaseOpened, CaseResolved, CustomerContacted
from voiceloop.server.act.models import Case
from voiceloop.server.act.threads import said
from voiceloop.server.act.threads.events import PostHeard, PostSent
from voiceloop.server.core.models import Event
from voiceloop.server.core.reactor import reacts_to


@reacts_to(CaseOpened, CaseNoted, CaseResolved, CustomerContacted, PostHeard, PostSent)
def index_what_was_said(event: Event) -> None:
    case = Case.objects.filter(pk=event.typed.case).first()
    if case:
        said.index_case(case)


@reacts_to(CaseMerged, CaseUnmerged, CaseSplit)
def index_what_moved(event: Event) -> None:
    for case in Case.objects.filter(pk__in=[event.typed.case, event.typed.other]):
        said.index_case(case)
