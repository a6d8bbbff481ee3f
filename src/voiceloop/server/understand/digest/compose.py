"""One week's digest for one reader: composed within their rights, the same on page, paper and in the mail."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from voiceloop.analytics import registry
from voiceloop.analytics.measure import compare
from voiceloop.server.core.models import Unit, User
from voiceloop.server.measure import numbers
from voiceloop.server.measure.labels import label
from voiceloop.server.measure.models import Target
from voiceloop.server.measure.numbers import Figure
from voiceloop.server.measure.slices import Slice
from voiceloop.server.understand import lanes, voices
from voiceloop.server.understand.digest.moves import Move, moves
from voiceloop.server.understand.digest.picking import CANDIDATES, once, picked
from voiceloop.server.understand.digest.weeks import Week, slices
from voiceloop.server.understand.digest_models import DigestNote, SubjectOwner
from voiceloop.server.understand.lanes import Lane
from voiceloop.server.understand.models import Annotation, Theme
from voiceloop.server.understand.quotes import Quote, quotes
from voiceloop.server.understand.tally import tally
from voiceloop.server.understand.voice_asked import Asked

QUOTES_A_VOICE, QUOTES_A_MOVE, MOST_URGENT, MOST_WISHES, MOST_MOVES, MOST_BEFORE = 3, 2, 6, 5, 12, 5
GRAVE = ("serious", "catastrophic")
FIRST = ("self_harm", "catastrophic", "safety", "legal", "authority", "media", "serious", "churn")


@dataclass(frozen=True)
class Before:
    """A subject of the week before: what became of those who spoke of it."""

    move: Move
    n_said: int
    n_cases: int
    n_reached: int
    n_resolved: int
    notes: list[Any]


@dataclass
class Digest:
    unit: Unit
    week: Week
    part: Slice
    against: Slice
    nps: Figure
    lanes: list[Lane]
    understood: Any
    n_comments: int
    moves: list[Move]
    n_looks: int
    praise: list[Quote]
    problems: list[Quote]
    suggestions: list[Quote]
    urgent: list[Quote] = field(default_factory=list)
    n_urgent: int = 0
    wishes: list[Quote] = field(default_factory=list)
    n_wishes: int = 0
    themes: list[Any] = field(default_factory=list)
    before: list[Before] = field(default_factory=list)
    as_of: Any = None

    @property
    def rose(self) -> list[Move]:
        return [move for move in self.moves if move.rose]

    @property
    def fell(self) -> list[Move]:
        return [move for move in self.moves if not move.rose]

    @property
    def worse(self) -> list[Move]:
        return [move for move in self.moves if not move.is_good]

    @property
    def better(self) -> list[Move]:
        return [move for move in self.moves if move.is_good]

    @property
    def groups(self) -> list[tuple[str, list[Quote]]]:
        titles = (label("voice", "praise"), label("voice", "problem"), label("voice", "suggestion"))
        return list(zip(titles, (self.praise, self.problems, self.suggestions), strict=True))


def compose(user: User, unit: Unit, week: Week) -> Digest:
    part, against = slices(user, unit, week)
    rows = comments(user, unit, part)
    asked = Asked(part)
    now, then = tally(user, asked), tally(user, Asked(against), over_time=False)
    every = moves(part, against)
    shown = [move for move in every if move.is_signal][:MOST_MOVES]
    told: list[str] = []
    for move in shown:
        _dress(move, user, unit, week, rows, part, told)
    urgent, wishes = rows.filter(_urgent()), rows.filter(_labelled("need"))
    return Digest(
        unit=unit,
        week=week,
        part=part,
        against=against,
        nps=_nps(part, against),
        lanes=lanes.lanes(now, then),
        understood=lanes.understood(now),
        n_comments=now.n_comments,
        moves=shown,
        n_looks=len(every),
        praise=_quoted(rows, "praise"),
        problems=_quoted(rows, "problem"),
        suggestions=_quoted(rows, "suggestion"),
        urgent=quotes(once(sorted(urgent[:CANDIDATES], key=_graveness))[:MOST_URGENT]),
        n_urgent=urgent.order_by().count(),
        wishes=quotes(picked(wishes[:CANDIDATES], MOST_WISHES)),
        n_wishes=wishes.order_by().count(),
        themes=_new_themes(user, week),
        before=_before(user, unit, week),
        as_of=now.as_of,
    )


def comments(user: User, unit: Unit, part: Slice) -> QuerySet[Any]:
    """The comments of a slice in a unit and below it, newest first."""
    return voices.in_slice(user, part).filter(response__unit__path__startswith=unit.path or "")


def owner_of(unit: Unit, subject: str) -> str:
    """Who answers for a subject: said here or above, else whoever has its target."""
    above = [int(pk) for pk in (unit.path or "").split("/") if pk]
    said = SubjectOwner.objects.filter(unit__in=above, subject=subject).select_related("owner")
    nearest = max(said, key=lambda one: above.index(one.unit_id), default=None)
    if nearest:
        return str(nearest.owner)
    kind, _colon, code = subject.partition(":")
    if kind != "touchpoint":
        return ""
    targets = Target.objects.filter(unit__in=above, withdrawn_at=None, scope__touchpoint=[code])
    target = targets.select_related("owner").order_by("-set_at").first()
    return str(target.owner) if target else ""


def _nps(part: Slice, against: Slice) -> Figure:
    now, then = numbers.result("nps", part), numbers.result("nps", against).one
    is_known = now.one.value is not None and then.value is not None and now.one.scale == then.scale
    return Figure(registry.metric("nps"), now.one, now, part, compare(now.one, then) if is_known else None)


def _dress(
    move: Move, user: User, unit: Unit, week: Week, rows: QuerySet[Any], part: Slice, told: list[str]
) -> None:
    """Owner, notes, the way to the comments, and quotes that were not told yet."""
    move.href = f"{reverse('voice')}?{_asked(move, part, unit).query()}"
    move.owner = owner_of(unit, move.subject)
    if not (move.subject.startswith("reason:") and not move.rose):
        chosen = picked(_speaking(rows, move)[:CANDIDATES], QUOTES_A_MOVE, told)
        told.extend(row.text for row in chosen)
        move.quotes = quotes(chosen)
    move.notes = notes(user, unit, week, move.subject)


def _asked(move: Move, part: Slice, unit: Unit) -> Asked:
    kind, _colon, code = move.subject.partition(":")
    leaf = part.narrowed(unit=unit.code) if not unit.children.exists() else part
    if kind == "touchpoint":
        return Asked(leaf.narrowed(touchpoint=code))
    side = "" if kind != "reason" else "positive" if move.now.metric.better == "higher" else "negative"
    return Asked(leaf, labels=((kind, (code,)),), side=side)


def _speaking(rows: QuerySet[Any], move: Move) -> QuerySet[Any]:
    """The comments that a figure counts; of a touchpoint those that speak for the direction it went."""
    kind, _colon, code = move.subject.partition(":")
    if kind == "touchpoint":
        voice = "praise" if move.is_good else "problem"
        return rows.filter(_labelled("voice", voice), response__touchpoint=code)
    if kind == "reason":
        return rows.filter(_labelled("reason", code, 1 if move.now.metric.better == "higher" else -1))
    return rows.filter(_labelled(kind, code))


def _labelled(kind: str, name: str = "", polarity: int | None = None) -> Exists:
    found = Annotation.objects.filter(verbatim=OuterRef("pk"), kind=kind)
    found = found.filter(label=name) if name else found
    return Exists(found.filter(polarity=polarity) if polarity is not None else found)


def _urgent() -> Q:
    grave = Annotation.objects.filter(verbatim=OuterRef("pk"), kind="severity", label__in=GRAVE)
    return Q(_labelled("urgency")) | Q(Exists(grave))


def _graveness(row: Any) -> int:
    """What is answered first: danger, then what harmed somebody, then law and publicity."""
    labels = {note.label for note in row.annotations.all() if note.kind in ("urgency", "severity")}
    return min((FIRST.index(label) for label in labels if label in FIRST), default=len(FIRST))


def _quoted(rows: QuerySet[Any], voice: str) -> list[Quote]:
    return quotes(picked(rows.filter(_labelled("voice", voice))[:CANDIDATES], QUOTES_A_VOICE))


def _new_themes(user: User, week: Week) -> list[Any]:
    born = voices.midnight(week.monday), voices.midnight(week.until)
    found = Theme.objects.visible_to(user).in_use().filter(born_at__gte=born[0], born_at__lt=born[1])
    return list(found.order_by("-n")[:5])


def notes(user: User, unit: Unit, week: Week, subject: str) -> list[Any]:
    said = DigestNote.objects.visible_to(user).filter(unit=unit, week=week.monday, subject=subject)
    return list(said.select_related("by").order_by("at"))


def _before(user: User, unit: Unit, week: Week) -> list[Before]:
    """What the digest of the week before told of, or what was criticised most in it."""
    last = week.before
    part, against = slices(user, unit, last)
    every = moves(part, against)
    told = [move for move in every if move.is_signal and not move.is_good][:MOST_BEFORE]
    critical = [m for m in every if m.subject.startswith("reason:") and m.now.metric.better == "lower"]
    told = told or sorted(critical, key=lambda move: -move.now.parts.total)[:3]
    rows = comments(user, unit, part)
    return [_became(move, user, unit, last, rows) for move in told]


def _became(move: Move, user: User, unit: Unit, week: Week, rows: QuerySet[Any]) -> Before:
    said = _speaking(rows, move).order_by()
    cases = said.filter(response__case__isnull=False)
    move.owner = owner_of(unit, move.subject)
    return Before(
        move=move,
        n_said=said.count(),
        n_cases=cases.count(),
        n_reached=cases.filter(response__case__first_contact_at__isnull=False).count(),
        n_resolved=cases.filter(response__case__resolution__isnull=False).count(),
        notes=notes(user, unit, week, move.subject),
    )


def to_dict(digest: Digest) -> dict[str, Any]:
    """The digest as plain JSON types."""
    change = digest.nps.change
    return {
        "unit": digest.unit.code,
        "week": str(digest.week),
        "since": digest.week.monday.isoformat(),
        "until": digest.week.last.isoformat(),
        "against": {"since": f"{digest.against.since}", "until": f"{digest.against.last}"},
        "as_of": digest.as_of.isoformat() if digest.as_of else None,
        "n_comments": digest.n_comments,
        "nps": digest.nps.row.to_dict() | {"change": vars(change) if change else None},
        "understood": digest.understood.to_dict(),
        "lanes": [lane.to_dict() for lane in digest.lanes],
        "n_looks": digest.n_looks,
        "moves": [_move(move) for move in digest.moves],
        "quotes": {
            "praise": _texts(digest.praise),
            "problem": _texts(digest.problems),
            "suggestion": _texts(digest.suggestions),
        },
        "urgent": {"n": digest.n_urgent, "comments": _texts(digest.urgent)},
        "wishes": {"n": digest.n_wishes, "comments": _texts(digest.wishes)},
        "new_themes": [{"key": theme.key, "name": str(theme), "n": theme.n} for theme in digest.themes],
        "week_before": [_became_of(one) for one in digest.before],
    }


def _move(move: Move) -> dict[str, Any]:
    sides = {"now": move.now.to_dict(), "before": move.then.to_dict(), "change": vars(move.change)}
    return {
        "subject": move.subject,
        "metric": move.now.metric.name,
        "name": move.name,
        **sides,
        "is_good": move.is_good,
        "owner": move.owner,
        "href": move.href,
        "quotes": _texts(move.quotes),
        "notes": [note.text for note in move.notes],
    }


def _became_of(one: Before) -> dict[str, Any]:
    counts = {name: getattr(one, name) for name in ("n_said", "n_cases", "n_reached", "n_resolved")}
    names = {"subject": one.move.subject, "name": one.move.name, "owner": one.move.owner}
    return {**names, **counts, "notes": [note.text for note in one.notes]}


def _texts(found: list[Quote]) -> list[dict[str, Any]]:
    return [
        {"id": quote.voice.pk, "text": quote.voice.text, "case": quote.case.pk if quote.case else None}
        for quote in found
    ]
