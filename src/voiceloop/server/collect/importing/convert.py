"""Turns the lines of a file into rows that are ready to be written, and into refusals with their reason."""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from json.encoder import encode_basestring
from typing import NamedTuple

import numpy as np

from voiceloop.analytics.scales import SCALES
from voiceloop.analytics.text.batch import lay_out
from voiceloop.analytics.text.language import LANGUAGES, languages
from voiceloop.analytics.text.masking import mask
from voiceloop.server.collect.importers import Line
from voiceloop.server.collect.importing.columns import AT, COMMENT, DIMENSIONS, SCORE, Column, Mapping
from voiceloop.server.collect.importing.kinds import ATTRIBUTE, CUSTOMER
from voiceloop.server.collect.importing.seen import Seen
from voiceloop.server.collect.importing.values import Dates, number

DIGEST = 15
# The columns of the database hold so much.
WIDTH = 64


class Fault(Exception):
    """A row that cannot be taken, by the name of its reason."""

    def __init__(self, name: str, column: str = "", value: str = "") -> None:
        super().__init__(name)
        self.name, self.column, self.value = name, column, value


@dataclass(slots=True)
class Comment:
    question: str
    text: str
    # What was typed, only when masking changed it.
    typed: str
    language: str = ""


class Row(NamedTuple):
    number: int
    key: str
    at: datetime
    unit: str
    dimensions: dict[str, str]
    customer: tuple[str, str, str, str] | None
    weight: float
    attributes: str
    scores: list[tuple[str, str, float]]
    comments: list[Comment]


class Lines(NamedTuple):
    """A row as COPY wants it, in the parts between the ids that only the database can give."""

    before_customer: str
    after_customer: str
    answers: list[str]
    verbatims: list[str]


class Rejected(NamedTuple):
    number: int
    fault: str
    column: str
    value: str
    cells: list[str]


@dataclass
class Batch:
    """What a stretch of the file became, and where in the file it ends."""

    n_lines: int = 0
    position: int = 0
    rows: list[Row] = field(default_factory=list)
    lines: list[Lines] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)


