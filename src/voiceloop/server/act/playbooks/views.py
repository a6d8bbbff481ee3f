"""The pages of playbooks: the list, one with its runs, and what is done with their steps."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.server.act.models import Playbook, PlaybookRun, PlaybookVersion, StepRun
from voiceloop.server.act.playbooks import editing, reading, rules, tending
from voiceloop.server.core.models import User
from voiceloop.server.core.rights import requires

PER_PAGE = 25


@requires("cases.see")
def playbook_list(request: HttpRequest) -> HttpResponse:
    found = reading.listed(user_of(request))
    context = {
        "lines": [line for line in found if line["book"].archived_at is None],
        "archived": [line for line in found if line["book"].archived_at],
        "triggers": PlaybookVersion.Trigger.choices,
        "edits": edits(request),
    }
    return render(request, "act/playbooks/list.html", context)


@requires("cases.see")
def playbook(request: HttpRequest, pk: int) -> HttpResponse:
    book, state = get_object_or_404(reading.books(), pk=pk), request.GET.get("state", "")
    rows = reading.runs(user_of(request), book, state)
    shown = book.active or book.draft or book.versions.first()
    context = {
        "playbook": book,
        "version": shown,
        "when": rules.in_words(shown.conditions),
        "figures": reading.figures(user_of(request), shown),
        "versions": versions_of(book),
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "state": state,
        "states": PlaybookRun.State.choices,
        "edits": edits(request),
        "works": user_of(request).may("cases.work"),
        "counted": editing.dry_run_of(shown),
        "room": "playbooks",
    }
    return render(request, "act/playbooks/playbook.html", context)


@requires("cases.see")
def playbook_export(request: HttpRequest, pk: int) -> HttpResponse:
    book = get_object_or_404(reading.books(), pk=pk)
    shown = book.active or book.draft or book.versions.first()
    answer = JsonResponse(editing.exported(shown), json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = f'attachment; filename="playbook-{book.code}.json"'
    return answer


@require_POST
@requires("cases.work")
def step_claim(request: HttpRequest, pk: int) -> HttpResponse:
    step = tending.claim(own_step(request, pk), by=user_of(request))
    if step.owner == request.user:
        return _back(request, step, _("It is yours now."))
    if step.owner:
        return _back(request, step, _("%(name)s was faster.") % {"name": step.owner})
    return _back(request, step, _("This step is not waiting for somebody of your role."))


@require_POST
@requires("cases.work")
def step_skip(request: HttpRequest, pk: int) -> HttpResponse:
    step = own_step(request, pk)
    tending.skip(step, by=user_of(request), note=request.POST.get("note", "")[:4000])
    return _back(request, step, _("Left out."))


@require_POST
@requires("cases.work")
def step_retry(request: HttpRequest, pk: int) -> HttpResponse:
    step = own_step(request, pk)
    tending.retry(step, by=user_of(request))
    return _back(request, step, _("It is tried again now."))


@require_POST
@requires("cases.work")
def run_stop(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(PlaybookRun.objects.visible_to(user_of(request)), pk=pk)
    tending.stop(run, by=user_of(request))
    messages.success(request, _("Stopped. What is done stays done."))
    return redirect("playbook", run.version.playbook_id)


def versions_of(book: Playbook) -> list[dict[str, object]]:
    """Newest first, each with what it changed of the one before."""
    rows = sorted(book.versions.all(), key=lambda one: one.number)
    pairs = zip([None, *rows], rows, strict=False)
    return [{"version": new, "changes": reading.differences(old, new)} for old, new in pairs][::-1]


def own_step(request: HttpRequest, pk: int) -> StepRun:
    """A step of one's own customers; that of another branch, which was handed here, is not for us to drop."""
    runs = PlaybookRun.objects.visible_to(user_of(request))
    found: StepRun = get_object_or_404(StepRun.objects.filter(run__in=runs).select_related("run"), pk=pk)
    return found


def edits(request: HttpRequest) -> bool:
    return user_of(request).may("settings.edit")


def user_of(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]  # behind LoginRequiredMiddleware


def _back(request: HttpRequest, step: StepRun, said: str) -> HttpResponse:
    messages.success(request, said)
    if step.run.case_id:
        return redirect("case", step.run.case_id)
    return redirect("playbook", step.run.version.playbook_id)
