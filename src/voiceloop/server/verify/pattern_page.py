"""What the pages of root causes show, read once."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from voiceloop.server.act.models import Case, RootCause
from voiceloop.server.core.models import Unit, User
from voiceloop.server.verify.models import Initiative
from voiceloop.server.verify.page import card, for_rows
from voiceloop.server.verify.patterns import PERIODS, Pattern, Window, by_unit, patterns, share

LAST = 8
BARS = 12
COLOURS = {"problem": "#b54708", "process": "#2f55d4", "people": "#667085"}


def overview(window: Window, user: User) -> dict[str, Any]:
    found = patterns(window)
    begun = _begun(user)
    used = [pattern for pattern in found if pattern.hits]
    return _filters(window, user) | {
        "groups": [_group(code, name, found, begun) for code, name in RootCause.Group.choices],
        "total": found[0].row.n if found else 0,
        "chart": _chart(used[:BARS]) if used else None,
        "edits": user.may("initiatives.edit"),
        "alarms": [pattern for pattern in used if pattern.is_signal and _rises(pattern)],
    }


def one(cause: RootCause, window: Window, user: User) -> dict[str, Any]:
    mine = next(pattern for pattern in _with(cause, patterns(window)) if pattern.cause == cause)
    cases = Case.objects.visible_to(user).filter(resolution__root_cause=cause)
    begun = for_rows(Initiative.objects.visible_to(user).filter(root_cause=cause))
    return _filters(window, user) | {
        "cause": cause,
        "room": "causes",
        "pattern": mine,
        "units": by_unit(window, cause),
        "cases": cases.select_related("customer", "unit", "resolution").order_by("-resolution__at")[:LAST],
        "cards": [card(initiative) for initiative in begun.order_by("-created_at")],
        "edits": user.may("initiatives.edit"),
    }


def _with(cause: RootCause, found: list[Pattern]) -> list[Pattern]:
    """A cause out of use, of which nothing was solved, has an empty pattern."""
    if any(pattern.cause == cause for pattern in found) or not found:
        return found or [_nothing(cause)]
    return [*found, _nothing(cause)]


def _nothing(cause: RootCause) -> Pattern:
    return Pattern(cause, share(0, 0), 0, 0, None, False, [])


def _filters(window: Window, user: User) -> dict[str, Any]:
    return {
        "window": window,
        "periods": [
            (days, _("Last %(days)s days") % {"days": days}, days == window.days) for days in PERIODS
        ],
        "tree": Unit.objects.visible_to(user).in_tree_order(),
        "since": window.since,
    }


def _begun(user: User) -> dict[int, int]:
    """Cause → open initiatives about it."""
    begun: dict[int, int] = {}
    for cause in (
        Initiative.objects.visible_to(user).filter(closed_at=None).values_list("root_cause", flat=True)
    ):
        begun[cause] = begun.get(cause, 0) + 1
    return begun


def _group(code: str, name: Any, found: list[Pattern], begun: dict[int, int]) -> dict[str, Any]:
    mine = [(pattern, begun.get(pattern.cause.pk, 0)) for pattern in found if pattern.cause.group == code]
    return {"name": name, "code": code, "lines": mine, "hits": sum(pattern.hits for pattern, _ in mine)}


def _rises(pattern: Pattern) -> bool:
    return bool(pattern.change and (pattern.change.difference or 0) > 0)


def _chart(used: list[Pattern]) -> dict[str, Any]:
    """Bars, the longest on top."""
    first = used[0]
    label = _("Root causes of solved cases; most frequent: %(cause)s, %(n)s") % {
        "cause": first.cause,
        "n": first.hits,
    }
    names = [str(pattern.cause) for pattern in reversed(used)]
    bars = [
        {
            "value": pattern.hits,
            "itemStyle": {"color": COLOURS[pattern.cause.group], "borderRadius": [0, 4, 4, 0]},
            "tip": [str(pattern.cause), _cases(pattern.hits)],
        }
        for pattern in reversed(used)
    ]
    option = {
        "grid": {"left": 8, "right": 44, "top": 8, "bottom": 8, "containLabel": True},
        "tooltip": {"trigger": "item", "formatter": {"$fmt": "tip"}},
        "xAxis": {"type": "value", "show": False},
        "yAxis": {
            "type": "category",
            "data": names,
            "axisTick": {"show": False},
            "axisLine": {"show": False},
        },
        "series": [
            {"type": "bar", "data": bars, "barWidth": 14, "label": {"show": True, "position": "right"}}
        ],
    }
    table = {"head": [_("Root cause"), _("Cases")], "rows": [[str(p.cause), p.hits] for p in used]}
    return {"option": option, "label": label, "table": table, "height": 28 * len(used) + 16}


def _cases(n: int) -> str:
    return ngettext("%(n)s case", "%(n)s cases", n) % {"n": n}
