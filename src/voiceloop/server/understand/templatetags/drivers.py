"""Shares as people read them, and numbers as a form reads them."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def hundredfold(share: float) -> float:
    return 100 * share


@register.filter
def for_a_field(value: float) -> str:
    return f"{value:g}"
