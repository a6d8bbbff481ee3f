"""The pages of the list of reasons: parse, one verb or one reading, render."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.text.taxonomy import Reason
from voiceloop.server.core.models import User
from voiceloop.server.core.rights import requires, user_of
from voiceloop.server.measure.slices import Slice
from voiceloop.server.understand import progress
from voiceloop.server.understand.models import TaxonomyVersion
from voiceloop.server.understand.reasons import book, files, reading, verbs
from voiceloop.server.understand.reasons.forms import ReasonForm, initial
from voiceloop.server.understand.reasons.preview import preview as tried

ROOM = {"room": "reasons"}


@requires("voice.see")
def reasons(request: HttpRequest) -> HttpResponse:
    part = Slice.of(user_of(request), request.GET)
    context = {**reading.listed(user_of(request), part), "part": part, "version": book.newest()}
    return render(request, "understand/reasons.html", context | progress.context() | ROOM)


@requires("voice.teach")
def new(request: HttpRequest) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    if form.is_valid() and _tried(form, verbs.add, by=user_of(request), **form.arguments):
        messages.success(request, _("Added. History is being labelled with it."))
        return redirect("reasons")
    status = 422 if form.is_bound else 200
    return render(request, "understand/reason_form.html", {"form": form, **ROOM}, status=status)


@requires("voice.teach")
def reason(request: HttpRequest, code: str) -> HttpResponse:
    found = _reason(code)
    form = ReasonForm(request.POST or None, initial=initial(found, book.owners().get(code, "")))
    if form.is_valid() and _tried(form, verbs.edit, code, by=user_of(request), **form.arguments):
        messages.success(request, _("Saved."))
        return redirect("reasons")
    others = [(one.code, book.called(one)) for one in book.in_use() if one.code != code]
    context = {"form": form, "reason": found, "name": book.called(found), "others": others, **ROOM}
    return render(request, "understand/reason_form.html", context, status=422 if form.is_bound else 200)


@require_POST
@requires("voice.teach")
def preview(request: HttpRequest) -> HttpResponse:
    """What the form would do if it were saved; nothing is."""
    form, context = ReasonForm(request.POST), {}
    if form.is_valid():
        try:
            context = {"preview": _preview(user_of(request), form, request.POST.get("code", ""))}
        except AnalyticsError as error:
            context = {"refused": error.say(get_language() or "zh")}
    return render(request, "understand/_reason_preview.html", context)


@require_POST
@requires("voice.teach")
def merge(request: HttpRequest, code: str) -> HttpResponse:
    _reason(code)
    verbs.merge(code, into=request.POST.get("into", ""), by=user_of(request))
    messages.success(request, _("Merged. History follows."))
    return redirect("reasons")


@require_POST
@requires("voice.teach")
def archive(request: HttpRequest, code: str) -> HttpResponse:
    _reason(code)
    verbs.archive(code, by=user_of(request))
    messages.success(request, _("Archived. History follows."))
    return redirect("reasons")


@require_POST
@requires("voice.teach")
def restore(request: HttpRequest, code: str) -> HttpResponse:
    _reason(code)
    verbs.restore(code, by=user_of(request))
    messages.success(request, _("Restored. History follows."))
    return redirect("reasons")


@require_POST
@requires("voice.teach")
def undo(request: HttpRequest) -> HttpResponse:
    verbs.undo(by=user_of(request))
    messages.success(request, _("Taken back."))
    return redirect("reasons")


@requires("voice.see")
def history(request: HttpRequest) -> HttpResponse:
    """All versions, and what differs between two of them."""
    versions = list(TaxonomyVersion.objects.select_related("by", "before").order_by("-number")[:200])
    new = _version(request.GET.get("new", "")) or (versions[0] if versions else None)
    old = _version(request.GET["old"]) if "old" in request.GET else (new.before if new else None)
    context = {"versions": versions, "new": new, "old": old, "changes": reading.compared(old, new), **ROOM}
    return render(request, "understand/reasons_history.html", context)


@require_POST
@requires("voice.teach")
def go_back(request: HttpRequest) -> HttpResponse:
    to = request.POST.get("to", "")
    verbs.go_back(None if to == "0" else _asked(to), by=user_of(request))
    messages.success(request, _("The list is again what it was."))
    return redirect("reasons_history")


@requires("voice.see")
def download(request: HttpRequest, form: str) -> HttpResponse:
    if form not in files.FORMS:
        raise Http404(form)
    make, kind = files.FORMS[form]
    response = HttpResponse(make(book.in_use(), book.owners()), content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="reasons.{form}"'
    return response


@require_POST
@requires("voice.teach")
def upload(request: HttpRequest) -> HttpResponse:
    given = request.FILES.get("file")
    if given is None:
        raise AnalyticsError("Choose a file first.", "请先选择文件。")
    taxonomy, owners = files.read(given.name or "", given.read(files.MOST_BYTES + 1))
    verbs.take(taxonomy, owners=owners, by=user_of(request))
    messages.success(request, _("Imported. History is being labelled with it."))
    return redirect("reasons")


def _preview(user: User, form: ReasonForm, code: str) -> Any:
    given = {name: value for name, value in form.arguments.items() if name != "owner"}
    taxonomy = book.in_use()
    draft = verbs.edited(taxonomy.reason(code), **given) if code else verbs.drafted(**given)
    return tried(user, taxonomy.with_reason(draft), draft.code)


def _tried(form: ReasonForm, verb: Callable[..., Any], *args: Any, **given: Any) -> Any:
    try:
        return verb(*args, **given)
    except AnalyticsError as error:
        form.add_error(None, error.say(get_language() or "zh"))
        return None


def _reason(code: str) -> Reason:
    try:
        return book.in_use().reason(code)
    except AnalyticsError as error:
        raise Http404(code) from error


def _version(number: str) -> TaxonomyVersion | None:
    return TaxonomyVersion.objects.filter(number=number).first() if _is_number(number) else None


def _asked(number: str) -> TaxonomyVersion:
    if not _is_number(number):
        raise Http404(number)
    return get_object_or_404(TaxonomyVersion, number=number)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
