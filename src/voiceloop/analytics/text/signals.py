"""Voice class, emotion, urgency, severity, needs and sarcasm of a batch, each with its words on demand."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import numpy as np

from voiceloop.analytics.text.batch import Bools
from voiceloop.analytics.text.cues import Cues
from voiceloop.analytics.text.emotion import EMOTIONS, Emotions, emotions
from voiceloop.analytics.text.evidence import Evidence
from voiceloop.analytics.text.found import NO_EMOTION, NO_SIGNAL, Signal, VoiceFound
from voiceloop.analytics.text.needs import needs
from voiceloop.analytics.text.sarcasm import ironies
from voiceloop.analytics.text.seen import CLEAR, Seen
from voiceloop.analytics.text.severity import SEVERITIES, Severities, failures
from voiceloop.analytics.text.urgency import URGENCIES, Urgencies, urgencies
from voiceloop.analytics.text.voice import VOICES, Voice, voices

Parts = list[tuple[Evidence, ...]]
Rest = tuple[Signal, Signal, Signal, tuple[Evidence, ...], tuple[Evidence, ...]]

_NOTHING: Rest = (NO_EMOTION, NO_SIGNAL, NO_SIGNAL, (), ())
_BARE = {label: VoiceFound(label) for label in VOICES}
# Urgent matters before this one are failures by themselves; a customer who leaves may have been happy.
_CHURN = URGENCIES.index("churn")
_LEAST = {"self_harm": 3, "safety": 2, "legal": 2, "authority": 2}
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
        if row not in self.severity and row not in self.emotion and row not in self.need:
            # Most praise has none of them; what is urgent or ironic has a severity.
            return _NOTHING
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
    felt, urgent, failed, irony = emotions(seen), urgencies(seen), failures(seen), ironies(seen)
    spoken = voices(seen, *_troubles(seen, felt, urgent, failed, list(irony)))
    suggested = {row: (voice.start, voice.end) for row, voice in enumerate(spoken) if voice.end}
    return Signals(
        [_voice(voice, seen.texts[row], parts[row] if parts else ()) for row, voice in enumerate(spoken)],
        _emotions(seen, felt, with_words),
        _urgencies(seen, urgent, with_words),
        _severities(seen, _graded(seen, spoken, urgent, failed), with_words),
        {row: _spans(seen.texts[row], spans) for row, spans in needs(seen, suggested).items()},
        {row: _spans(seen.texts[row], [span]) for row, span in irony.items()},
    )


def _troubles(
    seen: Seen, felt: Emotions, urgent: Urgencies, failed: Severities, irony: list[int]
) -> tuple[Bools, Bools]:
    """Texts that tell of trouble, and those that tell of a failure however they sound."""
    sure = np.isin(np.arange(seen.batch.size), [*irony, *urgent.row[urgent.label < _CHURN].tolist()])
    sure |= failed.label == 3
    troubled = sure | (felt.label >= 0) | (failed.label > 0)
    troubled[urgent.row] = True
    worse = seen.cues.of("worse_than_before")
    troubled[seen.batch.row[worse.start]] = True
    return troubled, sure


def _graded(seen: Seen, spoken: list[Voice], urgent: Urgencies, failed: Severities) -> Severities:
    """Any problem is slight at least, one with a threat of law serious, one of life catastrophic."""
    complains = seen.scores.probability[:, 0] >= CLEAR
    problem = np.array([voice.label == "problem" for voice in spoken], np.bool_)
    suggested = np.array([voice.label == "suggestion" for voice in spoken], np.bool_)
    label = np.maximum(failed.label, (problem | (suggested & complains)).astype(np.int64))
    least = np.array([_LEAST.get(name, 1) for name in URGENCIES])[urgent.label]
    raised = least > label[urgent.row]
    label[urgent.row] = np.maximum(label[urgent.row], least)
    cue = failed.cue.copy()
    cue[urgent.row[raised]] = urgent.cue[raised]
    return Severities(label, cue)


def _voice(voice: Voice, text: str, parts: tuple[Evidence, ...]) -> VoiceFound:
    if voice.end:
        return VoiceFound(voice.label, _spans(text, [(voice.start, voice.end)]))
    if not parts:
        return _BARE[voice.label]
    side = {"praise": 1, "problem": -1}.get(voice.label, 0)
    return VoiceFound(voice.label, tuple(part for part in parts if part.weight * side > 0)[:3])


def _emotions(seen: Seen, found: Emotions, with_words: bool) -> dict[int, Signal]:
    words: dict[int, list[Evidence]] = defaultdict(list)
    for at in np.flatnonzero(found.cue).tolist() if with_words else ():
        row, word = _word(seen, seen.cues, at)
        words[row].append(word)
    return {
        row: Signal(EMOTIONS[found.label[row]], tuple(words.get(row, ())))
        for row in np.flatnonzero(found.label >= 0).tolist()
    }


def _urgencies(seen: Seen, found: Urgencies, with_words: bool) -> dict[int, Signal]:
    words = [_word(seen, seen.cues, at)[1] for at in found.cue.tolist()] if with_words else None
    return {
        row: Signal(URGENCIES[label], (words[number],) if words else ())
        for number, (row, label) in enumerate(zip(found.row.tolist(), found.label.tolist(), strict=True))
    }


def _severities(seen: Seen, found: Severities, with_words: bool) -> dict[int, Signal]:
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
