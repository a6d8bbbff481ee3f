"""Facts as lines of COPY: each with its key, its customer, its place and the moment that is frozen on it."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from json.encoder import encode_basestring
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from voiceloop.analytics.text.masking import mask
from voiceloop.server.collect.importing.columns import DIMENSIONS, Mapping
from voiceloop.server.collect.importing.convert import DIGEST, WIDTH, Rejected
from voiceloop.server.collect.importing.copy import text
from voiceloop.server.collect.importing.kinds import ATTRIBUTE, CUSTOMER
from voiceloop.server.collect.importing.people import Identity
from voiceloop.server.collect.importing.seen import Seen
from voiceloop.server.collect.importing.staging import Staged
from voiceloop.server.collect.importing.tables import ACTIVITIES, Table
from voiceloop.server.collect.importing.write import Target
from voiceloop.server.core.moment import DIMENSIONS as MOMENT


class Person(NamedTuple):
    """What a fact tells of its customer, as `people.resolve` wants it."""

    customer: Identity
    unit: str
    dimensions: dict[str, str]


class Lines(NamedTuple):
    """A fact as COPY wants it, around the one id that only the database can give."""

    key: str
    # The customer, or of an activity the key of its ticket; "" is nobody.
    whose: Any
    before: str
    after: str


@dataclass
class FactBatch:
    """What a stretch of the file became; `counts` says whether its facts are what the person counts."""

    n_lines: int = 0
    position: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    table: Table | None = None
    lines: list[Lines] = field(default_factory=list)
    people: dict[Identity, Person] = field(default_factory=dict)
    units: set[str] = field(default_factory=set)
    counts: bool = True
    notes: list[dict[str, Any]] | None = None


class Assembler:
    """Knows the mapping; `scope` keeps the facts of one unit and one shape of file apart from others."""

    def __init__(self, mapping: Mapping, staged: Staged, *, scope: str, target: Target) -> None:
        self._mapping, self._target, self._staged = mapping, target, staged
        self._base = hashlib.blake2b(scope.encode(), digest_size=DIGEST)
        self._numbers = staged.numbers().to_numpy()
        self._attributes = [
            (f"own_{place}", encode_basestring(column.name) + ": ")
            for place, column in enumerate(mapping.columns)
            if column.role == ATTRIBUTE
        ]
        self._customer = [f"own_{(mapping.of(role) or [-1])[0]}" for role in CUSTOMER]
        self._ticket = f"own_{(mapping.of('case_id') or [-1])[0]}"
        self._latest: date = (target.import_.created_at + timedelta(days=1)).date()
        self._seen: dict[str, Seen] = {}
        self._encoded: dict[str, str] = {}
        self._moments: dict[tuple[str | None, ...], str] = {}

    def batch(self, some: pa.RecordBatch, table: Table, *, counts: bool) -> FactBatch:
        """A stretch of facts ready to be written; those that cannot be are refused."""
        facts = pa.Table.from_batches([some])
        n_lines = int(np.sum(facts["n_"].to_numpy())) if counts else 0
        if self._ticket in facts.column_names:
            facts = facts.append_column("ticket_", facts[self._ticket])
        if table is ACTIVITIES and "actor" in facts.column_names:
            facts = _with(facts, "agent", facts["actor"])
        made = FactBatch(n_lines=n_lines, table=table, counts=counts)
        keys = self._keys(facts, table)
        faults = self._faults(facts, table)
        if any(faults):
            made.rejected = list(self._rejected(facts, faults)) if counts else []
            good = [place for place, fault in enumerate(faults) if not fault]
            facts, keys = facts.take(pa.array(good, pa.int64())), [keys[place] for place in good]
        self._fill(made, facts, table, keys)
        return made

    def _fill(self, made: FactBatch, facts: pa.Table, table: Table, keys: list[str]) -> None:
        assert made.table is not None
        units = _words(facts, "unit")
        made.units = {(unit or "").casefold() for unit in units}
        pks = {unit: self._target.places.unit(unit).pk for unit in made.units}
        moments = self._frozen(facts, units)
        own = self._whose(facts, table, made, units)
        cells = map("\t".join, zip(*table.cells(facts), strict=True)) if facts.num_rows else iter(())
        more = self._more(facts) if table is not ACTIVITIES else [""] * facts.num_rows
        batch = self._target.import_.pk
        for key, unit, whose, told, attributes, moment in zip(
            keys, units, own, cells, more, moments, strict=True
        ):
            before = f"{key}\t{pks[(unit or '').casefold()]}\t{batch}\t"
            made.lines.append(Lines(key, whose, before, f"\t{told}\t{attributes}{moment}\n"))

    def _keys(self, facts: pa.Table, table: Table) -> list[str]:
        """A digest of the number at the source, else of the content, and how often that came before."""
        digests = [self._digest(content) for content in self._content(facts, table)]
        hashes = np.frombuffer(b"".join(digest[:8] for digest in digests), np.uint64)
        seen = self._seen.setdefault(table.name, Seen())
        times = seen.number(hashes).tolist() if digests else []
        keys = [_written(digest) for digest in digests]
        return [f"{key}.{n}" if n else key for key, n in zip(keys, times, strict=True)]

    def _content(self, facts: pa.Table, table: Table) -> list[str]:
        numbers = _words(facts, "number_")
        if table is ACTIVITIES:
            parts = [_words(facts, name) for name in ("number_", "activity", "at", "actor")]
            return ["\x1f".join(word or "" for word in row) for row in zip(*parts, strict=True)]
        whole: list[list[str | None]] = []
        if not all(numbers):
            own = (_words(facts, f"own_{place}") for place in range(len(self._mapping.columns)))
            whole = list(map(list, zip(*own, strict=True)))
        # A telephone system counts its calls from one again; not two of one number at one moment.
        at = _words(facts, "at") if self._mapping.kind == "calls" else [""] * len(numbers)
        return [
            f"\x1e{number}\x1f{when}" if number else "\x1f".join(word or "" for word in whole[place])
            for place, (number, when) in enumerate(zip(numbers, at, strict=True))
        ]

    def _digest(self, content: str) -> bytes:
        hasher = self._base.copy()
        hasher.update(content.encode())
        return hasher.digest()

    def _faults(self, facts: pa.Table, table: Table) -> list[str]:
        """Of each fact why it cannot be kept; "" where it can."""
        days = facts["day"].to_pylist() if "day" in facts.column_names else [None] * facts.num_rows
        faults = ["" if day and date(1900, 1, 1) <= day <= self._latest else _when(day) for day in days]
        if self._mapping.kind == "orders":
            amounts = facts["amount"].to_pylist()
            faults = [
                fault or ("" if n is not None else "no_amount")
                for fault, n in zip(faults, amounts, strict=True)
            ]
        knows = self._target.places.units
        units = _words(facts, "unit")
        return [
            fault or ("unknown_unit" if unit and unit.casefold() not in knows else "")
            for fault, unit in zip(faults, units, strict=True)
        ]

    def _rejected(self, facts: pa.Table, faults: Sequence[str]) -> Iterator[Rejected]:
        rows, units = facts["row_"].to_pylist(), _words(facts, "unit")
        names = [column.name for column in self._mapping.columns]
        for place, fault in enumerate(faults):
            if fault:
                cells = [facts[f"own_{i}"][place].as_py() or "" for i in range(len(names))]
                value = units[place] or "" if fault == "unknown_unit" else self._shown_day(cells)
                yield Rejected(int(self._numbers[rows[place]]), fault, "", value, cells)

    def _shown_day(self, cells: list[str]) -> str:
        roles = ("asked_at", "opened_at", "at")
        places = [place for role in roles for place in self._mapping.of(role)]
        return cells[places[0]] if places else ""

    def _frozen(self, facts: pa.Table, units: list[str | None]) -> list[str]:
        """The dimensions of each fact as COPY text; few combinations occur."""
        if len(self._moments) > 50_000:
            self._moments.clear()
        columns = [_words(facts, name) for name in DIMENSIONS]
        return [self._moment(key) for key in zip(units, *columns, strict=True)]

    def _moment(self, key: tuple[str | None, ...]) -> str:
        if key not in self._moments:
            place = self._target.places.unit((key[0] or "").casefold())
            told = {name: word[:WIDTH] for name, word in zip(DIMENSIONS, key[1:], strict=True) if word}
            found = self._target.places.moment(told, place) | {"source": self._target.source}
            found["language"] = found.get("language", "")[:16]
            self._moments[key] = "\t".join(text(found.get(name, "")) for name in MOMENT)
        return self._moments[key]

    def _whose(self, facts: pa.Table, table: Table, made: FactBatch, units: list[str | None]) -> list[Any]:
        if table is ACTIVITIES:
            return [_written(self._digest(f"\x1e{number}\x1f")) for number in _words(facts, "number_")]
        known, name, phone, mail = (_words(facts, column) for column in self._customer)
        whose: list[Any] = []
        told = [_words(facts, one) for one in ("segment", "tier", "language")]
        for place, who in enumerate(zip(known, name, phone, mail, strict=True)):
            if not any(who):
                whose.append("")
                continue
            identity = ((who[0] or "").replace("\x1f", "")[:80], who[1] or "", who[2] or "", who[3] or "")
            whose.append(identity)
            if identity not in made.people:
                said = zip(("segment", "tier", "language"), told, strict=True)
                dimensions = {one: (words[place] or "")[:WIDTH] for one, words in said}
                made.people[identity] = Person(identity, (units[place] or "").casefold(), dimensions)
        return whose

    def _more(self, facts: pa.Table) -> list[str]:
        """What else the file says, masked, as JSON text and a tab."""
        if not self._attributes:
            return ["{}\t"] * facts.num_rows
        columns = [(_words(facts, column), name) for column, name in self._attributes]
        return [
            text("{" + ", ".join(name + self._encode(said) for said, name in row if said) + "}") + "\t"
            for row in zip(*([(word, name) for word in words] for words, name in columns), strict=True)
        ]

    def _encode(self, cell: str) -> str:
        """A cell as masked JSON text; values repeat, so each one is looked at once."""
        found = self._encoded.get(cell)
        if found is None:
            if len(self._encoded) > 50_000:
                self._encoded.clear()
            found = self._encoded[cell] = encode_basestring(mask(cell).text)
        return found


def _when(day: date | None) -> str:
    return "impossible_date" if day else "no_date"


def _written(digest: bytes) -> str:
    return "i" + urlsafe_b64encode(digest).decode()


def _words(facts: pa.Table, name: str) -> list[str | None]:
    if name not in facts.column_names:
        return [None] * facts.num_rows
    return facts[name].cast(pa.string()).to_pylist()


def _with(facts: pa.Table, name: str, column: Any) -> pa.Table:
    if name in facts.column_names:
        return facts.set_column(facts.schema.get_field_index(name), name, column)
    return facts.append_column(name, column)
