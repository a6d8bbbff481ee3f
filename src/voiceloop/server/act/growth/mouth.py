"""Word of mouth: what was heard is written down, what was told is asked, and both stand beside the class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext as _

from voiceloop.analytics.drivers import claims
from voiceloop.analytics.result import Row
from voiceloop.analytics.scales import CLASSES, UNCLASSIFIED, classify
from voiceloop.analytics.text.masking import mask
from voiceloop.server.act.growth.events import WordHeard, WordRestored, WordTakenBack
from voiceloop.server.act.models import WordOfMouth
from voiceloop.server.collect.models import Answer, Customer
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import Unit, User
from voiceloop.server.measure import numbers
from voiceloop.server.measure.labels import label
from voiceloop.server.measure.shares import Share
from voiceloop.server.measure.slices import Slice

# Figures of the trade without a source, shown beside what the company's own customers say.
CLAIMS = {one.code: f"{one.claimed:g}" for one in claims.CLAIMS if one.code in ("told_good", "told_bad")}
SHOWN = [one for one in CLASSES if one != UNCLASSIFIED]


@verb
def hear(
    *,
    unit: Unit,
    side: str,
    place: str,
    said_on: date,
    words: str = "",
    link: str = "",
    reach: int | None = None,
    customer: Customer | None = None,
    key: str | None = None,
    by: User | None = None,
) -> WordOfMouth:
    """Write it down; what another system brings twice is kept once."""
    given = {
        "unit": customer.unit if customer else unit,
        "side": side,
        "place": place,
        "said_on": said_on,
        "words": mask(words).text,
        "link": link,
        "reach": reach,
        "customer": customer,
        "by": by,
    }
    one, is_new = WordOfMouth.objects.get_or_create(key=key, defaults=given) if key else (None, True)
    if one is None:
        one = WordOfMouth.objects.create(**given)
    if is_new:
        heard = WordHeard(word_of_mouth=one.pk, customer=one.customer_id, side=side, place=place)
        record(heard, by=by, unit=one.unit)
    return one


@verb
def take_back(one: WordOfMouth, *, by: User) -> WordOfMouth:
    one.refresh_from_db(from_queryset=WordOfMouth.objects.select_for_update())
    if one.taken_back_at is None:
        one.taken_back_at = now()
        one.save(update_fields=["taken_back_at"])
        record(WordTakenBack(word_of_mouth=one.pk, customer=one.customer_id), by=by, unit=one.unit)
    return one


@verb
def restore(one: WordOfMouth, *, by: User) -> WordOfMouth:
    one.refresh_from_db(from_queryset=WordOfMouth.objects.select_for_update())
    if one.taken_back_at is not None:
        one.taken_back_at = None
        one.save(update_fields=["taken_back_at"])
        record(WordRestored(word_of_mouth=one.pk, customer=one.customer_id), by=by, unit=one.unit)
    return one


def heard(user: User, part: Slice, side: str = "") -> QuerySet[Any]:
    """What was heard in the period, the newest first."""
    rows: QuerySet[Any] = WordOfMouth.objects.visible_to(user).filter(taken_back_at=None)
    rows = rows.filter(side=side) if side else rows
    units = dict(part.chosen).get("unit")
    rows = rows.filter(unit__code__in=units) if units else rows
    rows = rows.filter(said_on__gte=part.since) if part.since else rows
    rows = rows.filter(said_on__lt=part.until) if part.until else rows
    return rows.select_related("customer", "unit", "by").order_by("-said_on", "-pk")


@dataclass(frozen=True)
class Told:
    """How many people those of one class told, by their own word."""

    name: str
    good: Row | None
    bad: Row | None


def told(part: Slice) -> tuple[list[Told], dict[str, Row]]:
    """By class of the same answer to the recommend question, and over all."""
    found = {name: numbers.result(name, part, by=["question"]) for name in CLAIMS}
    by_class = {name: {str(row.key["question"]): row for row in one.rows} for name, one in found.items()}
    lines = [
        Told(label("score_class", one), by_class["told_good"].get(one), by_class["told_bad"].get(one))
        for one in SHOWN
    ]
    return lines, {name: numbers.result(name, part).one for name in CLAIMS}


@dataclass(frozen=True)
class Heard:
    """Of the customers of one class: how many were heard to say something, and the share."""

    name: str
    good: Share
    bad: Share


def by_class(user: User, part: Slice) -> list[Heard]:
    """Customers who answered in the period by their last answer, and what was heard of them in it."""
    asked = Answer.objects.filter(question="nps", response__customer__in=Customer.objects.visible_to(user))
    asked = asked.exclude(score=None)
    asked = asked.filter(response__at__date__gte=part.since) if part.since else asked
    asked = asked.filter(response__at__date__lt=part.until) if part.until else asked
    last = asked.order_by("response__customer", "-response__at", "-pk").distinct("response__customer")
    of_all = Answer.objects.filter(pk__in=last.values("pk"))
    who = {side: heard(user, part, side).exclude(customer=None) for side in WordOfMouth.Side.values}
    n = _counted(of_all)
    hits = {
        side: _counted(of_all.filter(response__customer__in=rows.order_by().values("customer")))
        for side, rows in who.items()
    }
    shares = {one: [Share.of(n[one], hits[side][one]) for side in ("good", "bad")] for one in SHOWN}
    return [Heard(label("score_class", one), *shares[one]) for one in SHOWN]


def _counted(answers: QuerySet[Any]) -> Counter[str]:
    """How many answers of each class."""
    found: Counter[str] = Counter()
    for score, scale, n in answers.order_by().values_list("score", "scale").annotate(n=Count("pk")):
        found[classify(score, scale)] += n
    return found


def lines(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    """For a file, the head first."""
    yield [
        _("Said on"),
        _("Side"),
        _("Where it was said"),
        _("The words said"),
        _("Reach"),
        _("Unit"),
        _("Customer"),
        _("Link"),
    ]
    for one in rows.iterator(chunk_size=500):
        who = (one.customer.number or one.customer_id) if one.customer_id else ""
        yield [
            one.said_on.isoformat(), one.get_side_display(), one.get_place_display(), one.words, one.reach,
            str(one.unit), who, one.link,
        ]  # fmt: skip
