"""The first rows of a file as they are understood, with warnings in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.dateformat import format as date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from voiceloop.analytics.scales import classify
from voiceloop.server.collect.importers import Line, open_file
from voiceloop.server.collect.importing.columns import (
    AT,
    COMMENT,
    MAIN,
    SCORE,
    Codes,
    Column,
    Mapping,
    header_digest,
)
from voiceloop.server.collect.importing.convert import Batch, Converter, Row
from voiceloop.server.collect.importing.faults import sentence
from voiceloop.server.collect.importing.glimpse import glimpse
from voiceloop.server.collect.importing.guess import SAMPLE
from voiceloop.server.collect.importing.kinds import ATTRIBUTE, CUSTOMER, IGNORE, SURVEY
from voiceloop.server.collect.importing.places import Places
from voiceloop.server.collect.importing.recognise import recognised
from voiceloop.server.collect.importing.run import source_path
from voiceloop.server.collect.importing.shown import Cell, Preview, ShownRow, refusals
from voiceloop.server.collect.models import Import, ImportSource

SHOWN = 20
# The class of a score as the style sheet calls it.
_TONE = {"promoter": "p", "passive": "n", "detractor": "d", "unclassified": "n"}


@dataclass(frozen=True)
class Sample:
    """The beginning of a file, read once for one page."""

    columns: list[str]
    lines: list[Line]

    @classmethod
    def of(cls, import_: Import) -> Sample:
        with open_file(source_path(import_)) as reader:
            return cls(reader.columns, list(islice(reader.lines(), SAMPLE)))

    @property
    def whole(self) -> list[list[str]]:
        return [line.cells for line in self.lines if not line.fault]


def first_mapping(import_: Import, sample: Sample, kind: str = "") -> Mapping:
    """What was confirmed for the last file of this shape, else the best guess, of a kind if one is named."""
    header = header_digest(sample.columns)
    remembered = ImportSource.objects.filter(header=header, unit=import_.unit).first()
    known = Mapping.load(remembered.mapping) if remembered else None
    if known and kind in ("", known.kind):
        return known
    found = recognised(sample.columns, sample.whole, Places.below(import_.unit).units, kind)
    return replace(found, source=known.source if known else _free_source(import_))


def _free_source(import_: Import) -> str:
    """The name of the file; files of another shape that are called the same are another source."""
    taken = set(ImportSource.objects.filter(unit=import_.unit).values_list("name", flat=True))
    return Codes(taken).take(import_.name.split(".")[0][:60])


def preview(import_: Import, mapping: Mapping, sample: Sample) -> Preview:
    """Convert the sample as the import will, writing nothing."""
    if mapping.kind != SURVEY:
        return glimpse(import_, mapping, sample.columns, sample.lines)
    places = Places.below(import_.unit)
    converter = Converter(
        mapping.checked(),
        scope="preview",
        zone=ZoneInfo(settings.TIME_ZONE),
        now=now(),
        knows_unit=places.units.__contains__,
    )
    batch = converter.convert(sample.lines)
    shown = _shown_columns(mapping)
    rows = {row.number: row for row in batch.rows}
    refused = {row.number: sentence(row.fault, row.column, row.value) for row in batch.rejected}
    return Preview(
        [mapping.columns[place] for place in shown],
        [
            ShownRow(
                line.number,
                [_cell(mapping.columns[place], place, line, rows.get(line.number)) for place in shown],
                refused.get(line.number, ""),
            )
            for line in sample.lines[:SHOWN]
        ],
        list(_warnings(mapping, batch)),
        len(batch.rows),
        len(batch.rejected),
    )


def _shown_columns(mapping: Mapping) -> list[int]:
    """What matters most first, then scores of one aspect, then attributes, each in the order of the file."""
    kept = [place for place, column in enumerate(mapping.columns) if column.role != IGNORE]
    return sorted(kept, key=lambda place: group_of(mapping.columns[place]))


def group_of(column: Column) -> int:
    """0 for what makes a response, 1 for scores of one aspect, 2 for attributes and what is left out."""
    if column.role in (ATTRIBUTE, IGNORE):
        return 2
    return int(column.role == SCORE and column.question not in MAIN)


def _cell(column: Column, place: int, line: Line, row: Row | None) -> Cell:
    raw = line.cells[place][:200] if place < len(line.cells) else ""
    if row is None:
        return Cell(raw.encode("utf-8", "replace").decode())
    if column.role == SCORE:
        found = {question: (scale, score) for question, scale, score in row.scores}.get(column.question)
        return Cell(f"{found[1]:g}", _TONE[classify(found[1], found[0])]) if found else Cell("", "none")
    if column.role == COMMENT:
        said = {comment.question: comment.text for comment in row.comments}
        return Cell(said.get(column.question, "")[:200], "comment")
    if column.role == AT:
        return Cell(date_format(localtime(row.at), "Y-m-d H:i"), "at")
    return Cell(raw)


def _warnings(mapping: Mapping, batch: Batch) -> Iterator[str]:
    if not mapping.of(AT):
        yield _("No column says when people answered: all rows get the time of this import.")
    elif mapping.columns[mapping.of(AT)[0]].format == "year":
        yield _("Only the year is known: answers are placed on 1 January.")
    if not any(mapping.of(role) for role in CUSTOMER):
        yield _("No column names the customer: nobody can be called back.")
    if mapping.of(SCORE) and (n := sum(not row.scores for row in batch.rows)):
        yield ngettext("%(n)s row has no score.", "%(n)s rows have no score.", n) % {"n": n}
    if mapping.of(COMMENT) and (n := sum(not row.comments for row in batch.rows)):
        yield ngettext("%(n)s row has no comment.", "%(n)s rows have no comment.", n) % {"n": n}
    yield from refusals(batch.rejected)
