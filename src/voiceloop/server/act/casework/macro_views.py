"""The pages of macros, and running one on a case."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.server.act.cases.answers import answer, case_of, user_of
from voiceloop.server.act.casework import macros, undoing
from voiceloop.server.act.casework.macro_forms import MacroForm
from voiceloop.server.act.models import Macro
from voiceloop.server.core.rights import requires


@requires("cases.work")
def macro_list(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    rows = Macro.objects.visible_to(user).live().select_related("owner", "unit")
    context = {"rows": [{"macro": one, "changes": macros.may_change(one, user)} for one in rows]}
    return render(request, "act/casework/macros.html", context)


@requires("cases.work")
def macro_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    user = user_of(request)
    macro = get_object_or_404(Macro.objects.visible_to(user).live(), pk=pk) if pk else Macro()
    if pk and not macros.may_change(macro, user):
        raise PermissionDenied("macro")
    form = MacroForm(request.POST or None, macro=macro, user=user)
    if form.is_valid():
        macros.save(form.filled(), by=user)
        messages.success(request, _("Saved."))
        return redirect("macros")
    context = {"form": form, "macro": macro, "room": "macros"}
    return render(request, "act/casework/macro_form.html", context, status=422 if form.is_bound else 200)


@require_POST
@requires("cases.work")
def macro_archive(request: HttpRequest, pk: int) -> HttpResponse:
    macro = get_object_or_404(Macro.objects.visible_to(user_of(request)).live(), pk=pk)
    if not macros.may_change(macro, user_of(request)):
        raise PermissionDenied("macro")
    macros.archive(macro, by=user_of(request))
    messages.success(request, _("The macro is gone from the lists."))
    return redirect("macros")


@requires("cases.work")
def case_macros(request: HttpRequest, pk: int) -> HttpResponse:
    """The macros that this person may run on the case, to choose from by typing."""
    rows = Macro.objects.visible_to(user_of(request)).live().select_related("owner", "unit")
    return render(request, "act/casework/_macros.html", {"case": case_of(request, pk), "macros": rows})


@requires("cases.work")
def macro_preview(request: HttpRequest, pk: int, macro: int) -> HttpResponse:
    case, by = case_of(request, pk), user_of(request)
    found = get_object_or_404(Macro.objects.visible_to(by).live(), pk=macro)
    lines = macros.preview(found, case, by=by)
    context = {"case": case, "macro": found, "lines": lines, "blocked": macros.blocked(lines)}
    return render(request, "act/casework/_preview.html", context)


@require_POST
@requires("cases.work")
def macro_run(request: HttpRequest, pk: int, macro: int) -> HttpResponse:
    case, by = case_of(request, pk), user_of(request)
    found = get_object_or_404(Macro.objects.visible_to(by).live(), pk=macro)
    try:
        macros.run(found, case=case, by=by)
    except ValueError as refused:
        return answer(request, case, said=str(refused), level="error")
    said = _("Done: %(name)s") % {"name": found}
    return answer(request, case_of(request, pk), said=said, deed=undoing.last(case, by=by))
