"""One click: an initiative begun from a pattern, a crisis or cases, with all that is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.act.crisis import affected
from voiceloop.server.act.models import Case, Crisis, RootCause
from voiceloop.server.core.events import verb
from voiceloop.server.core.models import Unit, User
from voiceloop.server.verify import initiatives
from voiceloop.server.verify.models import Initiative, InitiativeCase
from voiceloop.server.verify.patterns import Window, by_unit

# Two months: long enough to change how we work, short enough to be held to. Our choice.
DUE = timedelta(days=60)
METRIC = "nps"
QUOTES, MOST_CASES = 3, 500
# A unit is where it strikes when it has more than half of the cases.
MOST_OF = 0.5


@dataclass(frozen=True)
class Start:
    """What is known before anybody planned anything."""

    title: str
    goal: str
    cases: Sequence[int]
    unit: Unit | None
    touchpoint: str = ""
    root_cause: RootCause | None = None
    origin: str = ""


@verb
def begin(start: Start, *, by: User) -> Initiative:
    """Plan it now: its number where it strikes, measured as the baseline, and a target beyond chance.

    The target is the better end of the baseline's interval: less would be no change that could be told
    from chance. It is a beginning; the plan can be changed until the start.
    """
    place = start.unit or by.unit
    scope = {"touchpoint": [start.touchpoint]} if start.touchpoint else {}
    plan: dict[str, Any] = {
        "title": start.title[:200], "goal": start.goal, "root_cause": start.root_cause, "scope": scope,
        "due_on": localdate() + DUE, "unit": place,
    }  # fmt: skip
    try:
        made = initiatives.plan(by=by, metric=METRIC, **plan)
    except AnalyticsError:
        # Too few facts there for a baseline: the initiative begins without a number, and says so.
        made = initiatives.plan(by=by, metric="", **plan)
    made.origin = start.origin
    if made.baseline and made.baseline.get("high") is not None:
        made.target = round(float(made.baseline["high"]), 1)
    made.save(update_fields=["origin", "target"])
    link(made, start.cases)
    return made


def link(initiative: Initiative, cases: Sequence[int]) -> None:
    rows = [InitiativeCase(initiative=initiative, case_id=pk) for pk in cases]
    InitiativeCase.objects.bulk_create(rows, ignore_conflicts=True)


def of_cause(cause: RootCause, window: Window) -> Start:
    cases = window.within().filter(resolution__root_cause=cause)
    places = by_unit(window, cause)
    n = sum(hits for _unit, hits, _row in places)
    where = places[0][0] if places and places[0][1] > MOST_OF * n else window.unit
    return Start(
        title=_("Less of: %(cause)s") % {"cause": cause},
        goal=_goal(cases.order_by("-resolution__at"), n, window.days),
        cases=_keys(cases),
        unit=where,
        root_cause=cause,
        origin=f"cause:{cause.pk}",
    )


def of_crisis(crisis: Crisis, user: User) -> Start:
    review = getattr(crisis, "review", None)
    cases = affected.cases_of(crisis).visible_to(user)
    return Start(
        title=_("After the crisis: %(name)s") % {"name": crisis},
        goal=f"{review.what_changes}\n\n{review.why}" if review else "",
        cases=_keys(cases),
        unit=crisis.unit,
        touchpoint=crisis.touchpoint,
        origin=f"crisis:{crisis.pk}",
    )


def of_cases(name: str, keys: Sequence[int], user: User, days: int) -> Start:
    """A bundle that nobody has named a cause for yet."""
    cases = Case.objects.visible_to(user).filter(pk__in=keys)
    units = list(cases.values_list("unit", flat=True))
    most = max(set(units), key=units.count, default=None)
    alone = most is not None and units.count(most) > MOST_OF * len(units)
    return Start(
        title=_("Find the cause: %(name)s") % {"name": name},
        goal=_goal(cases.order_by("-opened_at"), len(units), days),
        cases=_keys(cases),
        unit=Unit.objects.filter(pk=most or 0).first() if alone else None,
        origin="words",
    )


def _keys(cases: Any) -> list[int]:
    rows: list[int] = list(cases.values_list("pk", flat=True)[:MOST_CASES])
    return rows


def _goal(cases: Any, n: int, days: int) -> str:
    """How many it is about, and in whose words."""
    said = list(cases.exclude(summary="").values_list("summary", flat=True)[:QUOTES])
    head = ngettext("%(n)s case in %(days)s days.", "%(n)s cases in %(days)s days.", n) % {
        "n": n,
        "days": days,
    }
    return "\n".join([head, *(_("“%(words)s”") % {"words": words[:120]} for words in said)])
