"""The ledger: every line of what was given, to whom, by whom, against which limit; sums and files of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils.timezone import localdate, localtime, make_aware
from django.utils.translation import gettext as _

from voiceloop.server.act.models import Remedy
from voiceloop.server.core.models import Unit, User

STATES = ("waiting", "given", "declined", "reversed")
BY = {"unit": "case__unit", "agent": "by", "kind": "kind", "month": "month"}


@dataclass(frozen=True)
class Asked:
    """What of the ledger is asked for."""

    days: int = 90
    state: str = ""
    kind: str = ""
    unit: str = ""
    by: str = "unit"

    @classmethod
    def of(cls, query: Any) -> Asked:
        days = query.get("days", "")
        state, by = query.get("state", ""), query.get("by", "")
        return cls(
            int(days) if days in ("30", "90", "365") else 90,
            state if state in STATES else "",
            query.get("kind", "") if query.get("kind") in Remedy.Kind.values else "",
            query.get("unit", ""),
            by if by in BY else "unit",
        )


def lines(user: User, asked: Asked) -> QuerySet[Any]:
    """Newest first; lines of the reader's own branch only."""
    since = make_aware(datetime.combine(localdate() - timedelta(days=asked.days - 1), time()))
    rows = Remedy.objects.visible_to(user).filter(at__gte=since)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.unit:
        place = Unit.objects.visible_to(user).filter(code=asked.unit).first()
        rows = rows.filter(case__unit__path__startswith=place.path) if place else rows.none()
    found: QuerySet[Any] = rows.filter(_of_state(asked.state))
    with_all = found.select_related(
        "case__unit", "case__customer", "by", "approved_by", "reverses", "reversal"
    )
    return with_all.order_by("-at", "-pk")


def waiting(user: User) -> QuerySet[Any]:
    """Approvals that wait, the oldest first."""
    rows: QuerySet[Any] = Remedy.objects.visible_to(user).waiting()
    return rows.select_related("case__unit", "case__customer", "by").order_by("at", "pk")


def total(rows: QuerySet[Any]) -> dict[str, Any]:
    """What was really given, storno lines taken off; what waits or was declined is no money."""
    given = rows.filter(approved_at__isnull=False)
    return given.aggregate(sum=Sum("amount"), n=Count("pk", filter=Q(reverses=None, reversal=None)))


def sums(rows: QuerySet[Any], by: str) -> list[dict[str, Any]]:
    """Given money by unit, agent, kind or month, the largest first; months in their order."""
    given = rows.filter(approved_at__isnull=False).order_by()
    given = given.annotate(month=TruncMonth("at")) if by == "month" else given
    grouped = given.values(BY[by]).annotate(
        sum=Sum("amount"), n=Count("pk", filter=Q(reverses=None, reversal=None))
    )
    found = [{"key": row[BY[by]], "sum": row["sum"], "n": row["n"]} for row in grouped]
    names = _names(by, [row["key"] for row in found])
    said = [row | {"name": names(row["key"])} for row in found]
    return sorted(said, key=lambda row: row["key"] if by == "month" else -row["sum"])


def _names(by: str, keys: list[Any]) -> Any:
    if by == "month":
        return lambda key: localtime(key).strftime("%Y-%m") if isinstance(key, datetime) else str(key)
    if by == "kind":
        return dict(Remedy.Kind.choices).get
    model = Unit if by == "unit" else User
    known = {row.pk: str(row) for row in model.objects.filter(pk__in=keys)}
    return known.get


def _of_state(state: str) -> Q:
    return {
        "waiting": Q(approved_at=None, declined_at=None),
        "given": Q(approved_at__isnull=False, reverses=None, reversal=None),
        "declined": Q(declined_at__isnull=False),
        "reversed": Q(reverses__isnull=False) | Q(reversal__isnull=False),
    }.get(state, Q())


def state_of(line: Remedy) -> str:
    if line.reverses_id or hasattr(line, "reversal"):
        return "reversed"
    return "waiting" if line.is_waiting else "given" if line.approved_at else "declined"


def head() -> list[str]:
    return [
        _("Line"), _("Day"), _("Case"), _("Customer"), _("Unit"), _("Remedy"), _("Amount (¥)"), _("Given by"),
        _("Approved by"), _("State"), _("Takes back line"), _("Limit (¥)"), _("Note"),
    ]  # fmt: skip


def rows_of(found: QuerySet[Any]) -> Iterator[list[Any]]:
    yield list(head())
    for line in found.iterator(chunk_size=500):
        yield [
            line.pk, _day(line.at), line.case_id, str(line.case.customer or ""), str(line.case.unit),
            str(line.get_kind_display()), float(line.amount), str(line.by), str(line.approved_by or ""),
            state_of(line), line.reverses_id or "", line.limit.get("each") or "", line.note,
        ]  # fmt: skip


def _day(at: datetime) -> str:
    day: date = localtime(at).date()
    return day.isoformat()
