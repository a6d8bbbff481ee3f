"""The lifecycle page: counts, movements, score, value and risk by stage, of those whom the reader may see."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Avg, Count, Q, QuerySet, StdDev, Sum
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from voiceloop.analytics import registry
from voiceloop.analytics.scales import DETRACTOR, PASSIVE, PROMOTER, classify
from voiceloop.analytics.stats.parts import Parts
from voiceloop.analytics.value.stages import STAGES
from voiceloop.server.collect.models import Answer, CustomerLife, Response
from voiceloop.server.core.models import Unit, User
from voiceloop.server.understand.customers.lifecycle import MARKS, newest_run
from voiceloop.server.understand.models import CustomerRisk
from voiceloop.server.understand.risk.reading import stage_name

WINDOWS = (30, 90, 365)
SCALE, YEAR, FEW = "nps_0_10", timedelta(days=365), 5
Z = 1.96
VALUE_OF = {PROMOTER: 1, PASSIVE: 0, DETRACTOR: -1}
Figure = dict[str, Any]
# Six that are told apart, in the order of the stages; lapsed is grey.
COLOURS = ("#7fb2f0", "#2f6fde", "#1d9a8a", "#e8964a", "#a9b2bd", "#8b6fd1")


class Lives:
    """Everybody's course, counted once for all that the page shows; of one unit and what is below it."""

    def __init__(self, user: User, *, window: int = 90, unit: Unit | None = None) -> None:
        self.user, self.window = user, window if window in WINDOWS else 90
        self.of_unit = Q(customer__unit__path__startswith=unit.path) if unit else Q()
        self.run = newest_run()
        lives = CustomerLife.objects.visible_to(user).filter(self.of_unit)
        found = lives.values_list("course").annotate(n=Count("pk"))
        self.courses: Counter[str] = Counter(dict(found.values_list("course", "n")))

    @property
    def n(self) -> int:
        return self.courses.total()

    def at(self, mark: int) -> Counter[str]:
        """How many were in each stage so many days ago; "-": not yet a customer."""
        place = MARKS.index(mark)
        found: Counter[str] = Counter()
        for course, n in self.courses.items():
            found[course[place : place + 1] or "-"] += n
        return found

    def moves(self, days: int) -> dict[tuple[str, str], int]:
        """From where to where, within so many days; "-": came as a new customer."""
        place = MARKS.index(days)
        found: Counter[tuple[str, str]] = Counter()
        for course, n in self.courses.items():
            found[course[place : place + 1] or "-", course[:1]] += n
        return found


def units(user: User) -> QuerySet[Unit]:
    """Those that may be asked for."""
    found: QuerySet[Unit] = Unit.objects.visible_to(user).in_tree_order()
    return found


def report(user: User, *, window: int = 90, unit: str = "") -> Figure:
    """All that the page, the file and the API say; a unit that nobody knows narrows to nothing else."""
    chosen = units(user).filter(code=unit).first() if unit else None
    lives = Lives(user, window=window, unit=chosen)
    return {
        "unit": chosen,
        "run": lives.run,
        "n": lives.n,
        "window": lives.window,
        "stages": _stages(lives),
        "matrix": _matrix(lives),
        "trend": _trend(lives),
    }


def _stages(lives: Lives) -> list[Figure]:
    now_, then = lives.at(0), lives.at(lives.window)
    worth, scores = _worth(lives), _scores(lives)
    return [
        {
            "code": stage.code,
            "name": stage_name(stage.code),
            "n": now_[str(i)],
            "share": now_[str(i)] / lives.n if lives.n else None,
            "before": then[str(i)],
            "change": now_[str(i)] - then[str(i)],
            **worth.get(stage.code, _NOTHING),
            "score": scores.get(stage.code),
        }
        for i, stage in enumerate(STAGES)
    ]


_NOTHING: Figure = {"value": None, "at_stake": None, "risk": None, "high": 0}


def _worth(lives: Lives) -> dict[str, Figure]:
    """Expected value and risk of each stage, with how many each rests on and its interval."""
    rows = CustomerRisk.objects.visible_to(lives.user).filter(lives.of_unit, customer__life__isnull=False)
    found = rows.values("customer__life__stage").annotate(
        total=Sum("expected"),
        mean=Avg("expected"),
        spread=StdDev("expected", sample=True),
        n_value=Count("expected"),
        chance=Avg("probability"),
        wide=StdDev("probability", sample=True),
        n_risk=Count("probability"),
        high=Count("pk", filter=Q(band="high")),
    )
    return {
        row["customer__life__stage"]: {
            "value": _mean(row["mean"], row["spread"], row["n_value"]),
            "at_stake": row["total"],
            "risk": _mean(row["chance"], row["wide"], row["n_risk"], most=1.0),
            "high": row["high"],
        }
        for row in found
    }


def _mean(mean: float | None, spread: float | None, n: int, most: float | None = None) -> Figure | None:
    """A mean with its interval; fewer than five are too few to say."""
    if mean is None or n < FEW:
        return None
    half = Z * (spread or 0.0) / n**0.5
    high = mean + half if most is None else min(mean + half, most)
    return {"value": mean, "low": max(mean - half, 0.0), "high": high, "n": n}