class Converter:
    """Knows the mapping; `scope` keeps the rows of one unit apart from those of another."""

    def __init__(
        self, mapping: Mapping, *, scope: str, zone: tzinfo, now: datetime, knows_unit: Callable[[str], bool]
    ) -> None:
        self._mapping, self._now, self._knows_unit = mapping, now, knows_unit
        self._base = hashlib.blake2b(scope.encode(), digest_size=DIGEST)
        latest: date = (now + timedelta(days=1)).date()
        self._single = {
            c.role: (i, c) for i, c in enumerate(mapping.columns) if c.role not in (SCORE, COMMENT)
        }
        self._scores = [(i, c, _Scores(c)) for i, c in enumerate(mapping.columns) if c.role == SCORE]
        self._comments = [
            (i, c.question or "why") for i, c in enumerate(mapping.columns) if c.role == COMMENT
        ]
        self._attributes = [
            (i, encode_basestring(c.name) + ": ")
            for i, c in enumerate(mapping.columns)
            if c.role == ATTRIBUTE
        ]
        self._dimensions = [(role, self._single[role][0]) for role in DIMENSIONS if role in self._single]
        self._customer = [self._place(role) for role in CUSTOMER]
        self._names_customers = max(self._customer) >= 0
        self._at = self._place(AT)
        self._dates = Dates(mapping.columns[self._at].format if self._at >= 0 else "", zone, latest)
        self._id, self._unit, self._weight = (self._place(role) for role in ("external_id", "unit", "weight"))
        self._seen = Seen()
        self._encoded: dict[str, str] = {}

    def _place(self, role: str) -> int:
        return self._single[role][0] if role in self._single else -1

    def skip(self, lines: Sequence[Line]) -> None:
        """Count lines that an earlier run has committed, so that repetitions keep their numbers."""
        self._keys(lines)

    def convert(self, lines: Sequence[Line]) -> Batch:
        batch = Batch(n_lines=len(lines))
        for line, key in zip(lines, self._keys(lines), strict=True):
            try:
                batch.rows.append(self._row(line, key))
            except Fault as fault:
                batch.rejected.append(
                    Rejected(line.number, fault.name, fault.column, fault.value, line.cells)
                )
        _tell_languages(batch.rows)
        return batch

    def _keys(self, lines: Sequence[Line]) -> list[str | Fault]:
        """The idempotency key of each line: its id or its content, and how often that came before."""
        digests = [self._digest(line) for line in lines]
        whole = [d for d in digests if isinstance(d, bytes)]
        hashes = np.frombuffer(b"".join(d[:8] for d in whole), np.uint64)
        times = iter(self._seen.number(hashes).tolist()) if whole else iter(())
        return [
            d if isinstance(d, Fault) else self._key(line, d, next(times))
            for line, d in zip(lines, digests, strict=True)
        ]

    def _key(self, line: Line, digest: bytes, times: int) -> str | Fault:
        external = line.cells[self._id].strip() if self._id >= 0 else ""
        key = "i" + urlsafe_b64encode(digest).decode()
        if times and external:
            return Fault("repeated_id", self._mapping.columns[self._id].name, external)
        return f"{key}.{times}" if times else key

    def _digest(self, line: Line) -> bytes | Fault:
        if line.fault:
            return Fault(line.fault)
        external = line.cells[self._id].strip() if self._id >= 0 else ""
        content = "\x1e" + external if external else "\x1f".join(line.cells)
        if line.more and not external:
            content += json.dumps(line.more, sort_keys=True)
        hasher = self._base.copy()
        try:
            hasher.update(content.encode())
        except UnicodeEncodeError:
            return Fault("undecodable")
        return hasher.digest()

    def _row(self, line: Line, key: str | Fault) -> Row:
        if isinstance(key, Fault):
            raise key
        cells = line.cells
        if "\x00" in "".join(cells):
            cells = [cell.replace("\x00", "") for cell in cells]  # PostgreSQL holds no zero bytes
        scores = [answer for place, _, read in self._scores if (answer := read(cells[place]))]
        comments = [c for place, question in self._comments if (c := _comment(question, cells[place]))]
        if not scores and not comments:
            raise Fault("nothing_said")
        return Row(
            line.number,
            key,
            self._when(cells),
            self._unit_of(cells),
            {role: value[:WIDTH] for role, place in self._dimensions if (value := cells[place].strip())},
            self._customer_of(cells),
            self._weight_of(cells),
            self._attributes_of(cells, line),
            scores,
            comments,
        )

    def _when(self, cells: list[str]) -> datetime:
        text = cells[self._at].strip() if self._at >= 0 else ""
        if not text:
            return self._now
        at = self._dates.read(text)
        if isinstance(at, str):
            raise Fault(at, self._mapping.columns[self._at].name, text)
        return at

    def _unit_of(self, cells: list[str]) -> str:
        name = cells[self._unit].strip().casefold() if self._unit >= 0 else ""
        if name and not self._knows_unit(name):
            raise Fault("unknown_unit", self._mapping.columns[self._unit].name, cells[self._unit].strip())
        return name

    def _customer_of(self, cells: list[str]) -> tuple[str, str, str, str] | None:
        if not self._names_customers:
            return None
        known, name, phone, mail = [cells[place].strip() if place >= 0 else "" for place in self._customer]
        return (known.replace("\x1f", "")[:80], name, phone, mail) if known or name or phone or mail else None

    def _weight_of(self, cells: list[str]) -> float:
        text = cells[self._weight].strip() if self._weight >= 0 else ""
        if not text:
            return 1.0
        column = self._mapping.columns[self._weight].name
        try:
            weight = number(text)
        except ValueError:
            raise Fault("no_number", column, text) from None
        if weight <= 0:
            raise Fault("bad_weight", column, text)
        return weight

    def _attributes_of(self, cells: list[str], line: Line) -> str:
        pairs = [name + self._encode(cell) for place, name in self._attributes if (cell := cells[place])]
        if line.more:
            pairs += [f"{encode_basestring(k)}: {self._encode(v)}" for k, v in line.more.items() if v]
        return "{" + ", ".join(pairs) + "}"

    def _encode(self, cell: str) -> str:
        """A cell as masked JSON text; values repeat, so each one is looked at once."""
        found = self._encoded.get(cell)
        if found is None:
            if len(self._encoded) > 50_000:
                self._encoded.clear()
            found = self._encoded[cell] = encode_basestring(mask(cell.strip()).text)
        return found


class _Scores:
    """Reads one column of scores; each spelling is judged once."""

    def __init__(self, column: Column) -> None:
        self._column, self._scale = column, SCALES[column.scale]
        self._known: dict[str, tuple[str, str, float] | None] = dict.fromkeys(("", *column.blank))

    def __call__(self, cell: str) -> tuple[str, str, float] | None:
        try:
            return self._known[cell]
        except KeyError:
            answer = self._judge(cell.strip())
            if len(self._known) < 10_000:
                self._known[cell] = answer
            return answer

    def _judge(self, text: str) -> tuple[str, str, float] | None:
        if text in self._known:
            return self._known[text]
        try:
            score = number(text)
        except ValueError:
            raise Fault("no_number", self._column.name, text) from None
        if f"{score:g}" in self._column.blank:
            return None
        if not self._scale.holds(score):
            raise Fault("off_scale", self._column.name, text)
        return self._column.question, self._scale.id, score


def _comment(question: str, cell: str) -> Comment | None:
    text = cell.strip()
    if not text:
        return None
    masked = mask(text).text
    return Comment(question, masked, text if masked != text else "")


def _tell_languages(rows: list[Row]) -> None:
    """Fill in the language of every comment, all at once."""
    texts = [comment.text for row in rows for comment in row.comments]
    if not texts:
        return
    found: Iterator[int] = iter(languages(lay_out(texts)).tolist())
    for row in rows:
        for comment in row.comments:
            comment.language = _language(next(found))


def _language(code: int) -> str:
    return "" if LANGUAGES[code] == "none" else LANGUAGES[code]
