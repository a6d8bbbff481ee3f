"""What is found about those who were not asked or did not answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from voiceloop.analytics.explained import Figure
from voiceloop.analytics.metric import Metric
from voiceloop.analytics.stats.raking import Raked


@dataclass(frozen=True)
class Slice:
    """One value of one dimension: how many could be asked, were asked, and answered.

    Attributes
    ----------
    dimension, value : str
    n_occasions, n_asked, n_answered : int
        Invitations, the suppressed among them only in the first.
    suppressed : mapping of reason to int
        Why the others were not asked.
    n_answers : int
        Answers behind the figure.
    population_share, answer_share, weighted_share : float
        Share of the population, of the answers, and of the answers once weighted, 0-1.
    """

    dimension: str
    value: Any
    n_occasions: int
    n_asked: int
    n_answered: int
    suppressed: Mapping[str, int]
    n_answers: int
    population_share: float
    answer_share: float
    weighted_share: float

    @property
    def asked_rate(self) -> float | None:
        """Asked / occasions; None without occasions."""
        return self.n_asked / self.n_occasions if self.n_occasions else None

    @property
    def answer_rate(self) -> float | None:
        """Answered / asked; None when nobody was asked."""
        return self.n_answered / self.n_asked if self.n_asked else None

    def to_dict(self) -> dict[str, Any]:
        """Return the slice as plain JSON types."""
        rates = {"asked_rate": self.asked_rate, "answer_rate": self.answer_rate}
        return {**vars(self), "suppressed": dict(self.suppressed), **rates}


@dataclass(frozen=True)
class NonResponse:
    """A figure as answered and as weighted to those who were asked.

    Attributes
    ----------
    raw, weighted : Figure
        In the metric's unit; the weighted interval uses the effective number of answers (Kish).
    raking : Raked
        The weights by cell (a tuple of values in the order of ``by``), whether they converged, the
        limit on them, how many answers are held at it and the design effect.
    effective_n : float
        Answers of equal weight that would tell as much as the weighted ones.
    slices : tuple of Slice
        By dimension, the least represented value first.
    says_en, says_zh : str
        The finding in words.
    """

    metric: Metric = field(repr=False)
    scale: str | None
    by: tuple[str, ...]
    raw: Figure
    weighted: Figure
    raking: Raked
    effective_n: float
    slices: tuple[Slice, ...]
    says_en: str
    says_zh: str
    method: str
    as_of: datetime | None

    @property
    def suppressed(self) -> dict[str, int]:
        """How many were not asked, by reason, the most frequent first."""
        first = [one.suppressed for one in self.slices if one.dimension == self.by[0]]
        return dict(sum((Counter(dict(reasons)) for reasons in first), Counter()).most_common())

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as plain JSON types."""
        raking = {name: getattr(self.raking, name) for name in _RAKING}
        missing = [
            {"dimension": self.by[i], "value": value, "share": share}
            for i, value, share in self.raking.missing
        ]
        weights = [
            {"key": dict(zip(self.by, cell, strict=True)), "factor": factor}
            for cell, factor in self.raking.factors.items()
        ]
        return {
            "metric": self.metric.name,
            "unit": self.metric.unit,
            "scale": self.scale,
            "by": list(self.by),
            "raw": vars(self.raw),
            "weighted": vars(self.weighted),
            "effective_n": self.effective_n,
            "raking": {**raking, "missing": missing, "weights": weights},
            "suppressed": self.suppressed,
            "slices": [one.to_dict() for one in self.slices],
            "says": {"en": self.says_en, "zh": self.says_zh},
            "method": self.method,
            "as_of": self.as_of.isoformat() if self.as_of else None,
        }


_RAKING = ("has_converged", "rounds", "error", "limit", "trimmed", "design_effect")
