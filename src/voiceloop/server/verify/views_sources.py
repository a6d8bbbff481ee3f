"""Where complaints come from, and what customers did after what they said: pages over several rooms."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from voiceloop.server.core.rights import requires, user_of
from voiceloop.server.measure.labels import dimension_label
from voiceloop.server.understand.drivers import doing, page, reading
from voiceloop.server.verify import complaints, shared


@requires("measure.see")
def sources(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    part = reading.slice_of(user, request.GET, reading.LONG_DAYS)
    party = request.GET.get("party", "")
    party = party if party in complaints.PARTIES else complaints.PARTIES[0]
    branches, n, _keys = complaints.tree(user, part, party)
    path = {level: request.GET.get(f"at_{level}", "") for level in ("problem", "step", "cause", party)}
    steps, n_late, fault = complaints.late(part)
    context = page.common(user, part, "complaint_sources") | {
        "branches": branches,
        "n": n,
        "party": party,
        "parties": [(one, dimension_label(one)) for one in complaints.PARTIES],
        "cases": complaints.cases_under(user, part, party, path) if path["problem"] else None,
        "path": [one for one in path.values() if one],
        "steps": complaints.step_rows(steps),
        "n_late": n_late,
        "fault": fault,
        "kept": [("party", party)],
    }
    return render(request, "verify/complaint_sources.html", context)


@requires("measure.see")
def deeds(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    part = reading.slice_of(user, request.GET, "all")
    found, fault = page.read(lambda: doing.lines(part))
    context = page.common(user, part, "deeds")
    context |= {"lines": found or [], "fault": fault, "shared": shared.shared(user, part)}
    return render(request, "verify/deeds.html", context)
