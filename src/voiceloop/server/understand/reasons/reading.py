"""What the pages about reasons show: the list with its counts, its versions, and what differs between two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from voiceloop.analytics.text.taxonomy import Reason, Taxonomy
from voiceloop.server.core.models import Unit, User
from voiceloop.server.measure.reasons import Reason as Count
from voiceloop.server.measure.reasons import reasons as counts_of
from voiceloop.server.measure.slices import Slice
from voiceloop.server.understand.models import TaxonomyVersion
from voiceloop.server.understand.reasons import book

ALL = 1_000


@dataclass(frozen=True)
class Line:
    """One reason of the list."""

    reason: Reason
    name: str
    owner: str
    count: Count | None
    share: float
    into: str = ""

    @property
    def percent(self) -> dict[str, float]:
        """The sides of its mentions, for the bar."""
        if not self.count:
            return {}
        n = self.count.n
        return {
            "promoters": 100 * self.count.positive / n,
            "passives": 100 * self.count.neutral / n,
            "detractors": 100 * self.count.negative / n,
        }


@dataclass(frozen=True)
class Change:
    """How a reason differs between two versions."""

    name: str
    what: str
    added: list[str]
    removed: list[str]
    details: list[tuple[str, str]]


def listed(user: User, part: Slice) -> dict[str, list[Line]]:
    """The reasons in use by how often they are named, and those that were retired."""
    taxonomy, owners = book.in_use(), book.owners()
    counts = {one.code: one for one in counts_of(part, most=ALL)} if user.may("measure.see") else {}
    n = sum(one.n for one in counts.values())
    units = {unit.code: str(unit) for unit in Unit.objects.filter(code__in=owners.values())}

    def line(reason: Reason) -> Line:
        count = counts.get(reason.code)
        into = book.called(taxonomy.reason(reason.merged_into)) if reason.merged_into else ""
        share = 100 * count.n / n if count and n else 0.0
        owner = owners.get(reason.code, "")
        return Line(reason, book.called(reason), units.get(owner, owner), count, share, into)

    used = sorted(map(line, taxonomy), key=lambda one: -(one.count.n if one.count else 0))
    return {"used": used, "retired": [line(reason) for reason in taxonomy.retired]}


def compared(old: TaxonomyVersion | None, new: TaxonomyVersion | None) -> list[Change]:
    """Reason by reason what is other in the newer of two versions."""
    before, after = _by_code(book.reasons_of(old)), _by_code(book.reasons_of(new))
    codes = [*after, *(code for code in before if code not in after)]
    found = (_change(before.get(code), after.get(code)) for code in codes)
    return [change for change in found if change]


def _change(old: Reason | None, new: Reason | None) -> Change | None:
    if old == new:
        return None
    if old is None or new is None:
        one = old or new
        assert one
        words = list(one.keywords)
        return Change(
            book.called(one), "gone" if new is None else "new", [] if new is None else words,
            words if new is None else [], [],
        )  # fmt: skip
    added = [word for word in (*new.keywords, *new.examples) if word not in {*old.keywords, *old.examples}]
    removed = [word for word in (*old.keywords, *old.examples) if word not in {*new.keywords, *new.examples}]
    return Change(book.called(new), _what(old, new), added, removed, _details(old, new))


def _what(old: Reason, new: Reason) -> str:
    if new.merged_into and not old.merged_into:
        return "merged"
    if new.archived != old.archived:
        return "archived" if new.archived else "restored"
    return "edited"


def _details(old: Reason, new: Reason) -> list[tuple[str, str]]:
    pairs: list[tuple[Any, Any]] = [(old.label_zh, new.label_zh), (old.label_en, new.label_en)]
    return [(str(before), str(after)) for before, after in pairs if before != after]


def _by_code(taxonomy: Taxonomy) -> dict[str, Reason]:
    return {reason.code: reason for reason in (*taxonomy, *taxonomy.retired)}
