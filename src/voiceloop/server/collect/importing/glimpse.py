"""The first rows of a log or of orders as the readers understand them; nothing is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.utils.dateformat import format as date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from voiceloop.analytics.intake import Intake
from voiceloop.server.collect.importers import Line
from voiceloop.server.collect.importing.assemble import Assembler, FactBatch
from voiceloop.server.collect.importing.columns import Mapping
from voiceloop.server.collect.importing.convert import Rejected
from voiceloop.server.collect.importing.facts import BATCH, refused, taken_in, told_in_words
from voiceloop.server.collect.importing.faults import sentence
from voiceloop.server.collect.importing.kinds import CUSTOMER, roles_of
from voiceloop.server.collect.importing.places import Places
from voiceloop.server.collect.importing.shown import Cell, Named, Preview, ShownRow, refusals
from voiceloop.server.collect.importing.staging import Staged, distinct
from voiceloop.server.collect.importing.tables import OF_KIND
from voiceloop.server.collect.importing.write import Target
from voiceloop.server.collect.models import Import

SHOWN = 20
# Columns of the lake that a file's own columns stand for already.
_DOUBLE = {"customer_key", "case_id", "conversation_id", "transaction_id", "month", "day", "attributes"}


def glimpse(import_: Import, mapping: Mapping, columns: list[str], lines: Iterable[Line]) -> Preview:
    """Read the sample as the import will."""
    with TemporaryDirectory() as folder, told_in_words():
        staged = Staged(Path(folder) / "rows.parquet", distinct(columns))
        for _n in staged.fill(lines):
            pass
        intake = taken_in(mapping.checked(), staged)
        intake.write(Path(folder) / "facts.parquet")
        facts = pq.read_table(Path(folder) / "facts.parquet")
        batch = _batch(facts, import_, mapping, staged)
        bad = [*staged.broken, *refused(intake, staged), *batch.rejected]
        return _preview(facts, mapping, staged, bad, intake)


def judged(import_: Import, mapping: Mapping, columns: list[str], lines: Iterable[Line]) -> dict[str, int]:
    """How many rows would come in and how many not, of a file of any length."""
    with TemporaryDirectory() as folder, told_in_words():
        staged = Staged(Path(folder) / "rows.parquet", distinct(columns))
        for _n in staged.fill(lines):
            pass
        intake = taken_in(mapping, staged)
        intake.write(Path(folder) / "facts.parquet")
        n_bad, n_good = len(staged.broken) + sum(1 for _row in intake.refused()), 0
        assembler = _assembler(import_, mapping, staged)
        for some in pq.ParquetFile(Path(folder) / "facts.parquet").iter_batches(BATCH):
            batch = assembler.batch(some, OF_KIND[mapping.kind], counts=True)
            n_bad, n_good = n_bad + len(batch.rejected), n_good + len(batch.lines)
        return {"n_read": staged.n + len(staged.broken), "n_new": n_good, "n_known": 0, "n_bad": n_bad}


def _batch(facts: pa.Table, import_: Import, mapping: Mapping, staged: Staged) -> FactBatch:
    assembler = _assembler(import_, mapping, staged)
    (some,) = facts.combine_chunks().to_batches() or [pa.RecordBatch.from_pylist([], facts.schema)]
    return assembler.batch(some, OF_KIND[mapping.kind], counts=True)


def _assembler(import_: Import, mapping: Mapping, staged: Staged) -> Assembler:
    target = Target(import_, Places.below(import_.unit), "", None, mapping.source, None)
    return Assembler(mapping, staged, scope="preview", target=target)


def _preview(
    facts: pa.Table, mapping: Mapping, staged: Staged, bad: list[Rejected], intake: Intake
) -> Preview:
    shown = _columns(facts, mapping)
    numbers = [int(n) for n in staged.numbers().to_numpy()[facts["row_"].to_numpy()]]
    refusal = {one.number: sentence(one.fault, one.column, one.value) for one in bad}
    columns: list[list[Any]] = [facts[name].slice(0, SHOWN * 2).to_pylist() for name in shown]
    rows = [
        ShownRow(
            number, [_cell(name, column[place]) for name, column in zip(shown, columns, strict=True)], ""
        )
        for place, number in enumerate(numbers[: SHOWN * 2])
        if number not in refusal
    ]
    rows += [ShownRow(number, [], why) for number, why in refusal.items()]
    return Preview(
        [Named(label) for label in shown.values()],
        sorted(rows, key=lambda row: row.number)[:SHOWN],
        list(_warnings(mapping, intake, bad)),
        facts.num_rows - sum(number in refusal for number in numbers),
        len(bad),
    )


def _columns(facts: pa.Table, mapping: Mapping) -> dict[str, str]:
    """What is told in the sample, in the order in which the roles stand; whoever it is comes last."""
    labels = {name: str(label) for name, label in roles_of(mapping.kind).items()}
    if mapping.kind == "log":
        labels = {name: str(label) for name, label in roles_of("tickets").items()} | labels
    number = {"calls": "conversation_id", "orders": "transaction_id"}.get(mapping.kind, "case_id")
    timed = ["at"] if mapping.kind in ("calls", "orders") else []
    order = ["number_", *timed, *(name for name in labels if name not in _DOUBLE and name != "at")]
    whose = {f"own_{place}": mapping.columns[place].name for role in CUSTOMER for place in mapping.of(role)}
    found = {name: labels[number] if name == "number_" else labels[name] for name in order} | whose
    present = (name for name in found if name in facts.column_names)
    return {name: found[name] for name in present if facts[name].null_count < facts.num_rows}


def _cell(name: str, value: Any) -> Cell:
    if value is None:
        return Cell("", "none")
    if hasattr(value, "hour"):
        return Cell(date_format(value, "Y-m-d H:i"), "at")
    return Cell(f"{value:g}" if isinstance(value, float) else str(value)[:200])


def _warnings(mapping: Mapping, intake: Intake, bad: list[Rejected]) -> Iterator[str]:
    is_chinese = (get_language() or "").startswith("zh")
    yield from (zh if is_chinese else en for en, zh in intake.notes)
    for name, n in intake.unread.items():
        said = ngettext(
            "%(n)s cell of %(column)s cannot be read: its row is kept without it.",
            "%(n)s cells of %(column)s cannot be read: their rows are kept without them.",
            n,
        )
        yield said % {"n": n, "column": intake.columns[name]}
    if mapping.kind == "calls" and not (mapping.of("at") or mapping.of("asked_at")):
        yield _("No column says when: every row needs a day. Choose the column of the time.")
    if not any(mapping.of(role) for role in CUSTOMER):
        yield _("No column names the customer: who comes back cannot be told.")
    yield from refusals(bad)
