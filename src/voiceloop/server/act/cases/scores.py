"""The score that a response stands for, and its class."""

from __future__ import annotations

from voiceloop.analytics.scales import UNCLASSIFIED, classify
from voiceloop.server.collect.models import Answer, Response


def of(response: Response) -> Answer | None:
    """The recommend question's answer, else the first one with a score."""
    scored = [answer for answer in response.answers.all() if answer.score is not None]
    return min(scored, key=lambda answer: (answer.question != "nps", answer.pk), default=None)


def class_of(answer: Answer | None) -> str:
    if answer is None or answer.score is None:
        return UNCLASSIFIED
    return classify(answer.score, answer.scale)
