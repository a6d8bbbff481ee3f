"""What the filter at the top of a page offers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from voiceloop.server.core.models import Unit, User
from voiceloop.server.measure import numbers
from voiceloop.server.measure.labels import dimension_label, label
from voiceloop.server.measure.slices import PERIODS, Slice

OFFERED = ("touchpoint", "segment")


@dataclass(frozen=True)
class Choice:
    """One list of the filter: its name in the address, its word, and (code, word, chosen) for each option."""

    name: str
    label: str
    options: list[tuple[str, str, bool]]


def choices(user: User, part: Slice) -> list[Choice]:
    chosen = {name: values[0] for name, values in part.chosen}
    return [
        Choice("days", _("Period"), _periods(part)),
        *(_of(name, part, chosen.get(name, "")) for name in OFFERED),
        Choice("unit", dimension_label("unit"), _units(user, chosen.get("unit", ""))),
    ]


def _periods(part: Slice) -> list[tuple[str, str, bool]]:
    words = [(str(days), _("Last %(days)s days") % {"days": days}, part.days == days) for days in PERIODS]
    return [*words, ("all", _("All time"), part.days is None)]


def _of(dimension: str, part: Slice, chosen: str) -> Choice:
    seen = numbers.result("nps", replace(part, chosen=()), by=(dimension,)).rows
    codes = [str(row.key[dimension]) for row in seen if row.key[dimension] is not None]
    codes += [chosen] if chosen and chosen not in codes else []
    options = [(code, label(dimension, code), code == chosen) for code in codes]
    return Choice(dimension, dimension_label(dimension), [("", _("All"), not chosen), *options])


def _units(user: User, chosen: str) -> list[tuple[str, str, bool]]:
    leaves = Unit.objects.visible_to(user).filter(children=None).in_tree_order()
    return [("", _("All"), not chosen), *((unit.code, str(unit), unit.code == chosen) for unit in leaves)]
