"""What a change of a reason would do, before anybody saves it: tried on the newest comments."""

from __future__ import annotations

from dataclasses import dataclass, field

from voiceloop.analytics.text.analyse import Analysis
from voiceloop.analytics.text.taxonomy import Taxonomy
from voiceloop.server.collect.models import Response, Verbatim
from voiceloop.server.core.models import User
from voiceloop.server.understand import engine
from voiceloop.server.understand.voices import Voice, voices

# Our choice: enough to see how often a reason comes up, few enough to be read while somebody types.
RECENT, QUOTES = 2_000, 6


@dataclass(frozen=True)
class Preview:
    """Of the newest comments, how many name the reason now and how many would."""

    n: int
    before: int
    after: int
    gained: int
    lost: int
    quotes: list[Voice] = field(default_factory=list)
    losses: list[Voice] = field(default_factory=list)

    @property
    def share(self) -> float:
        return 100 * self.after / self.n if self.n else 0.0


def preview(user: User, draft: Taxonomy, code: str) -> Preview:
    """Within the reader's rights; quotes show what is new first, with the words that decide underlined."""
    recent = list(
        Verbatim.objects.filter(response__in=Response.objects.visible_to(user)).order_by("-pk")[:RECENT]
    )
    texts = [verbatim.text for verbatim in recent]
    words = engine.in_use()
    tried = words._replace(taxonomy=draft)
    now = _naming(words.analyse(texts, evidence=False), code)
    then = _naming(tried.analyse(texts, evidence=False), code)
    quoted = [*sorted(then - now), *sorted(then & now)][:QUOTES]
    return Preview(
        len(recent),
        len(now),
        len(then),
        len(then - now),
        len(now - then),
        _quotes([recent[row] for row in quoted], tried, code),
        _quotes([recent[row] for row in sorted(now - then)[: QUOTES // 2]], words, code),
    )


def _naming(found: list[Analysis], code: str) -> set[int]:
    return {row for row, one in enumerate(found) if any(reason.code == code for reason in one.reasons)}


def _quotes(verbatims: list[Verbatim], words: engine.Engine, code: str) -> list[Voice]:
    """The comments as pages show them, marked by this reason alone."""
    shown = voices(verbatims)
    found = words.analyse([verbatim.text for verbatim in verbatims])
    for voice, analysis in zip(shown, found, strict=True):
        [reason] = [one for one in analysis.reasons if one.code == code]
        voice.spans = [{"start": w.start, "end": w.end, "polarity": reason.polarity} for w in reason.evidence]
        voice.reasons = []
    return shown
