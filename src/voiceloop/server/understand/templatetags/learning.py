"""How pages of text models write their figures."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def share(value: float | str | None) -> str:
    return "—" if value is None or isinstance(value, str) else f"{100 * value:.1f}%"


@register.filter
def points(value: float | str | None) -> str:
    """A difference of shares, in percentage points."""
    return "—" if value is None or isinstance(value, str) else f"{100 * value:+.1f}".replace("-", "−")


@register.filter
def decimals(value: float | str | None) -> str:
    return "—" if value is None or isinstance(value, str) else f"{value:.3f}"
