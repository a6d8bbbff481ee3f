"""Labels: what the text model says of a verbatim, written so that nothing a person said is lost."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from voiceloop.analytics.text.analyse import Analysis
from voiceloop.server.collect.models import Verbatim
from voiceloop.server.core.events import record, verb
from voiceloop.server.understand import engine, writing
from voiceloop.server.understand.corrections import correct
from voiceloop.server.understand.events import WordsLabelled

__all__ = ["correct", "label", "label_waiting"]

BATCH = 2_000


@verb
def label(verbatims: Sequence[Verbatim]) -> int:
    """Label verbatims anew; what people corrected stays."""
    engine.hold()
    words = engine.in_use()
    pks = [verbatim.pk for verbatim in verbatims]
    # In the order of their ids, so that two who label the same comments wait for each other in turn.
    list(Verbatim.objects.select_for_update().filter(pk__in=pks).order_by("pk").values_list("pk"))
    found = words.analyse([verbatim.text for verbatim in verbatims])
    writing.write(pks, found, words.taxonomy)
    for verbatim, analysis in zip(verbatims, found, strict=True):
        verbatim.labelled_by, verbatim.language = analysis.version, analysis.language
    heard = [pk for pk, analysis in zip(pks, found, strict=True) if _says_more(analysis)]
    if heard:
        record(WordsLabelled(verbatims=heard))
    return len(verbatims)


def _says_more(analysis: Analysis) -> bool:
    """A feeling, something that must not wait, or a failure: what a case's priority is read from."""
    has_feeling = analysis.emotion.label != "none"
    return has_feeling or bool(analysis.urgency.label) or bool(analysis.severity.label)


def label_waiting() -> int:
    """Label one batch of those that wait; two processes never take the same."""
    with transaction.atomic():
        waiting = Verbatim.objects.filter(labelled_by="").order_by("id")
        batch = list(waiting.select_for_update(skip_locked=True)[:BATCH])
        return label(batch) if batch else 0
