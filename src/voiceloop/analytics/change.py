"""Why a figure changed: the mix of groups, who answered, or the groups themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from voiceloop.analytics import registry
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.explained import Change, Contribution, Figure
from voiceloop.analytics.many import p_among_many
from voiceloop.analytics.measure import measure
from voiceloop.analytics.metric import Duration, Metric
from voiceloop.analytics.plan import Where
from voiceloop.analytics.result import Result
from voiceloop.analytics.scan import Source
from voiceloop.analytics.sentences import change_sentences, paradox_sentences
from voiceloop.analytics.stats.budget import within_budget
from voiceloop.analytics.stats.difference import Difference
from voiceloop.analytics.stats.parts import Parts
from voiceloop.analytics.stats.split import Piece, split_change

Days = tuple[date, date]
Cell = tuple[Any, ...]

_ANSWERED = ("answers", "responses")  # tables whose rows are there because somebody was asked
_OF_THE_ANSWER = ("question", "scale")  # conditions that do not choose among those asked
REST = "…"  # stands for every group too small to be shown alone


def explain_change(
    lake: Source,
    metric: str | Metric,
    *,
    before: Days,
    after: Days,
    by: str | Sequence[str],
    where: Where | None = None,
    weighted: bool = False,
    min_n: int = 5,
    confidence: float = 0.95,
) -> Change:
    """Split the change of a figure between two periods into mix, answer rates and the groups' own change.

    Parameters
    ----------
    lake : Lake or FileSource
    metric : str or Metric
        A score, a share, an average, a ratio or a rate; a median cannot be split.
    before, after : (date, date)
        First day and the day after the last of each period; they do not overlap.
    by : str or sequence of str
        Dimensions; with several every combination is a group.
    where, weighted, confidence
        As for `measure`.
    min_n : int
        Groups with fewer answers in both periods together are shown as one, '…'.

    Returns
    -------
    Change
        Its parts add up to the change within 1e-9; see `stats.split.split_change` for the formula.

    Raises
    ------
    AnalyticsError
        For an unknown metric or column, a metric that is no mean, periods that overlap or end before
        they begin, or a period with fewer than ``min_n`` answers.

    Examples
    --------
    >>> from voiceloop.analytics.demo import tiny_lake
    >>> first, second = (date(2026, 3, 1), date(2026, 3, 6)), (date(2026, 3, 6), date(2026, 3, 11))
    >>> found = explain_change(tiny_lake(), "nps", before=first, after=second, by="channel")
    >>> round(found.change), round(found.mix + found.within), found.verdict
    (-120, -120, 'signal')
    """
    wanted = registry.metric(metric) if isinstance(metric, str) else metric
    dimensions = (by,) if isinstance(by, str) else tuple(by)
    _check(wanted, dimensions, before, after)
    sides = _two_sides(lake, wanted, dimensions, before, after, dict(where or {}), weighted)
    old, new = (_cells(result) for result in sides)
    asked: tuple[dict[Cell, float] | None, ...] = (None, None)
    if wanted.table in _ANSWERED:
        asked = tuple(
            _asked(lake, dimensions, days, where, cells) for days, cells in ((before, old), (after, new))
        )
    old, new, asked = _pooled(old, new, asked, len(dimensions), min_n)
    scale = sides[1].scale
    return _told(wanted, scale, dimensions, (before, after), (old, new), asked, sides[1], min_n, confidence)


def _check(metric: Metric, by: tuple[str, ...], before: Days, after: Days) -> None:
    if isinstance(metric, Duration):
        raise AnalyticsError(
            f"{metric.name} is a median, and a median cannot be split into groups.",
            f"指标 {metric.name} 是中位数，无法按分组分解。",
        )
    if not by:
        raise AnalyticsError("Say what to split the change by.", "请说明按什么分解变化。")
    for since, until in (before, after):
        if since >= until:
            raise AnalyticsError(
                f"The period from {since} to {until} has no days.", f"从 {since} 到 {until} 的时段没有日期。"
            )
    if before[0] < after[1] and after[0] < before[1]:
        raise AnalyticsError("The two periods overlap.", "两个时段有重叠。")


def _two_sides(
    lake: Source,
    metric: Metric,
    by: tuple[str, ...],
    before: Days,
    after: Days,
    where: dict[str, Any],
    weighted: bool,
) -> tuple[Result, Result]:
    def side(days: Days, where: dict[str, Any]) -> Result:
        since, until = days
        return measure(lake, metric, by=by, where=where, since=since, until=until, weighted=weighted, min_n=1)

    new = side(after, where)
    # The scale that most answers have now is the one both periods are measured on.
    on_scale = {"scale": new.scale} if new.scale and new.left_out else {}
    old = side(before, {**on_scale, **where})
    if old.scale != new.scale and new.scale:
        old = side(before, {**where, "scale": new.scale})
    return old, new


def _cells(result: Result) -> dict[Cell, Parts]:
    return {tuple(row.key[name] for name in result.by): row.parts for row in result.rows if row.parts.n}


def _asked(
    lake: Source, by: tuple[str, ...], days: Days, where: Where | None, answers: Mapping[Cell, Parts]
) -> dict[Cell, float] | None:
    """How many were asked in each group; None when that is not known, or does not cover the answers."""
    metric = registry.metric("response_rate")
    try:
        columns = set(lake.scope(metric).columns)
        known = {name: value for name, value in (where or {}).items() if name not in _OF_THE_ANSWER}
        if not columns.issuperset(known):
            return None
        found = measure(lake, metric, by=by, where=known, since=days[0], until=days[1], min_n=1)
    except AnalyticsError:
        return None
    asked = {cell: float(parts.n) for cell, parts in _cells(found).items()}
    enough = sum(asked.values()) >= sum(parts.n for parts in answers.values())
    return asked if enough and asked else None


def _pooled(old: Any, new: Any, asked: Any, width: int, min_n: int) -> Any:
    """Put the groups with too few answers into one, which stands last."""
    n = {cell: _n(old, cell) + _n(new, cell) for cell in (*old, *new)}
    rest = (REST,) * width
    name = {cell: cell if count >= min_n else rest for cell, count in n.items()}

    def merged(cells: Mapping[Cell, Any], zero: Any) -> dict[Cell, Any]:
        found: dict[Cell, Any] = {}
        for cell, amount in cells.items():
            found[name.get(cell, cell)] = found.get(name.get(cell, cell), zero) + amount
        return found

    both_asked = None if None in asked else tuple(merged(side, 0.0) for side in asked)
    return merged(old, Parts()), merged(new, Parts()), both_asked


def _n(cells: Mapping[Cell, Parts], cell: Cell) -> int:
    return int(cells[cell].n) if cell in cells else 0


def _told(
    metric: Metric,
    scale: str | None,
    by: tuple[str, ...],
    days: tuple[Days, Days],
    sides: tuple[dict[Cell, Parts], dict[Cell, Parts]],
    asked: Any,
    result: Result,
    min_n: int,
    confidence: float,
) -> Change:
    totals = [sum(side.values(), Parts()) for side in sides]
    for total, (since, until) in zip(totals, days, strict=True):
        if total.n < max(min_n, 1):
            raise AnalyticsError(
                f"From {since} to {until} {metric.name} has only {total.n} rows, too few to explain.",
                f"从 {since} 到 {until}，指标 {metric.name} 只有 {total.n} 条数据，不足以解释变化。",
            )
    before, after = (_figure(metric, total, scale, confidence) for total in totals)
    whole = metric.difference(totals[1], totals[0], scale, confidence)
    pieces = split_change(*sides, asked)
    groups = _contributions(metric, scale, by, sides, pieces, confidence)
    f = metric.factor
    mix, within = (sum(getattr(piece, name) for piece in pieces.values()) * f for name in ("mix", "within"))
    answering = sum(piece.answering for piece in pieces.values()) * f if asked else None
    change = after.value - before.value
    is_paradox = _is_paradox(groups, change)
    says = change_sentences(metric, before.value, after.value, mix, answering, within, whole.verdict)
    if is_paradox:
        en, zh = paradox_sentences(change)
        says = f"{says[0]} {en}", f"{says[1]}{zh}"
    return Change(
        metric, scale, by, before, after, change,
        _times(whole.low, f), _times(whole.high, f), whole.p_value, whole.verdict,
        mix, answering, within, groups, is_paradox, says[0], says[1], result.method, result.as_of,
    )  # fmt: skip


def _figure(metric: Metric, parts: Parts, scale: str | None, confidence: float) -> Figure:
    low, high = metric.interval(parts, scale, confidence) or (None, None)
    mean = parts.mean or 0.0
    return Figure(int(parts.n), mean * metric.factor, _times(low, metric.factor), _times(high, metric.factor))


def _contributions(
    metric: Metric,
    scale: str | None,
    by: tuple[str, ...],
    sides: tuple[dict[Cell, Parts], dict[Cell, Parts]],
    pieces: Mapping[Cell, Piece],
    confidence: float,
) -> tuple[Contribution, ...]:
    old, new = sides
    moves = {
        cell: metric.difference(new[cell], old[cell], scale, confidence)
        if cell in old and cell in new
        else None
        for cell in pieces
    }
    p_values = [
        p_among_many(metric, scale, new[cell], old[cell], move.p_value) if move else None
        for cell, move in moves.items()
    ]
    signals = within_budget(p_values, 1 - confidence)
    found = [
        _contribution(metric, by, cell, sides, pieces[cell], moves[cell], is_signal)
        for cell, is_signal in zip(pieces, signals, strict=True)
    ]
    return tuple(sorted(found, key=lambda group: (-abs(group.total), repr(tuple(group.key.values())))))


def _contribution(
    metric: Metric,
    by: tuple[str, ...],
    cell: Cell,
    sides: tuple[dict[Cell, Parts], dict[Cell, Parts]],
    piece: Piece,
    move: Difference | None,
    is_signal: bool,
) -> Contribution:
    f = metric.factor
    old, new = (side.get(cell, Parts()) for side in sides)
    share = (piece.share_before + piece.share_after) / 2 * f
    return Contribution(
        key=dict(zip(by, cell, strict=True)),
        n_before=int(old.n),
        n_after=int(new.n),
        share_before=piece.share_before,
        share_after=piece.share_after,
        value_before=_times(old.mean, f),
        value_after=_times(new.mean, f),
        mix=piece.mix * f,
        answer_rate=piece.answering * f,
        within=piece.within * f,
        low=_times(move.low, share) if move else None,
        high=_times(move.high, share) if move else None,
        p_value=move.p_value if move else None,
        verdict="signal" if is_signal else "noise",
    )


def _is_paradox(groups: Sequence[Contribution], change: float) -> bool:
    moves = [
        group.value_after - group.value_before
        for group in groups
        if group.value_before is not None and group.value_after is not None
    ]
    return len(moves) > 1 and (
        (change < 0 and all(move > 0 for move in moves)) or (change > 0 and all(move < 0 for move in moves))
    )


def _times(x: float | None, factor: float) -> float | None:
    return None if x is None else float(x) * factor
