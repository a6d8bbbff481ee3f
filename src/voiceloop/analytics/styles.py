"""Groups of customers over all items of one scale: what they think, and how they use the scale."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import numpy as np
from sqlglot import exp

from voiceloop.analytics.engines import engine
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.measure import ask
from voiceloop.analytics.metric import Average
from voiceloop.analytics.plan import Question, Where, filters, keys_of
from voiceloop.analytics.scales import SCALES, Scale, scale
from voiceloop.analytics.scan import Source
from voiceloop.analytics.stats.response_style import (
    BLOCKS,
    MIN_RESPONDENTS,
    Compared,
    Counts,
    Style,
    compared,
    style,
)

# Groups that a reader can take in at once; the smaller ones are counted and named as left out.
MOST_GROUPS = 8
# Scales of whole points, three or more.
USABLE = tuple(one.id for one in SCALES.values() if one.step == 1 and len(one.points) > 2)


@dataclass(frozen=True)
class Group:
    """One group: its style, and how it differs from the reference, which has no difference."""

    code: str
    respondents: int
    style: Style
    compared: Compared | None = None


@dataclass(frozen=True)
class Styles:
    """What `styles` found.

    Attributes
    ----------
    by : str
    scale : Scale or None
        None where no scale has two items with enough answers.
    items : tuple of str
        Codes of the questions that all groups answered.
    groups : tuple of Group
        The reference first, then most respondents first.
    left_out : tuple of (str, int)
        Groups with too few respondents, and how many they have.
    """

    by: str
    scale: Scale | None
    items: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    left_out: tuple[tuple[str, int], ...] = ()

    @property
    def reference(self) -> Group | None:
        """The group with which the others are compared."""
        return self.groups[0] if self.groups else None


def styles(
    lake: Source,
    by: str,
    *,
    on: str = "",
    against: str = "",
    where: Where | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Styles:
    """Compare groups over all items of one scale, with what their use of the scale explains.

    Parameters
    ----------
    lake : Lake
    by : str
        A dimension of answers, or ``attributes.X``: language, region, attributes.country …
    on : str
        A scale; by default the one with most answers of those with two items or more.
    against : str
        The group that the others are compared with; by default the one with most respondents.
    where, since, until
        As for `measure`.

    Returns
    -------
    Styles
        Without groups where fewer than one has `MIN_RESPONDENTS` respondents.

    Raises
    ------
    AnalyticsError
        For a scale that has fewer than three points or none of whole numbers, and as `measure` does.

    Examples
    --------
    >>> from voiceloop.analytics.demo import tiny_lake
    >>> styles(tiny_lake(), "channel").groups
    ()
    """
    if on and on not in USABLE:
        raise AnalyticsError(f"Not a scale for this: {on}.", f"量表“{on}”不适用。")
    chosen = on or _scale(lake, by, where, since, until)
    if not chosen:
        return Styles(by, None)
    question = _question(lake, chosen, by, where, since, until)
    people = _people(lake, question)
    big = [code for code, n in people.items() if n >= MIN_RESPONDENTS][:MOST_GROUPS]
    if against in big:
        big = [against, *(code for code in big if code != against)]
    left_out = tuple((code, n) for code, n in people.items() if code not in big)
    items, counts = _counts(lake, question, big)
    if len(items) < 2 or not big:
        return Styles(by, scale(chosen), tuple(items), (), left_out)
    points = scale(chosen).points
    groups = tuple(
        Group(
            code,
            people[code],
            style(counts[code], points),
            compared(counts[code], counts[big[0]], points) if place else None,
        )
        for place, code in enumerate(big)
    )
    return Styles(by, scale(chosen), tuple(items), groups, left_out)


def known_groups(
    lake: Source, names: tuple[str, ...], *, where: Where | None = None, since: date | None = None,
    until: date | None = None,
) -> dict[str, int]:  # fmt: skip
    """Return of each name how many values it has among the answers, at most one of them unknown.

    Examples
    --------
    >>> from voiceloop.analytics.demo import tiny_lake
    >>> known_groups(tiny_lake(), ("channel", "language"))
    {'channel': 2, 'language': 0}
    """
    question = _question(lake, USABLE, names, where, since, until)
    columns = [
        exp.Count(this=exp.Distinct(expressions=[key.unalias()])).as_(f"n{i}")
        for i, key in enumerate(keys_of(question)[: len(names)])
    ]
    query = exp.select(*columns).from_("facts").where(*filters(question))
    rows = engine().run(engine().sql(query), lake.scan("answers", since, until))
    return {name: int(n) for name, n in zip(names, rows[0], strict=True)}


def _question(
    lake: Source, scales: str | tuple[str, ...], by: str | tuple[str, ...], where: Where | None,
    since: date | None, until: date | None,
) -> Question:  # fmt: skip
    several = (scales,) if isinstance(scales, str) else scales
    metric = Average(
        name="answers_on_scale", label_en="answers", label_zh="答案", definition_en="", definition_zh="",
        unit="score", scales=several, column="score",
    )  # fmt: skip
    names = (by,) if isinstance(by, str) else by
    return ask(lake, metric, by=names, where=where, since=since, until=until)


def _known(question: Question) -> list[exp.Expr]:
    return [*filters(question), exp.column("score").is_(exp.null()).not_()]


def _scale(lake: Source, by: str, where: Where | None, since: date | None, until: date | None) -> str:
    """The scale with most answers of those that two questions use."""
    question = _question(lake, USABLE, by, where, since, until)
    query = exp.select("scale", "question", exp.Count(this=exp.Star())).from_("facts")
    query = query.where(*_known(question)).group_by("scale", "question")
    found: dict[str, list[int]] = defaultdict(list)
    for id, _code, n in engine().run(engine().sql(query), lake.scan("answers", since, until)):
        if n >= MIN_RESPONDENTS:
            found[str(id)].append(int(n))
    several = {id: sum(counts) for id, counts in found.items() if len(counts) > 1}
    return max(several, key=lambda id: (several[id], id), default="")


def _people(lake: Source, question: Question) -> dict[str, int]:
    """Respondents of each group, the largest first."""
    key = keys_of(question)[0]
    n = exp.Count(this=exp.Distinct(expressions=[exp.column("response_id")]))
    query = (
        exp.select(key, n.as_("n")).from_("facts").where(*_known(question)).group_by(exp.Literal.number(1))
    )
    rows = engine().run(engine().sql(query), lake.scan("answers", question.since, question.until))
    known = {str(code): int(n) for code, n in rows if code is not None}
    return dict(sorted(known.items(), key=lambda one: (-one[1], one[0])))


def _counts(lake: Source, question: Question, groups: list[str]) -> tuple[list[str], dict[str, Counts]]:
    """Answers by item, block of respondents and point; of items that every group answered often enough."""
    points = scale(cast("str", question.only_scale)).points
    block = exp.Mod(this=exp.column("response_id"), expression=exp.Literal.number(BLOCKS))
    query = exp.select(
        keys_of(question)[0], exp.column("question"), block.as_("b"), exp.column("score"),
        exp.Count(this=exp.Star()).as_("n"),
    ).from_("facts").where(*_known(question))  # fmt: skip
    query = query.group_by(*(exp.Literal.number(i) for i in range(1, 5)))
    rows = engine().run(engine().sql(query), lake.scan("answers", question.since, question.until))
    place = {point: i for i, point in enumerate(points)}
    cells: dict[str, dict[str, Any]] = defaultdict(dict)
    for code, item, at, score, n in rows:
        if code is None or str(code) not in groups or score not in place:
            continue
        of = cells[str(item)].setdefault(str(code), np.zeros((BLOCKS, len(points))))
        of[int(at), place[float(score)]] += n
    items = sorted(
        item
        for item, several in cells.items()
        if all(code in several and several[code].sum() >= MIN_RESPONDENTS for code in groups)
    )
    return items, {code: np.stack([cells[item][code] for item in items]) for code in groups if items}
