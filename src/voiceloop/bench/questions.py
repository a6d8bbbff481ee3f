"""The three questions on which engines are compared, and how each is put to `measure`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from voiceloop.analytics import measure
from voiceloop.analytics.answering import MEMORY
from voiceloop.analytics.lake import Lake
from voiceloop.analytics.plan import Every
from voiceloop.analytics.result import Result


@dataclass(frozen=True)
class Asked:
    """NPS by `keys`, where `where`, in `months` of the lake."""

    name: str
    by: tuple[str, ...]
    every: Every | None = None
    where: Mapping[str, str] = field(default_factory=dict)
    months: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        return (*(("month",) if self.every else ()), *self.by)

    @property
    def since(self) -> date | None:
        return date.fromisoformat(f"{self.months[0]}-01") if self.months else None

    @property
    def words(self) -> dict[str, Any]:
        """The question in the words of `measure`."""
        return {"by": self.by, "where": dict(self.where), "every": self.every, "since": self.since}

    def measured(self, lake: Lake, *, use_cubes: bool = False) -> Result:
        """Ask the product, which remembers no earlier answer."""
        MEMORY.clear()
        return measure(lake, "nps", **self.words, use_cubes=use_cubes)


def of(lake: Lake) -> tuple[Asked, ...]:
    """NPS by month; the full cube; one region's last three months by agent."""
    last = lake.months("answers")[-3:]
    return (
        Asked("month", (), "month"),
        Asked("cube", ("channel", "touchpoint", "segment"), "month"),
        Asked("agents", ("agent",), where={"region": "shanghai"}, months=last),
    )
