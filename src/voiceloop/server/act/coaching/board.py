"""The team board: each agent's figures with their uncertainty, by name and never as a ranking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.timezone import now

from voiceloop.analytics import registry
from voiceloop.server.act.models import Case
from voiceloop.server.core.models import User
from voiceloop.server.measure.breakdown import Group, breakdown
from voiceloop.server.measure.cards import FORMATS, metric_label
from voiceloop.server.measure.slices import Slice

# Handling first, then what the customers say of it, then who was asked at all.
METRICS = ("first_contact_on_time", "recovery_rate", "response_rate", "left_out_rate")
# Below this many the interval is too wide to talk about one person.
SURE_N = 30
MIN_N = 5


@dataclass(frozen=True)
class Cell:
    """One figure of one person; `group` is None when there is none."""

    fmt: str
    group: Group | None

    @property
    def is_shown(self) -> bool:
        return self.group is not None and self.group.row.value is not None

    @property
    def is_thin(self) -> bool:
        return self.group is not None and self.group.row.n < SURE_N


@dataclass(frozen=True)
class Line:
    person: User
    n_open: int
    n_overdue: int
    cells: list[Cell]


def heads() -> list[str]:
    return [metric_label(registry.metric(name)) for name in METRICS]


def lines(user: User, part: Slice) -> list[Line]:
    """Sorted by name: an order by score would be read as a league table."""
    people = _people(user)
    open_cases = _open_cases(user)
    figures = [_by_agent(name, part) for name in METRICS]
    return [
        Line(person, *open_cases.get(person.pk, (0, 0)), [_cell(of, person) for of in figures])
        for person in sorted(people, key=str)
    ]


def _people(user: User) -> list[User]:
    """Leads see their people; everyone else sees themselves."""
    if not user.may("team.see"):
        return [user]
    return list(User.objects.visible_to(user).who_take_cases().select_related("unit"))


def _open_cases(user: User) -> dict[int, tuple[int, int]]:
    late = Q(first_contact_at=None, first_contact_due_at__lt=now())
    rows = Case.objects.visible_to(user).open().exclude(owner=None).order_by().values_list("owner")
    counted = rows.annotate(n=Count("pk"), late=Count("pk", filter=late))
    return {owner: (n, n_late) for owner, n, n_late in counted}


def _by_agent(name: str, part: Slice) -> tuple[str, dict[Any, Group]]:
    metric = registry.metric(name)
    groups = breakdown(metric, part, "agent")
    return FORMATS[metric.unit], {group.row.key["agent"]: group for group in groups}


def _cell(figures: tuple[str, dict[Any, Group]], person: User) -> Cell:
    fmt, groups = figures
    return Cell(fmt, groups.get(person.code) if person.code else None)
