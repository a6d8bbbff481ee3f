"""How much a sample is worth whose rows come in clusters, such as the answers of one store."""

from __future__ import annotations

from voiceloop.analytics.stats.student import normal_quantile, t_quantile

# Beyond this many clusters Student's t and the normal differ by less than half a percent.
_MANY = 400


def cluster_effective_n(
    n_clusters: int, weight: float, total: float, squares: float, ww: float, wx: float, xx: float
) -> float:
    """Return the number of independent rows that would tell as much as these clustered ones.

    The linearised variance of a mean over clusters is C/(C − 1) · Σ(X_c − m·W_c)² / W²: Cochran,
    Sampling Techniques (1977), section 11.7. C is the effective number of clusters W²/ΣW_c², as in
    Carter, Schnepel and Steigerwald, Review of Economics and Statistics 99 (2017) 698, so that one
    big store among many small ones does not count as many. The answer is smaller by (t/z)² for
    C − 1 degrees of freedom, because a reader multiplies the error by the normal quantile. No
    clustering ever makes a sample worth more than its rows.

    Parameters
    ----------
    n_clusters : int
        Number of clusters with at least one row.
    weight, total, squares : float
        Σw, Σwx and Σwx² over all rows; weights average 1.
    ww, wx, xx : float
        Over clusters c: ΣW_c², ΣW_c·X_c and ΣX_c², with W_c = Σw and X_c = Σwx of the cluster.

    Returns
    -------
    float
        In rows: at most ``weight``, and 1 for a single cluster, which says nothing about others.

    Examples
    --------
    Twenty stores with ten answers each. In the first line every store is like every other, in the
    second a store's answers are all alike, so it is worth little more than one answer.

    >>> round(cluster_effective_n(20, 200.0, 100.0, 100.0, 2000.0, 1000.0, 500.0), 1)
    175.4
    >>> round(cluster_effective_n(20, 200.0, 100.0, 100.0, 2000.0, 1000.0, 1000.0), 1)
    16.7
    """
    if n_clusters <= 1 or weight <= 0 or ww <= 0:
        return min(1.0, max(weight, 0.0))
    clusters = min(float(n_clusters), weight * weight / ww)
    if clusters <= 1:
        return 1.0
    mean = total / weight
    between = max(xx - 2 * mean * wx + mean * mean * ww, 0.0)
    variance = clusters / (clusters - 1) * between / weight**2
    within = max(squares / weight - mean * mean, 0.0)
    rows = min(within / variance, weight) if variance > 0 else weight
    return min(max(rows / _penalty(clusters - 1), 1.0), weight)


def _penalty(df: float) -> float:
    # Whole degrees of freedom, rounded down: the quantile is remembered for the next group.
    df = float(max(int(df + 1e-9), 1))
    return (t_quantile(0.975, df) / normal_quantile(0.975)) ** 2 if df < _MANY else 1.0
