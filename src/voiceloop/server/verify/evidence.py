"""Evidence: the metric of an initiative, measured and kept with everything that must travel with it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from django.utils.timezone import localdate

from voiceloop.analytics import registry
from voiceloop.analytics.measure import compare
from voiceloop.analytics.result import Comparison, Row
from voiceloop.analytics.stats.parts import Parts
from voiceloop.server.core.models import Unit
from voiceloop.server.measure import numbers
from voiceloop.server.measure.slices import Slice
from voiceloop.server.verify.models import Initiative, Step

# How far back a plan looks: long enough for a stable number, short enough to be "before".
BASELINE_DAYS = 90

Evidence = dict[str, Any]


def baseline(initiative: Initiative) -> Evidence | None:
    """The metric over the days before today."""
    today = localdate()
    return measured(initiative, since=today - timedelta(days=BASELINE_DAYS), until=today)


def since_start(initiative: Initiative) -> Evidence | None:
    """The metric from the day of the latest start up to now, and its change against the baseline."""
    started = initiative.steps.filter(stage=Step.Stage.START).order_by("-id").first()
    if started is None:
        return None
    now = measured(initiative, since=localdate(started.at), until=localdate() + timedelta(days=1))
    if now and initiative.baseline:
        now["change"] = change(now, initiative.baseline)
    return now


def measured(initiative: Initiative, *, since: date, until: date) -> Evidence | None:
    if not initiative.metric:
        return None
    found = numbers.result(initiative.metric, slice_of(initiative, since, until))
    row = found.one
    return {
        **{"metric": initiative.metric, "scale": row.scale, "method": found.method},
        **{"since": since.isoformat(), "until": until.isoformat()},
        **{"n": row.n, "value": row.value, "low": row.low, "high": row.high},
        "as_of": found.as_of.isoformat() if found.as_of else None,
        # What is withheld must not be worked out from the sums either.
        "parts": None if row.value is None else _kept(row.parts),
    }


def _kept(parts: Parts) -> dict[str, Any]:
    """The sums as JSON gives them back."""
    return asdict(parts) | {"bins": [list(pair) for pair in parts.bins]}


def slice_of(initiative: Initiative, since: date, until: date) -> Slice:
    """The facts of the initiative's own unit, whoever looks: else two checks would measure two things."""
    chosen = tuple((name, tuple(codes)) for name, codes in initiative.scope.items() if codes)
    unit = initiative.unit
    below = Unit.objects.filter(path__startswith=unit.path or "")
    units = None if unit.parent_id is None else tuple(below.values_list("code", flat=True))
    return Slice(since, until, chosen=chosen, units=units)


def change(now: Evidence, before: Evidence) -> dict[str, Any] | None:
    """now − before; None when either is withheld or was measured otherwise."""
    if now["value"] is None or before["value"] is None:
        return None
    if (now["metric"], now["scale"]) != (before["metric"], before["scale"]):
        return None
    found: Comparison = compare(_row(now), _row(before))
    return asdict(found)


def _row(kept: Evidence) -> Row:
    metric = registry.metric(kept["metric"])
    return Row(
        *({}, kept["n"], kept["value"], kept["low"], kept["high"]),
        *(Parts(**kept["parts"]), metric, kept["scale"]),
    )
