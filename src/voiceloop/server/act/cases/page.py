"""What the page of a case shows, read once."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.timezone import localtime

from voiceloop.server.act.cases import clocks, forms, priority, scores
from voiceloop.server.act.casework import page as casework
from voiceloop.server.act.crisis import for_case as of_crises
from voiceloop.server.act.models import Case
from voiceloop.server.act.playbooks import checklist, handing
from voiceloop.server.act.threads import page as talks
from voiceloop.server.act.visits import card as visitors
from voiceloop.server.collect.models import Answer
from voiceloop.server.core.models import Event, User
from voiceloop.server.understand.voices import moment, voices

LOG = 100
DIALOGS = {
    "contact": forms.ContactForm,
    "note": forms.NoteForm,
    "resolve": forms.ResolveForm,
    "reopen": forms.ReopenForm,
    "assign": forms.AssignForm,
    "escalate": forms.EscalateForm,
    "pause": forms.PauseForm,
    "grade": forms.GradeForm,
}
CLOSED_DIALOGS = ("note", "reopen")
OPEN_DIALOGS = ("contact", "note", "resolve", "assign", "escalate", "pause", "grade")


def for_rows(cases: QuerySet[Any]) -> QuerySet[Any]:
    """With all that one row of a list shows, in a fixed number of queries."""
    answers = Prefetch("response__answers", Answer.objects.exclude(score=None).order_by("pk"))
    return cases.select_related(
        "unit", "customer", "owner", "resolution__root_cause", "outcome", "response", "green"
    ).prefetch_related(answers, "callbacks", "clocks__promise__calendar")


def context(case: Case, user: User, **more: Any) -> dict[str, Any]:
    """`more` may hold a bound form under the name of its dialog, which then opens itself."""
    works = user.may("cases.work")
    return {
        "case": case,
        "score": score_of(case),
        "why_urgent": priority.sentence(case),
        "voices": _voices(case),
        "assignment": case.assignments.select_related("to", "by").order_by("pk").last(),
        "playbook": checklist.of(case),
        "strip": handing.strip(case),
        "hands": works,
        "checklist": _checklist(case, user, more.get("step_form"), more.get("step_code", "")),
        "callbacks": _calls(case),
        "clocks": [
            clocks.facts(one) for one in case.clocks.select_related("promise__calendar").order_by("pk")
        ],
        "pause": case.pauses.filter(ended_at=None).select_related("by").first(),
        "remedies": case.remedies.select_related("by", "approved_by"),
        "log": log_of(case, user),
        "glance": visitors.glance(case.customer, user, besides=case),
        "moment": moment(case.response) if case.response else [],
        "works": works,
        "assigns": user.may("cases.assign"),
        **casework.context(case, user),
        **talks.context(case, user),
        **of_crises.context(case, user),
        **(_dialogs(case) if works else {}),
        **more,
    }


def score_of(case: Case) -> dict[str, Any] | None:
    answer = scores.of(case.response) if case.response else None
    return {"value": answer.score, "score_class": scores.class_of(answer)} if answer else None


def log_of(case: Case, user: User) -> list[dict[str, Any]]:
    """With what happened to the cases that were merged into this one."""
    mine = [f"case:{pk}" for pk in (case.pk, *case.merged.values_list("pk", flat=True))]
    events = Event.objects.visible_to(user).filter(about__overlap=mine).newest_first()[:LOG]
    return [entry(event) for event in events]


def entry(event: Event) -> dict[str, Any]:
    """One line of a timeline: what happened, and the words somebody left with it."""
    note = f" — {event.note}" if event.note else ""
    sentence = event.sentence
    bad = event.type in {"case.opened", "case.reopened"}
    good = event.type in {"case.resolved"} or event.data.get("outcome") == "recovered"
    return {
        "at": event.at,
        "sentence": sentence + note,
        "by": "" if str(event.by) in sentence else event.by,
        "icon": event.typed.icon,
        "kind": "bad" if bad else "good" if good else "",
    }


def minute(at: datetime | None) -> str:
    """As files show a moment."""
    return localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""


def _calls(case: Case) -> QuerySet[Any]:
    """The calls of this solution; of one that did not hold, those that were made."""
    calls = case.callbacks.select_related("by").order_by("step")
    if case.is_open:
        return calls.filter(round=case.round - 1).exclude(done_at=None)
    return calls.filter(round=case.round)


def _voices(case: Case) -> list[Any]:
    if case.response is None:
        return []
    words = case.response.verbatims.select_related("response__unit")
    return voices(words.prefetch_related("annotations", "response__answers"))


def _checklist(case: Case, user: User, refused: Any, refused_code: str) -> list[checklist.Item]:
    """Each open step that has something to choose carries its form, a refused one with its errors."""
    items, works = checklist.items(case), user.may("cases.work")
    for item in items:
        item.awaits = works and item.run is not None and item.run.awaits(user)
        params = item.action.Params
        if works and fields(params) and item.is_to_do and not item.waits and not item.is_ready_made:
            blank = forms.form_of(params)(auto_id=f"step-{item.key}-%s", initial=item.step.params)
            item.form = refused if item.key == refused_code else blank
    return items


def _dialogs(case: Case) -> dict[str, Any]:
    names = OPEN_DIALOGS if case.is_open else CLOSED_DIALOGS
    return {f"{name}_form": DIALOGS[name](case=case) for name in names}
