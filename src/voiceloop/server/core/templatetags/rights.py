"""Asks in a template what a person may do."""

from __future__ import annotations

from typing import Any

from django import template

register = template.Library()


@register.filter
def may(user: Any, right: str) -> bool:
    return bool(user.is_authenticated and user.may(right))
