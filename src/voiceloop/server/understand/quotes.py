"""Comments as the voice page quotes them: every marked word says which label it speaks for, and how much."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from voiceloop.server.core.models import User
from voiceloop.server.core.numerals import signed
from voiceloop.server.measure.labels import label
from voiceloop.server.understand import search
from voiceloop.server.understand.voice_words import kind_word
from voiceloop.server.understand.voices import Voice, voices

# Our choice: weaker words of a feeling are not worth a reader's eye.
WEAKEST = 0.3
SHOWN = ("emotion", "urgency", "severity", "need", "theme")
TONES = {"urgency": "warn", "severity": "warn"}


@dataclass(frozen=True)
class Piece:
    """A stretch of a comment: the labels its words speak for, or none."""

    text: str
    tone: str = ""
    why: str = ""
    is_found: bool = False


@dataclass(frozen=True)
class Chip:
    kind: str
    code: str
    name: str
    tone: str = ""


@dataclass
class Quote:
    """One comment with everything that can be reached from it."""

    voice: Voice
    pieces: list[Piece]
    chips: list[Chip] = field(default_factory=list)
    case: Any = None
    customer: Any = None
    response_id: int = 0
    is_corrected: bool = False

    @property
    def may_open(self) -> bool:
        return self.case is None

    @property
    def open_href(self) -> str:
        return reverse("case_of_response", args=[self.response_id])


def quotes(verbatims: Iterable[Any], words: str = "") -> list[Quote]:
    """Comments with what speaks in them, and the words that were searched for."""
    rows = list(verbatims)
    return [_quote(row, voice, words) for row, voice in zip(rows, voices(rows), strict=True)]


def _quote(verbatim: Any, voice: Voice, words: str) -> Quote:
    notes = list(verbatim.annotations.all())
    response = verbatim.response
    return Quote(
        voice,
        pieces(verbatim.text, notes, search.marks(verbatim.text, words) if words else ()),
        _chips(notes),
        getattr(response, "case", None),
        response.customer,
        response.pk,
        any(note.by_id is not None for note in notes),
    )


def for_the_eyes_of(user: User, found: list[Quote]) -> list[Quote]:
    """Without links to what the reader may not open."""
    for quote in found:
        quote.customer = quote.customer if user.may("customers.see") else None
    return found


def pieces(text: str, notes: Iterable[Any], found_at: Iterable[tuple[int, int]] = ()) -> list[Piece]:
    """The text cut wherever a label begins or ends to speak, or a word that was searched for."""
    hits = list(found_at)
    spans = [
        (max(int(start), 0), min(int(end), len(text)), float(weight), note)
        for note in notes
        for start, end, weight in note.evidence
        if note.kind != "sentiment" or abs(weight) >= WEAKEST
    ]
    cuts = [*((start, end) for start, end, _w, _n in spans), *hits]
    edges = sorted({0, len(text), *(edge for cut in cuts for edge in cut)})
    found = []
    for start, end in pairwise(edges):
        over = [span for span in spans if span[0] <= start and end <= span[1]]
        if start < end:
            why = " · ".join(dict.fromkeys(map(_why, over)))
            is_found = any(first <= start and end <= last for first, last in hits)
            found.append(Piece(text[start:end], _tone(over), why, is_found))
    return found


def _tone(over: list[Any]) -> str:
    if not over:
        return ""
    side = sum(weight if note.kind == "sentiment" else (note.polarity or 0) for _s, _e, weight, note in over)
    return "pos" if side > 0 else "neg" if side < 0 else "neu"


def _why(span: Any) -> str:
    _start, _end, weight, note = span
    said = f"{kind_word(note.kind)}: {label(note.kind, note.label)}"
    if note.kind == "sentiment":
        return f"{said} {signed(weight, 2)}"
    side = {1: _("praised"), -1: _("criticised")}.get(note.polarity or 0, "") if note.kind == "reason" else ""
    return f"{said} ({side})" if side else said


def _chips(notes: Iterable[Any]) -> list[Chip]:
    found = []
    for note in notes:
        if note.kind == "sentiment":
            tone = {"negative": "neg", "positive": "pos"}.get(note.label, "")
            found.append(Chip("sentiment", note.label, label("sentiment", note.label), tone))
        elif note.kind == "voice" and note.label != "other":
            found.append(Chip("voice", note.label, label("voice", note.label)))
        elif note.kind == "reason":
            tone = {-1: "neg", 1: "pos"}.get(note.polarity or 0, "")
            found.append(Chip("reason", note.label, label("reason", note.label), tone))
        elif note.kind in SHOWN and note.label != "none":
            found.append(Chip(note.kind, note.label, label(note.kind, note.label), TONES.get(note.kind, "")))
    order = ("sentiment", "voice", "reason", *SHOWN)
    return sorted(found, key=lambda chip: order.index(chip.kind))
