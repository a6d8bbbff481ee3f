"""The queue of the workbench: whose turn it is next."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.cases import page
from voiceloop.server.act.models import Callback, Case
from voiceloop.server.core.models import User

TABS = {"mine": _("Mine"), "unassigned": _("Unassigned"), "team": _("Team"), "calls": _("Callbacks due")}
SHOWN = 50


@dataclass
class Row:
    """One line of the queue; `key` is the letter that jumps to it from where the person stands."""

    case: Case
    score: dict[str, Any] | None
    callback: Callback | None = None
    is_on: bool = False
    key: str = ""


class Desk:
    """One person's queue and the case in front of them."""

    tabs = TABS

    def __init__(self, user: User, *, tab: str = "", case: str = "") -> None:
        self.user = user
        # An agent works on their own cases, a lead looks at everybody's.
        self.tab = tab if tab in TABS else "mine" if user.role == "agent" else "team"
        self.chosen = int(case) if case.isdigit() and len(case) < 19 else None

    @cached_property
    def counts(self) -> list[tuple[str, Any, int]]:
        counted = {name: self._cases(name).count() for name in ("mine", "unassigned", "team")}
        counted["calls"] = self._calls().count()
        return [(name, label, counted[name]) for name, label in TABS.items()]

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
        visible = page.for_rows(Case.objects.visible_to(self.user))
        pk = self.current_pk(self.rows)
        found: Case | None = visible.filter(pk=pk).first() if pk else None
        return found

    def current_pk(self, rows: list[Row]) -> int | None:
        return self.chosen or (rows[0].case.pk if rows else None)

    @cached_property
    def digest(self) -> str:
        """Changes when the queue shows something else; the minute is in it because clocks run."""
        shown = [(r.case.pk, r.case.owner_id, r.case.first_contact_at, r.is_on, r.key) for r in self.rows]
        whole = f"{self.tab} {[n for *_, n in self.counts]} {shown} {now():%H:%M}"
        return hashlib.sha256(whole.encode()).hexdigest()[:16]

    def _rows(self) -> list[Row]:
        if self.tab == "calls":
            calls = {call.case_id: call for call in self._calls().order_by("-due_at")[:SHOWN]}
            cases = {case.pk: case for case in page.for_rows(Case.objects.filter(pk__in=calls))}
            soonest = sorted(calls.values(), key=lambda call: call.due_at)
            return [self._row(cases[call.case_id], call) for call in soonest]
        urgent = page.for_rows(self._cases(self.tab)).most_urgent_first()  # type: ignore[attr-defined]
        return [self._row(case) for case in urgent[:SHOWN]]

    def _row(self, case: Case, callback: Callback | None = None) -> Row:
        return Row(case, page.score_of(case), callback)

    def _cases(self, tab: str) -> Any:
        waiting = Case.objects.visible_to(self.user).open()
        if tab == "mine":
            return waiting.owned_by(self.user)
        return waiting.unowned() if tab == "unassigned" else waiting

    def _calls(self) -> Any:
        due = Callback.objects.visible_to(self.user).due()
        return due.filter(case__owner=self.user) if self.user.role == "agent" else due
