"""How urgent a case is: from its severity, the customer's emotion, what must not wait, and the tier."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from voiceloop.server.act.models import Case
from voiceloop.server.core.models import User
from voiceloop.server.understand.models import Annotation

# Points that make a case more urgent. Our choice: a catastrophe, or a threat, is urgent by itself; a serious
# failure is when the customer is angry too.
SEVERITY = {"slight": 0, "serious": 2, "catastrophic": 4}
EMOTION = {"angry": 2, "disappointed": 1, "understanding": -1}
URGENCY = {"self_harm": 4, "safety": 4, "legal": 4, "authority": 4, "media": 4, "churn": 1, "pressing": 1}
VALUED = frozenset({"gold", "black", "platinum", "diamond", "vip"})
URGENT_FROM, HIGH_FROM, NORMAL_FROM = 4, 2, 0

EMOTION_NAMES = {
    "angry": gettext_lazy("angry customer"),
    "disappointed": gettext_lazy("disappointed customer"),
    "understanding": gettext_lazy("understanding customer"),
}
SEVERITY_NAMES = {
    "serious": gettext_lazy("serious failure"),
    "catastrophic": gettext_lazy("catastrophic failure"),
}
URGENCY_NAMES = {
    "self_harm": gettext_lazy("somebody may harm themselves"),
    "safety": gettext_lazy("somebody may have come to harm"),
    "legal": gettext_lazy("speaks of law"),
    "authority": gettext_lazy("goes to the authorities"),
    "media": gettext_lazy("goes public"),
    "churn": gettext_lazy("about to leave"),
    "pressing": gettext_lazy("in haste"),
}


def of(case: Case) -> tuple[int, dict[str, Any]]:
    """The priority and what it was read from; a person's word goes before all that was read."""
    reason = read(case)
    if reason.get("by"):
        return case.priority, reason
    return int(_grade(_points(reason))), reason


def read(case: Case) -> dict[str, Any]:
    """What the case, the labels of its words and people said; the newest emotion, the gravest urgency."""
    kept = {name: case.priority_reason[name] for name in KEPT if case.priority_reason.get(name)}
    heard = kept.get("heard", {})
    labels = _labels(case)
    return {
        "severity": str(case.severity),
        "emotion": heard.get("emotion") or gravest(EMOTION, labels.get("emotion", ())),
        "urgency": gravest(URGENCY, {*labels.get("urgency", ()), heard.get("urgency", "")}),
        "tier": case.tier,
        **kept,
    }


# What words that are not labelled said, and who set the severity or the priority by hand.
KEPT = ("heard", "severity_by", "by", "text")


def settle(case: Case) -> bool:
    """Keep the priority as it now is; whether it changed. The caller holds the case's lock."""
    before = case.priority, case.priority_reason, case.emotion
    case.priority, case.priority_reason = of(case)
    case.emotion = case.priority_reason["emotion"]
    if before == (case.priority, case.priority_reason, case.emotion):
        return False
    case.save(update_fields=["priority", "priority_reason", "emotion"])
    return before[0] != case.priority


def sentence(case: Case) -> str:
    """Why it is this urgent, in the reader's language."""
    reason, name = case.priority_reason, str(case.get_priority_display())
    parts = _of_person(reason) if reason.get("by") else _of_words(reason)
    return _("%(priority)s: %(why)s") % {"priority": name, "why": _(", ").join(parts)} if parts else name


def gravest(points: dict[str, int], names: Iterable[str]) -> str:
    """The first of these that weighs, "" for none."""
    known = set(names)
    return next((name for name in points if name in known), "")


def _of_person(reason: dict[str, Any]) -> list[str]:
    who = User.objects.filter(pk=reason["by"]).first()
    said = [reason["text"]] if reason.get("text") else []
    return [_("set by %(name)s") % {"name": who or _("somebody")}, *said]


def _of_words(reason: dict[str, Any]) -> list[str]:
    named = (
        SEVERITY_NAMES.get(reason.get("severity", "")),
        EMOTION_NAMES.get(reason.get("emotion", "")),
        URGENCY_NAMES.get(reason.get("urgency", "")),
        reason.get("tier") if is_valued(reason.get("tier", "")) else "",
    )
    return [str(part) for part in named if part]


def is_valued(tier: str) -> bool:
    return tier.lower() in VALUED


def _points(reason: dict[str, Any]) -> int:
    return (
        SEVERITY.get(reason["severity"], 0)
        + EMOTION.get(reason["emotion"], 0)
        + URGENCY.get(reason["urgency"], 0)
        + int(is_valued(reason["tier"]))
    )


def _grade(points: int) -> Case.Priority:
    if points >= URGENT_FROM:
        return Case.Priority.URGENT
    if points >= HIGH_FROM:
        return Case.Priority.HIGH
    return Case.Priority.NORMAL if points >= NORMAL_FROM else Case.Priority.LOW


def _labels(case: Case) -> dict[str, set[str]]:
    if case.response_id is None:
        return {}
    of_words = Annotation.objects.filter(verbatim__response=case.response_id, kind__in=("emotion", "urgency"))
    found: dict[str, set[str]] = {}
    for kind, label in of_words.values_list("kind", "label"):
        found.setdefault(kind, set()).add(label)
    return found
