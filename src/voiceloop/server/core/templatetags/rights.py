"""Asks in a template what a person may do, and to what."""

from __future__ import annotations

from typing import Any

from django import template

register = template.Library()


@register.filter
def may(user: Any, right: str) -> bool:
    return bool(user.is_authenticated and user.may(right))


@register.filter
def may_change(user: Any, thing: Any) -> bool:
    """Whether a thing that several branches may use is also theirs to change."""
    return bool(user.unit and thing.unit.path.startswith(user.unit.path))
