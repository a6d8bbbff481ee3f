"""Voice class, emotion, urgency, severity, needs and sarcasm of a batch, each with its words on demand."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import numpy as np

from voiceloop.analytics.text.cues import Cues
from voiceloop.analytics.text.emotion import EMOTIONS, emotions
from voiceloop.analytics.text.evidence import Evidence
from voiceloop.analytics.text.found import NO_EMOTION, NO_SIGNAL, Signal, VoiceFound
from voiceloop.analytics.text.needs import needs
from voiceloop.analytics.text.sarcasm import ironies
from voiceloop.analytics.text.seen import Seen
from voiceloop.analytics.text.severity import SEVERITIES, severities
from voiceloop.analytics.text.urgency import URGENCIES, urgencies
from voiceloop.analytics.text.voice import VOICES, Voice, voices

Parts = list[tuple[Evidence, ...]]
Rest = tuple[Signal, Signal, Signal, tuple[Evidence, ...], tuple[Evidence, ...]]

_BARE = {label: VoiceFound(label) for label in VOICES}
_SEVERITY = [Signal(label) for label in SEVERITIES]


class Signals(NamedTuple):
    """What was found besides sentiment and reasons; texts without an entry have none."""

    voice: list[VoiceFound]
    emotion: dict[int, Signal]
    urgency: dict[int, Signal]
    severity: dict[int, Signal]
    need: dict[int, tuple[Evidence, ...]]
    irony: dict[int, tuple[Evidence, ...]]

    def rest(self, row: int) -> Rest:
        """Emotion, urgency, severity, need and irony of one text."""
        return (
            self.emotion.get(row, NO_EMOTION),
            self.urgency.get(row, NO_SIGNAL),
            self.severity.get(row, NO_SIGNAL),
            self.need.get(row, ()),
            self.irony.get(row, ()),
        )


def signals(seen: Seen, parts: Parts | None) -> Signals:
    """Return the signals of a batch.

    Parameters
    ----------
    seen : Seen
        A batch.
    parts : list of tuple of Evidence, or None
        What moved the sentiment of each text; None leaves out the deciding words.

    Returns
    -------
    Signals
        By text.

    Examples
    --------
    >>> from voiceloop.analytics.text.seen import look
    >>> found = signals(look(["气死我了，客服骂人"]), None)
    >>> found.voice[0].label, found.emotion[0].label, found.severity[0].label
    ('problem', 'angry', 'serious')
    """
    with_words = parts is not None
    irony = ironies(seen)
    spoken = [
        Voice("problem", 0, 0) if row in irony and voice.label != "suggestion" else voice
        for row, voice in enumerate(voices(seen))
    ]
    return Signals(
        [_voice(voice, seen.texts[row], parts[row] if parts else ()) for row, voice in enumerate(spoken)],
        _emotions(seen, with_words),
        _urgencies(seen, with_words),
        _severities(seen, np.array([voice.label == "problem" for voice in spoken], np.bool_), with_words),
        {row: _spans(seen.texts[row], spans) for row, spans in needs(seen).items()},
        {row: _spans(seen.texts[row], [span]) for row, span in irony.items()},
    )


def _voice(voice: Voice, text: str, parts: tuple[Evidence, ...]) -> VoiceFound:
    if voice.end:
        return VoiceFound(voice.label, _spans(text, [(voice.start, voice.end)]))
    if not parts:
        return _BARE[voice.label]
    side = {"praise": 1, "problem": -1}.get(voice.label, 0)
    return VoiceFound(voice.label, tuple(part for part in parts if part.weight * side > 0)[:3])


def _emotions(seen: Seen, with_words: bool) -> dict[int, Signal]:
    found = emotions(seen)
    words: dict[int, list[Evidence]] = defaultdict(list)
    for at in np.flatnonzero(found.cue).tolist() if with_words else ():
        row, word = _word(seen, seen.cues, at)
        words[row].append(word)
    return {
        row: Signal(EMOTIONS[found.label[row]], tuple(words.get(row, ())))
        for row in np.flatnonzero(found.label >= 0).tolist()
    }


def _urgencies(seen: Seen, with_words: bool) -> dict[int, Signal]:
    found = urgencies(seen)
    words = [_word(seen, seen.cues, at)[1] for at in found.cue.tolist()] if with_words else None
    return {
        row: Signal(URGENCIES[label], (words[number],) if words else ())
        for number, (row, label) in enumerate(zip(found.row.tolist(), found.label.tolist(), strict=True))
    }


def _severities(
    seen: Seen, problem: np.ndarray[tuple[int], np.dtype[np.bool_]], with_words: bool
) -> dict[int, Signal]:
    found = severities(seen, problem)
    label, cue = found.label.tolist(), found.cue.tolist()
    return {
        row: Signal(SEVERITIES[label[row]], (_word(seen, seen.cues, cue[row])[1],))
        if with_words and cue[row] >= 0
        else _SEVERITY[label[row]]
        for row in np.flatnonzero(found.label).tolist()
    }


def _word(seen: Seen, cues: Cues, at: int) -> tuple[int, Evidence]:
    """The text of a cue, and the cue as a span of it."""
    row = int(seen.batch.row[cues.start[at]])
    begin = int(seen.batch.starts[row])
    start, end = int(cues.start[at]) - begin, int(cues.end[at]) - begin
    return row, Evidence(start, end, seen.texts[row][start:end], float(cues.weight[at]))


def _spans(text: str, spans: list[tuple[int, int]]) -> tuple[Evidence, ...]:
    return tuple(Evidence(start, end, text[start:end], 1.0) for start, end in spans)
