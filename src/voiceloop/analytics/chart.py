"""What a chart is: a function from a figure to an ECharts option, and the look that all share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Option = dict[str, Any]

# The palette of the house: no pair below ΔE2000 20 under any colour blindness (Machado 2009).
ACCENT, BAND, INTERVAL, FAINT = "#2f55d4", "rgba(47,85,212,.15)", "#93a8ee", "#e9ecf1"
TEXT, SECOND, CAPTION, AXIS, SPLIT, TRACK = "#1c2536", "#475467", "#667085", "#d5dae1", "#eef0f3", "#eceff3"
CLASS_COLOURS = {
    "promoter": "#0e7c86",
    "passive": "#a9b5c2",
    "detractor": "#d9541a",
    "unclassified": "#dfe3e9",
}


@dataclass(frozen=True)
class Chart:
    """A chart: ``draw(figures, …)`` returns a JSON-serialisable ECharts option.

    Its ``aria.label.description`` says the finding in words, for the page's ``aria-label``.
    """

    name: str
    label_en: str
    label_zh: str
    draw: Callable[..., Option]


def option(finding: str, **parts: Any) -> Option:
    """Return an option in the house look; the page sets the font.

    Parameters
    ----------
    finding : str
        What the chart shows, in words, for those who cannot see it.

    Examples
    --------
    >>> option("NPS 38")["animation"]
    False
    """
    aria = {"enabled": True, "label": {"description": finding}}
    return {"animation": False, "textStyle": {"color": SECOND}, "aria": aria, **parts}


def signed(value: float, digits: int = 0) -> str:
    """Return a number with a true minus sign.

    Examples
    --------
    >>> signed(-3.25, 1)
    '−3.2'
    """
    return f"{value:.{digits}f}".replace("-", "−")


def say(language: str, words: Mapping[str, str]) -> str:
    """Return the sentence of a language, Chinese unless English is asked for."""
    return words["en" if language.startswith("en") else "zh"]


def digits(unit: str) -> int:
    """Return how many decimals a figure of this unit shows."""
    return 2 if unit == "score" else 0 if unit == "points" else 1
