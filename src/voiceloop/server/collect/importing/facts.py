"""A file of calls, tickets, events or orders as batches of facts, made by the readers of `measure`."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.intake import Intake
from voiceloop.server.collect.importers import Reader, Unreadable
from voiceloop.server.collect.importing.assemble import Assembler, FactBatch
from voiceloop.server.collect.importing.columns import Mapping, header_digest
from voiceloop.server.collect.importing.convert import Rejected
from voiceloop.server.collect.importing.staging import Staged, distinct
from voiceloop.server.collect.importing.tables import ACTIVITIES, OF_KIND
from voiceloop.server.collect.importing.write import Target
from voiceloop.server.collect.models import Import

# Facts written in one transaction.
BATCH = 20_000
# The share of the work that is reading the file, before the first fact is written.
READING = 0.4


def folder_of(import_: Import) -> Path:
    """Where the rows of this import lie while it runs; deleted with the file."""
    return Path(settings.MEDIA_ROOT) / "imports" / f"staged-{import_.pk}"


def forget_rows(import_: Import) -> None:
    shutil.rmtree(folder_of(import_), ignore_errors=True)


def batches(import_: Import, mapping: Mapping, target: Target, reader: Reader) -> Iterator[FactBatch]:
    """Everything that the file holds, behind what an earlier run has committed; asks no database."""
    if [column.name for column in mapping.columns] != reader.columns:
        raise Unreadable(_("The columns of the file are not those that were confirmed."))
    forget_rows(import_)
    folder = folder_of(import_)
    folder.mkdir(parents=True, mode=0o700)
    try:
        staged = Staged(folder / "rows.parquet", distinct(reader.columns))
        for _n in staged.fill(reader.lines()):
            # TRICKY: a resumed import reads from the beginning again; its bar does not go back.
            yield FactBatch(position=max(import_.bytes_read, int(READING * reader.position())))
        with told_in_words():
            yield from _made(import_, mapping, target, staged)
    finally:
        forget_rows(import_)


@contextmanager
def told_in_words() -> Iterator[None]:
    """What a reader cannot do is said to the person who chose the columns."""
    try:
        yield
    except AnalyticsError as error:
        raise Unreadable(error.zh if (get_language() or "").startswith("zh") else error.en) from error
    except duckdb.Error as error:
        raise Unreadable(_("The rows could not be read: %(why)s") % {"why": str(error)[:300]}) from error


def _made(import_: Import, mapping: Mapping, target: Target, staged: Staged) -> Iterator[FactBatch]:
    intake = taken_in(mapping, staged)
    assembler = Assembler(
        mapping,
        staged,
        scope=f"{import_.unit_id}:{mapping.kind}:{header_digest([c.name for c in mapping.columns])}",
        target=target,
    )
    parts = _parts(intake, assembler, staged)
    done, total = 0, staged.n + len(staged.broken)
    for batch in parts:
        done += batch.n_lines
        if batch.n_lines and done <= import_.n_read:
            continue
        share = READING + (1 - READING) * done / max(total, 1)
        batch.position = max(import_.bytes_read, int(import_.size * min(share, 1.0)))
        yield batch
    yield FactBatch(
        n_lines=max(total - max(done, import_.n_read), 0), position=import_.size, notes=_notes(intake)
    )


def taken_in(mapping: Mapping, staged: Staged) -> Intake:
    names = dict(zip([c.name for c in mapping.columns], staged.names, strict=True))
    columns = {field: names[column] for field, column in mapping.fields.items()}
    words = {name: tuple(said) for name, said in mapping.words.items() if said}
    return Intake(staged.path, staged.names, mapping.kind, columns, mapping.order or None, words)


def _notes(intake: Intake) -> list[dict[str, Any]]:
    """What the person should know of how the file was read, in both languages."""
    said: list[dict[str, Any]] = [{"en": en, "zh": zh} for en, zh in intake.notes]
    return said + [
        {
            "en": f"{intake.columns[name]}: {n:,} cells could not be read; their rows are in without them",
            "zh": f"{intake.columns[name]}：{n:,} 个单元格无法读取，所在的行已导入但不含该值",
        }
        for name, n in intake.unread.items()
    ]


def _parts(intake: Intake, assembler: Assembler, staged: Staged) -> Iterator[FactBatch]:
    for some in _chunks(chain(staged.broken, refused(intake, staged))):
        yield FactBatch(n_lines=len(some), rejected=some)
    path = staged.path.with_name("facts.parquet")
    intake.write(path)
    # Of a log the events are the rows; the cases that they make are found again by their numbers.
    is_log = intake.shape == "log"
    yield from _read(path, assembler, counts=not is_log, table=OF_KIND[intake.shape])
    path.unlink()
    if intake.has_events:
        intake.write_events(path)
        yield from _read(path, assembler, counts=is_log, table=ACTIVITIES)
        path.unlink()


def _read(path: Path, assembler: Assembler, *, counts: bool, table: Any) -> Iterator[FactBatch]:
    for some in pq.ParquetFile(path).iter_batches(BATCH):
        yield assembler.batch(some, table, counts=counts)


def refused(intake: Intake, staged: Staged) -> Iterator[Rejected]:
    """The rows that the reader refuses, as the person finds them in the file."""
    found = list(intake.refused())
    names, places = intake.columns, {name: place for place, name in enumerate(staged.names)}
    for (number, cells), one in zip(staged.picked([one.row for one in found]), found, strict=True):
        column = names[one.field]
        yield Rejected(number, one.why, column, cells[places[column]], cells)


def _chunks(items: Iterable[Rejected]) -> Iterator[list[Rejected]]:
    waiting = iter(items)
    while some := list(islice(waiting, BATCH)):
        yield some
