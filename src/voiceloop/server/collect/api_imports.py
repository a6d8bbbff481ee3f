"""Imports over HTTP: hand in a file, start it, follow it, take it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile

from voiceloop.server.collect import imports
from voiceloop.server.collect.importers import Unreadable
from voiceloop.server.collect.importing.kinds import KINDS, SURVEY
from voiceloop.server.collect.importing.preview import Sample, first_mapping
from voiceloop.server.collect.importing.spoken import applied, spoken_words
from voiceloop.server.collect.models import Import
from voiceloop.server.core.models import Unit, User
from voiceloop.server.core.problem import Problem
from voiceloop.server.core.rights import allowed

router = Router(tags=["imports"])


class ImportIn(Schema):
    """`kind` says what the file is, else it is recognised; `map` what columns are, as on the command line:
    `score=recommend:nps_0_10`, `wait_seconds=q_time`. `programme` and `recent_days` are for surveys, `order`
    (dmy or mdy) and `word` (`resolved=Closed`) for the other kinds."""

    kind: str = ""
    programme: str = ""
    unit: str = ""
    source: str = ""
    recent_days: int = 0
    map: list[str] = []
    order: str = ""
    word: list[str] = []


class ImportOut(Schema):
    id: int
    name: str
    kind: str
    state: str
    size: int
    bytes_read: int
    n_read: int
    n_new: int
    n_known: int
    n_bad: int
    error: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    columns: list[dict[str, Any]]
    notes: list[dict[str, Any]]

    @staticmethod
    def resolve_columns(import_: Import) -> list[dict[str, Any]]:
        return list(import_.mapping.get("columns", []))


REFUSALS = {400: Problem, 403: Problem, 404: Problem, 422: Problem}


@router.post("/imports", response={201: ImportOut, **REFUSALS})
def create_import(request: HttpRequest, said: Form[ImportIn], file: File[UploadedFile]) -> Any:
    """Hand in a file and start it; columns that `map` does not name are guessed."""
    user = allowed(request, "import")
    try:
        return Status(201, _started(user, said, file))
    except (Unreadable, ValidationError) as refusal:
        return Status(422, {"detail": str(refusal)})


def _started(user: User, said: ImportIn, file: UploadedFile) -> Import:
    units = Unit.objects.visible_to(user)
    unit = units.filter(code=said.unit).first() if said.unit else user.unit
    if unit is None:
        raise Unreadable(_("There is no unit %(code)s.") % {"code": said.unit})
    name = file.name or "import"
    programme = said.programme or name.split(".")[0]
    path = imports.keep(name, file.chunks())
    import_ = imports.receive(name=name, path=path, unit=unit, by=user, new_programme=programme)
    try:
        sample = Sample.of(import_)
        mapping = applied(said.map, first_mapping(import_, sample, _kind(said)), sample.whole)
        mapping = replace(mapping, source=said.source or mapping.source, recent_days=said.recent_days)
        if mapping.kind != SURVEY:
            order = said.order if said.order in ("dmy", "mdy") else mapping.order
            mapping = replace(mapping, order=order, words=spoken_words(said.word) or mapping.words)
        return imports.start(import_=import_, mapping=mapping, by=user)
    except Unreadable:
        imports.discard(import_=import_)
        raise


def _kind(said: ImportIn) -> str:
    if said.kind and said.kind not in KINDS:
        known = ", ".join(KINDS)
        sentence = _("There is no kind of file “%(kind)s”; there are: %(known)s.")
        raise Unreadable(sentence % {"kind": said.kind, "known": known})
    return said.kind


@router.get("/imports", response={200: list[ImportOut], 403: Problem})
def list_imports(request: HttpRequest) -> Any:
    """The hundred newest."""
    return Import.objects.visible_to(allowed(request, "import")).order_by("-pk")[:100]


@router.get("/imports/{pk}", response={200: ImportOut, 403: Problem, 404: Problem})
def get_import(request: HttpRequest, pk: int) -> Any:
    return get_object_or_404(Import.objects.visible_to(allowed(request, "import")), pk=pk)


@router.delete("/imports/{pk}", response={202: ImportOut, 403: Problem, 404: Problem})
def delete_import(request: HttpRequest, pk: int) -> Any:
    """Take back what it brought; the work is done in the background."""
    user = allowed(request, "import")
    import_ = get_object_or_404(Import.objects.visible_to(user), pk=pk)
    return Status(202, imports.remove(import_=import_, by=user))
