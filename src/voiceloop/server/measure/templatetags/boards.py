"""What the pages of targets, evaluations and benchmarks say about numbers."""

from __future__ import annotations

from django import template

from voiceloop.server.measure.labels import label
from voiceloop.server.measure.targets import metric_word

register = template.Library()
register.filter("metric_word", metric_word)


@register.filter
def as_percent(share: float) -> str:
    return f"{100 * share:.0f}%"


@register.filter
def agent_word(code: str) -> str:
    return label("agent", code or None)
