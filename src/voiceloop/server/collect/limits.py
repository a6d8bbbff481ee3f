"""How often one address or one link may knock a minute, counted in this process."""

from __future__ import annotations

from threading import Lock
from time import monotonic

from django.conf import settings

_MINUTE = 60.0
_lock = Lock()
_counts: dict[str, int] = {}
_began = monotonic()


def is_over(knock: str) -> bool:
    """Count this knock and say whether there were too many in the present minute."""
    global _began
    allowed = settings.RATE_LIMIT_PER_MINUTE
    if allowed <= 0:
        return False
    with _lock:
        if monotonic() - _began >= _MINUTE:
            # All counts begin anew together, so that the table cannot grow beyond one minute's knocks.
            _counts.clear()
            _began = monotonic()
        _counts[knock] = _counts.get(knock, 0) + 1
        return _counts[knock] > allowed


def forget() -> None:
    """Begin a new minute now."""
    with _lock:
        _counts.clear()
