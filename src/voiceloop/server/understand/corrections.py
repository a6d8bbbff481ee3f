"""A person says what a comment means: their word outlives every model, and models learn from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.timezone import now

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.text.taxonomy import Taxonomy
from voiceloop.server.collect.models import Verbatim
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User
from voiceloop.server.understand.events import LabelCorrected
from voiceloop.server.understand.models import Annotation, Correction
from voiceloop.server.understand.reasons import book

POLARITY = {"negative": -1, "neutral": 0, "positive": 1}
VOICES = ("praise", "problem", "suggestion", "other")
EMOTIONS = ("angry", "disappointed", "understanding", "none")
SEVERITIES = ("none", "slight", "serious", "catastrophic")
ALWAYS = ("sentiment", "voice", "reason")
WHEN_ASKED = ("emotion", "severity")
Label = tuple[str, str, int | None]


@verb
def correct(
    verbatim: Verbatim,
    *,
    by: User,
    sentiment: str,
    voice: str,
    reasons: Iterable[str] | Mapping[str, int | None],
    emotion: str = "",
    severity: str = "",
) -> Correction:
    """Reasons as a mapping bring their polarity; where none is said it is what it was, or the comment's."""
    sides = dict(reasons) if isinstance(reasons, Mapping) else dict.fromkeys(reasons)
    _check(sentiment, voice, sides, emotion, severity)
    before = dict(verbatim.annotations.filter(kind="reason").values_list("label", "polarity"))
    given: dict[str, Any] = {"sentiment": sentiment, "voice": voice}
    given["reasons"] = {code: _side(code, side, before, sentiment) for code, side in sides.items()}
    given |= {kind: label for kind, label in (("emotion", emotion), ("severity", severity)) if label}
    made, _ = Correction.objects.update_or_create(
        verbatim=verbatim, defaults={"labels": given, "by": by, "at": now()}
    )
    carry_out([made], book.in_use())
    record(
        LabelCorrected(verbatim=verbatim.pk, response=verbatim.response_id),
        by=by,
        unit=verbatim.response.unit,
    )
    return made


def covered(correction: Correction) -> set[str]:
    """The kinds of labels about which the person had the last word."""
    return {*ALWAYS, *(kind for kind in WHEN_ASKED if kind in correction.labels)}


def carry_out(corrections: Sequence[Correction], taxonomy: Taxonomy) -> int:
    """Bring the labels in line with what was said and with the reasons as they now stand."""
    return sum(_carry_out(correction, taxonomy) for correction in corrections)


def labels_of(correction: Correction, taxonomy: Taxonomy) -> Iterator[Label]:
    """A reason that was merged counts as the one that took its place; an archived one as it was said."""
    said = correction.labels
    if "sentiment" not in said:
        return
    side = POLARITY[said["sentiment"]]
    yield "sentiment", said["sentiment"], side
    yield "voice", said["voice"], side
    now_called: dict[str, int | None] = {}
    for code, polarity in said.get("reasons", {}).items():
        now_called.setdefault(_current(code, taxonomy), polarity)
    yield from (("reason", code, polarity) for code, polarity in now_called.items())
    if "emotion" in said:
        yield "emotion", said["emotion"], side
    if said.get("severity", "none") != "none":
        yield "severity", said["severity"], side


def _carry_out(correction: Correction, taxonomy: Taxonomy) -> bool:
    wanted = {(kind, label): side for kind, label, side in labels_of(correction, taxonomy)}
    notes = Annotation.objects.filter(verbatim=correction.verbatim_id, kind__in=covered(correction))
    before = {(note.kind, note.label): note for note in notes}
    there = {key: note.polarity for key, note in before.items() if note.by_id == correction.by_id}
    if not wanted or there == wanted == {key: note.polarity for key, note in before.items()}:
        return False
    notes.delete()
    Annotation.objects.bulk_create(
        Annotation(
            verbatim_id=correction.verbatim_id,
            kind=kind,
            label=label,
            polarity=side,
            probability=1.0,
            evidence=before[kind, label].evidence if (kind, label) in before else [],
            version="person",
            by_id=correction.by_id,
            at=correction.at,
        )
        for (kind, label), side in wanted.items()
    )
    return True


def _current(code: str, taxonomy: Taxonomy) -> str:
    try:
        return taxonomy.current(code) or code
    except AnalyticsError:
        return code


def _side(code: str, side: int | None, before: Mapping[str, int | None], sentiment: str) -> int:
    known = before.get(code) if side is None else side
    return POLARITY[sentiment] if known is None else known


def _check(
    sentiment: str, voice: str, reasons: Mapping[str, int | None], emotion: str, severity: str
) -> None:
    known = set(book.in_use().codes)
    wrong = [code for code, side in reasons.items() if code not in known or side not in (-1, 0, 1, None)]
    wrong += [emotion] if emotion and emotion not in EMOTIONS else []
    wrong += [severity] if severity and severity not in SEVERITIES else []
    if sentiment not in POLARITY or voice not in VOICES or wrong:
        raise AnalyticsError(
            f"Unknown label: {sentiment}, {voice}, {wrong}.",
            f"未知的标签：{sentiment}、{voice}、{wrong}。",
        )
