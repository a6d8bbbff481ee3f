"""What customers wrote, as the pages show it: words, score, labels and the evidence for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.lookups import In
from django.urls import reverse
from django.utils.timezone import make_aware

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.plan import SCORE_CLASS
from voiceloop.analytics.scales import scale
from voiceloop.server.collect.models import Answer, Response, Verbatim
from voiceloop.server.core.models.unit import Reader, unit_of
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


def in_slice(user: Reader, part: Slice) -> QuerySet[Any]:
    """The verbatims of a slice, newest first."""
    return (
        Verbatim.objects.filter(_scope(user), _conditions(part))
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


def _scope(user: Reader) -> Q:
    """The verbatims of responses that the reader may see, said without a subquery."""
    unit = unit_of(user)
    return Q(response__unit__path__startswith=unit.path) if unit else Q(pk__in=[])


def _conditions(part: Slice) -> Q:
    found = Q()
    if part.since:
        found &= Q(response__at__gte=midnight(part.since))
    if part.until:
        found &= Q(response__at__lt=midnight(part.until))
    for name, values in part.chosen:
        found &= _one_of(name, list(values))
    return found


def _one_of(dimension: str, values: list[str]) -> Q:
    if dimension == "unit":
        return Q(response__unit__code__in=values)
    if dimension == SCORE_CLASS:
        return _of_classes(values)
    if dimension in DIMENSIONS:
        return Q(**{f"response__{dimension}__in": values})
    # TRICKY: an expression, because the name of an attribute is anybody's and could read as a lookup.
    name = dimension.removeprefix("attributes.")
    return Q(In(KeyTextTransform(name, F("response__attributes")), values))


def _of_classes(classes: list[str]) -> Q:
    """By the classes of the NPS answers on the standard scale."""
    scores = [score for score in range(11) if STANDARD.classes.of(score) in classes]
    nps = Answer.objects.filter(question="nps", scale=STANDARD.id, score__in=scores)
    return Q(response__in=nps.values("response"))


def midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time()))


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
