"""What the voice page shows besides the comments: lanes, facets to filter by, how much was understood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from voiceloop.analytics.plan import SCORE_CLASS
from voiceloop.analytics.scales import CLASS_LABELS
from voiceloop.server.core.models import User
from voiceloop.server.measure.choices import choices
from voiceloop.server.measure.labels import label
from voiceloop.server.measure.slices import in_words
from voiceloop.server.understand import lanes, tally
from voiceloop.server.understand.quotes import for_the_eyes_of, quotes
from voiceloop.server.understand.tally import Tally
from voiceloop.server.understand.voice_asked import Asked
from voiceloop.server.understand.voice_words import kind_word

PAGE = 20
# Our choice: nobody turns to a page beyond these; who wants all takes the file.
MOST_COUNTED, ONES_OWN = 10_000, 500
FACETS = ("sentiment", "emotion", "urgency", "severity", "need", "theme")
MOST_REASONS, MOST_OF_A_FACET = 11, 12


class Pages(Paginator[Any]):
    """Counts a few pages itself and believes the tally beyond: counting a million rows would cost seconds."""

    def __init__(self, rows: QuerySet[Any], n: int) -> None:
        super().__init__(rows, PAGE)
        self.n = n

    @cached_property
    def count(self) -> int:
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]  # a queryset here
        counted = rows.order_by()[:ONES_OWN].count()
        return counted if counted < ONES_OWN else min(max(counted, self.n), MOST_COUNTED)


@dataclass(frozen=True)
class Facet:
    """One label to filter by: its count in the slice, and the address with it or without it."""

    name: str
    n: int
    href: str
    is_on: bool


@dataclass(frozen=True)
class ReasonLine:
    name: str
    n: int
    negative: int
    neutral: int
    positive: int
    href: str
    is_on: bool


def context(user: User, asked: Asked, page: str | None) -> dict[str, Any]:
    now = tally.tally(user, asked)
    before = asked.before()
    then = tally.tally(user, before, over_time=False) if before else None
    found = lanes.lanes(now, then)
    pages = Pages(asked.rows(user), now.n_comments).get_page(page)
    return {
        "asked": asked,
        "part": asked.part,
        "words": in_words(asked.part),
        "choices": choices(user, asked.part),
        "kept": asked.beside_the_slice(),
        "lanes": [(lane, *_lane_link(asked, lane.code)) for lane in found],
        "picture": lanes.picture(found)
        if any(row.value is not None for row in found[0].trend.rows)
        else None,
        "finding": lanes.finding(found),
        "table": lanes.table(found),
        "understood": lanes.understood(now),
        "n_unknown": now.n("sentiment", "unknown"),
        "unknown_href": asked.but(sentiment="unknown").query(),
        "n_waiting": tally.waiting(user, asked),
        "n_comments": now.n_comments,
        "source": now.source,
        "page": pages,
        "is_cut": pages.paginator.count >= MOST_COUNTED,
        "quotes": for_the_eyes_of(user, quotes(pages, asked.words)),
        "conditions": list(_conditions(asked)),
        "reasons": _reasons(asked, now),
        "facets": _facets(asked, now),
        "classes": _classes(asked),
        "may_export": user.may("measure.export"),
        "may_work": user.may("cases.work"),
        "may_see_cases": user.may("cases.see"),
        "may_measure": user.may("measure.see"),
    }


def _lane_link(asked: Asked, voice: str) -> tuple[str, bool]:
    is_on = asked.chosen("voice") == (voice,)
    return asked.but(voice=() if is_on else voice).query(), is_on


def _reasons(asked: Asked, now: Tally) -> list[ReasonLine]:
    found = []
    for code, n in now.labels("reason")[:MOST_REASONS]:
        sides = [now.n("reason", code, side=side) for side in (-1, 1)]
        is_on = code in asked.chosen("reason")
        href = asked.but(reason=() if is_on else code, side="").query()
        found.append(ReasonLine(label("reason", code), n, sides[0], n - sum(sides), sides[1], href, is_on))
    return found


def _facets(asked: Asked, now: Tally) -> list[tuple[str, list[Facet]]]:
    found = [(kind_word(kind), _facet(asked, now, kind)) for kind in FACETS]
    return [(name, facets) for name, facets in found if facets]


def _facet(asked: Asked, now: Tally, kind: str) -> list[Facet]:
    chosen = asked.chosen(kind)
    known = dict(now.labels(kind)[:MOST_OF_A_FACET])
    names = [name for name in dict.fromkeys((*known, *chosen)) if name not in ("none", "")]
    return [
        Facet(
            label(kind, name), known.get(name, 0),
            asked.but(**{kind: () if name in chosen else name}).query(), name in chosen,
        )
        for name in names
    ]  # fmt: skip


def _classes(asked: Asked) -> list[tuple[str, str, bool]]:
    chosen = dict(asked.part.chosen).get(SCORE_CLASS, ())
    return [
        (code, label(SCORE_CLASS, code), code in chosen) for code in CLASS_LABELS if code != "unclassified"
    ]


def _conditions(asked: Asked) -> Any:
    """What is in force beside the slice, each with the address without it."""
    for kind, names in asked.labels:
        for name in names:
            rest = tuple(one for one in names if one != name)
            yield f"{kind_word(kind)}: {label(kind, name)}", asked.but(**{kind: rest}).query()
    if asked.side:
        words = {"negative": _("criticised"), "neutral": _("only named"), "positive": _("praised")}
        yield words[asked.side], asked.but(side="").query()
    if asked.case:
        yield _("with a case") if asked.case == "with" else _("without a case"), asked.but(case="").query()
    if asked.words:
        yield f"“{asked.words}”", asked.but(words="").query()
