"""What every kind of rule is made of: its parameters, the occasions that it looks at, and its sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.utils.translation import gettext as _

Values = Mapping[str, int]


class Refused(ValueError):
    """What was asked cannot be done; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """A moment at which it might have happened to a customer, and whether it did."""

    customer: int
    unit: int
    # When it was known; whoever contacted us between `since` and then came first.
    at: datetime
    happened: bool
    since: datetime
    # What it was, as "order:12".
    key: str = ""
    # The worst first.
    weight: float = 0.0
    facts: dict[str, Any] = field(default_factory=dict)
    # A contact that is itself what happened, as "response:9".
    own: str = ""


@dataclass(frozen=True)
class Period:
    """From `since` up to `until`, of the units below `path`; risks as at `known`, None: as at that time."""

    since: datetime
    until: datetime
    path: str
    known: datetime | None = None

    def holds(self, at: datetime) -> bool:
        return self.since <= at < self.until


@dataclass(frozen=True)
class Parameter:
    """A number of a rule: how it is called, what it is as shipped, and between what it must lie."""

    name: str
    label: Any
    unit: Any
    shipped: int
    low: int
    high: int


class Kind(Protocol):
    """One module of this package."""

    @property
    def PARAMETERS(self) -> tuple[Parameter, ...]: ...

    @property
    def OTHERS(self) -> Any:
        """What those to whom it did not happen have in common with the others."""

    def occasions(self, values: Values, period: Period) -> Iterator[Occasion]:
        """Every occasion known within the period, those to which it happened among them."""

    def said(self, facts: Mapping[str, Any]) -> str:
        """Why this customer, in one sentence of the reader's language."""


def checked(parameters: tuple[Parameter, ...], given: Mapping[str, Any]) -> dict[str, int]:
    """Each parameter as a number within its limits; what is missing is as shipped."""
    unknown = sorted(set(given) - {one.name for one in parameters})
    if unknown:
        raise Refused(_("This kind of rule has no parameter %(name)s.") % {"name": ", ".join(unknown)})
    return {one.name: _number(one, given.get(one.name, one.shipped)) for one in parameters}


def _number(one: Parameter, given: Any) -> int:
    limits = {"name": one.label, "low": one.low, "high": one.high}
    if not isinstance(given, int) or isinstance(given, bool) or not one.low <= given <= one.high:
        raise Refused(_("“%(name)s” must be a whole number between %(low)s and %(high)s.") % limits)
    return given


def number(value: Any) -> str:
    """Of a sentence: minutes and days whole, a dash where nothing is known."""
    return f"{value:,.0f}" if isinstance(value, int | float) else "—"
