"""The pages of evaluation systems: parse, one verb or one reading, render."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.server.core.models import User
from voiceloop.server.core.rights import requires, user_of
from voiceloop.server.measure import evaluation as verbs
from voiceloop.server.measure import evaluation_form as table
from voiceloop.server.measure.choices import choices
from voiceloop.server.measure.evaluation_models import Evaluation, EvaluationVersion, IndicatorReview
from voiceloop.server.measure.evaluation_reading import scorecard
from voiceloop.server.measure.evaluation_starter import start
from voiceloop.server.measure.radar import radar
from voiceloop.server.measure.slices import Slice, in_words
from voiceloop.server.measure.targets import metric_word


@requires("measure.see")
def evaluations(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    rows = Evaluation.objects.visible_to(user).select_related("unit").order_by("pk")
    part = Slice.of(user, request.GET)
    context = {
        "cards": [(one, scorecard(one.newest, part, user)) for one in rows if one.newest],
        "words": in_words(part),
        "missing_kinds": [kind for kind in Evaluation.Kind if kind not in {row.kind for row in rows}],
        "edits": user.may("targets.edit"),
    }
    return render(request, "measure/evaluations.html", context)


@require_POST
@requires("targets.edit")
def evaluation_start(request: HttpRequest) -> HttpResponse:
    user, kind = user_of(request), request.POST.get("kind", "")
    if kind not in Evaluation.Kind or user.unit is None:
        return redirect("evaluations")
    made = start(by=user, unit=user.unit, kind=kind)
    messages.success(request, _("Begun with equal weights. Floors and goals are a proposal: set your own."))
    return redirect("evaluation", made.pk)


@requires("measure.see")
def evaluation(request: HttpRequest, pk: int) -> HttpResponse:
    user, found = user_of(request), _evaluation(request, pk)
    version = _version(found, request.GET.get("version"))
    part = Slice.of(user, request.GET)
    card = scorecard(version, part, user)
    context = {
        "evaluation": found,
        "card": card,
        "radar": radar([(one.label, one.points) for one in card.dimensions]),
        "versions": found.versions.order_by("-number").select_related("by"),
        "history": _history(found),
        "reviews": _reviews(found),
        "today": localdate(),
        "edits": user.may("targets.edit") and _is_theirs(user, found),
        "choices": choices(user, part),
        "kept": [("version", version.number)] if request.GET.get("version") else [],
        "words": in_words(part),
        "part": part,
        "decisions": IndicatorReview.Decision.choices,
        "room": "evaluations",
    }
    return render(request, "measure/evaluation.html", context)


@requires("targets.edit")
def evaluation_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user, found = user_of(request), _evaluation(request, pk, changes=True)
    content, faults = verbs.entries(found.newest), list[str]()
    people = table.owners(user)
    if request.method == "POST":
        try:
            known = {code for code, _name in people} | {str(one.owner) for one in content}
            content = table.read(found.kind, request.POST, known)
            verbs.publish(found, by=user, content=content, note=request.POST.get("note", "")[:2000])
            messages.success(request, _("Published as a new version."))
            return redirect("evaluation", pk)
        except (table.Unreadable, verbs.Faulty) as error:
            faults = getattr(error, "faults", [str(error)])
    context = {
        "evaluation": found,
        "groups": table.groups(found.kind, content),
        "metrics": table.offered(user, content),
        "people": people,
        "faults": faults,
        "room": "evaluations",
    }
    return render(request, "measure/evaluation_edit.html", context, status=422 if faults else 200)


@require_POST
@requires("targets.edit")
def indicator_review(request: HttpRequest, pk: int) -> HttpResponse:
    mine = Evaluation.objects.changeable_by(request.user)
    found = get_object_or_404(IndicatorReview.objects.filter(evaluation__in=mine), pk=pk)
    decision = request.POST.get("decision", "")
    if decision in IndicatorReview.Decision:
        note = request.POST.get("note", "")[:2000]
        verbs.review(found, by=user_of(request), decision=decision, note=note, next_on=_day(request))
        messages.success(request, _("Noted, and the next review is dated."))
    return redirect("evaluation", found.evaluation_id)


def _history(found: Evaluation) -> list[tuple[EvaluationVersion, list[tuple[str, str]]]]:
    versions = list(found.versions.order_by("-number").select_related("by"))
    contents = [verbs.entries(one) for one in versions] + [[]]
    return [
        (one, [(metric_word(name), what) for name, what in verbs.changes(contents[at], contents[at + 1])])
        for at, one in enumerate(versions)
    ]


def _reviews(found: Evaluation) -> dict[str, Any]:
    rows = found.reviews.select_related("by")
    return {"waiting": rows.filter(done_at=None).order_by("due_on", "metric"),
            "done": rows.exclude(done_at=None).order_by("-done_at")[:20]}  # fmt: skip


def _version(found: Evaluation, asked: str | None) -> EvaluationVersion:
    rows = found.versions.select_related("evaluation")
    if asked and asked.isdigit() and len(asked) < 9:
        return get_object_or_404(rows, number=int(asked))
    return get_object_or_404(rows, pk=getattr(found.newest, "pk", None))


def _day(request: HttpRequest) -> date | None:
    try:
        day = date.fromisoformat(request.POST.get("next_on", ""))
    except ValueError:
        return None
    return day if day > localdate() else None


def _is_theirs(user: User, found: Evaluation) -> bool:
    return bool(user.unit and (found.unit.path or "").startswith(user.unit.path or "-"))


def _evaluation(request: HttpRequest, pk: int, changes: bool = False) -> Evaluation:
    rows = (
        Evaluation.objects.changeable_by(request.user)
        if changes
        else Evaluation.objects.visible_to(request.user)
    )
    found: Evaluation = get_object_or_404(rows.select_related("unit"), pk=pk)
    return found
