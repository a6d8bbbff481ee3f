"""Where complaints come from: problem, process step, cause and team; down to the cases, up to the fix."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

import numpy as np
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import make_aware
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from voiceloop.analytics.drivers.causes import Cause, Step, late_steps, trace
from voiceloop.analytics.engines import engine
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.schema import table
from voiceloop.server.act.models import Case, RootCause
from voiceloop.server.core.models import User
from voiceloop.server.core.moment import DIMENSIONS
from voiceloop.server.measure.labels import label
from voiceloop.server.measure.slices import Slice
from voiceloop.server.store import sync
from voiceloop.server.understand.drivers.names import step_name
from voiceloop.server.understand.models import Annotation
from voiceloop.server.verify.models import Initiative

# Who may stand at the end of a branch.
PARTIES = ("unit", "team", "agent", "supplier")
MOST_PROBLEMS, MOST_BRANCHES, MOST_CASES = 8, 6, 20


@dataclass
class Branch:
    """A node of the tree in words, with the way down to its cases and up to its fix."""

    of: Cause
    name: str
    href: str
    fix: str = ""
    branches: list[Branch] = field(default_factory=list)


def resolved(user: User, part: Slice) -> QuerySet[Any]:
    """Cases with a known cause, opened in the slice."""
    found = Case.objects.visible_to(user).filter(resolution__isnull=False)
    if part.since:
        found = found.filter(opened_at__gte=_midnight(part.since))
    if part.until:
        found = found.filter(opened_at__lt=_midnight(part.until))
    for name, values in part.chosen:
        if name == "unit":
            found = found.filter(unit__code__in=values)
        elif name in DIMENSIONS:
            found = found.filter(**{f"{name}__in": values})
    return found.order_by("-opened_at")


def tree(user: User, part: Slice, party: str) -> tuple[list[Branch], int, list[int]]:
    """The tree, how many complaints it stands on, and their cases in its order."""
    wanted = (
        "pk",
        "response_id",
        "resolution__root_cause__code",
        "resolution__root_cause__group",
        "unit__code",
        "team",
        "agent",
        "response__attributes",
    )
    rows = list(resolved(user, part).values_list(*wanted))
    problems = _problems([row[1] for row in rows if row[1]])
    kept = [row for row in rows if row[1] in problems]
    levels = {
        "problem": [problems[row[1]] for row in kept],
        "step": [row[3] for row in kept],
        "cause": [row[2] for row in kept],
        party: [_party(row, party) for row in kept],
    }
    if not kept:
        return [], 0, []
    found = trace(levels)
    fixes = _fixes(user)
    words = _Words(part, party, fixes)
    return [words.branch(one, {}) for one in found[:MOST_PROBLEMS]], len(kept), [row[0] for row in kept]


def cases_under(user: User, part: Slice, party: str, path: dict[str, str]) -> list[Any]:
    """The cases of one branch, the newest first."""
    branches, _n, keys = tree(user, part, party)
    rows: tuple[int, ...] = ()
    for level in ("problem", "step", "cause", party):
        wanted = path.get(level)
        if not wanted:
            break
        here = next((one for one in branches if one.of.code == wanted), None)
        if here is None:
            return []
        rows, branches = here.of.rows, here.branches
    chosen = [keys[row] for row in rows][:MOST_CASES]
    found = Case.objects.visible_to(user).filter(pk__in=chosen)
    return list(found.select_related("unit", "resolution__root_cause").order_by("-opened_at"))


def late(part: Slice) -> tuple[tuple[Step, ...], int, str]:
    """Which step made late orders late, from the minutes that each step took."""
    try:
        steps, is_late, month = _steps(part)
        if not steps:
            return (), 0, _("No process reports how long its steps take.")
        return late_steps(steps, is_late, month), int(is_late.sum()), ""
    except AnalyticsError as error:
        return (), 0, error.say(get_language() or "zh")


class _Words:
    def __init__(self, part: Slice, party: str, fixes: dict[str, str]) -> None:
        self.part, self.party, self.fixes = part, party, fixes
        self.causes = {cause.code: cause for cause in RootCause.objects.all()}

    def branch(self, one: Cause, above: dict[str, str]) -> Branch:
        path = above | {one.level: one.code}
        place = {f"at_{level}": code for level, code in path.items()}
        href = f"{reverse('complaint_sources')}?{self.part.query(party=self.party, **place)}#cases"
        fix = self.fixes.get(one.code, "") if one.level == "cause" else ""
        below = [self.branch(child, path) for child in one.children[:MOST_BRANCHES]]
        return Branch(one, self.name(one), href, fix, below)

    def name(self, one: Cause) -> str:
        if one.level == "problem":
            return label("reason", one.code)
        if one.level == "step":
            return str(RootCause.Group(one.code).label)
        if one.level == "cause":
            return str(self.causes.get(one.code, one.code))
        return label(one.level, one.code)


def _problems(responses: list[int]) -> dict[int, str]:
    """What each response complains of: the reason that its words are surest of."""
    notes = Annotation.objects.filter(kind="reason", polarity__lt=0, verbatim__response_id__in=responses)
    found: dict[int, str] = {}
    for response, code in notes.order_by("-probability", "id").values_list("verbatim__response_id", "label"):
        found.setdefault(response, code)
    return found


def _party(row: tuple[Any, ...], party: str) -> str | None:
    if party == "supplier":
        return str((row[7] or {}).get("supplier") or "") or None
    return row[{"unit": 4, "team": 5, "agent": 6}[party]] or None


def _fixes(user: User) -> dict[str, str]:
    """The newest initiative at each cause."""
    rows = Initiative.objects.visible_to(user).filter(root_cause__isnull=False).order_by("created_at")
    return {code: reverse("initiative", args=[pk]) for pk, code in rows.values_list("pk", "root_cause__code")}


def _steps(part: Slice) -> tuple[dict[str, Any], Any, Any]:
    scan = sync.lake().scan("transactions", part.since, part.until)
    condition = _condition(part)
    known = f"SELECT * FROM facts WHERE {condition} AND promised_minutes IS NOT NULL"
    keys = engine().run(f"SELECT DISTINCT unnest(map_keys(attributes)) AS name FROM ({known})", scan)
    names = sorted(str(name) for (name,) in keys if str(name).endswith("_minutes"))
    if not names:
        return {}, np.zeros(0, bool), np.zeros(0)
    columns = ", ".join(f"TRY_CAST(attributes['{name}'] AS DOUBLE) AS s{i}" for i, name in enumerate(names))
    sql = f"""SELECT {columns}, wait_minutes > promised_minutes AS late, month FROM ({known})
              WHERE wait_minutes IS NOT NULL"""
    rows = engine().arrays(sql, scan)
    steps: dict[str, Any] = {
        name: np.ma.filled(np.ma.asarray(rows[f"s{i}"], dtype=float), np.nan) for i, name in enumerate(names)
    }
    return steps, np.ma.filled(np.ma.asarray(rows["late"]), False).astype(bool), np.ma.getdata(rows["month"])


def _condition(part: Slice) -> str:
    where = {name: values for name, values in part.where.items() if name in table("transactions").columns}
    terms = []
    for name, values in where.items():
        listed = ", ".join("'" + str(v).replace("'", "''") + "'" for v in values)
        terms.append(f'"{name}" IN ({listed})' if values else "FALSE")
    if part.since:
        terms.append(f"day >= DATE '{part.since.isoformat()}'")
    if part.until:
        terms.append(f"day < DATE '{part.until.isoformat()}'")
    return " AND ".join(terms) or "TRUE"


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time()))


def step_rows(found: tuple[Step, ...]) -> list[tuple[str, Step]]:
    return [(step_name(one.step), one) for one in found]
