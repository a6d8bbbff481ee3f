"""The filters of the list of cases, out of its address."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.models import Callback, Case
from voiceloop.server.core.models import Unit, User

STATES = {
    "open": _("Open"),
    "overdue": _("Overdue"),
    "contacted": _("Contacted"),
    "resolved": _("Resolved"),
    "verifying": _("Waiting for the customer's word"),
    "recovered": _("Recovered"),
    "not_recovered": _("Not recovered"),
    "no_answer": _("No answer"),
}
EMOTIONS = {
    "angry": _("Angry"),
    "disappointed": _("Disappointed"),
    "understanding": _("Understanding"),
}
ORDERS = {
    "": _("Newest first"),
    "urgent": _("Most urgent first"),
    "due": _("Due soonest first"),
    "oldest": _("Oldest first"),
}
# Each is followed by an index, so that a million cases are not sorted for one page.
COLUMNS = {
    "": ("-opened_at", "-pk"),
    "urgent": ("priority", "due_at", "opened_at", "pk"),
    "due": ("due_at", "pk"),
    "oldest": ("opened_at", "pk"),
}
# What is closed comes by when it was closed, which an index over resolved cases alone follows.
CLOSED = ("resolved", "verifying", "recovered", "not_recovered", "no_answer")
BY_CLOSING = ("-resolved_at", "-pk")


class CaseFilter:
    """Unknown values narrow to nothing or are ignored; they never fail."""

    states, emotions, orders = STATES, EMOTIONS, ORDERS
    severities, priorities = Case.Severity.choices, Case.Priority.choices

    def __init__(self, given: QueryDict, *, user: User) -> None:
        self.user = user
        self.state = given.get("state", "")
        self.owner = given.get("owner", "")
        self.cause = given.get("cause", "")
        self.unit = given.get("unit", "")
        self.severity = given.get("severity", "")
        self.priority = given.get("priority", "")
        self.emotion = given.get("emotion", "")
        self.sort = given.get("sort", "")

    @property
    def is_on(self) -> bool:
        narrowed = (self.state, self.owner, self.cause, self.unit, self.severity, self.priority, self.emotion)
        return any(narrowed)

    def sorted(self, cases: QuerySet[Any]) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.of(cases)
        if (self.state in CLOSED or self.cause) and not self.sort:
            return rows.order_by(*BY_CLOSING)
        if self.sort in ("urgent", "due"):
            # Who is answered is urgent no more: only open cases have this order.
            rows = rows.filter(resolved_at=None)
        return rows.order_by(*COLUMNS.get(self.sort, COLUMNS[""]))

    def of(self, cases: QuerySet[Any]) -> QuerySet[Any]:
        rows: QuerySet[Any] = self._in_state(cases)
        return rows.filter(self._owner(), self._cause(), self._unit(), self._severity())

    def _in_state(self, cases: Any) -> Any:
        calls = Exists(Callback.objects.waiting().filter(case=OuterRef("pk")))
        rows: dict[str, Any] = {
            "open": cases.open,
            "overdue": cases.overdue,
            "contacted": lambda: cases.open().exclude(first_contact_at=None),
            "resolved": lambda: cases.resolved().filter(calls, outcome_code=""),
            "verifying": lambda: cases.resolved().filter(~calls, outcome_code=""),
        }
        if self.state in rows:
            return rows[self.state]()
        return cases.resolved().filter(outcome_code=self.state) if self.state in STATES else cases

    def _owner(self) -> Q:
        if self.owner == "nobody":
            return Q(owner=None)
        if self.owner == "me":
            return Q(owner=self.user)
        return Q(owner=int(self.owner)) if self.owner.isdigit() else Q()

    def _cause(self) -> Q:
        if not self.cause.isdigit():
            return Q()
        return Q(resolved_at__isnull=False, resolution__root_cause=int(self.cause))

    def _unit(self) -> Q:
        """The unit and all below it."""
        unit = Unit.objects.visible_to(self.user).filter(code=self.unit).first() if self.unit else None
        return Q(unit__path__startswith=unit.path) if unit else Q()

    def _severity(self) -> Q:
        severity = Q(severity=self.severity) if self.severity else Q()
        priority = Q(priority=int(self.priority)) if self.priority in ("1", "2", "3", "4") else Q()
        return severity & priority & (Q(emotion=self.emotion) if self.emotion else Q())
