"""The first rows of a file as they are understood, with warnings in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from voiceloop.server.collect.importers import Line, open_file
from voiceloop.server.collect.importing.columns import (
    AT,
    COMMENT,
    CUSTOMER,
    SCORE,
    Mapping,
    header_digest,
)
from voiceloop.server.collect.importing.convert import Batch, Converter
from voiceloop.server.collect.importing.faults import sentence
from voiceloop.server.collect.importing.guess import SAMPLE, guess
from voiceloop.server.collect.importing.places import Places
from voiceloop.server.collect.importing.run import source_path
from voiceloop.server.collect.models import Import, ImportSource

SHOWN = 20


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


def first_mapping(import_: Import, sample: Sample) -> Mapping:
    """What was confirmed for the last file of this shape, else the best guess."""
    header = header_digest(sample.columns)
    remembered = ImportSource.objects.filter(header=header, unit=import_.unit).first()
    if remembered:
        return Mapping.load(remembered.mapping)
    found = guess(sample.columns, sample.whole, Places.below(import_.unit).units)
    name = import_.name.split(".")[0][:64]
    return Mapping(found.columns, source=name)


@dataclass(frozen=True)
class ShownRow:
    number: int
    cells: list[str]
    fault: str


@dataclass(frozen=True)
class Preview:
    rows: list[ShownRow]
    warnings: list[str]
    n_good: int
    n_bad: int


def preview(import_: Import, mapping: Mapping, sample: Sample) -> Preview:
    """Convert the sample as the import will, writing nothing."""
    places = Places.below(import_.unit)
    converter = Converter(
        mapping.checked(),
        scope="preview",
        zone=ZoneInfo(settings.TIME_ZONE),
        now=now(),
        knows_unit=places.units.__contains__,
    )
    batch = converter.convert(sample.lines)
    refused = {row.number: sentence(row.fault, row.column, row.value) for row in batch.rejected}
    shown = [
        ShownRow(line.number, [cell[:120] for cell in line.cells], refused.get(line.number, ""))
        for line in sample.lines[:SHOWN]
    ]
    return Preview(shown, list(_warnings(mapping, batch)), len(batch.rows), len(batch.rejected))


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
    for fault, n in Counter((row.fault, row.column, row.value) for row in batch.rejected).most_common(5):
        said = sentence(*fault)
        yield ngettext("%(n)s row will be refused: %(why)s", "%(n)s rows will be refused: %(why)s", n) % {
            "n": n,
            "why": said,
        }
