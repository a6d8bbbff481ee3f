"""Keeps the index of words in step with what is said and noted; see `search` for how it is asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Any

import numpy as np
from django.db.models import Max, Q

from voiceloop.analytics.text.search.script import spell
from voiceloop.analytics.text.search.snippet import folded_text
from voiceloop.analytics.text.search.terms import HAN, terms
from voiceloop.server.act.models import Case, Contact, Note, Post, Resolution, Said, SaidMark
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.events import verb
from voiceloop.server.core.fields import blind

BATCH = 1000
# Seconds that one pass may take; the next one goes on from there.
LONGEST = 20.0
_ENGLISH = re.compile(r"[a-z]{4,}")
_ENDINGS = re.compile(r"(?:ing|ed|es|s)$")
_DIGITS = re.compile(r"\d[\d\s-]{5,}\d")


@dataclass(frozen=True)
class Text:
    kind: int
    source: int
    case: int
    unit: int
    customer: Customer | None
    at: datetime
    text: str

    @property
    def says_something(self) -> bool:
        """A case is found by its customer even without words; a talk without any adds nothing."""
        return self.kind == Said.Kind.CASE or bool(self.text.strip())


def spelt(text: str) -> str:
    """English words without their endings, so that "refunds" and "refunded" are one."""
    return _ENGLISH.sub(lambda found: _ENDINGS.sub("", found[0]) or found[0], folded_text(text))


def terms_of(texts: Sequence[str]) -> list[list[int]]:
    """The terms of each text: characters and pairs of Chinese, whole words of other scripts."""
    codes, starts = spell([spelt(text) for text in texts])
    found = terms(codes)
    whole = ~found.is_part
    row = np.searchsorted(starts, found.start[whole], side="right") - 1
    short = (found.hash[whole] >> np.uint64(32)).astype(np.uint32).astype(np.int32)
    pairs = np.unique(np.stack([row.astype(np.int64), short.astype(np.int64)], axis=1), axis=0)
    ends = (
        np.searchsorted(pairs[:, 0], np.arange(len(texts) + 1))
        if len(pairs)
        else np.zeros(len(texts) + 1, int)
    )
    return [pairs[ends[n] : ends[n + 1], 1].tolist() for n in range(len(texts))]


def asked_terms(piece: str) -> list[int]:
    """What a text must have of a piece of a query: of Chinese its pairs, single characters only alone."""
    codes, _starts = spell([spelt(piece)])
    found = terms(codes)
    is_single = (found.length == 1) & HAN[codes[found.start]]
    has_longer = bool((~is_single & ~found.is_part).any())
    kept = ~found.is_part & ~(is_single & has_longer & _in_a_pair(codes, found.start))
    short = (found.hash[kept] >> np.uint64(32)).astype(np.uint32).astype(np.int32)
    return sorted(set(short.tolist()))


def _in_a_pair(codes: Any, at: Any) -> Any:
    """Whether a character has a Chinese neighbour, so that a pair says more than it."""
    is_han = np.concatenate(([False], HAN[codes], [False]))
    return is_han[at] | is_han[at + 2]


def sealed_terms(customer: Customer | None) -> list[int]:
    """Who it is, under a key: names by their pairs and words, phone, mail and number as a whole."""
    if customer is None:
        return []
    name = folded_text(customer.name or "").strip()
    pieces = {name, *name.split(), *(name[n : n + 2] for n in range(len(name) - 1) if not name.isascii())}
    pieces |= {
        _digits(customer.phone or ""),
        (customer.email or "").strip().lower(),
        (customer.number or "").lower(),
    }
    return sorted(_seal(piece) for piece in pieces if piece)


def asked_seals(piece: str) -> list[int]:
    """What a name, a number or an address would be found by."""
    folded = folded_text(piece).strip()
    if _DIGITS.fullmatch(folded):
        return [_seal(_digits(folded))]
    if len(folded) > 2 and not folded.isascii():
        return sorted({_seal(folded[n : n + 2]) for n in range(len(folded) - 1)})
    return [_seal(folded)] if folded else []


def _digits(phone: str) -> str:
    digits = "".join(c for c in phone if c.isdigit())
    return digits[2:] if digits.startswith("86") and len(digits) == 13 else digits


def _seal(piece: str) -> int:
    return int.from_bytes(blind(piece, "said.who")[:4], signed=True)


@verb
def index_case(case: Case) -> int:
    """All texts of a case, also those that came to it from another."""
    return sum(_write(_texts(kind, Q(**{one.case or "pk": case.pk}))) for kind, one in SOURCES.items())


def catch_up() -> int:
    """Texts that no event told of, such as those of an import; as many as there is time for."""
    until = monotonic() + LONGEST
    n = 0
    for kind in SOURCES:
        while monotonic() < until and (done := _catch_up(kind)):
            n += done
    return n


@verb
def _catch_up(kind: int) -> int:
    mark, _is_new = SaidMark.objects.select_for_update().get_or_create(kind=kind)
    source = SOURCES[kind]
    newest = source.model.objects.aggregate(newest=Max("pk"))["newest"] or 0
    if newest <= mark.upto:
        return 0
    found = _texts(kind, Q(pk__gt=mark.upto, pk__lte=newest) & source.has_words, BATCH)
    mark.upto = found[-1].source if len(found) == BATCH else newest
    mark.save(update_fields=["upto"])
    return _write(found)


@dataclass(frozen=True)
class Source:
    """Rows with a text: the path to their case, "" for a case itself, when it was said, and the words.

    `has_words` leaves out most of those without any, before all that belongs to them is read.
    """

    model: Any
    case: str
    at: str
    words: Callable[[Any], str]
    has_words: Q = field(default_factory=Q)


def _words_of_case(case: Case) -> str:
    if case.response_id is None:
        return case.summary
    return "\n".join(one.text for one in case.response.verbatims.all())  # type: ignore[union-attr]  # just asked


SOURCES: dict[int, Source] = {
    Said.Kind.CASE: Source(Case, "", "opened_at", _words_of_case),
    Said.Kind.POST: Source(Post, "thread__case", "at", lambda post: post.text, ~Q(text="")),
    Said.Kind.NOTE: Source(Note, "case", "at", lambda note: note.text, ~Q(text="")),
    # A talk stands in the conversation too; it is found there.
    Said.Kind.CONTACT: Source(
        Contact, "case", "at", lambda made: "" if getattr(made, "post", None) else made.note, ~Q(note="")
    ),
    Said.Kind.RESOLUTION: Source(Resolution, "case", "at", lambda done: done.note, ~Q(note="")),
}


def rows_of(kind: int, where: Q) -> Any:
    """Rows of a kind with all that their text needs."""
    source = SOURCES[kind]
    path = f"{source.case}__" if source.case else ""
    rows = source.model.objects.filter(where).select_related(f"{path}customer", f"{path}unit")
    if kind == Said.Kind.CASE:
        return rows.select_related("response").prefetch_related("response__verbatims")
    return rows.select_related("post") if kind == Said.Kind.CONTACT else rows


def case_of(kind: int, row: Any) -> Case:
    for step in filter(None, SOURCES[kind].case.split("__")):
        row = getattr(row, step)
    found: Case = row
    return found


def _texts(kind: int, where: Q, most: int = 0) -> list[Text]:
    source, rows = SOURCES[kind], rows_of(kind, where).order_by("pk")
    found = []
    for row in rows[:most] if most else rows:
        case = case_of(kind, row)
        at, words = getattr(row, source.at), source.words(row)
        found.append(Text(kind, row.pk, case.pk, case.unit_id, case.customer, at, words))
    return found


def _write(texts: list[Text]) -> int:
    kept = [one for one in texts if one.says_something]
    _forget([one for one in texts if not one.says_something])
    found = terms_of([one.text for one in kept])
    rows = [
        Said(
            case_id=one.case,
            unit_id=one.unit,
            kind=one.kind,
            source=one.source,
            at=one.at,
            terms=sorted({*words, *sealed_terms(one.customer)}),
        )
        for one, words in zip(kept, found, strict=True)
    ]
    Said.objects.bulk_create(
        rows,
        BATCH,
        update_conflicts=True,
        unique_fields=["kind", "source"],
        update_fields=["case", "unit", "at", "terms"],
    )
    return len(texts)


def _forget(texts: list[Text]) -> None:
    """Words that were taken back are found no more."""
    for kind in {one.kind for one in texts}:
        Said.objects.filter(kind=kind, source__in=[one.source for one in texts if one.kind == kind]).delete()
