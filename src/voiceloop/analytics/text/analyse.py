"""Everything this package says about comments, in one call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from voiceloop.analytics.text.batch import Batch, chunks, lay_out
from voiceloop.analytics.text.evidence import Evidence, reason_evidence, sentiment_evidence
from voiceloop.analytics.text.language import LANGUAGES, languages
from voiceloop.analytics.text.reasons import reasons
from voiceloop.analytics.text.sentiment import LABELS, Model, base_model, score
from voiceloop.analytics.text.taxonomy import taxonomy
from voiceloop.analytics.text.voice import VOICES, Voice, voices

UNKNOWN = "unknown"


class Sentiment(NamedTuple):
    """Label (negative, neutral, positive; unknown when not understood), its probability and evidence."""

    label: str
    probability: float
    evidence: tuple[Evidence, ...] = ()


class ReasonFound(NamedTuple):
    """A reason named in a comment: code, polarity (-1, 0, 1) and the words that name it."""

    code: str
    polarity: int
    evidence: tuple[Evidence, ...] = ()


class VoiceFound(NamedTuple):
    """Voice class ('praise', 'problem', 'suggestion', 'other') and the words that decided."""

    label: str
    evidence: tuple[Evidence, ...] = ()


_WITHOUT_EVIDENCE = {label: VoiceFound(label) for label in VOICES}


class Analysis(NamedTuple):
    """What one comment says. ``understood`` is false for a text with no Chinese or English words."""

    language: str
    understood: bool
    sentiment: Sentiment
    reasons: tuple[ReasonFound, ...]
    voice: VoiceFound
    version: str

    def to_dict(self) -> dict[str, Any]:
        """Return plain dictionaries and lists, ready for JSON."""
        return {
            "language": self.language,
            "understood": self.understood,
            "sentiment": _plain(self.sentiment),
            "reasons": [_plain(reason) for reason in self.reasons],
            "voice": _plain(self.voice),
            "version": self.version,
        }


def analyse(texts: Sequence[str], *, evidence: bool = True, model: Model | None = None) -> list[Analysis]:
    """Analyse comments in one batch.

    Parameters
    ----------
    texts : sequence of str
        Any strings: empty, a megabyte long, emoji only, other scripts and control characters included.
    evidence : bool
        False leaves the evidence empty: faster, for imports; ask again for the comment that a page shows.
    model : Model, optional
        A model other than the shipped one.

    Returns
    -------
    list of Analysis
        One for each text, in order.

    Examples
    --------
    >>> [found] = analyse(["上菜太慢了，但是服务员很热情"])
    >>> found.language, [(reason.code, reason.polarity) for reason in found.reasons]
    ('zh', [('waiting', -1), ('attitude', 1)])
    >>> analyse(["👍"])[0].understood
    False
    """
    model = model or base_model()
    return [found for part in chunks(texts) for found in _chunk(list(part), evidence, model)]


def _chunk(texts: list[str], evidence: bool, model: Model) -> list[Analysis]:
    batch = lay_out(texts)
    scores = score(batch, model, parts=evidence)
    language = languages(batch).tolist()
    label = np.argmax(scores.probability, axis=1)
    chance = scores.probability[np.arange(batch.size), label].tolist()
    found = _reasons(batch, scores, evidence, texts)
    spoken = voices(texts, batch, scores)
    parts = sentiment_evidence(texts, batch, scores) if evidence else [()] * batch.size
    return [
        _analysis(
            LANGUAGES[language[row]],
            Sentiment(LABELS[number], chance[row], parts[row]),
            tuple(found.get(row, ())),
            _voice(spoken[row], texts[row], parts[row]),
            model.version,
        )
        for row, number in enumerate(label.tolist())
    ]


def _analysis(
    language: str, sentiment: Sentiment, named: tuple[ReasonFound, ...], voice: VoiceFound, version: str
) -> Analysis:
    if language in {"zh", "en"}:
        return Analysis(language, True, sentiment, named, voice, version)
    return Analysis(language, False, Sentiment(UNKNOWN, 0.0), (), VoiceFound("other"), version)


def _reasons(batch: Batch, scores: Any, evidence: bool, texts: list[str]) -> dict[int, list[ReasonFound]]:
    found = reasons(batch, scores)
    codes = [reason.code for reason in taxonomy()]
    spans = reason_evidence(texts, batch) if evidence else {}
    named: dict[int, list[ReasonFound]] = {}
    for row, reason, polarity in zip(
        found.row.tolist(), found.reason.tolist(), found.polarity.tolist(), strict=True
    ):
        words = spans.get((row, reason), ())
        named.setdefault(row, []).append(ReasonFound(codes[reason], polarity, words))
    return named


def _voice(voice: Voice, text: str, parts: tuple[Evidence, ...]) -> VoiceFound:
    if voice.end:
        return VoiceFound(
            voice.label, (Evidence(voice.start, voice.end, text[voice.start : voice.end], 1.0),)
        )
    if not parts:
        return _WITHOUT_EVIDENCE[voice.label]
    side = {"praise": 1, "problem": -1}.get(voice.label, 0)
    return VoiceFound(voice.label, tuple(part for part in parts if part.weight * side > 0)[:3])


def _plain(value: Sentiment | ReasonFound | VoiceFound) -> dict[str, Any]:
    plain = value._asdict()
    plain["evidence"] = [part._asdict() for part in value.evidence]
    return plain
