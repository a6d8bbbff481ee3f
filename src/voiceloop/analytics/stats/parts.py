"""The sums to which every metric reduces, and which merge over any grouping."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parts:
    """Count, weights, total and squares of the values x of some rows.

    Attributes
    ----------
    n : int
        Number of rows.
    weight, weight_squares : float
        Σw and Σw²; both equal ``n`` when unweighted.
    total, squares : float
        Σwx and Σwx².

    Examples
    --------
    >>> Parts.of([1, 0, -1]) + Parts.of([1])
    Parts(n=4, weight=4.0, weight_squares=4.0, total=1.0, squares=3.0)
    """

    n: int = 0
    weight: float = 0.0
    weight_squares: float = 0.0
    total: float = 0.0
    squares: float = 0.0

    @classmethod
    def of(cls, values: list[float], weights: list[float] | None = None) -> Parts:
        """Return the sums of some values."""
        pairs = list(zip(values, weights or [1.0] * len(values), strict=True))
        return cls(
            len(pairs),
            float(sum(w for _, w in pairs)),
            float(sum(w * w for _, w in pairs)),
            float(sum(w * x for x, w in pairs)),
            float(sum(w * x * x for x, w in pairs)),
        )

    def __add__(self, other: Parts) -> Parts:
        return Parts(
            self.n + other.n,
            self.weight + other.weight,
            self.weight_squares + other.weight_squares,
            self.total + other.total,
            self.squares + other.squares,
        )

    @property
    def mean(self) -> float | None:
        """Weighted mean of the values, None without any weight."""
        return self.total / self.weight if self.weight > 0 else None

    @property
    def effective_n(self) -> float:
        """Number of equally weighted rows that would be as informative.

        (Σw)² / Σw²: Kish, Survey Sampling (1965), section 11.7.
        """
        return self.weight**2 / self.weight_squares if self.weight_squares > 0 else 0.0

    def with_pseudo(self, pseudo: tuple[tuple[float, float], ...]) -> tuple[float, float, float]:
        """Return (n, mean, variance) after adding pseudo-answers to the effective sample.

        Parameters
        ----------
        pseudo : tuple of (count, value)
            Fractions of answers and the value each would have had.
        """
        n = self.effective_n
        share = n / self.weight if self.weight > 0 else 0.0
        size = n + sum(count for count, _ in pseudo)
        mean = (self.total * share + sum(count * x for count, x in pseudo)) / size
        square = (self.squares * share + sum(count * x * x for count, x in pseudo)) / size
        return size, mean, max(square - mean * mean, 0.0)
