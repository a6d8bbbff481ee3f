"""What names in a file stand for: units with region, touchpoints with stage, agents with team."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Self

from voiceloop.server.collect.models import Touchpoint
from voiceloop.server.core.models import Unit, User


class Place(NamedTuple):
    pk: int
    region: str


@dataclass(frozen=True)
class Places:
    """Looked up once for an import; names count without regard to case."""

    default: Place
    units: dict[str, Place]
    touchpoints: dict[str, tuple[str, str]]
    agents: dict[str, tuple[str, str]]

    @classmethod
    def below(cls, unit: Unit) -> Self:
        kinds = {u.pk: u for u in Unit.objects.all()}
        units = {
            name.casefold(): Place(u.pk, _region(u, kinds))
            for u in kinds.values()
            if (u.path or "").startswith(unit.path or "")
            for name in (u.name_en, u.name, u.code)
            if name
        }
        return cls(Place(unit.pk, _region(unit, kinds)), units, _touchpoints(), _agents(kinds))

    def unit(self, name: str) -> Place:
        return self.units[name] if name else self.default

    def moment(self, dimensions: dict[str, str], place: Place) -> dict[str, str]:
        """The dimensions as codes, with what follows from them."""
        found = dict(dimensions)
        if name := found.get("touchpoint"):
            found["touchpoint"], stage = self.touchpoints.get(name.casefold(), (name, ""))
            found.setdefault("stage", stage)
        if name := found.get("agent"):
            found["agent"], team = self.agents.get(name.casefold(), (name, ""))
            found.setdefault("team", team)
        found.setdefault("region", place.region)
        return found


def _region(unit: Unit, units: dict[int, Unit]) -> str:
    for part in reversed((unit.path or "").split("/")):
        if part and units[int(part)].kind == "region":
            return units[int(part)].code
    return ""


def _touchpoints() -> dict[str, tuple[str, str]]:
    return {
        name.casefold(): (point.code, point.stage)
        for point in Touchpoint.objects.all()
        for name in (point.name_en, point.name, point.code)
        if name
    }


def _agents(units: dict[int, Unit]) -> dict[str, tuple[str, str]]:
    found = {}
    for user in User.objects.exclude(code=None):
        unit = units.get(user.unit_id or 0)
        team = unit.code if unit and unit.kind == "team" else ""
        for name in (user.name_en, user.name, user.username, user.code):
            if name:
                found[name.casefold()] = (user.code or "", team)
    return found
