"""A theme, and a word that is news, as everybody outside sees them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Theme:
    """One theme.

    ``id`` stays from run to run; ``name`` is its first phrases. ``trend`` counts comments a week, the oldest
    first. ``is_new``: not there before this run's last seven days. ``rises``: more in them than before, by
    more than chance; ``g2`` and ``p_value`` say how sure. ``comments`` are places of typical comments, ``x``
    and ``y`` those on the map. ``words`` is what it is made of: enough to follow it in the next run.
    """

    id: str
    name: str
    phrases: tuple[str, ...]
    n: int
    share: float
    trend: tuple[int, ...] = ()
    is_new: bool = False
    rises: bool = False
    g2: float = 0.0
    p_value: float = 1.0
    comments: tuple[int, ...] = ()
    x: float = 0.0
    y: float = 0.0
    split_from: str = ""
    words: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class News:
    """A word that rose in the last seven days by more than chance, and the theme that holds it."""

    word: str
    theme: str
    n: int
    n_before: int
    g2: float
    p_value: float
