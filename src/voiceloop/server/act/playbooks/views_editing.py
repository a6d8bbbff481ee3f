"""The rule editor: a draft is written, counted on history, put into use, archived."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.server.act.models import DryRun, Playbook, PlaybookVersion
from voiceloop.server.act.playbooks import book as book_of
from voiceloop.server.act.playbooks import dry, dry_page, editing, editor, reading, writing
from voiceloop.server.act.playbooks.views import user_of
from voiceloop.server.core.rights import for_the_company, requires

MOST_BYTES = 200_000


@require_POST
@for_the_company
@requires("settings.edit")
def playbook_new(request: HttpRequest) -> HttpResponse:
    name, trigger = request.POST.get("name", "").strip()[:80], request.POST.get("trigger", "")
    if not name or trigger not in PlaybookVersion.Trigger.values:
        messages.error(request, _("Give it a name and choose what begins it."))
        return redirect("playbooks")
    draft = editing.new(by=user_of(request), name=name, trigger=trigger)
    return redirect("playbook_edit", draft.playbook_id)


@require_POST
@for_the_company
@requires("settings.edit")
def playbook_import(request: HttpRequest) -> HttpResponse:
    try:
        draft = editing.bring(by=user_of(request), content=_file(request))
    except editing.NotReady as error:
        messages.error(request, str(error))
        return redirect("playbooks")
    return redirect("playbook_edit", draft.playbook_id)


@for_the_company
@requires("settings.edit")
def playbook_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft; every button saves all of it, so that nothing that was typed is lost."""
    draft = get_object_or_404(_versions(), playbook=pk, state="draft")
    if request.method == "POST":
        editing.save(draft, by=user_of(request), said=writing.read(request.POST))
    context = editor.context(draft) | {"room": "playbooks"}
    if request.htmx:  # type: ignore[attr-defined]  # set by HtmxMiddleware
        return render(request, "act/playbooks/_editor.html", context)
    if request.method == "POST":
        return redirect("playbook_edit", pk)
    return render(request, "act/playbooks/edit.html", context)


@require_POST
@for_the_company
@requires("settings.edit")
def playbook_draft(request: HttpRequest, pk: int) -> HttpResponse:
    editing.begin_draft(get_object_or_404(Playbook, pk=pk), by=user_of(request))
    return redirect("playbook_edit", pk)


@require_POST
@for_the_company
@requires("settings.edit")
def playbook_discard(request: HttpRequest, pk: int) -> HttpResponse:
    editing.discard(get_object_or_404(_versions(), playbook=pk, state="draft"), by=user_of(request))
    messages.success(request, _("The draft is gone."))
    return redirect("playbook", pk) if Playbook.objects.filter(pk=pk).exists() else redirect("playbooks")


@for_the_company
@requires("settings.edit")
def playbook_dry_run(request: HttpRequest, pk: int) -> HttpResponse:
    """What the draft, or what is in use, would have caught."""
    book = get_object_or_404(reading.books(), pk=pk)
    version = book.draft or book.active or book.versions.first()
    if request.method == "POST":
        dry.start(version, by=user_of(request), days=_days(request))
        return redirect("playbook_dry_run", pk)
    run = DryRun.objects.filter(version=version).order_by("-pk").first()
    context = _dry_context(request, book, version, run)
    page = "act/playbooks/_dry.html" if request.htmx else "act/playbooks/dry.html"  # type: ignore[attr-defined]
    return render(request, page, context)


@require_POST
@for_the_company
@requires("settings.edit")
def playbook_activate(request: HttpRequest, pk: int) -> HttpResponse:
    draft = get_object_or_404(_versions(), playbook=pk, state="draft")
    try:
        editing.activate(draft, by=user_of(request))
    except editing.NotReady as error:
        messages.error(request, str(error))
        return redirect("playbook_edit", pk)
    messages.success(request, _("In use. Running cases keep the version they began with."))
    return redirect("playbook", pk)


@require_POST
@for_the_company
@requires("settings.edit")
def playbook_archive(request: HttpRequest, pk: int) -> HttpResponse:
    editing.archive(get_object_or_404(Playbook, pk=pk), by=user_of(request))
    return redirect("playbooks")


@require_POST
@for_the_company
@requires("settings.edit")
def playbook_restore(request: HttpRequest, pk: int) -> HttpResponse:
    editing.restore(get_object_or_404(Playbook, pk=pk), by=user_of(request))
    return redirect("playbooks")


@require_POST
@for_the_company
@requires("settings.edit")
def playbook_copy(request: HttpRequest, pk: int) -> HttpResponse:
    book = get_object_or_404(reading.books(), pk=pk)
    version = book.active or book.draft or book.versions.first()
    return redirect("playbook_edit", editing.copy(version, by=user_of(request)).playbook_id)


@require_POST
@for_the_company
@requires("settings.edit")
def playbook_move(request: HttpRequest, pk: int) -> HttpResponse:
    up = request.POST.get("to") == "up"
    editing.move(get_object_or_404(Playbook, pk=pk), by=user_of(request), up=up)
    return redirect("playbooks")


def _dry_context(
    request: HttpRequest, book: Playbook, version: PlaybookVersion, run: DryRun | None
) -> dict[str, Any]:
    return {
        "playbook": book,
        "version": version,
        "dry": run,
        "is_old": run is not None and run.digest != book_of.digest(version),
        "found": dry_page.dry_run_page(run, user_of(request)) if run and run.state == "done" else None,
        "progress": {"done": run.n_done, "total": run.n_total or None, "label": _("Counting")}
        if run
        else None,
        "days": dry.DAYS,
        "n_faults": len(editing.faults(version)),
        "room": "playbooks",
    }


def _days(request: HttpRequest) -> int:
    given = request.POST.get("days", "")
    return int(given) if given in map(str, dry.DAYS) else 90


def _file(request: HttpRequest) -> Any:
    given = request.FILES.get("file")
    if given is None or (given.size or 0) > MOST_BYTES:
        return None
    try:
        return json.loads(given.read())
    except ValueError:
        return None


def _versions() -> Any:
    return PlaybookVersion.objects.select_related("playbook")
