"""Spending limits: what somebody may give without asking, at once and in a month."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum
from django.utils.timezone import localtime, now

from voiceloop.server.act.compensation.events import LimitRemoved, LimitSet
from voiceloop.server.act.models import Remedy, SpendingLimit
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import Role, User

# Our choice for a restaurant bill, until the company sets its own: (each, month); None is no limit.
SHIPPED: dict[str, tuple[Decimal | None, Decimal | None]] = {
    Role.AGENT: (Decimal(100), Decimal(3000)),
    Role.LEAD: (None, None),
    Role.MANAGER: (None, None),
    Role.ADMIN: (None, None),
}
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Standing:
    """Against which limit somebody gives just now, and what they have given this month."""

    each: Decimal | None
    month: Decimal | None
    spent: Decimal
    by: str

    @property
    def left(self) -> Decimal | None:
        return None if self.month is None else max(self.month - self.spent, NOTHING)

    def over(self, amount: Decimal) -> str:
        """Which limit an amount would break: "each", "month" or ""."""
        if self.each is not None and amount > self.each:
            return "each"
        return "month" if self.month is not None and self.spent + amount > self.month else ""

    def kept(self, amount: Decimal) -> dict[str, Any]:
        """As the ledger keeps it beside what was given."""
        plain = {name: None if value is None else str(value) for name, value in self._numbers().items()}
        return plain | {"by": self.by, "over": self.over(amount)}

    def _numbers(self) -> dict[str, Decimal | None]:
        return {"each": self.each, "month": self.month, "spent": self.spent}


def standing(user: User) -> Standing:
    """A person's own limit goes before that of their role, and that before what is shipped."""
    own = Q(person=user) | Q(role=user.role)
    rows = sorted(SpendingLimit.objects.filter(own), key=lambda row: row.person_id is None)
    if rows:
        return Standing(rows[0].each, rows[0].month, spent(user), "person" if rows[0].person_id else "role")
    each, month = SHIPPED.get(user.role, (NOTHING, NOTHING))
    return Standing(each, month, spent(user), "role")


def spent(user: User) -> Decimal:
    """Given this month on their own word, less what was taken back; what a lead let pass is the lead's."""
    first = localtime(now()).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    rows = Remedy.objects.filter(by=user, approved_by=user, at__gte=first)
    return rows.aggregate(sum=Sum("amount"))["sum"] or NOTHING


@verb
def set_limit(
    *, by: User, each: Decimal, month: Decimal | None, role: str = "", person: User | None = None
) -> SpendingLimit:
    """Of a role, or of one person."""
    whose = {"person": person} if person else {"role": role, "person": None}
    limit, _ = SpendingLimit.objects.update_or_create(**whose, defaults={"each": each, "month": month})
    record(_said(LimitSet, limit), by=by, unit=by.unit)
    return limit


@verb
def remove(limit: SpendingLimit, *, by: User) -> None:
    """Back to the role's limit, or to what is shipped."""
    record(_said(LimitRemoved, limit), by=by, unit=by.unit)
    limit.delete()


def _said(event: Any, limit: SpendingLimit) -> Any:
    return event(role=limit.role, person=limit.person_id, each=str(limit.each), month=str(limit.month or ""))
