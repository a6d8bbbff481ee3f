"""Pages of imports: choose a file, confirm its columns, watch it come in, take it back."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import PurePath

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from voiceloop.server.collect import imports
from voiceloop.server.collect.form_imports import FileForm, KindForm, column_row, column_rows, mapping_from
from voiceloop.server.collect.importers import Unreadable
from voiceloop.server.collect.importing.columns import Mapping
from voiceloop.server.collect.importing.faults import sentence
from voiceloop.server.collect.importing.kinds import KINDS
from voiceloop.server.collect.importing.preview import Sample, first_mapping, group_of, preview
from voiceloop.server.collect.importing.results import figures_of
from voiceloop.server.collect.models import Import, RejectedRow
from voiceloop.server.core.models import User
from voiceloop.server.core.rights import requires, user_of


def _found(request: HttpRequest, pk: int) -> Import:
    visible = Import.objects.visible_to(request.user).select_related("programme", "unit", "by")
    return get_object_or_404(visible, pk=pk)  # type: ignore[no-any-return]  # ScopedQuerySet is untyped


@requires("import")
@require_GET
def import_list(request: HttpRequest) -> HttpResponse:
    visible = (
        Import.objects.visible_to(request.user).select_related("programme", "unit", "by").order_by("-pk")
    )
    page = Paginator(visible, 25).get_page(request.GET.get("page"))
    moving = any(import_.is_moving for import_ in page)
    template = "collect/imports.html#rows" if request.htmx else "collect/imports.html"  # type: ignore[attr-defined]
    return render(request, template, {"page": page, "moving": moving})


@requires("import")
@require_http_methods(["GET", "POST"])
def import_new(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    form = FileForm(request.user, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("import", pk=_received(request.user, form).pk)
        except Unreadable as unreadable:
            form.add_error("file", str(unreadable))
    context = {"form": form, "gigabytes": imports.MAX_BYTES >> 30}
    return render(request, "collect/import_new.html", context, status=422 if form.errors else 200)


def _received(user: User, form: FileForm) -> Import:
    chosen, file = form.cleaned_data, form.cleaned_data["file"]
    path = imports.keep(file.name, file.chunks())
    name = chosen["new_programme"] or PurePath(file.name).name.split(".")[0]
    return imports.receive(
        name=file.name,
        path=path,
        unit=chosen["unit"],
        by=user,
        programme=chosen["programme"],
        new_programme=name,
    )


@requires("import")
@require_GET
def import_page(request: HttpRequest, pk: int) -> HttpResponse:
    import_ = _found(request, pk)
    if import_.state != Import.State.MAPPING:
        return render(request, "collect/import.html", _progress(import_))
    try:
        sample = Sample.of(import_)
    except Unreadable as unreadable:
        return render(request, "collect/import_unreadable.html", {"import": import_, "error": unreadable})
    kind = request.GET.get("kind", "")
    mapping = first_mapping(import_, sample, kind if kind in KINDS else "")
    return render(request, "collect/import_columns.html", _columns(import_, mapping, sample))


def _columns(import_: Import, mapping: Mapping, sample: Sample) -> dict[str, object]:
    rows = column_rows(mapping, sample)
    context: dict[str, object] = {"import": import_, "mapping": mapping, "room": "imports"}
    context["asked"] = KindForm(mapping)
    for group, name in enumerate(("main", "aspects", "others")):
        context[name] = [row for row in rows if group_of(row.column) == group]
    return context | _previewed(import_, mapping, sample)


def _previewed(import_: Import, mapping: Mapping, sample: Sample) -> dict[str, object]:
    try:
        return {"preview": preview(import_, mapping, sample)}
    except Unreadable as unreadable:
        return {"wrong": str(unreadable)}


@requires("import")
@require_POST
def import_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The first rows as the chosen columns would be understood; nothing is kept."""
    import_ = _found(request, pk)
    sample = Sample.of(import_)
    mapping = mapping_from(request.POST, sample)
    context = {"import": import_, "mapping": mapping} | _previewed(import_, mapping, sample)
    place = request.GET.get("column", "")
    if place.isdecimal() and int(place) < len(mapping.columns):
        context["row"] = column_row(mapping, sample, int(place))
    return render(request, "collect/import_preview.html", context)


@requires("import")
@require_POST
def import_start(request: HttpRequest, pk: int) -> HttpResponse:
    import_ = _found(request, pk)
    try:
        mapping = mapping_from(request.POST, Sample.of(import_))
        imports.start(import_=import_, mapping=mapping, by=user_of(request))
    except Unreadable as unreadable:
        messages.error(request, str(unreadable))
    return redirect("import", pk=pk)


@requires("import")
@require_GET
def import_progress(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "collect/import.html#progress", _progress(_found(request, pk)))


def _progress(import_: Import) -> dict[str, object]:
    seconds = ((import_.ended_at or now()) - import_.started_at).total_seconds() if import_.started_at else 0
    rate = import_.n_read / seconds if seconds > 0.5 and import_.n_read else None
    share = import_.bytes_read / import_.size if import_.size else 0
    left = seconds * (1 - share) / share if share and import_.state == Import.State.RUNNING else None
    return {
        "import": import_,
        "rate": rate,
        "left": left,
        "seconds": seconds,
        "room": "imports",
        "notes": [note.get((get_language() or "")[:2]) or note["en"] for note in import_.notes],
        "figures": figures_of(import_),
    }


@requires("import")
@require_POST
def import_remove(request: HttpRequest, pk: int) -> HttpResponse:
    imports.remove(import_=_found(request, pk), by=user_of(request))
    return redirect("import", pk=pk)


@requires("import")
@require_POST
def import_discard(request: HttpRequest, pk: int) -> HttpResponse:
    imports.discard(import_=_found(request, pk))
    messages.success(request, _("The file was forgotten."))
    return redirect("imports")


@requires("import")
@require_GET
def import_rejected(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The refused rows with their number and reason, to be mended and sent again."""
    import_ = _found(request, pk)
    response = StreamingHttpResponse(
        _rejected_lines(import_, get_language() or "zh-hans"), content_type="text/csv"
    )
    name = f"rejected-{import_.pk}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _rejected_lines(import_: Import, language: str) -> Iterator[bytes]:
    class Out:
        def write(self, line: str) -> bytes:
            return line.encode()

    writer = csv.writer(Out())
    names = [column["name"] for column in import_.mapping.get("columns", [])]
    with override(language):
        # The mark tells spreadsheets that this is UTF-8.
        yield b"\xef\xbb\xbf" + writer.writerow([_("row"), _("reason"), *names])
        for row in RejectedRow.objects.filter(batch=import_).order_by("number").iterator():
            cells = [cell.encode("utf-8", "replace").decode() for cell in json.loads(row.cells)]
            yield writer.writerow([row.number, sentence(row.fault, row.column, row.value), *cells])
