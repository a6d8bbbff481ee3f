"""What the page of drivers shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from voiceloop.analytics.drivers.focus import Focus
from voiceloop.analytics.drivers.result import Driver, Drivers, Lever
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.core.models import Unit, User
from voiceloop.server.measure.choices import choices
from voiceloop.server.measure.labels import dimension_label
from voiceloop.server.measure.slices import Slice, in_words
from voiceloop.server.understand.drivers import pictures, reading
from voiceloop.server.understand.drivers.names import LEVERS, driver_name, kind_name, said, source_name

MOST_LEVERS, MOST_AREAS = 6, 8
EFFORT = "effort"
DIGITS = {"points": 1, "percent": 1, "score": 2}
FMT = {"points": "nps", "percent": "pct", "score": "score"}


@dataclass(frozen=True)
class Row:
    """A driver as a line of the table."""

    of: Driver
    name: str
    source: str
    kind: str
    start: str

    @property
    def share(self) -> dict[str, float]:
        found = self.of.share
        return {"value": 100 * found.value, "low": 100 * found.low, "high": 100 * found.high}

    @property
    def effect(self) -> Any:
        """The one effect there is, or what praise brings and complaints cost."""
        return self.of.effects[0].of if len(self.of.effects) == 1 else None


@dataclass(frozen=True)
class Offer:
    """A lever with the field in which its effort is said."""

    of: Lever
    name: str
    field: str


def context(user: User, query: QueryDict) -> dict[str, Any]:
    part, question = reading.slice_of(user, query), reading.outcome_of(query)
    costs = efforts(query)
    found, fault = tried(part, question, costs)
    shared = common(user, part, "drivers") | {"outcome": question, "outcomes": reading.OUTCOMES}
    # What else the page's address says goes with a change of the filter.
    shared["efforts"] = [(field(*key), f"{value:g}") for key, value in costs.items()]
    shared["kept"] = [(name, query[name]) for name in ("outcome", "focus") if query.get(name)]
    shared["kept"] += shared["efforts"]
    if found is None:
        return shared | {"fault": fault}
    unit = query.get("focus", "")
    return shared | {
        "found": found,
        "fmt": FMT[found.outcome.unit],
        "digits": DIGITS[found.outcome.unit],
        "rows": [row(one, question, user) for one in found.drivers],
        "chart": pictures.importance(found),
        "quadrant": pictures.quadrant(found),
        "levers": _levers(found),
        "method": found.method if get_language() == "en" else found.method_zh,
        "warnings": [said(one) for one in found.warnings],
        "context_names": [dimension_label(one.name) for one in found.context],
        "aside": [driver_name(one.name) for one in found.aside],
        "units": _units(user),
        "focus": _focus(part, question, unit) if unit else None,
        "focus_unit": unit,
    }


def common(user: User, part: Slice, tab: str) -> dict[str, Any]:
    tabs = (
        ("drivers", _("Drivers")),
        ("complaint_sources", _("Sources of complaints")),
        ("deeds", _("Said and done")),
        ("detractor_cost", _("What detractors cost")),
        ("delights", _("What delights")),
        ("misfits", _("Wrong fit")),
        ("claims", _("Claims tested")),
    )
    links = [(reverse(name) + f"?{part.query()}", name, word, name == tab) for name, word in tabs]
    shown = {"part": part, "choices": choices(user, part), "words": in_words(part)}
    return shown | {"tabs": links, "room": "drivers"}


def tried(part: Slice, question: str, costs: Mapping[tuple[str, str], float]) -> tuple[Drivers | None, str]:
    try:
        return reading.drivers_of(part, question, costs), ""
    except AnalyticsError as error:
        return None, error.say(get_language() or "zh")


def read(reading_of: Callable[[], Any]) -> tuple[Any, str]:
    """What was found, or the sentence that says why there is nothing."""
    try:
        return reading_of(), ""
    except AnalyticsError as error:
        return None, error.say(get_language() or "zh")


def field(driver: str, lever: str) -> str:
    return f"{EFFORT}.{lever}.{driver}"


def efforts(query: QueryDict) -> dict[tuple[str, str], float]:
    """What the reader says a unit of effort costs: `effort.LEVER.DRIVER=2`."""
    found = {}
    for name, value in query.items():
        head, _dot, rest = name.partition(".")
        lever, _dot, driver = rest.partition(".")
        if head == EFFORT and lever in LEVERS and driver:
            found[driver, lever] = _positive(str(value))
    return {key: value for key, value in found.items() if value != 1.0}


def row(one: Driver, question: str, user: User) -> Row:
    name = driver_name(one.name)
    title = _("Better: %(driver)s") % {"driver": name}
    query = urlencode({"title": title, "metric": question})
    start = f"{reverse('initiative_new')}?{query}" if user.may("initiatives.edit") else ""
    return Row(one, name, source_name(one.name), kind_name(one.kind), start)


def _levers(found: Drivers) -> list[tuple[str, str, list[Offer]]]:
    """Both levers beside each other, the best offer first; where an effort was said, it stays."""
    sides = []
    for kind, word in LEVERS.items():
        own = [one for one in found.levers if one.kind == kind]
        shown = [
            one
            for place, one in enumerate(own)
            if one.effort != 1.0 or (place < MOST_LEVERS and one.per_effort.value > 0)
        ]
        offers = [Offer(one, driver_name(one.driver), field(one.driver, kind)) for one in shown]
        sides.append((kind, str(word), offers))
    return sides


def _focus(part: Slice, question: str, unit: str) -> dict[str, Any]:
    try:
        found: Focus = reading.focus_of(part, question, unit)
    except AnalyticsError as error:
        return {"fault": error.say(get_language() or "zh")}
    areas = [(driver_name(one.driver), one) for one in found.areas[:MOST_AREAS] if one.gap.value < 0]
    return {"found": found, "areas": areas}


def _units(user: User) -> list[tuple[str, str]]:
    leaves = Unit.objects.visible_to(user).filter(children=None).in_tree_order()
    return [(unit.code, str(unit)) for unit in leaves]


def _positive(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return 1.0
    return value if 0 < value <= 1000 else 1.0
