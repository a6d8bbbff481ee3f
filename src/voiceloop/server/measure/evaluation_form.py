"""The table in which a system is edited: a row for each indicator, an empty one in each dimension."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from voiceloop.analytics import registry
from voiceloop.server.core.models import User
from voiceloop.server.measure.benchmarks_models import SeriesPoint
from voiceloop.server.measure.cards import metric_label
from voiceloop.server.measure.evaluation import DIMENSIONS, SERIES, Entry

MOST = 40


@dataclass(frozen=True)
class Line:
    """One row of the table with what stands in its fields."""

    key: str
    metric: str
    floor: str
    goal: str
    weight: str
    owner: str


@dataclass(frozen=True)
class Group:
    code: str
    label: str
    weight: str
    lines: list[Line]


class Unreadable(Exception):
    """A field does not hold what it should."""


def groups(kind: str, content: list[Entry]) -> list[Group]:
    return [_group(code, str(label), content) for code, label in DIMENSIONS[kind].items()]


def _group(code: str, label: str, content: list[Entry]) -> Group:
    own = [one for one in content if one.dimension == code]
    weight = f"{own[0].of_dimension:g}" if own else "1"
    lines = [_line(code, place, one) for place, one in enumerate(own)]
    return Group(code, label, weight, [*lines, Line(f"{code}-{len(own)}", "", "", "", "1", "")])


def _line(code: str, place: int, one: Entry) -> Line:
    floor, goal, weight = (f"{value:g}" for value in (one.floor, one.goal, one.weight))
    return Line(f"{code}-{place}", one.name, floor, goal, weight, str(one.owner or ""))


def offered(user: User, content: list[Entry]) -> list[tuple[str, str]]:
    """Metrics, and the external series that the person may see."""
    series = SeriesPoint.objects.visible_to(user).valid().values_list("series", flat=True).distinct()
    names = [(name, metric_label(one)) for name, one in registry.metrics().items()]
    outside = sorted({*(SERIES + one for one in series), *(one.metric for one in content if one.series)})
    return [*names, *((name, f"{name.removeprefix(SERIES)} ({_('external')})") for name in outside)]


def owners(user: User) -> list[tuple[str, str]]:
    people = User.objects.visible_to(user).filter(is_active=True).order_by("name")
    return [(str(person.pk), str(person)) for person in people]


def read(kind: str, said: Mapping[str, Any], allowed: set[str]) -> list[Entry]:
    """The indicators as filled in; a row without a metric is none. Raises `Unreadable`."""
    return [entry for code in DIMENSIONS[kind] for entry in _read(code, said, allowed)]


def _read(code: str, said: Mapping[str, Any], allowed: set[str]) -> Iterator[Entry]:
    of_dimension = _number(said.get(f"{code}-weight") or "1")
    for place in range(MOST):
        key = f"{code}-{place}"
        metric = str(said.get(f"{key}-metric") or "")
        if not metric:
            continue
        owner = str(said.get(f"{key}-owner") or "")
        if owner and owner not in allowed:
            raise Unreadable(_("This owner is not known here."))
        floor, goal, weight = (
            _number(said.get(f"{key}-{name}") or default)
            for name, default in (("floor", "0"), ("goal", "100"), ("weight", "1"))
        )
        yield Entry(code, metric, floor, goal, weight, int(owner) if owner else None, of_dimension)


def _number(text: Any) -> float:
    try:
        number = float(text)
    except (TypeError, ValueError):
        raise Unreadable(_("“%(text)s” is not a number.") % {"text": str(text)[:40]}) from None
    if not abs(number) < 1e12:
        raise Unreadable(_("“%(text)s” is not a number.") % {"text": str(text)[:40]})
    return number
