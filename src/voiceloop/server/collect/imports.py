"""Imports: a file of feedback becomes responses, and can be taken back."""

from __future__ import annotations

import errno
import secrets
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext as _

from voiceloop.server.collect.events import ImportRemoved, ImportStarted
from voiceloop.server.collect.importers import Unreadable, open_file
from voiceloop.server.collect.importing.columns import Codes, Mapping, code_of, header_digest
from voiceloop.server.collect.importing.kinds import SURVEY
from voiceloop.server.collect.importing.run import forget_file, is_alive
from voiceloop.server.collect.models import (
    Conversation,
    Import,
    ImportedActivity,
    ImportedTicket,
    ImportSource,
    Programme,
    Response,
    Transaction,
)
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import Unit, User
from voiceloop.server.core.queueing import queue_once

RUN, REMOVE, QUEUE = "collect.run_import", "collect.remove_import", "imports"
# Somebody looks at its progress: it does not wait behind what a flood of answers set going.
FIRST = 10
# Our choice: a file of this size holds some ten million answers.
MAX_BYTES = 2 << 30
# Rows deleted in one transaction when an import is taken back.
CHUNK = 2000
# What an import may have brought; activities go before the tickets that they belong to.
BROUGHT = (Response, Conversation, Transaction, ImportedActivity, ImportedTicket)


def keep(name: str, chunks: Iterable[bytes]) -> Path:
    """Write an upload to disk as it arrives; the path is relative to the media folder."""
    place = Path("imports") / f"{secrets.token_hex(12)}{''.join(Path(name).suffixes[-2:])[:12]}"
    path = Path(settings.MEDIA_ROOT) / place
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    written = 0
    try:
        with path.open("xb") as file:
            for chunk in chunks:
                written += file.write(chunk)
                if written > MAX_BYTES:
                    raise too_large()
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            raise Unreadable(_("The disk is full; the file could not be kept.")) from error
        raise
    return place


def too_large() -> Unreadable:
    return Unreadable(_("The file is larger than %(size)s GB. Split it.") % {"size": MAX_BYTES >> 30})


@verb
def receive(
    *,
    name: str,
    path: Path,
    unit: Unit,
    by: User | None,
    programme: Programme | None = None,
    new_programme: str = "",
) -> Import:
    """Take a file in: it is checked, and waits for its columns to be confirmed.

    A survey is given its programme, which may be a new one, when it is started.
    """
    full = Path(settings.MEDIA_ROOT) / path
    import_ = Import(name=name[:255], path=str(path), unit=unit, by=by)
    try:
        with open_file(full) as reader:
            import_.size = reader.size
            if next(reader.lines(), None) is None:
                raise Unreadable(_("The file has a header and no rows."))
    except Unreadable:
        forget_file(import_)
        raise
    import_.programme, import_.new_programme = programme, "" if programme else new_programme[:120]
    import_.save()
    return import_


@verb
def start(
    *,
    import_: Import,
    mapping: Mapping,
    by: User | None,
    in_background: bool = True,
) -> Import:
    """Confirm the columns, remember them for the next file of this shape, and queue the work."""
    current = Import.objects.select_for_update().get(pk=import_.pk)
    if current.state != Import.State.MAPPING:
        return current  # type: ignore[no-any-return]  # ScopedQuerySet is untyped
    current.mapping, current.state = mapping.checked().dump(), Import.State.QUEUED
    current.kind, current.programme = mapping.kind, _programme(current, mapping)
    current.save()
    remember(unit=current.unit, mapping=mapping)
    record(ImportStarted(import_=current.pk, name=current.name), by=by, unit=current.unit)
    if in_background:
        _queue(RUN, current.pk)
    return current  # type: ignore[no-any-return]  # as above


def _programme(import_: Import, mapping: Mapping) -> Programme | None:
    if mapping.kind != SURVEY:
        return None
    named = import_.new_programme
    return import_.programme or (programme_named(name=named, unit=import_.unit) if named else None)


@verb
def remember(*, unit: Unit, mapping: Mapping) -> ImportSource:
    """Keep what a person confirmed of these columns."""
    header = header_digest([column.name for column in mapping.columns])
    defaults = {"name": mapping.source[:120], "mapping": mapping.dump(), "updated_at": now()}
    source, _made = ImportSource.objects.update_or_create(unit=unit, header=header, defaults=defaults)
    return source


@verb
def discard(*, import_: Import) -> None:
    """Forget a file whose import was never started."""
    if import_.state == Import.State.MAPPING:
        transaction.on_commit(lambda: forget_file(import_))
        Import.objects.filter(pk=import_.pk, state=Import.State.MAPPING).delete()


@verb
def remove(*, import_: Import, by: User | None) -> Import:
    """Take back what this import brought; the work is done in the background."""
    current = Import.objects.select_for_update().get(pk=import_.pk)
    if current.is_removable:
        current.state = Import.State.REMOVING
        current.save(update_fields=["state"])
        record(ImportRemoved(import_=current.pk, name=current.name), by=by, unit=current.unit)
        _queue(REMOVE, current.pk)
    return current  # type: ignore[no-any-return]  # ScopedQuerySet is untyped


def carry_out_removal(import_: Import) -> int:
    """Delete what it brought chunk by chunk, so that it can be stopped and gone on with anywhere."""
    n = 0
    while _remove_chunk(import_):
        n += 1
    Import.objects.filter(pk=import_.pk, state=Import.State.REMOVING).update(state=Import.State.REMOVED)
    return n


@transaction.atomic
def _remove_chunk(import_: Import) -> int:
    if not Import.objects.filter(pk=import_.pk, state=Import.State.REMOVING).exists():
        return 0
    for model in BROUGHT:
        some = list(model._default_manager.filter(batch=import_).values_list("pk", flat=True)[:CHUNK])
        if some:
            return int(model._default_manager.filter(pk__in=some).delete()[0])
    return 0


def resume_dead() -> list[int]:
    """Queue again what says it runs and whose process is gone."""
    state = Import.State
    moving = Import.objects.filter(Q(state=state.REMOVING) | Q(state__in=[state.QUEUED, state.RUNNING]))
    dead = [import_ for import_ in moving if not is_alive(import_.pk)]
    return [i.pk for i in dead if _queue(REMOVE if i.state == state.REMOVING else RUN, i.pk)]


def _queue(task: str, pk: int) -> bool:
    """Queue a job in this transaction, unless the same one is waiting already."""
    return queue_once(task, once=f"{task}:{pk}", queue=QUEUE, priority=FIRST, import_id=pk)


@verb
def programme_named(*, name: str, unit: Unit) -> Programme:
    """The programme of this name, made when there is none."""
    above = [int(part) for part in (unit.path or "").split("/") if part]
    serving = Programme.objects.filter(Q(unit__in=above) | Q(unit__path__startswith=unit.path))
    programme = serving.filter(Q(name=name) | Q(code=code_of(name))).first()
    return programme or Programme.objects.create(code=_free_code(name), name=name[:120], unit=unit)


def _free_code(name: str) -> str:
    taken = Programme.objects.filter(code__startswith=code_of(name)).values_list("code", flat=True)
    return Codes(set(taken)).take(code_of(name))
