"""Labels: what the text model says of a verbatim, and what people say when it is wrong."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.text.analyse import Analysis, analyse
from voiceloop.analytics.text.evidence import Evidence
from voiceloop.analytics.text.taxonomy import taxonomy
from voiceloop.server.collect.models import Verbatim
from voiceloop.server.core.bulk import copy
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User
from voiceloop.server.understand.events import LabelCorrected
from voiceloop.server.understand.models import Annotation

BATCH = 2_000
COLUMNS = ["verbatim_id", "kind", "label", "polarity", "probability", "evidence", "version", "at"]
POLARITY = {"negative": -1, "neutral": 0, "positive": 1}
VOICES = ("praise", "problem", "suggestion", "other")


@verb
def label(verbatims: Sequence[Verbatim]) -> int:
    """Label verbatims anew; what people corrected stays."""
    found = analyse([verbatim.text for verbatim in verbatims])
    kept = _corrected(verbatims)
    Annotation.objects.filter(verbatim__in=verbatims, by=None).delete()
    at = now()
    rows = (
        (verbatim.pk, *row, analysis.version, at)
        for verbatim, analysis in zip(verbatims, found, strict=True)
        for row in _rows(analysis)
        if (verbatim.pk, row[0]) not in kept
    )
    copy(Annotation, COLUMNS, rows)
    _mark_labelled(verbatims, found)
    return len(verbatims)


def label_waiting() -> int:
    """Label one batch of those that wait; two processes never take the same."""
    with transaction.atomic():
        waiting = Verbatim.objects.filter(labelled_by="").order_by("id")
        batch = list(waiting.select_for_update(skip_locked=True)[:BATCH])
        return label(batch) if batch else 0


@verb
def correct(verbatim: Verbatim, *, by: User, sentiment: str, voice: str, reasons: Iterable[str]) -> None:
    """A person says what the verbatim means; their word outlives every model."""
    reasons = list(dict.fromkeys(reasons))
    _check(sentiment, voice, reasons)
    polarity = POLARITY[sentiment]
    before = {(a.kind, a.label): a for a in verbatim.annotations.all()}
    labels = [("sentiment", sentiment), ("voice", voice), *(("reason", code) for code in reasons)]
    verbatim.annotations.all().delete()
    for kind, name in labels:
        known = before.get((kind, name))
        Annotation.objects.create(
            verbatim=verbatim,
            kind=kind,
            label=name,
            polarity=(known.polarity if known and kind == "reason" else polarity),
            probability=1.0,
            evidence=known.evidence if known else [],
            version="person",
            by=by,
        )
    record(
        LabelCorrected(verbatim=verbatim.pk, response=verbatim.response_id),
        by=by,
        unit=verbatim.response.unit,
    )


def _check(sentiment: str, voice: str, reasons: list[str]) -> None:
    unknown = [code for code in reasons if code not in {reason.code for reason in taxonomy()}]
    if sentiment not in POLARITY or voice not in VOICES or unknown:
        raise AnalyticsError(
            f"Unknown label: {sentiment}, {voice}, {unknown}.",
            f"未知的标签：{sentiment}、{voice}、{unknown}。",
        )


def _corrected(verbatims: Sequence[Verbatim]) -> set[tuple[int, str]]:
    rows = Annotation.objects.filter(verbatim__in=verbatims).exclude(by=None)
    return set(rows.values_list("verbatim_id", "kind"))


def _mark_labelled(verbatims: Sequence[Verbatim], found: Sequence[Analysis]) -> None:
    of_language: dict[tuple[str, str], list[int]] = defaultdict(list)
    for verbatim, analysis in zip(verbatims, found, strict=True):
        verbatim.labelled_by, verbatim.language = analysis.version, analysis.language
        of_language[analysis.version, analysis.language].append(verbatim.pk)
    for (version, language), pks in of_language.items():
        Verbatim.objects.filter(pk__in=pks).update(labelled_by=version, language=language)


def _rows(analysis: Analysis) -> list[tuple[Any, ...]]:
    """Kind, label, polarity, probability and evidence of everything that was found."""
    feeling = analysis.sentiment
    side = POLARITY.get(feeling.label)
    return [
        ("sentiment", feeling.label, side, feeling.probability, _spans(feeling.evidence)),
        ("voice", analysis.voice.label, side, None, _spans(analysis.voice.evidence)),
        *(("reason", one.code, one.polarity, None, _spans(one.evidence)) for one in analysis.reasons),
    ]


def _spans(words: Iterable[Evidence]) -> str:
    return json.dumps([[word.start, word.end, round(word.weight, 3)] for word in words])
