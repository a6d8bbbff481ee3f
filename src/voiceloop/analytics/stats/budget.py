"""A budget of false alarms for many comparisons at once."""

from __future__ import annotations

from collections.abc import Sequence


def within_budget(p_values: Sequence[float | None], rate: float = 0.05) -> list[bool]:
    """Say which of many comparisons may be called a signal.

    Of those called a signal at most a share of ``rate`` is expected to be chance:
    Benjamini and Hochberg, Journal of the Royal Statistical Society B 57 (1995) 289.

    Parameters
    ----------
    p_values : sequence of float or None
        None (nothing to compare) is never a signal and costs nothing.
    rate : float
        Share of false alarms among the alarms.

    Returns
    -------
    list of bool
        In the order of ``p_values``.

    Examples
    --------
    >>> within_budget([0.001, 0.03, 0.04, 0.6, None])
    [True, False, False, False, False]
    """
    known = sorted(p for p in p_values if p is not None)
    passed = [p for rank, p in enumerate(known, 1) if p <= rate * rank / len(known)]
    limit = max(passed, default=-1.0)
    return [p is not None and p <= limit for p in p_values]
