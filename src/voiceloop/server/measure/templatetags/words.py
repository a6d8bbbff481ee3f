"""The words for codes, in a template."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.http import QueryDict

from voiceloop.server.measure.labels import label

register = template.Library()


@register.filter
def word(code: object, dimension: str) -> str:
    return label(dimension, code)


@register.simple_tag(takes_context=True)
def spread(context: template.Context, name: str, values: Sequence[str]) -> str:
    """The query of this page with one parameter, whatever its name, set to these values."""
    present: QueryDict = context["request"].GET.copy()
    present.setlist(name, list(values))
    present.pop("page", None)
    return f"?{present.urlencode()}"
