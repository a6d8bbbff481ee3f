"""What an explained change looks like: the figure before and after, and what each group adds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from voiceloop.analytics.metric import Metric
from voiceloop.analytics.result import Key
from voiceloop.analytics.stats.difference import Verdict


@dataclass(frozen=True)
class Figure:
    """A figure of one period, in the metric's unit."""

    n: int
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Contribution:
    """What one group adds to a change, in the metric's unit.

    Attributes
    ----------
    key : mapping
        Dimension → code; '…' stands for the groups with too few answers to be shown alone.
    n_before, n_after : int
    share_before, share_after : float
        Share of all answers, 0-1.
    value_before, value_after : float or None
        None where the group had no answers: it is new, or gone.
    mix, answer_rate, within : float
        See `Change`; they add up to ``total``.
    low, high : float or None
        Interval of ``within``, for the shares as they are.
    p_value : float or None
        Of the group's own change.
    verdict : {'signal', 'noise'}
        Of the group's own change, with at most 5 % of the signals expected to be chance.
    """

    key: Key
    n_before: int
    n_after: int
    share_before: float
    share_after: float
    value_before: float | None
    value_after: float | None
    mix: float
    answer_rate: float
    within: float
    low: float | None
    high: float | None
    p_value: float | None
    verdict: Verdict

    @property
    def total(self) -> float:
        """What the group adds to the change in all."""
        return self.mix + self.answer_rate + self.within

    def to_dict(self) -> dict[str, Any]:
        """Return the contribution as plain JSON types."""
        return {**vars(self), "key": _plain(self.key), "total": self.total}


@dataclass(frozen=True)
class Change:
    """A change of a figure, split without remainder.

    Attributes
    ----------
    before, after : Figure
    change : float
        After − before; ``mix + answer_rate + within`` equals it within 1e-9.
    low, high, p_value, verdict
        Of the change as a whole.
    mix : float
        Other groups were asked more often (or answered, when it is not known who was asked).
    answer_rate : float or None
        Groups answered more or less often than before; None when it is not known who was asked.
    within : float
        The groups themselves changed.
    groups : tuple of Contribution
        The largest first.
    is_paradox : bool
        Every group in both periods moved one way and the whole the other (Simpson, Journal of the
        Royal Statistical Society B 13 (1951) 238).
    says_en, says_zh : str
        The change in words.
    """

    metric: Metric = field(repr=False)
    scale: str | None
    by: tuple[str, ...]
    before: Figure
    after: Figure
    change: float
    low: float | None
    high: float | None
    p_value: float | None
    verdict: Verdict
    mix: float
    answer_rate: float | None
    within: float
    groups: tuple[Contribution, ...]
    is_paradox: bool
    says_en: str
    says_zh: str
    method: str
    as_of: datetime | None

    def along(self, dimension: str) -> dict[str | int | date | None, float]:
        """Return what each value of one dimension adds in all, the largest first; they add up to `change`."""
        found: dict[str | int | date | None, float] = {}
        for group in self.groups:
            value = group.key[dimension]
            found[value] = found.get(value, 0.0) + group.total
        return dict(sorted(found.items(), key=lambda pair: -abs(pair[1])))

    def to_dict(self) -> dict[str, Any]:
        """Return the change as plain JSON types."""
        return {
            "metric": self.metric.name,
            "unit": self.metric.unit,
            "scale": self.scale,
            "by": list(self.by),
            "before": vars(self.before),
            "after": vars(self.after),
            **{name: getattr(self, name) for name in _NUMBERS},
            "groups": [group.to_dict() for group in self.groups],
            "is_paradox": self.is_paradox,
            "says": {"en": self.says_en, "zh": self.says_zh},
            "method": self.method,
            "as_of": self.as_of.isoformat() if self.as_of else None,
        }


_NUMBERS = ("change", "low", "high", "p_value", "verdict", "mix", "answer_rate", "within")


def _plain(key: Key) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in key.items()}
