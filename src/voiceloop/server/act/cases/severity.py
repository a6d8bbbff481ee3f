"""How badly it went, from the score and the words."""

from __future__ import annotations

from voiceloop.analytics.scales import scale
from voiceloop.server.act.models import Case
from voiceloop.server.collect.models import Answer, Response
from voiceloop.server.understand.models import Annotation

# Reasons after which somebody may have come to harm.
HARM = {"food_safety", "safety", "hygiene", "injury", "discrimination"}
# The lowest fifth of any scale: 0–2 of 10, 1 of 5. Our choice.
SERIOUS_BELOW = 0.2


def grade(response: Response, answer: Answer | None) -> str:
    if Annotation.objects.filter(
        verbatim__response=response, kind=Annotation.Kind.REASON, label__in=HARM
    ).exists():
        return Case.Severity.CATASTROPHIC
    return Case.Severity.SERIOUS if answer and _is_lowest(answer) else Case.Severity.SLIGHT


def _is_lowest(answer: Answer) -> bool:
    ends = scale(answer.scale)
    return answer.score is not None and (answer.score - ends.low) / (ends.high - ends.low) <= SERIOUS_BELOW
