"""`voiceloop import FILE`: bring a file of feedback in, with no web server running."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now
from django.utils.translation import gettext as _

from voiceloop.progress import Bar
from voiceloop.server.collect import imports
from voiceloop.server.collect.importers import Unreadable, open_file
from voiceloop.server.collect.importing.columns import ROLES, Column, Mapping
from voiceloop.server.collect.importing.convert import Converter
from voiceloop.server.collect.importing.glimpse import judged
from voiceloop.server.collect.importing.kinds import ATTRIBUTE, IGNORE, KINDS, SURVEY, roles_of
from voiceloop.server.collect.importing.places import Places
from voiceloop.server.collect.importing.preview import Sample, first_mapping
from voiceloop.server.collect.importing.run import run
from voiceloop.server.collect.importing.spoken import applied
from voiceloop.server.collect.models import Import
from voiceloop.server.core.models import Unit


class Command(BaseCommand):
    help = "Import a survey, a call log, tickets, an event log or orders: CSV, XLSX or JSON Lines, also gzip."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--kind", choices=KINDS, default="", help="what the file is; else it is recognised"
        )
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="ROLE=COLUMN[:SCALE]",
            help=f"what a column is, e.g. score=recommend:nps_0_10; roles: {', '.join(ROLES)}",
        )
        parser.add_argument("--programme", help="code of the programme; made when there is none")
        parser.add_argument("--unit", help="code of the store or unit that rows belong to which name none")
        parser.add_argument("--source", default="", help="name of the source, frozen on every response")
        parser.add_argument(
            "--recent-days", type=int, default=0, help="open cases for detractors of so many last days"
        )
        parser.add_argument(
            "--no-guess", action="store_true", help="columns not named with --map are attributes"
        )
        parser.add_argument("--dry-run", action="store_true", help="read and judge every row, write nothing")
        parser.add_argument("--json", action="store_true", help="print the totals as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            totals = _import(options, self)
        except Unreadable as unreadable:
            raise CommandError(str(unreadable), returncode=2) from None
        if options["json"]:
            self.stdout.write(json.dumps(totals, ensure_ascii=False))
        else:
            self.stdout.write(
                _("%(n_read)s rows read: %(n_new)s new, %(n_known)s known, %(n_bad)s rejected") % totals
            )

    def say(self, mapping: Mapping) -> None:
        """What was understood, on standard error: standard output is for the totals."""
        roles = roles_of(mapping.kind)
        self.stderr.write(f"  {Import.Kind(mapping.kind).label}")
        for column in mapping.columns:
            if column.role not in (ATTRIBUTE, IGNORE):
                form = column.scale or column.format
                self.stderr.write(f"  {column.name} → {roles[column.role]}{f' ({form})' if form else ''}")


def _import(options: dict[str, Any], command: Command) -> dict[str, Any]:
    path: Path = options["file"].expanduser().resolve()
    unit = _unit(options["unit"])
    draft = Import(name=path.name[:255], path=str(path), unit=unit, created_at=now())
    mapping = _mapping(draft, options)
    command.say(mapping)
    if options["dry_run"]:
        return _dry(draft, mapping)
    programme = options["programme"] or mapping.source or path.name
    import_ = imports.receive(name=path.name, path=path, unit=unit, by=None, new_programme=programme)
    import_ = imports.start(import_=import_, mapping=mapping, by=None, in_background=False)
    bar = Bar(path.name, import_.size)
    run(import_, lambda moved: bar.update(moved.bytes_read))
    bar.close()
    if import_.state == Import.State.FAILED:
        raise Unreadable(import_.error)
    return _totals(import_)


def _mapping(draft: Import, options: dict[str, Any]) -> Mapping:
    sample = Sample.of(draft)
    if not sample.lines:
        raise Unreadable(_("The file has a header and no rows."))
    known = first_mapping(draft, sample, options["kind"])
    if options["no_guess"]:
        known = replace(known, columns=tuple(Column(name) for name in sample.columns))
    mapping = applied(options["map"], known, sample.whole).checked()
    source = options["source"] or mapping.source
    return replace(mapping, source=source, recent_days=options["recent_days"])


def _unit(code: str | None) -> Unit:
    unit = Unit.objects.filter(code=code).first() if code else Unit.objects.filter(parent=None).first()
    if unit is None and code:
        raise Unreadable(_("There is no unit %(code)s.") % {"code": code})
    return unit or Unit.objects.create(code="root", name=_("Head office"))


def _dry(draft: Import, mapping: Mapping) -> dict[str, Any]:
    if mapping.kind != SURVEY:
        with open_file(Path(draft.path)) as reader:
            return {"dry_run": True} | judged(draft, mapping, reader.columns, reader.lines())
    places = Places.below(draft.unit)
    n_read = n_bad = 0
    with open_file(Path(draft.path)) as reader:
        converter = Converter(
            mapping,
            scope="dry",
            zone=ZoneInfo(settings.TIME_ZONE),
            now=draft.created_at,
            knows_unit=places.units.__contains__,
        )
        lines = reader.lines()
        bar = Bar(draft.name, reader.size)
        while chunk := list(islice(lines, 5000)):
            batch = converter.convert(chunk)
            n_read, n_bad = n_read + batch.n_lines, n_bad + len(batch.rejected)
            bar.update(reader.position())
        bar.close()
    return {"dry_run": True, "n_read": n_read, "n_new": n_read - n_bad, "n_known": 0, "n_bad": n_bad}


def _totals(import_: Import) -> dict[str, Any]:
    names = ("n_read", "n_new", "n_known", "n_bad")
    seconds = (
        (import_.ended_at - import_.started_at).total_seconds()
        if import_.ended_at and import_.started_at
        else 0
    )
    rate = round(import_.n_read / seconds) if seconds else None
    counts = {name: getattr(import_, name) for name in names}
    return {
        "import": import_.pk,
        "kind": import_.kind,
        **counts,
        "seconds": round(seconds, 2),
        "rows_per_second": rate,
    }
