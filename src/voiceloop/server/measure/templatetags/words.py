"""The words for codes, in a template."""

from __future__ import annotations

from django import template

from voiceloop.server.measure.labels import label

register = template.Library()


@register.filter
def word(code: object, dimension: str) -> str:
    return label(dimension, code)
