"""Everything this package says about comments, in one call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from voiceloop.analytics.text.batch import chunks
from voiceloop.analytics.text.evidence import Evidence, sentiment_evidence
from voiceloop.analytics.text.found import Analysis, ReasonFound, Sentiment, Signal, VoiceFound
from voiceloop.analytics.text.language import LANGUAGES, languages
from voiceloop.analytics.text.reasons import Heads, reasons_of
from voiceloop.analytics.text.seen import Seen, look
from voiceloop.analytics.text.sentiment import LABELS, Model, base_model
from voiceloop.analytics.text.signals import Parts, signals
from voiceloop.analytics.text.taxonomy import Taxonomy
from voiceloop.analytics.text.taxonomy import taxonomy as shipped

__all__ = ["Analysis", "ReasonFound", "Sentiment", "Signal", "VoiceFound", "analyse"]

UNKNOWN = "unknown"


def analyse(
    texts: Sequence[str],
    *,
    evidence: bool = True,
    model: Model | None = None,
    taxonomy: Taxonomy | None = None,
    heads: Heads | None = None,
) -> list[Analysis]:
    """Analyse comments in one batch.

    Parameters
    ----------
    texts : sequence of str
        Any strings: empty, a megabyte long, emoji only, other scripts and control characters included.
    evidence : bool
        False leaves the evidence empty: faster, for imports; ask again for the comment that a page shows.
    model : Model, optional
        A model of sentiment other than the shipped one.
    taxonomy : Taxonomy, optional
        Reasons other than the shipped ones.
    heads : Heads, optional
        Learned heads of reasons, from `heads.fit_heads`; each takes over from the words of its reason where
        it proved better.

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
    given = _Given(evidence, model or base_model(), taxonomy or shipped(), heads)
    return [found for part in chunks(texts) for found in _chunk(list(part), given)]


class _Given(NamedTuple):
    """What the caller chose."""

    evidence: bool
    model: Model
    reasons: Taxonomy
    heads: Heads | None

    @property
    def version(self) -> str:
        """Which model, taxonomy and heads made a label, in at most 40 characters."""
        heads = [self.heads.version[:10]] if self.heads else []
        return " ".join([self.model.version[:18], self.reasons.version, *heads])


def _chunk(texts: list[str], given: _Given) -> list[Analysis]:
    seen = look(texts, given.model, given.reasons, parts=given.evidence)
    parts: Parts = sentiment_evidence(texts, seen.batch, seen.scores) if given.evidence else [()] * len(texts)
    named = _reasons(seen, given)
    others = signals(seen, parts if given.evidence else None)
    version = given.version
    label = np.argmax(seen.scores.probability, axis=1)
    chance = seen.scores.probability[np.arange(len(texts)), label].tolist()
    return [
        Analysis(
            LANGUAGES[language],
            True,
            Sentiment(LABELS[number], chance[row], parts[row]),
            named.get(row, ()),
            others.voice[row],
            version,
            *others.rest(row),
        )
        if language < 2
        else Analysis(LANGUAGES[language], False, Sentiment(UNKNOWN, 0.0), (), VoiceFound("other"), version)
        for row, (number, language) in enumerate(
            zip(label.tolist(), languages(seen.batch).tolist(), strict=True)
        )
    ]


def _reasons(seen: Seen, given: _Given) -> dict[int, tuple[ReasonFound, ...]]:
    found = reasons_of(seen, given.reasons, given.heads)
    spans = found.words(seen) if given.evidence else {}
    codes = given.reasons.codes
    named: dict[int, list[ReasonFound]] = defaultdict(list)
    for row, reason, polarity, chance in found.rows(seen):
        words = tuple(Evidence(*span) for span in spans.get((row, reason), ())) if spans else ()
        named[row].append(ReasonFound(codes[reason], polarity, words, chance))
    return {row: tuple(reasons) for row, reasons in named.items()}
