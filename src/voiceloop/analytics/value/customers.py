"""What the lake knew about each customer on a day, and whether they came back afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.lake import Lake
from voiceloop.analytics.value.candidates import SEED
from voiceloop.analytics.value.cells import Cells, day_of
from voiceloop.analytics.value.churn import ChurnModel, fit, with_report
from voiceloop.analytics.value.stages import limits
from voiceloop.analytics.value.transactions import Dirt, Purchases

KEY, LABEL = "customer_key", "left"
# Our choices: long enough to matter, short enough that the past holds it several times.
_SHORTEST, _LONGEST, _SNAPSHOTS, _LEAST = 30, 365, 3, 400
# Names for people, in both languages; what is not here is called as it is.
NAMES = {
    "recency_days": ("距上次购买（天）", "Days since the last purchase"),
    "purchases": ("购买日数", "Days with a purchase"),
    "tenure_days": ("首次购买至今（天）", "Days since the first purchase"),
    "pace": ("间隔与习惯之比", "Pause against the usual gap"),
    "recent": ("最近一段时间的购买", "Purchases lately"),
    "before": ("上一段时间的购买", "Purchases in the time before"),
    "spend": ("每次消费", "Spend at a time"),
    "wait_minutes": ("平均等待（分钟）", "Average wait (minutes)"),
    "late": ("超时订单", "Late orders"),
    "returned": ("退货次数", "Returns"),
    "last_score": ("最近一次评分", "Last score"),
    "mean_score": ("平均评分", "Average score"),
    "days_since_score": ("距上次评分（天）", "Days since the last score"),
    "scores": ("评分次数", "Scores given"),
    "negative": ("负面评论", "Negative comments"),
    "problems": ("反映的问题", "Problems told"),
    "cases": ("工单", "Cases"),
    "open_cases": ("未解决的工单", "Open cases"),
    "lost_cases": ("未挽回的工单", "Cases not recovered"),
    "segment": ("客群", "Segment"),
    "tier": ("等级", "Tier"),
    "channel": ("渠道", "Channel"),
    "region": ("区域", "Region"),
    "kind": ("消费方式", "Kind of order"),
}
_PURCHASES = """
    select customer_key, day, sum(greatest(amount, 0)) as amount, -sum(least(amount, 0)) as returned
    from {transactions} where customer_key is not null and amount is not null group by all
    having count(*) filter (amount >= 0) > 0 order by customer_key, day
"""
# Everything is asked as of the end of the day before $day: later rows, later endings are not yet known.
_FEATURES = """
with bought as (
    select *, row_number() over (partition by customer_key order by "at" desc) as back
    from {transactions} where customer_key is not null and day < $day
), orders as (
    select customer_key, count(distinct day) filter (amount >= 0) as purchases,
        $day - max(day) filter (amount >= 0) as recency_days,
        $day - min(day) filter (amount >= 0) as tenure_days,
        count(distinct day) filter (amount >= 0 and day >= $day - $span) as recent,
        count(distinct day) filter (amount >= 0 and day < $day - $span and day >= $day - 2 * $span) as before,
        avg(amount) filter (amount > 0) as spend, avg(wait_minutes) as wait_minutes,
        count(*) filter (wait_minutes > promised_minutes) as late, count(*) filter (amount < 0) as returned,
        max(segment) filter (back = 1) as segment, max(tier) filter (back = 1) as tier,
        max(channel) filter (back = 1) as channel, max(region) filter (back = 1) as region,
        max(kind) filter (back = 1) as kind
    from bought group by 1
), said as (
    select customer_key, arg_max(score, "at") as last_score, avg(score) as mean_score, count(*) as scores,
        $day - max(day) as days_since_score, arg_max(segment, "at") as said_segment,
        arg_max(tier, "at") as said_tier, arg_max(channel, "at") as said_channel
    from {answers} where question = 'nps' and scale = 'nps_0_10' and customer_key is not null and day < $day
    group by 1
), words as (
    select customer_key,
        count(*) filter (kind = 'sentiment' and polarity < 0) as negative,
        count(*) filter (kind = 'voice' and label = 'problem') as problems
    from {annotations} where customer_key is not null and day < $day group by 1
), owed as (
    select customer_key, count(*) as cases,
        count(*) filter (resolved_at is null or cast(resolved_at as date) >= $day) as open_cases,
        count(*) filter (outcome = 'not_recovered' and cast(resolved_at as date) < $day) as lost_cases
    from {cases} where customer_key is not null and cast(opened_at as date) < $day group by 1
)
select orders.* replace (
        coalesce(segment, said_segment) as segment, coalesce(tier, said_tier) as tier,
        coalesce(channel, said_channel) as channel
    ),
    round(recency_days * greatest(purchases - 1, 1) / greatest(tenure_days - recency_days, 7), 2) as pace,
    last_score, mean_score, days_since_score, coalesce(scores, 0) as scores,
    coalesce(negative, 0) as negative, coalesce(problems, 0) as problems,
    coalesce(cases, 0) as cases, coalesce(open_cases, 0) as open_cases, coalesce(lost_cases, 0) as lost_cases
