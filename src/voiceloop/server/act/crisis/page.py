"""What the room of a crisis shows, read once."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max
from django.urls import reverse

from voiceloop.server.act.crisis import affected, charts, figures, people
from voiceloop.server.act.models import Crisis, CrisisAlarm, CrisisWatch
from voiceloop.server.core.models import Event, User
from voiceloop.server.measure.labels import label
from voiceloop.server.understand.voices import voices

LOG, QUOTES, ALARMS = 200, 6, 6
BAD = {"crisis.opened", "crisis.proposed", "crisis.went_on", "crisis.reopened"}
GOOD = {"crisis.closed", "crisis.statement_approved", "crisis.task_done"}


def for_rows(crises: Any) -> Any:
    return crises.select_related("unit", "owner", "opened_by")


def context(crisis: Crisis, user: User) -> dict[str, Any]:
    """The whole room; customers and cases are counted within the rights of who looks."""
    customers = affected.customers_of(crisis).visible_to(user)
    cases = affected.cases_of(crisis).visible_to(user)
    quotes = affected.quotes_of(crisis, user)
    return live(crisis, user) | {
        "quotes": voices(quotes[:QUOTES]),
        "n_quotes": quotes.count(),
        "n_customers": customers.count(),
        "n_cases": cases.count(),
        "n_open_cases": cases.filter(resolution=None).count(),
        "n_without_case": affected.without_case(crisis).visible_to(user).count(),
        "linked": crisis.links.filter(case__in=cases).select_related("case__customer", "case__owner", "by"),
        "runs": crisis.runs.select_related("by", "statement").order_by("-pk")[:5],
    }


def live(crisis: Crisis, user: User) -> dict[str, Any]:
    """What may change while somebody looks at it."""
    leads = people.may_lead(user, crisis)
    return {
        "crisis": crisis,
        "room": "crises",
        "touchpoint": label("touchpoint", crisis.touchpoint) if crisis.touchpoint else "",
        "leads": leads,
        "works": user.may("cases.work") and crisis.is_live,
        "chart": charts.chart_of(crisis),
        "figures": figures.of(crisis),
        "alarms": alarms(crisis),
        "tasks": crisis.tasks.filter(dropped_at=None).select_related("owner", "done_by"),
        "statements": _statements(crisis, leads),
        "review": getattr(crisis, "review", None),
        "log": log_of(crisis),
        "version": version(crisis),
    }


def version(crisis: Crisis) -> str:
    """Another one as soon as anything in the room is another."""
    event = Event.objects.about("crisis", crisis.pk).aggregate(last=Max("pk"))["last"]
    counted = crisis.alarms.aggregate(several=Count("pk"), most=Max("n"))
    return f"{event or 0}.{counted['several']}.{counted['most'] or 0}"


def log_of(crisis: Crisis) -> list[dict[str, Any]]:
    return [_entry(event) for event in Event.objects.about("crisis", crisis.pk).newest_first()[:LOG]]


def alarms(crisis: Crisis) -> list[dict[str, Any]]:
    """The strongest alarm of each chart and place."""
    best: dict[tuple[str, str, str, str], CrisisAlarm] = {}
    for alarm in crisis.alarms.order_by("p_value", "at"):
        best.setdefault((alarm.chart, alarm.grain, alarm.place, alarm.touchpoint), alarm)
    return [{"alarm": one, "where": _where(one)} for one in best.values()][:ALARMS]


def overview(user: User) -> dict[str, Any]:
    rows = for_rows(Crisis.objects.visible_to(user))
    return {
        "live": rows.live().order_by("level", "-opened_at"),
        "over": rows.over().select_related("review").order_by("-opened_at"),
        "watch": CrisisWatch.current(),
        "leads": user.may("cases.assign"),
    }


def href(crisis: Crisis) -> str:
    return reverse("crisis", args=[crisis.pk])


def _statements(crisis: Crisis, leads: bool) -> list[Any]:
    """Drafts are for those who may approve them; what was withdrawn stays to be read."""
    rows = crisis.statements.select_related("by", "approved_by")
    return [one for one in rows.order_by("-pk") if leads or one.is_usable]


def _where(alarm: CrisisAlarm) -> str:
    parts = [label("unit", alarm.place) if alarm.place else ""]
    parts.append(label("touchpoint", alarm.touchpoint) if alarm.touchpoint else "")
    return " · ".join(part for part in parts if part)


def _entry(event: Event) -> dict[str, Any]:
    note = f" — {event.note}" if event.note else ""
    kind = "bad" if event.type in BAD else "good" if event.type in GOOD else ""
    sentence = event.sentence
    by = "" if event.by is None or str(event.by) in sentence else event.by
    return {"at": event.at, "sentence": sentence + note, "by": by, "icon": event.icon, "kind": kind}
