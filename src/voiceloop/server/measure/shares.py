"""How many of some did it: the share that pages show, or none where too few stand behind it."""

from __future__ import annotations

from dataclasses import dataclass

from voiceloop.analytics.stats.intervals import share_interval
from voiceloop.analytics.stats.parts import Parts
from voiceloop.server.measure.numbers import MIN_N


@dataclass(frozen=True)
class Share:
    """``hits`` of ``n``; the share and the ends of its 95 % interval in percent."""

    n: int
    hits: int
    value: float | None = None
    low: float | None = None
    high: float | None = None

    @classmethod
    def of(cls, n: int, hits: int) -> Share:
        if n < MIN_N:
            return cls(n, hits)
        low, high = share_interval(Parts.of_share(n, hits))
        return cls(n, hits, 100 * hits / n, 100 * float(low), 100 * float(high))
