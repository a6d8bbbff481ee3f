"""Numbers as people read them: one place for digits, signs and units."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import SupportsFloat

from django.utils.translation import gettext

NO_VALUE = "—"
MINUS = "\u2212"


def number(value: object) -> float | None:
    """The value as a float, or None when it is missing, not a number or infinite."""
    if value is None or value == "" or not isinstance(value, SupportsFloat | str):
        return None
    try:
        found = float(value)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def plain(value: float, digits: int = 0) -> str:
    # TRICKY: a value that rounds to zero must not show a minus.
    rounded = round(value, digits) or 0.0
    return f"{rounded:,.{digits}f}".replace("-", MINUS)


def signed(value: float, digits: int = 0) -> str:
    return ("+" if round(value, digits) > 0 else "") + plain(value, digits)


def _nps(value: float) -> str:
    return signed(value, 0 if round(value, 1) % 1 == 0 else 1)


FORMATS: dict[str, Callable[[float], str]] = {
    "nps": _nps,
    "signed": lambda value: signed(value, 1),
    "score": lambda value: plain(value, 2),
    "pct": lambda value: f"{plain(value, 1)}%",
    "count": plain,
    "minutes": lambda value: gettext("%s min") % plain(value, 1),
    "hours": lambda value: gettext("%s h") % plain(value, 1),
    "days": lambda value: gettext("%s days") % plain(value, 1),
    "money": lambda value: f"¥{plain(value)}",
    "rate": lambda value: f"{plain(value, 1)}‰",
    "seconds": lambda value: duration(value),
}


def formatted(value: object, fmt: str = "score") -> str:
    """The value in a named format; a missing value is a dash, never 0."""
    found = number(value)
    return NO_VALUE if found is None else FORMATS.get(fmt, FORMATS["score"])(found)


def difference(value: object, fmt: str = "score") -> str:
    """A change in the same format, always with its sign; shares change by percentage points."""
    found = number(value)
    if found is None:
        return NO_VALUE
    if fmt == "pct":
        return gettext("%s pp") % signed(found, 1)
    if fmt in ("nps", "signed"):
        return signed(found, 1)
    text = formatted(found, fmt)
    return f"+{text}" if found > 0 else text


def duration(seconds: object, depth: int = 2) -> str:
    """A span in its largest units, two unless told otherwise: 2 d 3 h, 2 h 5 min, 40 s."""
    found = number(seconds)
    if found is None:
        return NO_VALUE
    sign, left = (MINUS if found < 0 else ""), int(abs(found))
    units = ((86400, gettext("%d d")), (3600, gettext("%d h")), (60, gettext("%d min")), (1, gettext("%d s")))
    parts: list[str] = []
    for size, text in units:
        count, left = divmod(left, size)
        if count or parts:
            parts.append(text % count if count else "")
    shown = " ".join(part for part in parts[:depth] if part)
    return sign + (shown or units[-1][1] % 0)
