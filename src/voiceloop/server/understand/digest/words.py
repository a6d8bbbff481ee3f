"""A digest in words: the lines that page, letter, paper and slides share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from voiceloop.analytics.result import Row
from voiceloop.server.core.numerals import difference, formatted
from voiceloop.server.understand.digest.compose import Before, Digest
from voiceloop.server.understand.digest.moves import Move
from voiceloop.server.understand.digest.weeks import WEEKS_BEFORE
from voiceloop.server.understand.lanes import Lane


@dataclass(frozen=True)
class Item:
    """A line and the comments that speak for it: (text, where it was said)."""

    line: str
    quotes: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Section:
    title: str
    items: list[Item]
    tone: str = ""


def title(digest: Digest) -> str:
    return _("%(unit)s: voice of the customer, week %(week)s") % {"unit": digest.unit, "week": digest.week}


def period(digest: Digest) -> str:
    days = f"{digest.week.monday:%Y-%m-%d} – {digest.week.last:%Y-%m-%d}"
    against = _("against the %(n)s weeks before") % {"n": WEEKS_BEFORE}
    return f"{days} · {against}"


def headline(digest: Digest) -> str:
    """The one sentence for whoever reads no further."""
    if not digest.n_comments:
        return _("Nobody wrote anything this week.")
    if not digest.moves:
        return _(
            "Nothing moved beyond noise: %(looks)s figures were looked at, none changed by more than chance."
        ) % {"looks": digest.n_looks}
    counts = {"worse": len(digest.worse), "better": len(digest.better), "looks": digest.n_looks}
    return (
        _("%(worse)s worse, %(better)s better by more than chance; %(looks)s figures were looked at.")
        % counts
    )


def figure(row: Row, fmt: str) -> str:
    if row.value is None:
        return _("too few, n = %(n)s") % {"n": row.n}
    value, low, high = (formatted(one, fmt) for one in (row.value, row.low, row.high))
    words = {"value": value, "low": low, "high": high, "n": f"{row.n:,}"}
    return _("%(value)s (95%% interval %(low)s to %(high)s, n = %(n)s)") % words


def verdict(change: Any, fmt: str) -> str:
    if change is None or change.difference is None:
        return _("nothing to compare with")
    word = _("signal") if change.verdict == "signal" else _("noise")
    return f"{difference(change.difference, fmt)} · {word}"


def nps(digest: Digest) -> str:
    return f"NPS {figure(digest.nps.row, 'nps')}; {verdict(digest.nps.change, 'nps')}"


def lane(one: Lane) -> str:
    words = {"voice": one.name, "n": f"{one.n:,}", "share": figure(one.row, "pct")}
    return f"{_('%(voice)s %(n)s, share %(share)s') % words}; {verdict(one.change, 'pct')}"


def coverage(digest: Digest) -> str:
    return _("%(n)s comments; understood %(share)s") % {
        "n": f"{digest.n_comments:,}", "share": figure(digest.understood, "pct")
    }  # fmt: skip


def moved(move: Move) -> str:
    """Name, what, from where to where, by how much with its interval, who answers."""
    change = move.change
    return _(
        "%(name)s · %(what)s: %(then)s → %(now)s, %(change)s (95%% interval %(low)s to %(high)s), n = %(n)s"
    ) % {
        "name": move.name,
        "what": move.what,
        "then": formatted(move.then.value, move.fmt),
        "now": formatted(move.now.value, move.fmt),
        "change": difference(change.difference, move.fmt),
        "low": difference(change.low, move.fmt),
        "high": difference(change.high, move.fmt),
        "n": f"{move.now.n:,}",
    }


def answers(owner: str) -> str:
    return _("answers for it: %(owner)s") % {"owner": owner} if owner else _("nobody answers for it yet")


def became(one: Before) -> str:
    words = {
        "name": one.move.name, "said": one.n_said, "cases": one.n_cases,
        "reached": one.n_reached, "resolved": one.n_resolved,
    }  # fmt: skip
    said = _("%(name)s: %(said)s comments; cases %(cases)s, reached %(reached)s, resolved %(resolved)s")
    return said % words


def sections(digest: Digest) -> list[Section]:
    """The whole digest in order, as headings, lines and quotes."""
    week = [nps(digest), *map(lane, digest.lanes), coverage(digest)]
    found = [
        Section(_("The week"), [Item(line) for line in week]),
        _moves(_("What got worse"), digest.worse, "bad"),
        _moves(_("What got better"), digest.better, "good"),
        *(Section(name, [_heard(quotes)]) for name, quotes in digest.groups),
        Section(_("Urgent and grave"), [_counted(digest.n_urgent, digest.urgent)], "bad"),
        Section(_("Wishes"), [_counted(digest.n_wishes, digest.wishes)]),
    ]
    if digest.themes:
        found.append(Section(_("New themes"), [Item(f"{theme} · n = {theme.n}") for theme in digest.themes]))
    before = [Item(line) for one in digest.before for line in _before(one)]
    found.append(Section(_("What became of last week"), before or [Item(_("nothing was told last week"))]))
    return found


def _moves(name: str, moves: list[Move], tone: str) -> Section:
    if not moves:
        return Section(name, [Item(_("nothing beyond noise"))], tone)
    items = [Item(f"{moved(move)} · {answers(move.owner)}", _quotes(move.quotes)) for move in moves]
    return Section(name, items, tone)


def _heard(quotes: list[Any]) -> Item:
    return Item("" if quotes else _("none this week"), _quotes(quotes))


def _counted(n: int, quotes: list[Any]) -> Item:
    return Item(_("%(n)s comments") % {"n": n} if n else _("none this week"), _quotes(quotes))


def _quotes(quotes: list[Any]) -> list[tuple[str, str]]:
    return [(quote.voice.text, said_where(quote)) for quote in quotes]


def said_where(quote: Any) -> str:
    case = [_("case %(pk)s") % {"pk": quote.case.pk}] if quote.case else []
    return " · ".join([*quote.voice.meta, f"{localtime(quote.voice.at):%m-%d}", *case])


def _before(one: Before) -> list[str]:
    return [f"{became(one)} · {answers(one.move.owner)}", *(f"{note.by}: {note.text}" for note in one.notes)]