def _scores(lives: Lives) -> dict[str, Figure]:
    """NPS of each stage: the last answer of each customer within a year."""
    said = Response.objects.visible_to(lives.user).filter(
        lives.of_unit, state="complete", at__gte=now() - YEAR, customer__life__isnull=False
    )
    answers = Answer.objects.filter(response__in=said.values("pk"), question="nps", scale=SCALE)
    last = (
        answers.exclude(score=None)
        .order_by("response__customer_id", "-response__at", "-pk")
        .distinct("response__customer_id")
    )
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    for stage, score in last.values_list("response__customer__life__stage", "score"):
        counts[stage][VALUE_OF.get(classify(score or 0.0, SCALE), 0)] += 1
    return {stage: found for stage, one in counts.items() if (found := _nps(one))}


def _nps(counts: Counter[int]) -> Figure | None:
    n = counts.total()
    if n < FEW:
        return None
    parts = Parts(n, float(n), float(n), float(counts[1] - counts[-1]), float(counts[1] + counts[-1]))
    metric = registry.metric("nps")
    low, high = metric.interval(parts, SCALE, 0.95) or (-1.0, 1.0)
    return {"value": 100 * float(metric.values(parts)), "low": 100 * low, "high": 100 * high, "n": n}


def _matrix(lives: Lives) -> Figure:
    """Who went from where to where: counts, and shares of those who were there before."""
    moves = lives.moves(lives.window)
    lines = []
    for i, stage in enumerate(STAGES):
        cells = [moves.get((str(i), str(j)), 0) for j in range(len(STAGES))]
        lines.append(_line(stage.code, stage_name(stage.code), i, cells))
    came = [moves.get(("-", str(j)), 0) for j in range(len(STAGES))]
    lines.append(_line("", _("Not yet a customer"), -1, came))
    return {"columns": [stage_name(one.code) for one in STAGES], "lines": lines}


def _line(code: str, name: str, place: int, cells: list[int]) -> Figure:
    n = sum(cells)
    return {
        "code": code,
        "name": name,
        "n": n,
        "cells": [
            {"n": cell, "share": cell / n if n else None, "few": n < FEW, "stayed": j == place,
             "url": reverse("risks") + f"?stage={STAGES[j].code}",
             "depth": f"{0.65 * cell / n:.3f}" if n else "0"}
            for j, cell in enumerate(cells)
        ],
    }  # fmt: skip


def _trend(lives: Lives) -> list[Figure]:
    """Oldest first: the share of each stage at each mark, of those who were customers then."""
    as_of = lives.run.as_of if lives.run else date.today()
    rows = []
    for mark in reversed(MARKS):
        found = lives.at(mark)
        counts = [found[str(i)] for i in range(len(STAGES))]
        rows.append({"day": as_of - timedelta(days=mark), "n": sum(counts), "counts": counts})
    return rows


def chart(trend: list[Figure]) -> Figure | None:
    """The stages over the year, one upon the other."""
    known = [row for row in trend if row["n"]]
    if len(known) < 2:
        return None
    return {
        "animation": False,
        "grid": {"left": 56, "right": 12, "top": 64, "bottom": 24},
        "color": [*COLOURS],
        "legend": {"top": 0},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "boundaryGap": False, "data": [f"{row['day']:%m-%d}" for row in known]},
        "yAxis": {"type": "value", "axisLabel": {"formatter": {"$fmt": "count"}}},
        "series": [
            {
                "type": "line",
                "stack": "all",
                "symbol": "none",
                "areaStyle": {"opacity": 0.6},
                "name": stage_name(stage.code),
                "data": [row["counts"][i] for row in known],
            }
            for i, stage in enumerate(STAGES)
        ],
    }


def table(trend: list[Figure]) -> Figure:
    names = [stage_name(stage.code) for stage in STAGES]
    rows = [[row["day"].isoformat(), f"{row['n']:,}", *(f"{n:,}" for n in row["counts"])] for row in trend]
    return {"head": [_("Day"), _("Customers"), *names], "rows": rows}


def rows_of_file(found: Figure) -> Iterator[list[Any]]:
    """The stages with all that is known of each, then who moved where."""
    days = found["window"]
    yield [
        _("Stage of life"), _("Customers"), _("Share %"), _("%(n)s days ago") % {"n": days}, "NPS", _("Low"),
        _("High"), "n", _("Average expected value"), _("Low"), _("High"), "n", _("Average risk %"), _("Low"),
        _("High"), "n",
    ]  # fmt: skip
    for one in found["stages"]:
        share = None if one["share"] is None else round(100 * one["share"], 2)
        yield [
            one["name"], one["n"], share, one["before"], *_cells(one["score"], 1), *_cells(one["value"], 1),
            *_cells(one["risk"], 100),
        ]  # fmt: skip
    yield []
    yield [_("From ↓ to → within %(n)s days") % {"n": days}, *found["matrix"]["columns"]]
    for line in found["matrix"]["lines"]:
        yield [line["name"], *(cell["n"] for cell in line["cells"])]


def _cells(figure: Figure | None, times: float) -> list[Any]:
    if figure is None:
        return [None, None, None, None]
    return [*(round(times * figure[name], 2) for name in ("value", "low", "high")), figure["n"]]
