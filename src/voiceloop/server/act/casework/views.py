"""Merge, split, link, snooze, undo and presence: parse, one verb or one queryset, render."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from voiceloop.server.act.cases.answers import answer, case_of, user_of
from voiceloop.server.act.casework import (
    finding,
    forms,
    linking,
    mentions,
    merging,
    page,
    presence,
    snoozing,
    undoing,
)
from voiceloop.server.act.models import Case, CaseLink, Deed
from voiceloop.server.core.rights import requires

PER_PAGE = 50
ROOM: dict[str, Any] = {"room": "cases"}
BEAT: dict[str, Any] = {"beat": presence.BEAT, "works": True}


@requires("cases.work")
def others(request: HttpRequest, pk: int) -> HttpResponse:
    """Cases to choose from, for what somebody types."""
    case = case_of(request, pk)
    found = finding.among(case, user_of(request), request.GET.get("q", ""))
    context = {"case": case, "found": found, "box": request.GET.get("box", "merge")}
    return render(request, "act/casework/_others.html", context)


@require_POST
@requires("cases.work")
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    case, by = case_of(request, pk), user_of(request)
    form = forms.MergeForm(request.POST, case=case, user=by)
    if not form.is_valid():
        return answer(request, case, status=422, opened="merge", merge_form=form)
    this, other = case, form.cleaned_data["other"]
    goes, stays = (this, other) if form.cleaned_data["stays"] == "other" else (other, this)
    try:
        undoing.do(goes, by=by, name="merge", act=lambda: merging.merge(goes, into=stays, by=by))
    except merging.Refused as refused:
        form.add_error(None, str(refused))
        return answer(request, case, status=422, opened="merge", merge_form=form)
    said = _("#%(goes)s is answered in #%(stays)s now.") % {"goes": goes.pk, "stays": stays.pk}
    if _is_page_of(request, goes):
        messages.success(request, said)
        return HttpResponseClientRedirect(reverse("case", args=[stays.pk]))
    return answer(request, case_of(request, stays.pk), said=said, deed=undoing.last(goes, by=by))


@require_POST
@requires("cases.work")
def unmerge(request: HttpRequest, pk: int) -> HttpResponse:
    case = case_of(request, pk)
    merging.unmerge(case, by=user_of(request))
    return answer(request, case_of(request, pk), said=_("Two cases again."))


@require_POST
@requires("cases.work")
def link(request: HttpRequest, pk: int) -> HttpResponse:
    case, by = case_of(request, pk), user_of(request)
    form = forms.LinkForm(request.POST, case=case, user=by)
    if not form.is_valid():
        return answer(request, case, status=422, opened="link", link_form=form)
    other, kind = form.cleaned_data["other"], form.cleaned_data["kind"]
    if kind == "child":
        linking.link(other, other=case, kind=CaseLink.Kind.PARENT, by=by)
    else:
        linking.link(case, other=other, kind=kind, by=by)
    return answer(request, case_of(request, pk), said=_("Linked with #%(number)s.") % {"number": other.pk})


@require_POST
@requires("cases.work")
def unlink(request: HttpRequest, pk: int) -> HttpResponse:
    """`from` says on whose page the button was."""
    found = get_object_or_404(CaseLink.objects.visible_to(user_of(request)), pk=pk)
    linking.unlink(found, by=user_of(request))
    here = found.other_id if request.POST.get("from") == str(found.other_id) else found.case_id
    return answer(request, case_of(request, here), said=_("The link is gone."))


@requires("cases.work")
def split(request: HttpRequest, pk: int) -> HttpResponse:
    case, by = case_of(request, pk), user_of(request)
    form = forms.SplitForm(request.POST if request.method == "POST" else None, case=case)
    if form.is_valid():
        made = linking.split(case, by=by, **form.arguments)
        return redirect("case", made.pk)
    status = 422 if form.is_bound else 200
    return render(request, "act/casework/split.html", page.of_split(case, form) | ROOM, status=status)


@require_POST
@requires("cases.work")
def snooze(request: HttpRequest, pk: int) -> HttpResponse:
    case, by = case_of(request, pk), user_of(request)
    form = forms.SnoozeForm(request.POST)
    if not form.is_valid():
        return answer(request, case, status=422, opened="snooze", snooze_form=form)
    until = form.cleaned_data["until"]
    undoing.do(case, by=by, name="snooze", act=lambda: snoozing.snooze(case, by=by, until=until))
    said = _("Put off until the customer writes.")
    if until:
        when = date_format(localtime(until), "SHORT_DATETIME_FORMAT")
        said = _("Put off until %(when)s.") % {"when": when}
    return answer(request, case_of(request, pk), said=said, deed=undoing.last(case, by=by))


@require_POST
@requires("cases.work")
def wake(request: HttpRequest, pk: int) -> HttpResponse:
    case, by = case_of(request, pk), user_of(request)
    undoing.do(case, by=by, name="wake", act=lambda: snoozing.wake(case, by=by))
    return answer(request, case_of(request, pk), said=_("Taken up again."), deed=undoing.last(case, by=by))


@require_POST
@requires("cases.work")
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own step only: another person's is answered by a step of one's own."""
    deed = get_object_or_404(Deed.objects.visible_to(user_of(request)).filter(by=user_of(request)), pk=pk)
    try:
        case = undoing.undo(deed, by=user_of(request))
    except undoing.Changed as changed:
        return answer(request, case_of(request, deed.case_id), said=str(changed), level="error")
    said = _("Taken back: %(what)s.") % {"what": undoing.NAMES[deed.name]}
    return answer(request, case_of(request, case.pk), said=said, level="info")


@require_POST
@requires("cases.work")
def beat(request: HttpRequest, pk: int) -> HttpResponse:
    """The page is still open: who else is here, said only when that is news to it."""
    case, user = _plain(request, pk), user_of(request)
    presence.beat(case, user=user, typing=request.POST.get("types") == "1")
    mentions.see(user, case=case)
    found = presence.others(case, user=user)
    if request.POST.get("seen") == presence.digest(found):
        return HttpResponse(status=204)
    return render(request, "act/casework/_presence.html", {"case": case, "others": found, **BEAT})


@require_POST
@requires("cases.work")
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """The page was left, so the colleagues need not wait for the heartbeat to stop."""
    presence.leave(_plain(request, pk), user=user_of(request))
    return HttpResponse(status=204)


@requires("cases.see")
def mention_list(request: HttpRequest) -> HttpResponse:
    found = Paginator(mentions.of(user_of(request)), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "act/casework/mentions.html", {"page": found})


@require_POST
@requires("cases.see")
def mentions_seen(request: HttpRequest) -> HttpResponse:
    mentions.see(user_of(request))
    return redirect("mentions")


def _is_page_of(request: HttpRequest, case: Case) -> bool:
    """Whether the browser stands on this case's own page, whose heading would lie after a merge."""
    here = request.htmx.current_url_abs_path or ""  # type: ignore[attr-defined]  # set by HtmxMiddleware
    return bool(here.startswith(reverse("case", args=[case.pk])))


def _plain(request: HttpRequest, pk: int) -> Case:
    """The case and nothing else: what is asked every few seconds must be cheap."""
    found: Case = get_object_or_404(Case.objects.visible_to(user_of(request)), pk=pk)
    return found
