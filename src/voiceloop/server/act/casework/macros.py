"""Macros: what is done to many cases the same way has one name and one key."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from voiceloop.server.act.cases import cases, grading
from voiceloop.server.act.casework import snoozing, undoing
from voiceloop.server.act.casework.events import MacroArchived, MacroRan, MacroSaved
from voiceloop.server.act.models import Case, Macro, RootCause
from voiceloop.server.act.routing import people
from voiceloop.server.act.threads import threads
from voiceloop.server.collect.survey_visit import company_of
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User

# What may stand in the texts of a macro, and what it means.
PLACES: dict[str, Any] = {
    "customer": gettext_lazy("the customer's name"),
    "case": gettext_lazy("the number of the case"),
    "agent": gettext_lazy("your name"),
    "unit": gettext_lazy("the store or branch"),
    "company": gettext_lazy("the company"),
}
PLACE = re.compile(r"\{(\w+)\}")
# In this order, so that what the customer reads is written before the case is put away.
ORDER = ("severity", "assign", "note", "reply", "pause", "snooze", "resolve")
ME = "me"
UNTIL_REPLY = "reply"
# What a person cannot have back: words that were written stay written.
STAYS = frozenset({"note", "reply"})


@dataclass(frozen=True)
class Line:
    """One thing that a macro will do to a case, in words, or why it will not."""

    action: str
    icon: str
    words: str
    text: str = ""
    problem: str = ""
    stays: bool = False


def unknown_places(text: str) -> list[str]:
    return [name for name in PLACE.findall(text) if name not in PLACES]


def filled(text: str, case: Case, by: User) -> str:
    values = {
        "customer": str(case.customer) if case.customer else _("customer"),
        "case": str(case),
        "agent": str(by),
        "unit": str(case.unit),
        "company": company_of(case.unit_id),
    }
    return PLACE.sub(lambda found: values.get(found[1], found[0]), text)


def preview(macro: Macro, case: Case, *, by: User) -> list[Line]:
    """What running it on this case will do, before it does."""
    return [_LINES[name](macro.actions, case, by) for name in ORDER if macro.actions.get(name)]


def blocked(lines: list[Line]) -> bool:
    return any(line.problem for line in lines)


@verb
def run(macro: Macro, *, case: Case, by: User) -> Case:
    """All of it or nothing; its changes are taken back in one step."""
    cases.lock(case)
    lines = preview(macro, case, by=by)
    if blocked(lines):
        raise ValueError("; ".join(line.problem for line in lines if line.problem))
    with undoing.kept(case, by=by, name="macro"):
        for name in ORDER:
            if macro.actions.get(name):
                _DO[name](macro, case, by)
                case.refresh_from_db()
    event = MacroRan(case=case.pk, customer=case.customer_id, macro=macro.pk, name=macro.name)
    record(event, by=by, unit=case.unit)
    return case


@verb
def save(macro: Macro, *, by: User) -> Macro:
    macro.save()
    record(MacroSaved(macro=macro.pk, name=macro.name), by=by, unit=macro.unit)
    return macro


@verb
def archive(macro: Macro, *, by: User) -> Macro:
    if macro.archived_at is None:
        macro.archived_at = now()
        macro.save(update_fields=["archived_at"])
        record(MacroArchived(macro=macro.pk, name=macro.name), by=by, unit=macro.unit)
    return macro


def may_change(macro: Macro, user: User) -> bool:
    """One's own; a team's by its lead; what serves from above is changed above."""
    if macro.owner_id:
        return macro.owner_id == user.pk
    mine = Macro.objects.changeable_by(user).filter(pk=macro.pk, owner=None).exists()
    return mine and user.may("cases.assign")


def may_run(user: User) -> bool:
    return user.may("cases.work")


def _taker(actions: dict[str, Any], case: Case, by: User) -> User | None:
    if actions["assign"] == ME:
        return by
    found: User | None = people.candidates(case.unit).filter(username=actions["assign"]).first()
    return found


def _cause(actions: dict[str, Any]) -> RootCause | None:
    return RootCause.objects.filter(code=actions["resolve"], archived_at=None).first()


def _snooze_end(actions: dict[str, Any]) -> Any:
    wanted = str(actions["snooze"])
    return None if wanted == UNTIL_REPLY else now() + timedelta(hours=float(wanted))


def _say_severity(actions: dict[str, Any], case: Case, by: User) -> Line:
    name = dict(Case.Severity.choices).get(actions["severity"], actions["severity"])
    return Line("severity", "flag", _("Set the severity: %(name)s") % {"name": name})


def _say_assign(actions: dict[str, Any], case: Case, by: User) -> Line:
    to = _taker(actions, case, by)
    problem = ""
    if to is None:
        problem = _("%(name)s does not answer for this branch.") % {"name": actions["assign"]}
    elif to != by and not by.may("cases.assign"):
        problem = _("You may not assign cases to others.")
    return Line("assign", "user", _("Assign to %(name)s") % {"name": to or actions["assign"]}, "", problem)


def _say_note(actions: dict[str, Any], case: Case, by: User) -> Line:
    return Line("note", "note", _("Write a note"), filled(actions["note"], case, by), stays=True)


def _say_reply(actions: dict[str, Any], case: Case, by: User) -> Line:
    thread = thread_of(case)
    text = filled(actions["reply"], case, by)
    if thread is None:
        problem = _("The customer has not written in this case: there is nowhere to reply.")
        return Line("reply", "send", _("Reply to the customer"), text, problem, stays=True)
    words = _("Reply to the customer by %(channel)s") % {"channel": thread.get_channel_display()}
    return Line("reply", "send", words, text, stays=True)


def _say_pause(actions: dict[str, Any], case: Case, by: User) -> Line:
    return Line(
        "pause", "player-pause", _("Pause: wait for the customer"), filled(actions["pause"], case, by)
    )


def _say_snooze(actions: dict[str, Any], case: Case, by: User) -> Line:
    until = _snooze_end(actions)
    if until is None:
        return Line("snooze", "clock-pause", _("Put off until the customer writes"))
    when = date_format(localtime(until), "SHORT_DATETIME_FORMAT")
    return Line("snooze", "clock-pause", _("Put off until %(when)s") % {"when": when})


def _say_resolve(actions: dict[str, Any], case: Case, by: User) -> Line:
    cause = _cause(actions)
    problem = "" if cause else _("The root cause of this macro is no longer used.")
    words = _("Resolve: %(cause)s") % {"cause": cause or actions["resolve"]}
    return Line("resolve", "check", words, filled(actions.get("resolve_note", ""), case, by), problem)


_LINES = {
    "severity": _say_severity,
    "assign": _say_assign,
    "note": _say_note,
    "reply": _say_reply,
    "pause": _say_pause,
    "snooze": _say_snooze,
    "resolve": _say_resolve,
}


def thread_of(case: Case) -> Any:
    """Where the customer was last heard, and can be answered."""
    written = case.threads.exclude(channel="phone").filter(bounced_at=None)
    return written.order_by("-heard_at", "-pk").first()


def _grade(macro: Macro, case: Case, by: User) -> None:
    grading.grade(case, by=by, severity=macro.actions["severity"], reason=str(macro))


def _assign(macro: Macro, case: Case, by: User) -> None:
    to = _taker(macro.actions, case, by)
    if to:
        cases.assign(case, to=to, by=by, reason=str(macro))


def _note(macro: Macro, case: Case, by: User) -> None:
    cases.note(case, by=by, text=filled(macro.actions["note"], case, by))


def _reply(macro: Macro, case: Case, by: User) -> None:
    threads.reply(thread_of(case), by=by, text=filled(macro.actions["reply"], case, by))


def _pause(macro: Macro, case: Case, by: User) -> None:
    cases.pause(case, by=by, reason=filled(macro.actions["pause"], case, by))


def _snooze(macro: Macro, case: Case, by: User) -> None:
    snoozing.snooze(case, by=by, until=_snooze_end(macro.actions))


def _resolve(macro: Macro, case: Case, by: User) -> None:
    cause = _cause(macro.actions)
    if cause:
        note = filled(macro.actions.get("resolve_note", ""), case, by)
        cases.resolve(case, by=by, root_cause=cause, note=note)


_DO = {
    "severity": _grade,
    "assign": _assign,
    "note": _note,
    "reply": _reply,
    "pause": _pause,
    "snooze": _snooze,
    "resolve": _resolve,
}
