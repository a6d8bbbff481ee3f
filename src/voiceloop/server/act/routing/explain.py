"""Why somebody has a case, and why others do not, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from voiceloop.server.act.models import Case
from voiceloop.server.act.routing import skills
from voiceloop.server.core.models import Unit, User

RETURNED = {
    "away": gettext_lazy("Back in the queue: %(name)s is away and time is short"),
    "off": gettext_lazy(
        "Back in the queue: %(name)s is off work and the promise comes before the next shift"
    ),
    "closed": gettext_lazy("Back in the queue: the hours of %(name)s are over and time is short"),
    "gone": gettext_lazy("Back in the queue: %(name)s no longer works here"),
}


def sentence(reason: dict[str, Any]) -> str:
    """The stored reason; those of earlier versions stay readable."""
    kind = reason.get("kind") or reason.get("code", "")
    said = _SENTENCES[kind](reason) if kind in _SENTENCES else str(reason.get("text", ""))
    if reason.get("because") == "overdue":
        return _("Passed on, because the promised time was over: %(why)s") % {"why": said}
    return said


def others(reason: dict[str, Any]) -> list[dict[str, Any]]:
    """Everybody else who was looked at: the person, and in words what spoke against them."""
    rows = reason.get("others", [])
    known = User.objects.in_bulk([row["user"] for row in rows])
    found = [(known.get(row["user"]), row) for row in rows]
    return [{**row, "user": user, "why": _against(row, reason)} for user, row in found if user]


def green(reason: dict[str, Any]) -> str:
    """Why a case goes through the green channel."""
    severities = dict(Case.Severity.choices)
    parts = [_("customer of tier %(tier)s") % {"tier": tier_name(reason["tier"])}] if "tier" in reason else []
    if "severity" in reason:
        severity = reason["severity"]
        parts.append(_("severity: %(severity)s") % {"severity": severities.get(severity, severity)})
    if "reopenings" in reason:
        n = reason["reopenings"]
        parts.append(ngettext("reopened once", "reopened %(n)s times", n) % {"n": n})
    return _(", ").join(parts)


def tier_name(code: str) -> str:
    """What the company calls the tier."""
    from django.utils.translation import get_language

    from voiceloop.server.measure.models import Label

    found = Label.objects.filter(dimension="tier", code=code).first()
    if found is None:
        return code
    return (found.name_en if get_language() == "en" else "") or found.name or code


def _routed(reason: dict[str, Any]) -> str:
    n, among = reason["n_open"], reason["among"]
    held = ngettext("%(n)s open case", "%(n)s open cases", n) % {"n": n}
    said = _(", ").join([held, *(_fact(code) for code in reason["facts"])])
    if among > 1:
        best = ngettext("best of %(n)s who could take it", "best of %(n)s who could take it", among)
        end = best % {"n": among}
    else:
        end = _("the only one who could take it")
    whole = _("%(facts)s — %(end)s") % {"facts": said, "end": end}
    return whole + _dropped(reason)


def _drained(reason: dict[str, Any]) -> str:
    """They became free, and of those that waited this one was the most urgent that they can do."""
    n, left = reason["n_open"], reason["left"]
    held = ngettext("%(n)s open case", "%(n)s open cases", n) % {"n": n}
    said = _(", ").join([held, *(_fact(code) for code in reason["facts"])])
    if left is None:
        end = _("the next in the queue")
    elif left < 0:
        end = _("the next in the queue: late already")
    else:
        end = ngettext(
            "the next in the queue: %(n)s minute left", "the next in the queue: %(n)s minutes left", left
        ) % {"n": left}
    return _("became free (%(facts)s) — %(end)s") % {"facts": said, "end": end} + _dropped(reason)


def _queued(reason: dict[str, Any]) -> str:
    counted = [
        _COUNTS[verdict](n) for verdict, n in reason.get("counts", {}).items() if verdict in _COUNTS and n
    ]
    return _("Waits for the next who is free: %(why)s") % {"why": _(", ").join(counted)} + _dropped(reason)


def _dropped(reason: dict[str, Any]) -> str:
    """What the case asked for and did not get."""
    missing = [_DROPPED[need](reason) for need in reason.get("dropped", []) if need in _DROPPED]
    return "".join(_("; %(missing)s") % {"missing": one} for one in missing)


def _fact(code: str) -> str:
    kind, _sep, rest = code.partition(":")
    if kind == "language":
        return _("speaks %(language)s") % {"language": skills.language_name(rest)}
    if kind in ("known", "senior", "lead"):
        return str(_FACTS[kind])
    if kind == "seat":
        return skills.name_of(code)
    name, _sep, level = code.rpartition(":")
    return _("%(skill)s, level %(level)s") % {"skill": skills.name_of(name), "level": level}


def _against(row: dict[str, Any], reason: dict[str, Any]) -> str:
    verdict, n = row["verdict"], row["n_open"]
    if verdict == "full":
        return _("full: %(n)s open, room for %(capacity)s") % {"n": n, "capacity": f"{row['capacity']:g}"}
    if verdict == "later":
        return ngettext(
            "could have taken it: %(n)s open case", "could have taken it: %(n)s open cases", n
        ) % {"n": n}
    if verdict == "language":
        name = skills.language_name(reason.get("needs", {}).get("language", ""))
        return _("does not speak %(language)s") % {"language": name}
    if verdict == "seat":
        seat = skills.name_of(f"seat:{reason.get('needs', {}).get('seat', '')}")
        return _("does not sit at: %(seat)s") % {"seat": seat}
    return str(_AGAINST.get(verdict, verdict))


def _least_loaded(reason: dict[str, Any]) -> str:
    if "among" not in reason:
        return _("Fewest open cases in the branch")
    words = ngettext(
        "Fewest open cases (%(n_open)s) of %(among)s person who answers for %(unit)s",
        "Fewest open cases (%(n_open)s) of %(among)s people who answer for %(unit)s",
        reason["among"],
    )
    return words % {**reason, "unit": _unit(reason)}


def _nobody(reason: dict[str, Any]) -> str:
    return _("Nobody answers for %(unit)s yet") % {"unit": _unit(reason)}


def _unit(reason: dict[str, Any]) -> str:
    return str(Unit.objects.filter(code=reason["unit"]).first() or reason["unit"])


def _returned(reason: dict[str, Any]) -> str:
    user = User.objects.filter(pk=reason.get("user")).first()
    return str(RETURNED.get(reason.get("why", ""), RETURNED["away"])) % {
        "name": user or reason.get("name", "")
    }


def _with_text(words: str, reason: dict[str, Any]) -> str:
    text = reason.get("text", "")
    return f"{words}: {text}" if text else words


_FACTS = {
    "known": gettext_lazy("knows the customer"),
    "senior": gettext_lazy("senior"),
    "lead": gettext_lazy("leads the team"),
}
_AGAINST = {
    "away": gettext_lazy("was away"),
    "off": gettext_lazy("was off work"),
    "busy": gettext_lazy("was busy"),
    "closed": gettext_lazy("was outside working hours"),
    "senior": gettext_lazy("is not a senior agent"),
}
_COUNTS: dict[str, Callable[[int], str]] = {
    "full": lambda n: _("%(n)s full") % {"n": n},
    "busy": lambda n: _("%(n)s busy") % {"n": n},
    "away": lambda n: _("%(n)s away") % {"n": n},
    "off": lambda n: _("%(n)s off work") % {"n": n},
    "closed": lambda n: _("%(n)s outside working hours") % {"n": n},
    "language": lambda n: _("%(n)s without the language") % {"n": n},
    "seat": lambda n: _("%(n)s without the seat") % {"n": n},
    "senior": lambda n: _("%(n)s not senior") % {"n": n},
}
_DROPPED: dict[str, Callable[[dict[str, Any]], str]] = {
    "senior": lambda reason: _("no senior agent was there"),
    "seat": lambda reason: (
        _("nobody was there for: %(seat)s")
        % {"seat": skills.name_of(f"seat:{reason.get('needs', {}).get('seat', '')}")}
    ),
    "language": lambda reason: (
        _("nobody was there who speaks %(language)s")
        % {"language": skills.language_name(reason.get("needs", {}).get("language", ""))}
    ),
}
_SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "routed": _routed,
    "drained": _drained,
    "queued": _queued,
    "returned": _returned,
    "least_loaded": _least_loaded,
    "nobody": _nobody,
    "claimed": lambda reason: _("Took it over"),
    "by_hand": lambda reason: _with_text(_("Assigned by hand"), reason),
    "escalated": lambda reason: _with_text(_("Handed up"), reason),
    "opened": lambda reason: _("Opened it"),
    "overdue": lambda reason: _("Handed up, because the promised time was over"),
}
