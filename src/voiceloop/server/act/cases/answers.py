"""How a page of a case answers once something was done to it."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from voiceloop.server.act.cases import page
from voiceloop.server.act.models import Case, Deed
from voiceloop.server.core.models import User


def user_of(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]  # behind LoginRequiredMiddleware


def case_of(request: HttpRequest, pk: int) -> Case:
    """The case with all that its page shows; one that the reader may not see does not exist."""
    found: Case = get_object_or_404(page.for_rows(Case.objects.visible_to(user_of(request))), pk=pk)
    return found


def answer(
    request: HttpRequest,
    case: Case,
    *,
    status: int = 200,
    said: str = "",
    level: str = "success",
    deed: Deed | None = None,
    **more: Any,
) -> HttpResponse:
    """The changed case: its part of the page for htmx, the whole page for a browser without."""
    if not request.htmx and status == 200:  # type: ignore[attr-defined]  # set by HtmxMiddleware
        return redirect("case", case.pk)
    context = page.context(case, user_of(request), **more)
    part = "_case.html" if request.htmx else "case.html"  # type: ignore[attr-defined]
    response = render(request, f"act/cases/{part}", context, status=status)
    response["HX-Trigger"] = json.dumps({"case-changed": case.pk} | toast(said, level=level, deed=deed))
    return response


def toast(said: str, *, level: str = "success", deed: Deed | None = None) -> dict[str, Any]:
    """A short message, with a way back where the step has one."""
    if not said:
        return {}
    undo = {"undo": reverse("deed_undo", args=[deed.pk])} if deed else {}
    return {"toast": {"text": said, "level": level, **undo}}
