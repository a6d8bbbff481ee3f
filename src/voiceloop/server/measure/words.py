"""The words for what can be asked: periods, comparisons, the tables that metrics count."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

EVERY: dict[str, Any] = {
    "day": _("day"),
    "week": _("week"),
    "month": _("month"),
    "quarter": _("quarter"),
    "year": _("year"),
}

AGAINST: dict[str, Any] = {
    "before": _("the period before"),
    "year": _("a year earlier"),
    "period": _("another period"),
    "other": _("another group"),
    "none": _("nothing"),
}

TABLES: dict[str, Any] = {
    "answers": _("What customers answer"),
    "responses": _("Responses"),
    "annotations": _("What customers write"),
    "invitations": _("Invitations"),
    "cases": _("Cases"),
    "conversations": _("Conversations"),
    "transactions": _("Orders"),
    "reviews": _("Quality reviews"),
    "events": _("Events"),
    "": _("Composites"),
}

# What a metric says besides its value: of a duration, how long the slow ones take.
MORE: dict[str, Any] = {"mean": _("mean"), "p90": _("9 in 10 within"), "p99": _("99 in 100 within")}


def source_in_words(source: str) -> str:
    """Where a figure was counted: from the rows, or from sums kept ready."""
    if source == "rows":
        return str(_("counted from the rows"))
    return str(_("from the sums kept ready (%(name)s)") % {"name": source})