from orders left join said using (customer_key) left join words using (customer_key)
    left join owed using (customer_key)
where purchases > 0 and recency_days <= $active order by customer_key
"""


@dataclass(frozen=True)
class Snapshot:
    """Customers who were active on ``day``, as columns; with ``left`` where the time after is known."""

    day: date
    table: dict[str, Any]

    @property
    def n(self) -> int:
        """How many customers."""
        return len(self.table[KEY])


def bought(lake: Lake) -> Purchases:
    """Return the purchases of everyone whom the lake knows by a key.

    Raises
    ------
    AnalyticsError
        When the lake holds none.
    """
    rows = _asked(lake, _PURCHASES, {})
    if not len(rows[KEY]):
        raise AnalyticsError("Nobody has bought anything yet.", "还没有任何客户的购买记录。")
    keys, customer = np.unique(rows[KEY].astype(np.int64), return_inverse=True)
    day = (rows["day"].astype("datetime64[D]") - np.datetime64("1970-01-01")).astype(np.int64)
    amount, returned = (rows[name].astype(np.float64) for name in ("amount", "returned"))
    back = np.bincount(customer, weights=returned, minlength=len(keys)).astype(np.float64)
    names = tuple(str(key) for key in keys.tolist())
    return Purchases(names, customer.astype(np.int64), day, amount, back, int(day.max()), Dirt(rows=len(day)))


def horizon(of: Purchases) -> int:
    """Return after how many days without a purchase a customer counts as having left.

    The pause that four of five customers who come back stay below (``at_risk`` of `stages.limits`), but no
    more than a quarter of the data: a model needs a past in which it was seen who came back.

    Examples
    --------
    >>> from voiceloop.analytics.value.simulated import shoppers
    >>> 30 <= horizon(shoppers(400, seed=1)) <= 365
    True
    """
    quarter = (of.until - of.first_day) // 4
    return int(np.clip(min(limits(of).at_risk, quarter), _SHORTEST, _LONGEST))


def features(lake: Lake, as_of: date, days: int) -> Snapshot:
    """Return what was known about every active customer before ``as_of``.

    Active is who bought within ``days`` before; who did not has left already. Nothing of ``as_of`` or
    later is looked at: rows by their day, cases and their outcomes by when they were opened and resolved.

    Parameters
    ----------
    lake : Lake
        With transactions; answers, annotations and cases where there are some.
    as_of : date
        The day after the last that is known.
    days : int
        The time without a purchase that counts as leaving.
    """
    return Snapshot(
        as_of, _asked(lake, _FEATURES, {"day": as_of, "span": max(days // 2, 14), "active": days})
    )


def labelled(lake: Lake, of: Purchases, as_of: date, days: int) -> Snapshot:
    """Return `features` with ``left``: 1 where the customer bought nothing in ``days`` from ``as_of``."""
    found = features(lake, as_of, days)
    start = (as_of - date(1970, 1, 1)).days
    after = (of.day >= start) & (of.day < start + days)
    came = {of.keys[i] for i in np.unique(of.customer[after]).tolist()}
    left = np.array([str(key) not in came for key in found.table[KEY].tolist()], dtype=np.int64)
    return Snapshot(as_of, {**found.table, LABEL: left})


def fitted(lake: Lake, *, days: int | None = None, seed: int = SEED) -> ChurnModel:
    """Fit who will not come back, on several days of the past, and test it on the latest of them.

    Snapshots lie ``days`` apart, so that no outcome counts twice. The model in the answer is fitted on all;
    its report holds ``later``: fitted on the earlier snapshots only, tested on the latest.

    Parameters
    ----------
    lake : Lake
        The company's.
    days : int, optional
        The time without a purchase that counts as leaving; `horizon` when left out.
    seed : int
        Decides the folds.

    Raises
    ------
    AnalyticsError
        When history or customers are too few.
    """
    of = bought(lake)
    span = days or horizon(of)
    last = day_of(of.until + 1)
    firsts = [last - timedelta(days=span * k) for k in range(1, _SNAPSHOTS + 1)]
    past = [day for day in firsts if (day - day_of(of.first_day)).days >= span]
    shots = [labelled(lake, of, day, span) for day in past]
    n = sum(shot.n for shot in shots)
    if n < _LEAST:
        raise AnalyticsError(
            f"Too little history: {n:,} customers whose next {span} days are known; {_LEAST} are needed.",
            f"历史数据不足：只有 {n:,} 位客户之后 {span} 天的情况已知，至少需要 {_LEAST} 位。",
        )
    model = fit(_stacked(shots), LABEL, drop=[KEY], seed=seed)
    facts = {
        "horizon_days": span,
        "as_of": last.isoformat(),
        "snapshots": [shot.day.isoformat() for shot in shots],
    }
    return with_report(model, **facts, later=_later(shots, seed))


def _later(shots: Sequence[Snapshot], seed: int) -> dict[str, Any] | None:
    """What the model of then would have been worth on the newest snapshot."""
    if len(shots) < 2:
        return None
    try:
        before = fit(_stacked(shots[1:]), LABEL, drop=[KEY], seed=seed)
        return {**before.evaluate(shots[0].table, LABEL).to_dict(), "day": shots[0].day.isoformat()}
    except AnalyticsError:
        return None


def _stacked(shots: Sequence[Snapshot]) -> dict[str, Any]:
    return {
        name: Cells.of([value for shot in shots for value in shot.table[name].tolist()])
        for name in shots[0].table
    }


def _asked(lake: Lake, sql: str, values: dict[str, Any]) -> dict[str, Any]:
    """Columns of a query as numpy arrays; a table that was never written has no rows."""
    import duckdb

    names = {
        name: _table(lake, name)
        for name in ("transactions", "answers", "annotations", "cases")
        if f"{{{name}}}" in sql
    }
    with duckdb.connect() as engine:
        engine.execute("set timezone = 'UTC'")
        found = engine.sql(sql.format(**names), params=values or None).to_arrow_table()
    return {name: _array(found[name]) for name in found.column_names}


def _table(lake: Lake, name: str) -> str:
    from voiceloop.analytics.readers._raw import literal
    from voiceloop.analytics.schema import table

    files = ", ".join(literal(uri) for uri in lake.uris(name))
    if files:
        return f"read_parquet([{files}], hive_partitioning = false, union_by_name = true)"
    kinds = {
        "string": "varchar",
        "timestamp": "timestamptz",
        "map": "map(varchar, varchar)",
        "int8": "tinyint",
    }
    kinds |= {"int64": "bigint", "int32": "integer"}
    empty = ", ".join(
        f"null::{kinds.get(kind, kind)} as {column}" for column, kind in table(name).columns.items()
    )
    return f"(select {empty} where false)"


def _array(column: Any) -> Any:
    """Numbers as numbers, days as days, anything else as objects with None."""
    import pyarrow as pa

    if pa.types.is_integer(column.type) and not column.null_count:
        return column.to_numpy().astype(np.int64)
    if (
        pa.types.is_floating(column.type)
        or pa.types.is_integer(column.type)
        or pa.types.is_decimal(column.type)
    ):
        return column.cast(pa.float64()).to_numpy()
    if pa.types.is_date(column.type):
        return column.to_numpy()
    return np.array(column.to_pylist(), dtype=object)
