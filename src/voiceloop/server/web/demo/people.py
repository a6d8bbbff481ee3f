"""The demo company's organisation: units, people who sign in, the names of its codes."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import make_password

from voiceloop.analytics.synth import Company
from voiceloop.server.collect.models import Touchpoint
from voiceloop.server.core.models import Role, Unit, User
from voiceloop.server.measure.models import Label, Target

PASSWORD = "voiceloop-demo"
# The three sign-ins that are printed, and one more for each other role.
SIGN_INS = {Role.AGENT: "agent", Role.LEAD: "lead", Role.ANALYST: "analyst", Role.MANAGER: "manager"}
SIGN_INS |= {Role.ADMIN: "admin"}
NPS_TARGET = 45.0


def load_units(company: Company) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for row in company.units.to_pylist():
        parent = units.get(row["parent"] or "")
        units[row["code"]] = Unit.objects.create(
            code=row["code"], name=row["name_zh"], name_en=row["name_en"], kind=row["kind"], parent=parent
        )
    return units


def load_people(company: Company, units: dict[str, Unit]) -> dict[str, User]:
    """The first of each role gets a name that is easily typed; all share the demo's password."""
    password, free = make_password(PASSWORD), dict(SIGN_INS)
    people = {row["code"]: _person(row, units, password, free) for row in company.people.to_pylist()}
    User.objects.bulk_create(people.values())
    return people


def _person(row: dict[str, Any], units: dict[str, Unit], password: str, free: dict[Role, str]) -> User:
    role = Role(row["role"])
    unit = units[row["unit"]]
    return User(
        username=free.pop(role, None) or row["code"].lower(),
        code=row["code"],
        name=row["name_zh"],
        name_en=row["name_en"],
        role=role,
        password=password,
        # A team serves the stores of its region, so its people see the region.
        unit=unit.parent if unit.kind == "team" else unit,
    )


def load_names(company: Company, root: Unit) -> None:
    # The words of these two come from the product itself.
    own = ("root_cause", "language")
    rows = [row for row in company.labels.to_pylist() if row["dimension"] not in own]
    Label.objects.bulk_create(
        Label(dimension=row["dimension"], code=row["code"], name=row["name_zh"], name_en=row["name_en"])
        for row in rows
    )
    Touchpoint.objects.bulk_create(
        Touchpoint(
            code=row["code"], name=row["name_zh"], name_en=row["name_en"], stage=row["stage"], unit=root
        )
        for row in company.touchpoints.to_pylist()
    )


def set_target(root: Unit, owner: User) -> None:
    Target.objects.create(metric="nps", unit=root, value=NPS_TARGET, owner=owner)
