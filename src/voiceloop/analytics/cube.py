"""What a cube holds, which questions it knows the answer to, and the queries that fill and read it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlglot import exp

from voiceloop.analytics import plan
from voiceloop.analytics.metric import Average
from voiceloop.analytics.plan import SCORE_CLASS, Question
from voiceloop.analytics.scales import DETRACTOR, PASSIVE, PROMOTER, SCALES, in_classes

TABLE = "answers"
_CLASSES = (PROMOTER, PASSIVE, DETRACTOR)


@dataclass(frozen=True)
class Cube:
    """Sums of the answers of each month by some dimensions; ``day`` and ``score`` may be among them.

    Attributes
    ----------
    name : str
    dimensions : tuple of str
        In the order in which rows are stored: what is filtered by most comes first.
    of : str
        The finer cube from which it is made; rows, when empty.
    """

    name: str
    dimensions: tuple[str, ...]
    of: str = ""

    @property
    def keeps_scores(self) -> bool:
        """Whether every score is kept apart, so that any classes can be made of them."""
        return "score" in self.dimensions


# A question is answered from the smallest that knows enough, so each comes fine and coarse.
CUBES = (
    Cube("day", ("touchpoint", "channel", "segment", "day")),
    Cube("day_channel", ("touchpoint", "channel", "day"), of="day"),
    Cube("day_segment", ("touchpoint", "segment", "day"), of="day"),
    Cube("month", ("touchpoint", "channel", "segment"), of="day"),
    Cube("agent_day", ("region", "unit", "team", "agent", "day")),
    Cube("agent", ("region", "unit", "team", "agent"), of="agent_day"),
    Cube("unit_day", ("region", "unit", "day"), of="agent_day"),
    Cube("region", ("region", "touchpoint", "channel", "segment")),
    Cube("region_segment", ("region", "touchpoint", "segment"), of="region"),
    Cube("region_channel", ("region", "channel", "segment"), of="region"),
    Cube("unit", ("region", "unit", "touchpoint", "channel")),
    Cube("unit_touchpoint", ("region", "unit", "touchpoint"), of="unit"),
    Cube("person", ("region", "segment", "tier", "language")),
    Cube("score", ("touchpoint", "channel", "score", "day")),
    Cube("score_day", ("touchpoint", "score", "day"), of="score"),
    Cube("score_month", ("touchpoint", "channel", "score"), of="score"),
)


def is_additive(question: Question) -> bool:
    """Say whether a figure can be put together from sums: not with weights, clusters or other tables."""
    metric = question.metric
    plain = metric.table == TABLE and not metric.derived and not metric.where
    return plain and not question.weighted and question.cluster is None and bool(metric.scales)


def cube_sums(question: Question, cube: Cube) -> exp.Select:
    """Return `plan.sums` for the rows of a cube in place of answers."""
    n = exp.column("n")
    totals: dict[str, exp.Expr] = {"n": exp.Sum(this=n)}
    conditions = plan.hit_conditions(question)
    if conditions is None:
        x = exp.column("score")
        totals |= (
            {"t": exp.Sum(this=x * n), "s": exp.Sum(this=x * x * n)}
            if cube.keeps_scores
            else {"t": exp.Sum(this=exp.column("total")), "s": exp.Sum(this=exp.column("squares"))}
        )
    elif cube.keeps_scores:
        for i, condition in enumerate(conditions):
            totals[f"h{i}"] = exp.Sum(this=exp.Case().when(condition, n).else_(exp.Literal.number(0)))
    else:
        for i, classes in enumerate(plan.hit_classes(question)):
            added = [exp.column(name) for name in classes]
            totals[f"h{i}"] = exp.Sum(this=sum(added[1:], start=added[0]))
    keys = plan.keys_of(question)
    found = exp.select(*keys, *(total.as_(name) for name, total in totals.items())).from_("facts")
    # Where no day is kept, only months that lie whole within the period are read.
    kept = question if "day" in cube.dimensions else replace(question, since=None, until=None)
    found = found.where(*plan.filters(kept), copy=False)
    return found.group_by(*(exp.Literal.number(i) for i, _ in enumerate(keys, 1))) if keys else found


def knows(cube: Cube, question: Question) -> bool:
    """Say whether a cube keeps apart what a question asks for; days, only when it has them."""
    metric = question.metric
    needed = {*question.by, *(name for name, _ in question.where)} - {"question", "scale", "month"}
    if question.every in ("day", "week"):
        needed.add("day")
    own_classes = metric.classes is not None or SCORE_CLASS in needed
    if own_classes or (metric.adds not in ("", "score")):
        needed.add("score")
    if isinstance(metric, Average) and metric.adds != "score":
        return False
    return needed - {SCORE_CLASS} <= set(cube.dimensions)


def making(cube: Cube) -> str:
    """Return the SQL of a cube's rows, in the order in which they are stored."""
    names = ", ".join(("question", "scale", *cube.dimensions))
    counts = {"n": "COUNT(*)"} if not cube.of else {"n": "SUM(n)"}
    sums = {}
    if not cube.keeps_scores:
        counts |= {name: f"SUM({name})" if cube.of else f"COUNT_IF({_is_class(name)})" for name in _CLASSES}
        sums = (
            {"total": "total", "squares": "squares"}
            if cube.of
            else {"total": "score", "squares": "score * score"}
        )
    measures = [f"CAST({sql} AS INTEGER) AS {name}" for name, sql in counts.items()]
    measures += [f"SUM({sql}) AS {name}" for name, sql in sums.items()]
    known = "" if cube.of else "WHERE score IS NOT NULL "
    return f"SELECT {names}, {', '.join(measures)} FROM facts {known}GROUP BY ALL ORDER BY {names}"


def _is_class(name: str) -> str:
    arms = (
        f"WHEN '{scale.id}' THEN {condition}"
        for scale in SCALES.values()
        if (condition := in_classes(scale.classes.bounds, (name,)))
    )
    return f"CASE scale {' '.join(arms)} END"
