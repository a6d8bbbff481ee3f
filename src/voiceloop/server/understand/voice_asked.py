"""What somebody asks of the voice page, read out of its address: a slice, labels, words, cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Exists, OuterRef, QuerySet, Value, When
from django.http import QueryDict

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.plan import SCORE_CLASS
from voiceloop.server.core.models import User
from voiceloop.server.measure.slices import Slice
from voiceloop.server.understand import search, voices
from voiceloop.server.understand.models import Annotation

# Kinds of labels that comments can be asked by, in the order in which the page lists them.
KINDS = ("voice", "sentiment", "reason", "emotion", "urgency", "severity", "need", "theme")
SIDES = {"negative": -1, "neutral": 0, "positive": 1}
CASES = ("with", "without")
ANY = "any"


@dataclass(frozen=True)
class Asked:
    """Comments of a slice that carry labels; `side` is what they say of the reasons among them."""

    part: Slice
    labels: tuple[tuple[str, tuple[str, ...]], ...] = ()
    side: str = ""
    case: str = ""
    words: str = ""

    @classmethod
    def of(cls, user: User, query: QueryDict) -> Asked:
        return cls(
            part=_part(user, query),
            labels=tuple((kind, names) for kind in KINDS if (names := _values(query, kind))),
            side=query.get("side", "") if query.get("side") in SIDES else "",
            case=query.get("case", "") if query.get("case") in CASES else "",
            words=" ".join(query.get("q", "").split())[:200],
        )

    @property
    def is_of_the_lake(self) -> bool:
        """Whether the lake knows all that is asked: it holds labels, not words, and no score beside them."""
        return not (self.words or self.case or self.has_score)

    @property
    def has_score(self) -> bool:
        return SCORE_CLASS in dict(self.part.chosen)

    @property
    def polarity(self) -> int | None:
        return SIDES.get(self.side)

    def chosen(self, kind: str) -> tuple[str, ...]:
        return dict(self.labels).get(kind, ())

    def but(self, **changes: Any) -> Asked:
        """The same question with other labels of a kind, or another side, case or words; "" takes away."""
        labels = dict(self.labels)
        for kind in KINDS:
            if kind in changes:
                names = changes.pop(kind)
                labels[kind] = (names,) if isinstance(names, str) else tuple(names)
        kept = tuple((kind, labels[kind]) for kind in KINDS if any(labels.get(kind, ())))
        return replace(self, labels=kept, **changes)

    def before(self) -> Asked | None:
        part = self.part.before()
        return replace(self, part=part) if part else None

    def pairs(self, *, without: str = "") -> list[tuple[str, str]]:
        """The whole question as names and values of an address."""
        said = [(kind, name) for kind, names in self.labels for name in names]
        more = (("side", self.side), ("case", self.case), ("q", self.words))
        found = [*self.part.pairs(), *said, *((name, value) for name, value in more if value)]
        return [(name, value) for name, value in found if name != without]

    def beside_the_slice(self) -> list[tuple[str, str]]:
        """What a form that changes the slice must carry along."""
        of_slice = {name for name, _ in self.part.pairs()}
        return [(name, value) for name, value in self.pairs() if name not in of_slice]

    def query(self, **more: Any) -> str:
        kept = [(name, value) for name, value in self.pairs() if name not in more]
        return urlencode([*kept, *((name, value) for name, value in more.items() if value not in (None, ""))])

    def rows(self, user: User) -> QuerySet[Any]:
        """The comments, newest first; those with words that were asked for, best first."""
        rows = self._labelled_so(voices.in_slice(user, self.part))
        if not self.words:
            return rows
        found = [pk for pk, _ in _good(search.ranked(user, self.part, self.words))]
        if not found:
            # What was written in the last minute is not in the index yet.
            return voices.saying(rows, self.words)
        best = Case(*(When(pk=pk, then=Value(place)) for place, pk in enumerate(found)))
        return rows.filter(pk__in=found).order_by(best, "-response__at", "-id")

    def _labelled_so(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        for kind, names in self.labels:
            rows = rows.filter(self._labelled(kind, names))
        if self.case:
            rows = rows.filter(response__case__isnull=self.case == "without")
        return rows

    def _labelled(self, kind: str, names: tuple[str, ...]) -> Exists:
        found = Annotation.objects.filter(verbatim=OuterRef("pk"), kind=kind)
        if ANY not in names:
            found = found.filter(label__in=names)
        if kind == "reason" and self.polarity is not None:
            found = found.filter(polarity=self.polarity)
        return Exists(found)


def settled(user: User, query: str) -> str:
    """The question as one address, in one order, for keeping."""
    return Asked.of(user, QueryDict(query)).query()


def _good(found: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """Those that fit at least half as well as the best: a single word of many is no answer."""
    return [(pk, score) for pk, score in found if score >= found[0][1] / 2]


def _part(user: User, query: QueryDict) -> Slice:
    part = Slice.of(user, query)
    said = query.get("class", "")
    if not said:
        return part
    if said not in ("promoter", "passive", "detractor"):
        raise AnalyticsError(f"Unknown class: {said}.", f"未知的类别：{said}。")
    return part.narrowed(**{SCORE_CLASS: said})


def _values(query: QueryDict | Mapping[str, Any], name: str) -> tuple[str, ...]:
    found: Iterator[str] = (value.strip()[:64] for value in query.getlist(name))  # type: ignore[union-attr]  # of a request
    return tuple(dict.fromkeys(value for value in found if value))
