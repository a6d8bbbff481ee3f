"""Suspicions that a score was made rather than earned: what is checked, and the verbs of looking into it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from voiceloop.analytics.sentences import suspicion_sentences
from voiceloop.analytics.stats.intervals import share_interval
from voiceloop.analytics.stats.parts import Parts
from voiceloop.analytics.suppression import Sign, suspicious_agents
from voiceloop.server.collect.models import Verbatim
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import Unit, User
from voiceloop.server.measure.events_boards import SuspicionReopened, SuspicionReviewed
from voiceloop.server.measure.guard_models import GuardReview
from voiceloop.server.measure.labels import label
from voiceloop.server.measure.slices import Slice
from voiceloop.server.store import sync

CHECKS: dict[str, Any] = {
    "skips_bad": _("Leaves out bad contacts"),
    "skips": _("Leaves out customers"),
    "ceiling": _("Answers at the ceiling"),
    "on_the_spot": _("Answers on the spot"),
    "begging": _("Asks for a score"),
}
# Words with which a score is asked for, in what customers write and in what agents note. Our own list.
BEGGING = (
    r"(给|打)(我|我们|咱|咱们)(打|评|来)?(个|一个)?(十|10|满|高|五星|5星)(分|好评)|"
    r"给(个|一个)(十|10|满|高|五星|5星)(分|好评)|"
    r"(麻烦|请|拜托|帮忙)(您|你)?(给|打)(个|一个|我)?.{0,4}(好评|满分|高分|10分|十分|五星)|"
    r"(让|要求|叫|求)(我|他|她|客户|顾客)?(给|打)(个|了)?.{0,4}(好评|满分|高分|10分|十分|五星)|"
    r"(give|rate|score) (me|us) (a |an )?(10|ten|9|nine|5|five|full|top)|"
    r"(asked|begged|told) (me|us|him|her|them) (to|for) .{0,24}(10|ten|5 stars|five stars|(good|top) score)"
)
REST = timedelta(days=90)
MOST_ROWS = 20


@dataclass(frozen=True)
class Suspect:
    """One suspicion: about whom, of what, on how many rows, how sure, and where the rows are."""

    check: str
    subject: str
    sentence: str
    n: int
    hits: int
    usual: float | None
    p_value: float | None
    query: str
    rows: tuple[tuple[str, str], ...] = ()

    @property
    def check_label(self) -> str:
        return str(CHECKS[self.check])

    @property
    def name(self) -> str:
        return label("agent", self.subject or None)

    @property
    def rate(self) -> float:
        return 100 * self.hits / self.n if self.n else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval of the share, in percent."""
        low, high = share_interval(Parts.of_share(self.n, self.hits))
        return 100 * low, 100 * high

    @property
    def usual_percent(self) -> float | None:
        return None if self.usual is None else 100 * self.usual


def suspects(user: User, part: Slice) -> list[Suspect]:
    """Only those whom one may see; peers are compared with over the whole company."""
    codes = set(User.objects.visible_to(user).exclude(code=None).values_list("code", flat=True))
    found = suspicious_agents(sync.lake(), part.since, part.until)
    mine = (one for one in found if one.who in codes or user.is_of_the_company)
    return [_of_sign(one.who, sign, part) for one in mine for sign in one.signs] + begging(user, part)


def _of_sign(who: str, sign: Sign, part: Slice) -> Suspect:
    en, zh = suspicion_sentences(label("agent", who), sign.kind, sign.n, sign.hits, sign.usual)
    metric = "nps" if sign.kind in ("ceiling", "on_the_spot") else "left_out_rate"
    query = part.narrowed(agent=who).query(metric=metric)
    sentence = en if get_language() == "en" else zh
    return Suspect(sign.kind, who, sentence, sign.n, sign.hits, sign.usual, sign.p_value, query)


def begging(user: User, part: Slice) -> list[Suspect]:
    """Who asked for a score, by the customers' words and by the agents' own notes."""
    words = _in_period(Verbatim.objects.filter(response__unit__in=_units(user)), part, "response__at")
    # Agents' notes belong to a later room, which this one may not import.
    notes = _in_period(
        apps.get_model("act", "Contact").objects.filter(case__unit__in=_units(user)), part, "at"
    )
    n_words = Counter(words.values_list("response__agent", flat=True))
    rows: dict[str, list[tuple[str, str]]] = {}
    for pk, agent, text in words.filter(text__iregex=BEGGING).values_list(
        "response", "response__agent", "text"
    )[:500]:
        rows.setdefault(agent, []).append((reverse("response", args=[pk]), text[:80]))
    for pk, agent, text in notes.filter(note__iregex=BEGGING).values_list("case", "by__code", "note")[:500]:
        n_words[agent or ""] += 1
        rows.setdefault(agent or "", []).append((reverse("case", args=[pk]), text[:80]))
    order = sorted(rows, key=lambda agent: (-len(rows[agent]), agent))
    return [_beggar(agent, rows[agent], n_words[agent], part) for agent in order]


def _beggar(agent: str, rows: list[tuple[str, str]], n: int, part: Slice) -> Suspect:
    said = _(
        "%(hits)s of %(n)s comments and notes hold words that ask for a score: read them, words mislead."
    )
    sentence = str(said) % {"hits": len(rows), "n": max(n, len(rows))}
    query = part.narrowed(agent=agent).query(metric="nps") if agent else part.query(metric="nps")
    total = max(n, len(rows))
    return Suspect("begging", agent, sentence, total, len(rows), None, None, query, tuple(rows[:MOST_ROWS]))


def _units(user: User) -> Any:
    return Unit.objects.visible_to(user)


def _in_period(rows: QuerySet[Any], part: Slice, at: str) -> QuerySet[Any]:
    if part.since:
        rows = rows.filter(**{f"{at}__date__gte": part.since})
    return rows.filter(**{f"{at}__date__lt": part.until}) if part.until else rows


def split(found: list[Suspect], user: User) -> tuple[list[Suspect], list[GuardReview]]:
    """Those still to be looked into, and the reviews in force."""
    reviews = list(
        GuardReview.objects.visible_to(user)
        .filter(undone_at=None, until__gte=localdate())
        .select_related("by")
    )
    done = {(one.check_name, one.subject) for one in reviews}
    return [one for one in found if (one.check, one.subject) not in done], reviews


@verb
def look_into(*, by: User, check: str, subject: str, why: str) -> GuardReview:
    """Say what was found; the same suspicion rests for a while, for everybody above the reviewer too."""
    person = User.objects.visible_to(by).filter(code=subject).select_related("unit").first()
    unit = person.unit if person and person.unit else by.unit
    assert unit is not None
    here = GuardReview.objects.filter(
        check_name=check, subject=subject, undone_at=None, until__gte=localdate()
    )
    known: GuardReview | None = here.first()
    if known:
        return known
    made = GuardReview.objects.create(
        unit=unit, check_name=check, subject=subject[:64], why=why, by=by, until=localdate() + REST
    )
    record(SuspicionReviewed(check=check, subject=subject), by=by, unit=unit, note=why)
    return made


@verb
def reopen(review: GuardReview, *, by: User) -> GuardReview:
    if GuardReview.objects.filter(pk=review.pk, undone_at=None).update(undone_at=now()):
        event = SuspicionReopened(check=review.check_name, subject=review.subject)
        record(event, by=by, unit=review.unit)
    review.refresh_from_db()
    return review
