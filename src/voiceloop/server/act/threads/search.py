"""Search over everything said and noted about cases, without a limit of time, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from voiceloop.analytics.text.search.query import Query, parse
from voiceloop.analytics.text.search.snippet import folded_text, snippet, spans
from voiceloop.server.act.models import Case, Post, Said
from voiceloop.server.act.threads import said
from voiceloop.server.core.models import Unit, User

# More pieces than these would make a question slower and no better.
MOST_PIECES = 8
# Pages that one question reads before it hands over what it has: an exact phrase may be a rare one of common
# words, and nobody waits for all of them.
MOST_ROUNDS = 5
NAMES = {
    Said.Kind.CASE: _("Case"),
    Said.Kind.POST: _("Message"),
    Said.Kind.NOTE: _("Internal note"),
    Said.Kind.CONTACT: _("Talk"),
    Said.Kind.RESOLUTION: _("Solution"),
}
ICONS = {
    Said.Kind.CASE: "alert-triangle",
    Said.Kind.POST: "message",
    Said.Kind.NOTE: "note",
    Said.Kind.CONTACT: "phone",
    Said.Kind.RESOLUTION: "check",
}


@dataclass(frozen=True)
class Hit:
    """One text that has all the words: `marks` are the spans of `text` that were meant."""

    case: Case
    kind: int
    at: datetime
    text: str
    marks: list[tuple[int, int]]
    # The row's key in the index, by which the next page goes on.
    key: int

    @property
    def kind_name(self) -> str:
        return str(NAMES[Said.Kind(self.kind)])

    @property
    def kind_code(self) -> str:
        return Said.Kind(self.kind).name.lower()

    @property
    def icon(self) -> str:
        return ICONS[Said.Kind(self.kind)]


@dataclass(frozen=True)
class Found:
    """`next` is where another page begins, or "" at the end."""

    hits: list[Hit]
    next: str = ""


def find(user: User, words: str, *, most: int = 20, after: str = "") -> Found:
    """What the reader may see that has every word: in messages, notes, talks, solutions, or by the customer.

    The query is words, "exact phrases" and -what must not be there. A name, a phone number, a mail address
    or a customer's number finds everything said with that customer.
    """
    query = parse(words)
    rows = _asked(user, query)
    if rows is None:
        return Found([])
    hits: list[Hit] = []
    at, step = after, most if not query.phrases else 10 * most
    for _round in range(MOST_ROUNDS):
        page = list(_behind(rows, at).order_by("-at", "-pk")[: step + 1])
        hits += _hits(user, page[:step], query)
        if len(page) <= step:
            return Found(hits[:most], _after(hits, most) if len(hits) > most else "")
        at = _place(page[step - 1])
        if len(hits) >= most:
            return Found(hits[:most], _after(hits, most))
    return Found(hits, at)


def _after(hits: list[Hit], most: int) -> str:
    return f"{hits[most - 1].at.isoformat()}_{hits[most - 1].key}"


def _asked(user: User, query: Query) -> QuerySet[Said] | None:
    pieces = [*query.words.split(), *query.phrases][:MOST_PIECES]
    rows = Said.objects.filter(_units(user))
    is_narrowed = False
    for piece in pieces:
        condition = _has(piece)
        if condition is not None:
            rows, is_narrowed = rows.filter(condition), True
    for piece in query.without[:MOST_PIECES]:
        terms = said.asked_terms(piece)
        rows = rows.exclude(terms__contains=terms) if terms else rows
    return rows if is_narrowed else None


def _has(piece: str) -> Q | None:
    terms, seals = said.asked_terms(piece), said.asked_seals(piece)
    found = [Q(terms__contains=one) for one in (terms, seals) if one]
    return (found[0] | found[1]) if len(found) > 1 else found[0] if found else None


def _units(user: User) -> Q:
    """The reader's own branch as a list of keys, which an index over time can begin with."""
    if user.unit is not None and user.unit.parent_id is None:
        return Q()
    units = list(Unit.objects.visible_to(user).values_list("pk", flat=True))
    return Q(unit__in=units) if len(units) != 1 else Q(unit=units[0])


def _behind(rows: QuerySet[Said], place: str) -> QuerySet[Said]:
    at, _line, key = place.rpartition("_")
    try:
        moment, number = datetime.fromisoformat(at), int(key)
    except ValueError:
        return rows
    if moment.tzinfo is None:
        return rows
    return rows.filter(at__lte=moment).exclude(at=moment, pk__gte=number)


def _place(row: Said) -> str:
    return f"{row.at.isoformat()}_{row.pk}"


def _hits(user: User, rows: Iterable[Said], query: Query) -> list[Hit]:
    """The texts themselves; rights are asked of the case as it is now, phrases of the words as they stand."""
    page = list(rows)
    sources: dict[tuple[int, int], Any] = {}
    for kind in {row.kind for row in page}:
        keys = [row.source for row in page if row.kind == kind]
        sources |= {(kind, one.pk): one for one in said.rows_of(kind, Q(pk__in=keys))}
    whose = {key: said.case_of(key[0], one) for key, one in sources.items()}
    seen = Case.objects.visible_to(user).filter(pk__in={case.pk for case in whose.values()})
    allowed = set(seen.values_list("pk", flat=True))
    hits = []
    for row in page:
        source, case = sources.get((row.kind, row.source)), whose.get((row.kind, row.source))
        if source is None or case is None or case.pk not in allowed or _is_gone(source):
            continue
        text = said.SOURCES[row.kind].words(source)
        if _fits(text, query, case):
            cut = snippet(text, spans(text, query))
            hits.append(Hit(case, row.kind, row.at, cut.text, cut.spans, row.pk))
    return hits


def _is_gone(source: Any) -> bool:
    return isinstance(source, Post) and source.withdrawn_at is not None


def _fits(text: str, query: Query, case: Case) -> bool:
    folded = folded_text(text)
    who = folded_text(str(case.customer or ""))
    return all(folded_text(phrase) in folded or folded_text(phrase) in who for phrase in query.phrases)
