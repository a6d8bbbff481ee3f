"""The pages of external figures: parse, one verb or one reading, render."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from voiceloop.analytics import registry
from voiceloop.server.collect.importers import Unreadable, open_file
from voiceloop.server.core.rights import requires, user_of
from voiceloop.server.core.spreadsheets import named, streamed
from voiceloop.server.measure import benchmarks as verbs
from voiceloop.server.measure import benchmarks_rows as rows
from voiceloop.server.measure.benchmarks_models import Sheet
from voiceloop.server.measure.benchmarks_reading import Compared, beside, compared, own_circumstances, series
from voiceloop.server.measure.cards import metric_label
from voiceloop.server.measure.choices import choices
from voiceloop.server.measure.slices import Slice, in_words

MOST_ROWS, MOST_BYTES = 2000, 2_000_000
SHOWN = 50


@requires("measure.see")
def benchmarks(request: HttpRequest) -> HttpResponse:
    user, view = user_of(request), request.GET.get("view", "")
    part = Slice.of(user, request.GET)
    context = {"view": view, "part": part, "words": in_words(part), "edits": user.may("targets.edit")}
    if view == "series":
        context |= _series(request, part)
    elif view == "files":
        context |= {
            "sheets": Sheet.objects.visible_to(user).select_related("by", "unit").order_by("-pk")[:100]
        }
    else:
        context |= {"rows": compared(user, part), "choices": choices(user, part)}
        context |= {"ours": own_circumstances(user)}
    return render(request, "measure/benchmarks.html", context)


@requires("measure.export")
def benchmarks_export(request: HttpRequest) -> StreamingHttpResponse:
    user = user_of(request)
    rows = (_row(one) for one in compared(user, Slice.of(user, request.GET)))
    return named(streamed([HEAD], rows), "benchmarks.csv")


@requires("targets.edit")
def benchmarks_new(request: HttpRequest) -> HttpResponse:
    user, fault = user_of(request), ""
    if request.method == "POST" and user.unit is not None:
        try:
            columns, lines = read_upload(request.FILES.get("file"))
            kind = "series" if request.POST.get("kind") == "series" else "benchmarks"
            name = getattr(request.FILES.get("file"), "name", "") or ""
            made = verbs.bring(by=user, unit=user.unit, kind=kind, name=name, columns=columns, lines=lines)
            return redirect("benchmark_sheet", made.pk)
        except Unreadable as error:
            fault = str(error)
    context = {"fault": fault, "roles": rows.ROLES, "room": "benchmarks"}
    return render(request, "measure/benchmarks_new.html", context, status=422 if fault else 200)


@requires("measure.see")
def benchmark_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    sheet = _sheet(request, pk)
    read = rows.read(sheet.kind, sheet.columns, sheet.lines, sheet.mapping)
    faulty = [row for row in read if row.faults]
    context = {
        "sheet": sheet,
        "roles": [
            (role, name, sheet.mapping.get(role, ""), role in rows.NEEDED[sheet.kind])
            for role, (name, _words) in rows.ROLES[sheet.kind].items()
        ],
        "shown": [*faulty, *(row for row in read if not row.faults)][:SHOWN],
        "n_good": len(read) - len(faulty),
        "n_faulty": len(faulty),
        "missing": rows.missing_roles(sheet.kind, sheet.mapping),
        "edits": user_of(request).may("targets.edit") and _changes(request, sheet),
        "room": "benchmarks",
    }
    return render(request, "measure/benchmark_sheet.html", context)


@require_POST
@requires("targets.edit")
def benchmark_map(request: HttpRequest, pk: int) -> HttpResponse:
    sheet = _sheet(request, pk, changes=True)
    verbs.remap(sheet, mapping={role: request.POST.get(role, "") for role in rows.ROLES[sheet.kind]})
    return redirect("benchmark_sheet", pk)


@require_POST
@requires("targets.edit")
def benchmark_take(request: HttpRequest, pk: int) -> HttpResponse:
    sheet = _sheet(request, pk, changes=True)
    try:
        n = verbs.take(sheet, by=user_of(request), without_faulty=bool(request.POST.get("without_faulty")))
    except verbs.Refused:
        messages.error(request, _("Nothing was taken: there are rows that cannot be read."))
        return redirect("benchmark_sheet", pk)
    said = ngettext("%(n)s figure taken.", "%(n)s figures taken.", n) % {"n": n}
    messages.success(request, said)
    return redirect("benchmark_sheet", pk)


@require_POST
@requires("targets.edit")
def benchmark_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    verbs.withdraw(_sheet(request, pk, changes=True), by=user_of(request))
    messages.success(request, _("Withdrawn. It can be restored here."))
    return redirect("benchmark_sheet", pk)


@require_POST
@requires("targets.edit")
def benchmark_restore(request: HttpRequest, pk: int) -> HttpResponse:
    verbs.restore(_sheet(request, pk, changes=True), by=user_of(request))
    messages.success(request, _("Restored."))
    return redirect("benchmark_sheet", pk)


def read_upload(file: UploadedFile[bytes] | None) -> tuple[list[str], list[list[str]]]:
    """The cells of a small file. Raises `Unreadable`."""
    if file is None or not file.size:
        raise Unreadable(_("Choose a file first."))
    if file.size > MOST_BYTES:
        raise Unreadable(_("The file is larger than 2 MB: external figures are few."))
    with tempfile.TemporaryDirectory() as folder:
        # The Excel reader refuses a file by its name alone.
        path = Path(folder) / "figures.xlsx"
        path.write_bytes(file.read())
        with open_file(path) as reader:
            lines = [line.cells for line in reader.lines() if not line.fault]
            columns = reader.columns
    if not lines or len(lines) > MOST_ROWS:
        raise Unreadable(_("The file needs 1 to %(n)s rows below its header.") % {"n": MOST_ROWS})
    return columns, lines


def _series(request: HttpRequest, part: Slice) -> dict[str, Any]:
    found, name = series(user_of(request)), request.GET.get("metric", "nps")
    metric = registry.metric(name)
    whole = Slice.of(user_of(request), {"days": "1095"})
    return {
        "series": found,
        "metrics": [(code, metric_label(one)) for code, one in registry.metrics().items()],
        "metric": metric,
        "picture": beside(metric, whole, found[:5]) if found else None,
    }


HEAD = (
    "metric", "scale", "peer", "source", "as_of", "segment", "benchmark", "benchmark_n", "benchmark_low",
    "benchmark_high", "own", "own_low", "own_high", "own_n", "gap", "gap_low", "gap_high", "verdict",
    "differs",
)  # fmt: skip


def _row(one: Compared) -> list[Any]:
    benchmark, own, gap = one.benchmark, one.own, one.gap
    low, high = one.theirs or ("", "")
    told = [benchmark.metric, benchmark.scale, benchmark.peer, benchmark.source]
    told += [benchmark.as_of.isoformat(), benchmark.segment]
    numbers: list[Any] = [benchmark.value, benchmark.n, low, high, own.value, own.low, own.high, own.n]
    return [*told, *numbers, gap.difference, gap.low, gap.high, gap.verdict, "; ".join(one.differs)]


def _changes(request: HttpRequest, sheet: Sheet) -> bool:
    return Sheet.objects.changeable_by(request.user).filter(pk=sheet.pk).exists()


def _sheet(request: HttpRequest, pk: int, changes: bool = False) -> Sheet:
    mine = Sheet.objects.changeable_by(request.user) if changes else Sheet.objects.visible_to(request.user)
    found: Sheet = get_object_or_404(mine.select_related("by", "unit"), pk=pk)
    return found
