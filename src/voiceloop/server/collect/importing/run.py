"""Runs an import batch by batch; killed anywhere, it goes on behind the last committed row."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _
from psycopg.errors import DeadlockDetected

from voiceloop.server.collect.events import ImportFinished
from voiceloop.server.collect.importers import Reader, Unreadable, open_file
from voiceloop.server.collect.importing import facts
from voiceloop.server.collect.importing.assemble import FactBatch
from voiceloop.server.collect.importing.columns import Mapping, header_digest
from voiceloop.server.collect.importing.convert import Batch, Converter
from voiceloop.server.collect.importing.kinds import SURVEY
from voiceloop.server.collect.importing.places import Places
from voiceloop.server.collect.importing.write import Target, Written, prepare, write
from voiceloop.server.collect.importing.write_facts import write_facts
from voiceloop.server.collect.models import (
    Answer,
    Conversation,
    Customer,
    Import,
    Invitation,
    Response,
    Transaction,
    Verbatim,
)
from voiceloop.server.core.bulk import plan_anew
from voiceloop.server.core.events import record, verb

log = logging.getLogger(__name__)
T = TypeVar("T")
OnBatch = Callable[[Import], object]

BATCH = 10_000
# Fewer rows a batch when they are wide, so that memory stays the same.
CELLS = 400_000
# How often a batch is tried again that another import of the same rows got in the way of.
TRIES = 8
# What an import makes longer.
GROWN = (Answer, Conversation, Customer, Invitation, Response, Transaction, Verbatim)
_LOCK = 0x766C696D  # "vlim"


class Overtaken(Exception):
    """Another run has moved this import, or somebody stopped it: this run has nothing more to do."""


def run(import_: Import, on_batch: OnBatch | None = None) -> Import:
    """Import what is left of a file; whoever else runs the same import returns at once."""
    with _held(import_.pk) as mine:
        if mine:
            _run(import_, on_batch or (lambda _: None))
    import_.refresh_from_db()
    return import_


@contextmanager
def _held(pk: int) -> Iterator[bool]:
    """A lock that the database gives back when this process dies."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s, %s)", [_LOCK, pk])
        (mine,) = cursor.fetchone()
    try:
        yield mine
    finally:
        if mine and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s, %s)", [_LOCK, pk])


def is_alive(pk: int) -> bool:
    """Does some process run this import just now?"""
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists(select from pg_locks where locktype = 'advisory' and classid = %s and objid = %s"
            " and database = (select oid from pg_database where datname = current_database()))",
            [_LOCK, pk],
        )
        return bool(cursor.fetchone()[0])


def _run(import_: Import, on_batch: OnBatch) -> None:
    language = (
        (import_.by.language if import_.by else "") or translation.get_language() or settings.LANGUAGE_CODE
    )
    try:
        if not _begin(import_):
            return
        mapping, places = Mapping.load(import_.mapping), Places.below(import_.unit)
        target = Target.of(import_, places, mapping.source, mapping.recent_days)
        for batch in _ahead(_batches(import_, mapping, target, language)):
            _commit(batch, target)
            on_batch(import_)
        finish(import_=import_)
    except Overtaken:
        return
    except Unreadable as unreadable:
        fail(import_=import_, error=str(unreadable))
    except (OperationalError, InterfaceError):
        raise  # the database went away: the import is taken up again when it is back
    except Exception:
        log.exception("import %s stopped", import_.pk)
        with translation.override(language):
            sentence = _(
                "Something in this file could not be handled. The rows before it are in; the log says more."
            )
        fail(import_=import_, error=sentence)


def _begin(import_: Import) -> bool:
    state = Import.State
    begun = Import.objects.filter(pk=import_.pk, state__in=[state.QUEUED, state.RUNNING])
    begun.filter(started_at=None).update(started_at=now())
    if not begun.update(state=state.RUNNING):
        return False
    import_.refresh_from_db()
    return True


def source_path(import_: Import) -> Path:
    return Path(settings.MEDIA_ROOT) / import_.path


