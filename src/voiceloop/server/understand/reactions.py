"""What this room does unasked: it labels what was just written."""

from __future__ import annotations

from voiceloop.server.collect.events import ImportFinished, ResponseCompleted
from voiceloop.server.collect.models import Verbatim
from voiceloop.server.core.models import Event
from voiceloop.server.core.reactor import reacts_to
from voiceloop.server.store.events import CustomerErased
from voiceloop.server.understand import labelling
from voiceloop.server.understand.tasks import label_waiting
from voiceloop.server.understand.themes_tasks import forget_in_search


@reacts_to(ResponseCompleted)
def label_the_words(event: Event) -> None:
    waiting = list(Verbatim.objects.filter(response=event.typed.response, labelled_by=""))
    if waiting:
        labelling.label(waiting)


@reacts_to(ImportFinished)
def label_the_import(event: Event) -> None:
    label_waiting.defer()


@reacts_to(CustomerErased)
def forget_the_words(event: Event) -> None:
    forget_in_search.defer()
