"""Labels: what the text model says of a verbatim, written so that nothing a person said is lost."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from voiceloop.server.collect.models import Verbatim
from voiceloop.server.core.events import verb
from voiceloop.server.understand import engine, writing
from voiceloop.server.understand.corrections import correct

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
    return len(verbatims)


def label_waiting() -> int:
    """Label one batch of those that wait; two processes never take the same."""
    with transaction.atomic():
        waiting = Verbatim.objects.filter(labelled_by="").order_by("id")
        batch = list(waiting.select_for_update(skip_locked=True)[:BATCH])
        return label(batch) if batch else 0