def _batches(import_: Import, mapping: Mapping, target: Target, language: str) -> Iterator[Batch | FactBatch]:
    """Convert the file, in another thread than the one that writes: no database here."""
    with translation.override(language), open_file(source_path(import_)) as reader:
        if reader.size != import_.size:
            raise Unreadable(_("The file has changed since the import began."))
        if mapping.kind != SURVEY:
            yield from facts.batches(import_, mapping, target, reader)
            return
        converter = converter_for(import_, mapping, target.places, reader)
        size = max(1, min(BATCH, CELLS // len(reader.columns)))
        lines = reader.lines()
        for skipped in _chunks(islice(lines, import_.n_read), size):
            converter.skip(skipped)
        for chunk in _chunks(lines, size):
            batch = converter.convert(chunk)
            batch.lines = prepare(batch.rows, target)
            batch.position = reader.position()
            yield batch


def converter_for(import_: Import, mapping: Mapping, places: Places, reader: Reader) -> Converter:
    if [column.name for column in mapping.columns] != reader.columns:
        raise Unreadable(_("The columns of the file are not those that were confirmed."))
    return Converter(
        mapping,
        scope=f"{import_.unit_id}:{header_digest(reader.columns)}",
        zone=ZoneInfo(settings.TIME_ZONE),
        now=import_.created_at,
        knows_unit=places.units.__contains__,
    )


def _chunks(items: Iterator[T], size: int) -> Iterator[list[T]]:
    while chunk := list(islice(items, size)):
        yield chunk


def _ahead(batches: Iterator[T]) -> Iterator[T]:
    """The same batches, the next one already being made while this one is written."""
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(next, batches, None)
        while (batch := waiting.result()) is not None:
            waiting = pool.submit(next, batches, None)
            yield batch


def _commit(batch: Batch | FactBatch, target: Target) -> None:
    for attempt in range(1, TRIES + 1):
        try:
            _commit_once(batch, target)
            target.import_.refresh_from_db(fields=["n_read", "n_new", "n_known", "n_bad", "bytes_read"])
            return
        except (IntegrityError, OperationalError) as error:
            deadlocked = isinstance(error.__cause__, DeadlockDetected)
            if attempt == TRIES or (isinstance(error, OperationalError) and not deadlocked):
                raise
            # Another import has just brought some of these rows: they are known now.


@transaction.atomic
def _commit_once(batch: Batch | FactBatch, target: Target) -> None:
    import_ = target.import_
    current = Import.objects.select_for_update().get(pk=import_.pk)
    if current.state != Import.State.RUNNING or current.n_read != import_.n_read:
        raise Overtaken
    written = _write(batch, target)
    Import.objects.filter(pk=import_.pk).update(
        n_read=F("n_read") + batch.n_lines,
        n_new=F("n_new") + written.n_new,
        n_known=F("n_known") + written.n_known,
        n_bad=F("n_bad") + len(batch.rejected),
        bytes_read=batch.position,
    )


def _write(batch: Batch | FactBatch, target: Target) -> Written:
    if isinstance(batch, Batch):
        return write(batch, target)
    if batch.notes is not None:
        Import.objects.filter(pk=target.import_.pk).update(notes=batch.notes)
    return write_facts(batch, target)


@verb
def finish(*, import_: Import) -> None:
    running = Import.objects.filter(pk=import_.pk, state=Import.State.RUNNING)
    if not running.update(state=Import.State.DONE, ended_at=now(), bytes_read=F("size")):
        raise Overtaken
    import_.refresh_from_db()
    event = ImportFinished(
        import_=import_.pk,
        name=import_.name,
        n_new=import_.n_new,
        n_known=import_.n_known,
        n_bad=import_.n_bad,
    )
    record(event, by=import_.by, unit=import_.unit)
    transaction.on_commit(lambda: forget_file(import_))
    transaction.on_commit(lambda: plan_anew(*GROWN))


@verb
def fail(*, import_: Import, error: str) -> None:
    Import.objects.filter(pk=import_.pk).update(state=Import.State.FAILED, ended_at=now(), error=error)
    import_.refresh_from_db()
    transaction.on_commit(lambda: forget_file(import_))


def forget_file(import_: Import) -> None:
    """Delete our copy: an uploaded file holds personal data in the clear. Others are not ours."""
    facts.forget_rows(import_)
    path = source_path(import_).resolve()
    if path.is_relative_to((Path(settings.MEDIA_ROOT) / "imports").resolve()):
        path.unlink(missing_ok=True)
