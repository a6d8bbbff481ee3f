"""What the pages of initiatives show, read once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from voiceloop.analytics import registry
from voiceloop.server.act.models import Case, Crisis, RootCause
from voiceloop.server.core.models import Event, User
from voiceloop.server.measure import numbers
from voiceloop.server.measure.cards import FORMATS, metric_label
from voiceloop.server.measure.charts import draw
from voiceloop.server.measure.labels import dimension_label, label
from voiceloop.server.verify import evidence
from voiceloop.server.verify import training as lessons
from voiceloop.server.verify.forms import StandardForm, StepForm
from voiceloop.server.verify.initiatives import FROM
from voiceloop.server.verify.models import Initiative, Step

LOG = 100
CLOSED_SHOWN = timedelta(days=365)
SHOWN = 200
CASES_SHOWN = 8
ICONS = {
    "plan": "target-arrow",
    "start": "player-play",
    "check": "scale",
    "standardise": "rosette-discount-check",
}
GOOD = {"initiative.standardised"}
BAD = {"initiative.stopped", "initiative.replanned"}


def for_rows(initiatives: QuerySet[Any]) -> QuerySet[Any]:
    return initiatives.select_related("root_cause", "owner", "unit").prefetch_related("steps__by")


def board(initiatives: QuerySet[Any], query: Mapping[str, Any]) -> dict[str, Any]:
    """Four columns; those that were given up stand below, in the list."""
    as_list = query.get("view") == "list"
    cards = [card(one) for one in initiatives.order_by("due_on", "-created_at")[:SHOWN]]
    shown = [one for one in cards if not one["is_stopped"]]
    columns = [
        (name, [one for one in shown if one["stage"] == stage], ICONS[stage])
        for stage, name in Step.Stage.choices
    ]
    return {"cards": cards, "columns": columns, "as_list": as_list, "n": len(cards)}


def card(initiative: Initiative) -> dict[str, Any]:
    stage = initiative.stage
    newest = _newest_measured(initiative)
    return {
        "initiative": initiative,
        "stage": stage,
        "stage_name": Step.Stage(stage).label,
        "is_stopped": not initiative.is_open and stage != Step.Stage.STANDARDISE,
        "is_late": bool(initiative.is_open and initiative.due_on and initiative.due_on < localdate()),
        "measured": measured_in_words(newest, initiative) if newest else None,
    }


def _newest_measured(initiative: Initiative) -> dict[str, Any] | None:
    steps = sorted(initiative.steps.all(), key=lambda step: step.pk, reverse=True)
    return next((step.evidence for step in steps if step.evidence), None)


def measured_in_words(kept: dict[str, Any], initiative: Initiative) -> dict[str, Any]:
    """Kept evidence as a template shows it."""
    metric = registry.metrics().get(kept["metric"])
    found = kept.get("change")
    return {
        **kept,
        "label": metric_label(metric) if metric else kept["metric"],
        "fmt": FORMATS[metric.unit] if metric else "score",
        "since_day": date.fromisoformat(kept["since"]),
        "last_day": date.fromisoformat(kept["until"]) - timedelta(days=1),
        "better": _is_better(found, metric),
        "reached": _reached(kept["value"], initiative.target, metric),
    }


def _is_better(found: dict[str, Any] | None, metric: Any) -> bool | None:
    if not found or found["difference"] is None or metric is None:
        return None
    return bool((found["difference"] > 0) == (metric.better == "higher"))


def _reached(value: float | None, target: float | None, metric: Any) -> bool | None:
    if value is None or target is None or metric is None:
        return None
    return value >= target if metric.better == "higher" else value <= target


def initial(cause: RootCause | None, query: Mapping[str, Any]) -> dict[str, Any]:
    """A plan that begins at a cause, or at a driver of a figure, has its title begun."""
    if cause is None:
        metric = str(query.get("metric") or "")
        title = str(query.get("title") or "")[:200]
        begun = {"title": title, "metric": metric if metric in registry.metrics() else ""}
        return {name: value for name, value in begun.items() if value}
    return {"root_cause": cause, "title": _("Less of: %(cause)s") % {"cause": cause}}


def context(initiative: Initiative, user: User, **more: Any) -> dict[str, Any]:
    edits, stage = user.may("initiatives.edit"), initiative.stage
    metric = registry.metrics().get(initiative.metric)
    steps = sorted(initiative.steps.all(), key=lambda step: step.pk)
    checks = [
        step for step in steps if step.stage in (Step.Stage.CHECK, Step.Stage.STANDARDISE) and step.evidence
    ]
    after = checks[-1].evidence if checks and _is_of_this_round(checks[-1], steps) else None
    return {
        "initiative": initiative,
        "room": "initiatives",
        "cases": _cases(initiative, user),
        "n_cases": initiative.links.count(),
        "crisis": _crisis(initiative, user),
        "lessons": [(item, lessons.progress(item)) for item in initiative.training.select_related("unit")],
        "stage": stage,
        "stages": _stages(initiative),
        "card": card(initiative),
        "metric": metric,
        "metric_label": metric_label(metric) if metric else "",
        "fmt": FORMATS[metric.unit] if metric else "score",
        "scope": scope_in_words(initiative),
        "before": measured_in_words(initiative.baseline, initiative) if initiative.baseline else None,
        "after": measured_in_words(after, initiative) if after else None,
        "steps": [_step(step, initiative) for step in reversed(steps)],
        "moves": {to.value for to, origins in FROM.items() if stage in origins}
        if initiative.is_open
        else set(),
        "edits": edits,
        "step_form": StepForm(auto_id="step-%s"),
        "standard_form": StandardForm(auto_id="standard-%s"),
        "trend": _trend(initiative) if metric else None,
        "log": [_entry(event) for event in _events(initiative, user)],
        **more,
    }


def _is_of_this_round(check: Step, steps: list[Step]) -> bool:
    """A check before the last plan belongs to another baseline."""
    plans = [step for step in steps if step.stage == Step.Stage.PLAN]
    return not plans or check.pk > plans[-1].pk


def _stages(initiative: Initiative) -> list[dict[str, Any]]:
    order = list(Step.Stage)
    here = order.index(Step.Stage(initiative.stage))
    return [
        {"name": one.label, "is_done": place < here or not initiative.is_open, "is_here": place == here}
        for place, one in enumerate(order)
    ]


def _step(step: Step, initiative: Initiative) -> dict[str, Any]:
    kept = measured_in_words(step.evidence, initiative) if step.evidence else None
    return {"step": step, "icon": ICONS[step.stage], "measured": kept}


def scope_in_words(initiative: Initiative) -> list[tuple[str, str]]:
    return [
        (dimension_label(name), ", ".join(label(name, code) for code in codes))
        for name, codes in initiative.scope.items()
        if codes
    ]


def _trend(initiative: Initiative) -> Any:
    until = localdate() + timedelta(days=1)
    part = evidence.slice_of(initiative, until - timedelta(days=365), until)
    return draw("trend", numbers.trend(initiative.metric, part), target=initiative.target)


def _events(initiative: Initiative, user: User) -> QuerySet[Any]:
    events: QuerySet[Any] = Event.objects.visible_to(user).about("initiative", initiative.pk)
    return events.select_related("by").order_by("-id")[:LOG]


def _entry(event: Event) -> dict[str, Any]:
    note = f" — {event.note}" if event.note else ""
    kind = "good" if event.type in GOOD else "bad" if event.type in BAD else ""
    return {"at": event.at, "sentence": event.sentence + note, "icon": event.icon, "kind": kind}


def _cases(initiative: Initiative, user: User) -> QuerySet[Any]:
    """The newest of those for whose sake it was begun."""
    rows: QuerySet[Any] = Case.objects.visible_to(user).filter(pk__in=initiative.links.values("case"))
    return rows.select_related("customer", "unit").order_by("-opened_at")[:CASES_SHOWN]


def _crisis(initiative: Initiative, user: User) -> Crisis | None:
    noun, _colon, pk = initiative.origin.partition(":")
    rows = Crisis.objects.visible_to(user).select_related("unit")
    found: Crisis | None = rows.filter(pk=int(pk)).first() if noun == "crisis" and pk.isdigit() else None
    return found
