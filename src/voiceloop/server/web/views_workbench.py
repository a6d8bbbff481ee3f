"""The workbench: the next customer to answer, with everything known about them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from voiceloop.server.act.cases import page
from voiceloop.server.core.rights import requires
from voiceloop.server.web.desk import Desk


@requires("cases.work")
def workbench(request: HttpRequest) -> HttpResponse:
    desk = _desk(request)
    context: dict[str, Any] = {"desk": desk, "is_chosen": desk.chosen is not None}
    if desk.case:
        context |= page.context(desk.case, desk.user)
    part = "#desk" if request.htmx and request.htmx.target == "desk" else ""  # type: ignore[attr-defined]
    return render(request, f"web/workbench.html{part}", context)


@requires("cases.work")
def workbench_queue(request: HttpRequest) -> HttpResponse:
    """The queue alone, for a page on which something changed."""
    return render(request, "web/workbench.html#queue", {"desk": _desk(request)})


def _desk(request: HttpRequest) -> Desk:
    given = request.GET
    return Desk(request.user, tab=given.get("tab", ""), case=given.get("case", ""))  # type: ignore[arg-type]
