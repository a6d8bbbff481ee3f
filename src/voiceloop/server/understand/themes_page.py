"""Themes of a slice in figures: how many comments, how they feel, how they move by the week, and the map."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, Sum, Value, When
from django.db.models.functions import TruncWeek
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from voiceloop.server.core.models import User
from voiceloop.server.measure.slices import Slice
from voiceloop.server.understand import themes, voices
from voiceloop.server.understand.models import Annotation
from voiceloop.server.understand.themes_models import Theme

# Below this a share of feelings says nothing (the house's rule for figures).
MIN_N = 5
# By how much one side must outweigh the other before the bubble takes its colour: our choice.
CLEAR = 0.2
QUOTES, WEEKS = 10, 13
SMALLEST, LARGEST = 14, 76


@dataclass
class Line:
    """A theme within a slice."""

    theme: Theme
    n: int = 0
    negative: int = 0
    positive: int = 0
    weeks: dict[date, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def pk(self) -> int:
        return self.theme.pk

    @property
    def name(self) -> str:
        return str(self.theme)

    @property
    def neutral(self) -> int:
        return self.n - self.negative - self.positive

    @property
    def shares(self) -> dict[str, float]:
        return {
            name: 100 * getattr(self, name) / max(self.n, 1) for name in ("negative", "neutral", "positive")
        }

    @property
    def side(self) -> str:
        """How its comments feel on the whole; '' where there are too few to say."""
        if self.n < MIN_N:
            return ""
        balance = (self.positive - self.negative) / self.n
        return "positive" if balance > CLEAR else "negative" if balance < -CLEAR else "mixed"

    @property
    def trend(self) -> list[float]:
        """Comments a week, the oldest first, weeks of silence included."""
        if not self.weeks:
            return []
        last = localdate() - timedelta(days=localdate().weekday())
        first = max(min(self.weeks), last - timedelta(weeks=WEEKS - 1))
        n = (last - first).days // 7 + 1
        return [float(self.weeks.get(first + timedelta(weeks=week), 0)) for week in range(n)]


def lines(user: User, part: Slice) -> list[Line]:
    """The themes that the slice's comments are about, by size; merged ones count with their home."""
    homes = themes.homes(Theme.objects.visible_to(user))
    found: dict[int, Line] = {}
    for row in _counts(user, part):
        home = homes.get(row["label"])
        if home is None:
            continue
        line = found.setdefault(home.pk, Line(home))
        line.n += row["n"]
        line.negative += row["negative"]
        line.positive += row["positive"]
        line.weeks[row["week"].date()] += row["n"]
    return sorted(found.values(), key=lambda line: (-line.n, line.name))


def _counts(user: User, part: Slice) -> Iterable[Any]:
    said = voices.in_slice(user, part).order_by().values("pk")
    notes = Annotation.objects.filter(kind=Annotation.Kind.THEME, verbatim__in=said)
    return (
        notes.annotate(week=TruncWeek("verbatim__response__at"))
        .values("label", "week")
        .annotate(n=Count("id"), negative=_sum(-1), positive=_sum(1))
    )


def _sum(side: int) -> Sum:
    found = Case(When(polarity=side, then=Value(1)), default=Value(0), output_field=IntegerField())
    return Sum(found)


def coverage(user: User, part: Slice, found: list[Line]) -> tuple[int, float | None]:
    """How many comments the slice has, and the share of them that is in a theme shown."""
    n = voices.in_slice(user, part).order_by().count()
    return n, 100 * sum(line.n for line in found) / n if n else None


def comments(user: User, part: Slice, theme: Theme) -> Any:
    """What customers said about a theme, with what was merged into it, newest first."""
    homes = themes.homes(Theme.objects.visible_to(user))
    keys = [key for key, home in homes.items() if home.pk == theme.pk] or [theme.key]
    about = Q(annotations__kind=Annotation.Kind.THEME, annotations__label__in=keys)
    return voices.in_slice(user, part).filter(about)


def quotes(rows: Iterable[Any], keys: Iterable[str]) -> list[voices.Voice]:
    """Comments with the words that made them part of the theme."""
    wanted = set(keys)
    found = []
    for verbatim in rows:
        voice = voices.voices([verbatim])[0]
        side = {"negative": -1, "positive": 1}.get(voice.sentiment, 0)
        voice.spans = [
            {"start": span[0], "end": span[1], "polarity": side}
            for note in verbatim.annotations.all()
            if note.kind == Annotation.Kind.THEME and note.label in wanted
            for span in note.evidence
        ]
        found.append(voice)
    return found


_COLOURS = {"positive": "promoter", "negative": "detractor", "mixed": "passive", "": "passive"}


def bubbles(found: list[Line], query: str) -> dict[str, Any]:
    """The map: what lies close shares words, what is large is said often, its colour is how people feel."""
    most = max((line.n for line in found), default=1)
    return {
        "grid": {"left": 8, "right": 8, "top": 8, "bottom": 8},
        "xAxis": {"type": "value", "show": False, "min": -1.25, "max": 1.25},
        "yAxis": {"type": "value", "show": False, "min": -1.2, "max": 1.2},
        "tooltip": {"trigger": "item", "formatter": {"$fmt": "tip"}},
        "series": [{"type": "scatter", "data": [_bubble(line, most, query) for line in found], **_LOOK}],
    }


_LOOK: dict[str, Any] = {
    "label": {"show": True, "formatter": "{b}", "position": "inside", "fontSize": 12, "color": "#1C2536"},
    "labelLayout": {"hideOverlap": True},
    "emphasis": {"focus": "self"},
}


def _bubble(line: Line, most: int, query: str) -> dict[str, Any]:
    # The area, not the diameter, is the number.
    size = SMALLEST + (LARGEST - SMALLEST) * (line.n / most) ** 0.5
    mood = _("%(negative)d negative, %(positive)d positive") % {
        "negative": line.negative,
        "positive": line.positive,
    }
    return {
        "name": line.name.replace(", ", "\n").replace("、", "\n"),
        "value": [line.theme.x, line.theme.y, line.n],
        "symbolSize": round(size, 1),
        "itemStyle": {
            "color": {"$css": f"--nps-{_COLOURS[line.side]}-bg"},
            "borderColor": {"$css": f"--nps-{_COLOURS[line.side]}"},
            "borderWidth": 2,
        },
        "tip": [line.name, f"n = {line.n:,}", mood],
        "url": f"{reverse('theme', args=[line.pk])}?{query}",
    }


def finding(found: list[Line]) -> str:
    """The map in one sentence."""
    if not found:
        return _("No themes yet")
    words = {"n": len(found), "name": found[0].name, "most": found[0].n}
    return _("%(n)d themes; the largest is %(name)s with %(most)d comments") % words
