"""What customers wrote, as the pages show it: words, score, labels and the evidence for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.scales import scale
from voiceloop.server.collect.models import Response, Verbatim
from voiceloop.server.core.models import User
from voiceloop.server.core.moment import DIMENSIONS
from voiceloop.server.measure.labels import dimension_label, label
from voiceloop.server.measure.slices import Slice

STANDARD = scale("nps_0_10")


@dataclass
class Voice:
    """One comment, ready for `web/_comment.html`."""

    pk: int
    text: str
    at: datetime
    score: float | None = None
    score_class: str = ""
    spans: list[dict[str, Any]] = field(default_factory=list)
    sentiment: str = ""
    reasons: list[str] = field(default_factory=list)
    voice: str = ""
    meta: list[str] = field(default_factory=list)
    href: str = ""
    action: dict[str, Any] | None = None
    is_corrected: bool = False


def in_slice(user: User, part: Slice) -> QuerySet[Any]:
    """The verbatims of a slice, newest first."""
    responses = Response.objects.visible_to(user).filter(_conditions(part))
    return (
        Verbatim.objects.filter(response__in=responses)
        .select_related("response__unit", "response__customer", "response__case__owner")
        .prefetch_related("annotations", "response__answers")
        .order_by("-response__at", "-id")
    )


def labelled(rows: QuerySet[Any], **labels: str) -> QuerySet[Any]:
    """Only those with every one of these labels: sentiment=, voice=, reason=."""
    for kind, name in labels.items():
        if name:
            rows = rows.filter(
                pk__in=Verbatim.objects.filter(annotations__kind=kind, annotations__label=name).values("pk")
            )
    return rows


def of_class(rows: QuerySet[Any], score_class: str) -> QuerySet[Any]:
    """By the class of the NPS answer on the standard scale."""
    if not score_class:
        return rows
    scores = [s for s in range(11) if STANDARD.classes.of(s) == score_class]
    if not scores:
        raise AnalyticsError(f"Unknown class: {score_class}.", f"未知的类别：{score_class}。")
    return rows.filter(
        response__answers__question="nps",
        response__answers__scale=STANDARD.id,
        response__answers__score__in=scores,
    )


def saying(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    """Only those that contain every one of the words."""
    for word in words.split():
        rows = rows.filter(text__icontains=word)
    return rows


def moment(response: Response) -> list[tuple[str, str]]:
    """The dimensions that were frozen with a response, in words."""
    return [(dimension_label(name), label(name, code)) for name, code in response.moment().items() if code]


def voices(verbatims: Iterable[Verbatim]) -> list[Voice]:
    return [_voice(verbatim) for verbatim in verbatims]


def _conditions(part: Slice) -> Q:
    found = Q()
    if part.since:
        found &= Q(at__date__gte=part.since)
    if part.until:
        found &= Q(at__date__lt=part.until)
    for name, values in part.chosen:
        if name == "unit":
            found &= Q(unit__code__in=values)
        elif name in DIMENSIONS:
            found &= Q(**{f"{name}__in": values})
        else:
            found &= Q(**{f"attributes__{name.removeprefix('attributes.')}__in": values})
    return found


def _voice(verbatim: Verbatim) -> Voice:
    response = verbatim.response
    voice = Voice(verbatim.pk, verbatim.text, response.at)
    for answer in response.answers.all():
        if answer.question == "nps" and answer.score is not None:
            voice.score, voice.score_class = answer.score, scale(answer.scale).classes.of(answer.score)
    for note in verbatim.annotations.all():
        _add(voice, note)
    places = (("touchpoint", response.touchpoint), ("segment", response.segment))
    voice.meta = [label(name, code) for name, code in places if code] + [str(response.unit)]
    voice.href = reverse("verbatim", args=[verbatim.pk])
    return voice


def _add(voice: Voice, note: Any) -> None:
    side = note.polarity or 0
    if note.kind == "sentiment":
        voice.sentiment = note.label
        voice.spans += [
            {"start": start, "end": end, "polarity": 1 if weight > 0 else -1}
            for start, end, weight in note.evidence
            if abs(weight) >= 0.3
        ]
    elif note.kind == "reason":
        voice.reasons.append(label("reason", note.label))
        voice.spans += [{"start": start, "end": end, "polarity": side} for start, end, _ in note.evidence]
    elif note.kind == "voice":
        voice.voice = label("voice", note.label) if note.label != "other" else ""
    voice.is_corrected = voice.is_corrected or note.by_id is not None
