"""The colour of a cell in a touchpoint × segment table."""

from __future__ import annotations

from itertools import pairwise

# One ink is readable on every one of these: the ramp stops before dark teal on purpose.
_STOPS = (
    (0.0, (224, 128, 80)),
    (0.292, (243, 188, 160)),
    (0.5, (245, 242, 236)),
    (0.708, (166, 210, 213)),
    (1.0, (79, 169, 176)),
)

# Below this a cell is hatched, not coloured: our choice, the interval is wider than the colours tell.
COLOURED_FROM = 30


def shade(value: float, low: float = -40.0, high: float = 80.0) -> str:
    """Return the background of a cell as a hex colour; values outside the ends get the end's colour.

    Parameters
    ----------
    value : float
        In the unit of ``low`` and ``high``.

    Examples
    --------
    >>> shade(20), shade(-100)
    ('#f5f2ec', '#e08050')
    """
    at = min(max((value - low) / (high - low), 0.0), 1.0)
    for (a, left), (b, right) in pairwise(_STOPS):
        if at <= b:
            part = (at - a) / (b - a)
            return "#" + "".join(f"{round(x + (y - x) * part):02x}" for x, y in zip(left, right, strict=True))
    return "#4fa9b0"
