"""The queue of the workbench: whose turn it is next, and what else waits for the person."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.cases import page
from voiceloop.server.act.cases.cases import CALLBACKS_AFTER
from voiceloop.server.act.cases.pages import at_most, by_keys, counted, in_order
from voiceloop.server.act.models import Callback, Case, Notice, Remedy, StepRun, Thread
from voiceloop.server.core.models import User

TABS = {"mine": _("Mine"), "unassigned": _("Unassigned"), "team": _("Team")}
# What somebody expects of me; each is a queue as well.
WAITS = {
    "replies": (_("Replies"), "message"),
    "calls": (_("Callbacks"), "phone"),
    "approvals": (_("Approvals"), "gift"),
    "mentions": (_("Mentions"), "at"),
    "steps": (_("Steps"), "list-check"),
}
SHOWN = 40
# Of what waits, less than of a queue says enough.
WAITING = 99


@dataclass
class Row:
    """One line of the queue; `key` is the letter that jumps to it from where the person stands."""

    case: Case
    score: dict[str, Any] | None
    callback: Callback | None = None
    unread: bool = False
    is_on: bool = False
    key: str = ""


@dataclass(frozen=True)
class Wait:
    name: str
    label: Any
    icon: str
    n: int

    @property
    def shown(self) -> str:
        return at_most(self.n, WAITING)


class Desk:
    """One person's queue and the case in front of them."""

    def __init__(self, user: User, *, tab: str = "", case: str = "") -> None:
        self.user = user
        # An agent works on their own cases, a lead looks at everybody's.
        known = tab in TABS or tab in WAITS
        self.tab = tab if known else "mine" if user.role == "agent" else "team"
        self.chosen = int(case) if case.isdigit() and len(case) < 19 else None

    @cached_property
    def counts(self) -> list[tuple[str, Any, str]]:
        return [(name, label, counted(self._cases(name))) for name, label in TABS.items()]

    @cached_property
    def waits(self) -> list[Wait]:
        """Only what there is: nobody needs five zeros."""
        counted = [(name, self._cases(name)[: WAITING + 1].count()) for name in WAITS]
        return [Wait(name, *WAITS[name], n) for name, n in counted if n or name == self.tab]

    @property
    def topics(self) -> str:
        """What must have changed for this queue to be another: of one's own cases only what is one's own."""
        return "me" if self.tab in ("mine", "replies", "mentions") else "me unit"

    @cached_property
    def rows(self) -> list[Row]:
        rows = self._rows()
        places = [i for i, row in enumerate(rows) if row.case.pk == self.current_pk(rows)]
        here = places[0] if places else -1
        if places:
            rows[here].is_on = True
        if here + 1 < len(rows):
            rows[here + 1].key = "j"
        if here > 0:
            rows[here - 1].key = "k"
        return rows

    @cached_property
    def case(self) -> Case | None:
        """The chosen case, or the first of the queue."""
        pk = self.current_pk(self.rows)
        known = next((row.case for row in self.rows if row.case.pk == pk), None)
        if known or pk is None:
            return known
        found: Case | None = page.for_rows(Case.objects.visible_to(self.user)).filter(pk=pk).first()
        return found

    def current_pk(self, rows: list[Row]) -> int | None:
        return self.chosen or (rows[0].case.pk if rows else None)

    def _rows(self) -> list[Row]:
        found: list[Case] = self._called() if self.tab == "calls" else self._urgent()
        told = Notice.objects.filter(user=self.user, case__in=found, seen_at=None, is_shown=True)
        unread = set(told.values_list("case_id", flat=True))
        calls = self._calls_of(found) if self.tab == "calls" else {}
        return [Row(one, page.score_of(one), calls.get(one.pk), one.pk in unread) for one in found]

    def _urgent(self) -> list[Case]:
        return by_keys(self._cases(self.tab).most_urgent_first(), 0, SHOWN)

    def _called(self) -> list[Case]:
        """Whom we kept waiting longest comes first; a case is there once, however many calls it is owed."""
        calls = Callback.objects.visible_to(self.user).due().order_by("due_at", "pk")
        own = calls.filter(case__owner=self.user) if self.user.role == "agent" else calls
        keys = dict.fromkeys(own.values_list("case", flat=True)[: SHOWN * len(CALLBACKS_AFTER)])
        return in_order(list(keys)[:SHOWN], page.for_rows(Case.objects.all()))

    def _calls_of(self, cases: list[Case]) -> dict[int, Callback]:
        due = Callback.objects.filter(case__in=cases).due().order_by("-due_at", "-pk")
        return {call.case_id: call for call in due}

    def _cases(self, name: str) -> Any:
        """A queue as cases: open and awake, but those to be called back are resolved."""
        visible: Any = Case.objects.visible_to(self.user)
        waiting = visible.open().awake()
        if name == "mine":
            return waiting.owned_by(self.user)
        if name in ("unassigned", "team"):
            return waiting.unowned() if name == "unassigned" else waiting
        asked: dict[str, Any] = {
            "replies": lambda: self._own(waiting.filter(Exists(_unanswered()))),
            "calls": lambda: self._own(visible.filter(Exists(_of_case(Callback.objects.due())))),
            "approvals": self._approvals,
            "mentions": lambda: visible.filter(Exists(_of_case(self._mentions()))),
            "steps": self._steps,
        }
        return asked[name]()

    def _own(self, cases: Any) -> Any:
        """An agent's are their own; a lead's are those of all whom they lead."""
        return cases.owned_by(self.user) if self.user.role == "agent" else cases

    def _approvals(self) -> Any:
        visible: Any = Case.objects.visible_to(self.user)
        if not self.user.may("cases.assign"):
            return visible.none()
        return visible.filter(Exists(_of_case(Remedy.objects.waiting())))

    def _mentions(self) -> QuerySet[Notice]:
        named = Notice.objects.filter(user=self.user, kind=Notice.Kind.MENTION, is_shown=True)
        return named.filter(seen_at=None)

    def _steps(self) -> Any:
        """Cases with a step for their department or their role that nobody else has taken."""
        steps: Any = StepRun.objects.open().filter(Q(owner=None) | Q(owner=self.user))
        handed = steps.handed_to(self.user).values("run__case")
        visible: Any = Case.objects.visible_to(self.user)
        return visible.filter(pk__in=handed.union(steps.for_role_of(self.user).values("run__case")))


def _unanswered() -> QuerySet[Any]:
    """Threads in which the customer said the last word."""
    unheard = Q(answered_at=None) | Q(answered_at__lt=F("heard_at"))
    return _of_case(Thread.objects.filter(unheard, heard_at__isnull=False))


def _of_case(rows: Any) -> QuerySet[Any]:
    found: QuerySet[Any] = rows.filter(case=OuterRef("pk"))
    return found
