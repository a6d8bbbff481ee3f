"""What is found in one comment: the results of an analysis, each with the words that decided."""

from __future__ import annotations

from typing import Any, NamedTuple

from voiceloop.analytics.text.evidence import Evidence


class Sentiment(NamedTuple):
    """Label (negative, neutral, positive; unknown when not understood), its probability and evidence."""

    label: str
    probability: float
    evidence: tuple[Evidence, ...] = ()


class ReasonFound(NamedTuple):
    """A reason named in a comment: code, polarity (-1, 0, 1), the words that name it, how sure a head is.

    ``probability`` is None where the words of the taxonomy decided and no learned head was asked.
    """

    code: str
    polarity: int
    evidence: tuple[Evidence, ...] = ()
    probability: float | None = None


class VoiceFound(NamedTuple):
    """Voice class ('praise', 'problem', 'suggestion', 'other') and the words that decided."""

    label: str
    evidence: tuple[Evidence, ...] = ()


class Signal(NamedTuple):
    """An emotion, an urgent matter or a severity by name, and the words that decided."""

    label: str
    evidence: tuple[Evidence, ...] = ()


NO_EMOTION, NO_SIGNAL, SLIGHT = Signal("none"), Signal(""), Signal("slight")


class Analysis(NamedTuple):
    """What one comment says. ``understood`` is false for a text with no Chinese or English words.

    ``emotion`` is 'angry', 'disappointed', 'understanding' or 'none'; ``urgency`` one of
    `urgency.URGENCIES` or ''; ``severity`` of the failure told 'slight', 'serious', 'catastrophic' or '';
    ``need`` holds the spans in which the customer wishes for something; ``irony`` those of a remark that
    surely means its opposite.
    """

    language: str
    understood: bool
    sentiment: Sentiment
    reasons: tuple[ReasonFound, ...]
    voice: VoiceFound
    version: str
    emotion: Signal = NO_EMOTION
    urgency: Signal = NO_SIGNAL
    severity: Signal = NO_SIGNAL
    need: tuple[Evidence, ...] = ()
    irony: tuple[Evidence, ...] = ()

    @property
    def sarcasm(self) -> bool:
        """Whether some remark surely means its opposite; ``irony`` holds its words."""
        return bool(self.irony)

    def to_dict(self) -> dict[str, Any]:
        """Return plain dictionaries and lists, ready for JSON."""
        return {
            "language": self.language,
            "understood": self.understood,
            "sentiment": _plain(self.sentiment),
            "reasons": [_plain(reason) for reason in self.reasons],
            "voice": _plain(self.voice),
            "emotion": _plain(self.emotion),
            "urgency": _plain(self.urgency),
            "severity": _plain(self.severity),
            "need": [part._asdict() for part in self.need],
            "sarcasm": self.sarcasm,
            "irony": [part._asdict() for part in self.irony],
            "version": self.version,
        }


def _plain(value: Sentiment | ReasonFound | VoiceFound | Signal) -> dict[str, Any]:
    plain = value._asdict()
    plain["evidence"] = [part._asdict() for part in value.evidence]
    return plain
