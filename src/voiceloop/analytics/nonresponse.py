"""Who was not asked, who did not answer, and what the figure is with the answers weighted for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

from voiceloop.analytics import registry
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.explained import Figure
from voiceloop.analytics.measure import measure
from voiceloop.analytics.metric import Metric, Share
from voiceloop.analytics.missing import NonResponse, Slice
from voiceloop.analytics.plan import Where
from voiceloop.analytics.scan import Source
from voiceloop.analytics.sentences import non_response_sentences
from voiceloop.analytics.stats.parts import Parts
from voiceloop.analytics.stats.raking import LIMIT, Raked, rake
from voiceloop.analytics.unfold import bounds_of

Cell = tuple[Any, ...]
Margins = Mapping[str, Mapping[Any, float]]
Population = Literal["asked", "occasions"] | Margins

# Every occasion on which a programme could have asked; those still waiting and those whose message
# failed were neither spared nor asked.
_OCCASIONS = Share(
    name="occasions",
    label_en="Occasions to ask",
    label_zh="可邀请的场合",
    definition_en="Occasions on which a programme could have asked.",
    definition_zh="可以发出邀请的场合。",
    table="invitations",
    where="status NOT IN ('queued', 'failed')",
    hit="status = 'answered'",
)


def non_response(
    lake: Source,
    metric: str | Metric,
    *,
    by: str | Sequence[str],
    since: date | None = None,
    until: date | None = None,
    where: Where | None = None,
    population: Population = "asked",
    limit: float = LIMIT,
    confidence: float = 0.95,
) -> NonResponse:
    """Weight the answers to those who were asked, and say who is missing.

    Weights repair what the dimensions know of: within a group, those who did not answer are taken
    to be like those who did.

    Parameters
    ----------
    lake : Lake
    metric : str or Metric
        A score, a share or an average.
    by : str or sequence of str
        Dimensions of both the answers and the invitations, for instance channel and tier.
    since, until, where, confidence
        As for `measure`.
    population : {'asked', 'occasions'} or mapping
        Weight to those who were asked (default), to every occasion on which one could have been
        asked, or to known totals: dimension → value → number.
    limit : float
        No answer counts for more than this many (`stats.raking.rake`).

    Returns
    -------
    NonResponse

    Raises
    ------
    AnalyticsError
        For an unknown metric or column, without answers, or when the lake does not know who was asked.

    Examples
    --------
    >>> from voiceloop.analytics.demo import tiny_lake
    >>> found = non_response(tiny_lake(), "nps", by="channel", population={"channel": {"web": 30, "sms": 10}})
    >>> found.raw.value, round(found.weighted.value), round(found.raking.design_effect, 2)
    (20.0, 30, 1.25)
    """
    wanted = registry.metric(metric) if isinstance(metric, str) else metric
    dimensions = (by,) if isinstance(by, str) else tuple(by)
    if not dimensions:
        raise AnalyticsError("Say by which dimensions to weight.", "请说明按哪些维度加权。")
    answers = measure(lake, wanted, by=dimensions, where=where, since=since, until=until, min_n=1)
    bounds_of(wanted, answers.scale)
    cells = {tuple(row.key[name] for name in dimensions): row.parts for row in answers.rows if row.n}
    if not cells:
        raise AnalyticsError(
            f"There are no answers to weight {wanted.name} on.", f"没有可用于给 {wanted.name} 加权的答案。"
        )
    occasions = _occasions(lake, dimensions, where, since, until)
    margins = _margins(dimensions, occasions, population)
    raked = rake({cell: float(parts.n) for cell, parts in cells.items()}, margins, limit=limit)
    raw = sum(cells.values(), Parts())
    weighted = sum((_times(parts, raked.factors[cell]) for cell, parts in cells.items()), Parts())
    figures = [_figure(wanted, parts, answers.scale, confidence) for parts in (raw, weighted)]
    slices = [
        one
        for i in range(len(dimensions))
        for one in _slices(i, dimensions, cells, occasions, margins, raked)
    ]
    says = non_response_sentences(wanted, figures[0].value, figures[1].value, slices[0])
    return NonResponse(
        wanted, answers.scale, dimensions, figures[0], figures[1], raked, float(weighted.effective_n),
        tuple(slices), says[0], says[1], f"raking, factors up to {limit:g}; {answers.method}", answers.as_of,
    )  # fmt: skip


def _occasions(
    lake: Source, by: tuple[str, ...], where: Where | None, since: date | None, until: date | None
) -> dict[tuple[Cell, str, str | None], int]:
    """How many invitations there are of each cell, status and reason."""
    columns = set(lake.scope(_OCCASIONS).columns)
    known = {name: value for name, value in (where or {}).items() if name in columns}
    found = measure(
        lake, _OCCASIONS, by=(*by, "status", "reason"), where=known, since=since, until=until, min_n=1
    )
    counts: dict[tuple[Cell, str, str | None], int] = {}
    for row in found.rows:
        cell, status, reason = tuple(row.key[name] for name in by), row.key["status"], row.key["reason"]
        if row.n:
            counts[cell, str(status), None if reason is None else str(reason)] = row.n
    return counts


def _margins(
    by: tuple[str, ...], occasions: Mapping[tuple[Cell, str, str | None], int], population: Population
) -> list[dict[Any, float]]:
    if not isinstance(population, str):
        unknown = sorted(set(by) - set(population))
        if unknown:
            raise AnalyticsError(
                f"The population says nothing about {unknown[0]}.", f"总体中没有“{unknown[0]}”的分布。"
            )
        return [dict(population[name]) for name in by]
    counted = {key: n for key, n in occasions.items() if population == "occasions" or key[1] != "suppressed"}
    if not counted:
        raise AnalyticsError(
            "The lake does not know who was asked in these days.", "数据湖中没有这段时间的邀请记录。"
        )
    margins: list[dict[Any, float]] = [{} for _ in by]
    for (cell, _, _), n in counted.items():
        for margin, value in zip(margins, cell, strict=True):
            margin[value] = margin.get(value, 0.0) + n
    return margins


def _times(parts: Parts, factor: float) -> Parts:
    return Parts(
        parts.n,
        parts.weight * factor,
        parts.weight_squares * factor**2,
        parts.total * factor,
        parts.squares * factor,
    )


def _figure(metric: Metric, parts: Parts, scale: str | None, confidence: float) -> Figure:
    f = metric.factor
    low, high = metric.interval(parts, scale, confidence) or (None, None)
    ends = (None if end is None else float(end) * f for end in (low, high))
    return Figure(int(parts.n), (parts.mean or 0.0) * f, *ends)


def _slices(
    i: int,
    by: tuple[str, ...],
    cells: Mapping[Cell, Parts],
    occasions: Mapping[tuple[Cell, str, str | None], int],
    margins: Sequence[Mapping[Any, float]],
    raked: Raked,
) -> list[Slice]:
    total, population = sum(parts.n for parts in cells.values()), sum(margins[i].values())
    values = dict.fromkeys((*(cell[i] for cell in cells), *margins[i], *(key[0][i] for key in occasions)))
    found = []
    for value in values:
        asked = {key: n for key, n in occasions.items() if key[0][i] == value}
        spared: Counter[str] = Counter()
        for (_, status, reason), n in asked.items():
            spared.update({reason or "unknown": n} if status == "suppressed" else {})
        own = {cell: parts.n for cell, parts in cells.items() if cell[i] == value}
        found.append(
            Slice(
                dimension=by[i],
                value=value,
                n_occasions=sum(asked.values()),
                n_asked=sum(asked.values()) - spared.total(),
                n_answered=sum(n for (_, status, _), n in asked.items() if status == "answered"),
                suppressed=dict(spared.most_common()),
                n_answers=int(sum(own.values())),
                population_share=margins[i].get(value, 0.0) / population if population else 0.0,
                answer_share=sum(own.values()) / total,
                weighted_share=sum(n * raked.factors[cell] for cell, n in own.items()) / total,
            )
        )
    return sorted(found, key=lambda one: (one.answer_share - one.population_share, repr(one.value)))
