"""Undo: a step is kept with what it changed, and taken back by the verbs that do the opposite."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from voiceloop.server.act.cases import cases, clocks
from voiceloop.server.act.casework import merging, severing, snoozing
from voiceloop.server.act.casework.events import DeedUndone
from voiceloop.server.act.models import Callback, Case, Deed, Pause, Reopening
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User

# After this a step is taken back by another step, in full view. Our choice.
WITHIN = timedelta(minutes=10)

NAMES = {
    "assign": gettext_lazy("assigning"),
    "claim": gettext_lazy("taking it over"),
    "escalate": gettext_lazy("handing it up"),
    "pause": gettext_lazy("pausing"),
    "resume": gettext_lazy("going on"),
    "resolve": gettext_lazy("resolving"),
    "snooze": gettext_lazy("putting off"),
    "wake": gettext_lazy("taking up again"),
    "grade": gettext_lazy("setting the priority"),
    "merge": gettext_lazy("merging"),
    "macro": gettext_lazy("a macro"),
}


class Changed(ValueError):
    """Somebody changed since then what would be taken back; the message says so."""


@contextmanager
def kept(case: Case, *, by: User, name: str) -> Iterator[None]:
    """What the verbs within change of the case is kept as one step of this person."""
    before = state(case)
    yield
    after = state(case)
    changed = [key for key in before if before[key] != after[key]]
    if changed:
        Deed.objects.create(
            case=case,
            by=by,
            name=name,
            before={key: before[key] for key in changed},
            after={key: after[key] for key in changed},
        )


@verb
def do(case: Case, *, by: User, name: str, act: Callable[[], Any]) -> Any:
    """One verb, kept so that it can be taken back."""
    cases.lock(case)
    with kept(case, by=by, name=name):
        return act()


def last(case: Case, *, by: User) -> Deed | None:
    """This person's newest step on the case that can still be taken back."""
    here = Q(case=case) | Q(case__merged_into=case, name="merge")
    mine = Deed.objects.standing().filter(here, by=by, at__gte=now() - WITHIN)
    found: Deed | None = mine.order_by("-at", "-pk").first()
    return found


@verb
def undo(deed: Deed, *, by: User) -> Case:
    """Everything as it was, unless somebody went on from there."""
    case = deed.case
    cases.lock(case)
    deed = Deed.objects.select_for_update().get(pk=deed.pk)
    if deed.undone_at:
        return case
    if reason := why_not(deed, case):
        raise Changed(reason)
    for key in sorted(deed.before, key=list(BACK).index):
        BACK[key](case, deed.before[key], by)
        case.refresh_from_db()
    deed.undone_at = now()
    deed.save(update_fields=["undone_at"])
    event = DeedUndone(case=case.pk, customer=case.customer_id, deed=deed.name)
    record(event, by=by, unit=case.unit)
    return case


def why_not(deed: Deed, case: Case) -> str:
    held = state(case)
    if any(held[key] != value for key, value in deed.after.items()):
        return _("Somebody went on from there: nothing was taken back.")
    return ""


def state(case: Case) -> dict[str, Any]:
    """What a step may change, in a form that can be kept."""
    case = Case.objects.select_related("resolution__root_cause").get(pk=case.pk)
    pause = case.pauses.filter(ended_at=None).first()
    snooze = case.snoozes.filter(ended_at=None).first()
    done = getattr(case, "resolution", None)
    return {
        "merged": case.merged_into_id,
        "resolved": done.pk if done else None,
        "owner": case.owner_id,
        "graded": [case.severity, case.priority, case.priority_reason],
        "paused": {"reason": pause.reason, "at": pause.at.isoformat()} if pause else None,
        "snoozed": {"until": snooze.until.isoformat() if snooze.until else None} if snooze else None,
    }


def _owner(case: Case, before: int | None, by: User) -> None:
    to = User.objects.filter(pk=before).first() if before else None
    if to:
        cases.assign(case, to=to, by=by)
    else:
        severing.release(case, by=by)


def _paused(case: Case, before: dict[str, str] | None, by: User) -> None:
    """The pause that was ended goes on as the one pause it was; one that was begun never stood."""
    if before is None:
        cases.resume(case, by=by)
    elif not case.pauses.filter(ended_at=None).exists():
        at = datetime.fromisoformat(before["at"])
        if not Pause.objects.filter(case=case, at=at).update(ended_at=None):
            cases.pause(case, by=by, reason=before["reason"])
        clocks.wind(case)


def _snoozed(case: Case, before: dict[str, str | None] | None, by: User) -> None:
    if before is None:
        snoozing.wake(case, by=by)
    else:
        until = before["until"]
        snoozing.snooze(case, by=by, until=datetime.fromisoformat(until) if until else None)


def _graded(case: Case, before: list[Any], by: User) -> None:
    severity, priority, reason = before
    severing.grade_as_before(case, by=by, severity=severity, priority=priority, reason=reason)


def _merged(case: Case, before: int | None, by: User) -> None:
    if before is None:
        merging.unmerge(case, by=by)


def _resolved(case: Case, before: int | None, by: User) -> None:
    """The promised calls are taken off, and the clocks run on as if it had never been resolved."""
    done = getattr(case, "resolution", None)
    if before is None and done is not None:
        Callback.objects.filter(case=case).waiting().update(cancelled_at=now())
        Reopening.objects.create(
            case=case, by=by, resolved_at=done.at, root_cause=done.root_cause, is_undo=True
        )
        done.delete()
        case.refresh_from_db()
        clocks.wind(case)


# In the order in which they are taken back: a case is open before it is anybody's.
BACK: dict[str, Callable[[Case, Any, User], None]] = {
    "merged": _merged,
    "resolved": _resolved,
    "graded": _graded,
    "paused": _paused,
    "snoozed": _snoozed,
    "owner": _owner,
}
