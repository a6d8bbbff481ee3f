"""Names of codes: what a company calls its segments, tiers, channels. The verb, and what there is to name."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache

from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User
from voiceloop.server.measure import numbers
from voiceloop.server.measure.events import CodeNamed
from voiceloop.server.measure.labels import label
from voiceloop.server.measure.models import Label
from voiceloop.server.measure.slices import Slice

# Units, people, programmes and surveys have their names on their own pages.
NAMED = ("segment", "tier", "touchpoint", "channel", "stage", "region", "team", "source")


@dataclass(frozen=True)
class Named:
    """A code seen in the data, with the names that the company gave it, and what is shown now."""

    code: str
    name: str
    name_en: str
    shown: str
    n: int


def seen(user: User, dimension: str) -> list[Named]:
    """The codes within one's rights; who sees everything also sees names of codes no longer used."""
    rows = numbers.result("nps", Slice.of(user, {"days": "all"}), by=(dimension,)).rows
    counts = {str(row.key[dimension]): row.n for row in rows if row.key[dimension] is not None}
    given = {one.code: one for one in Label.objects.filter(dimension=dimension)}
    if user.is_of_the_company:
        counts = {code: 0 for code in given} | counts
    return [_named(dimension, code, n, given.get(code)) for code, n in sorted(counts.items())]


def _named(dimension: str, code: str, n: int, given: Label | None) -> Named:
    names = (given.name, given.name_en) if given else ("", "")
    return Named(code, *names, label(dimension, code), n)


@verb
def name(*, by: User, dimension: str, code: str, name: str, name_en: str = "") -> Label | None:
    """Give a code its names; without any it is shown as it is."""
    known = Label.objects.filter(dimension=dimension, code=code).first()
    before = (known.name, known.name_en) if known else ("", "")
    if (name, name_en) == before:
        return known
    if name or name_en:
        values = {"name": name or name_en, "name_en": name_en}
        known, _ = Label.objects.update_or_create(dimension=dimension, code=code, defaults=values)
    elif known:
        known.delete()
        known = None
    cache.delete_many([f"names:{dimension}:{language}" for language, _ in settings.LANGUAGES])
    record(CodeNamed(dimension=dimension, code=code, name=name or name_en), by=by, unit=by.unit)
    return known
