"""How urgent a case is: from its severity, the customer's emotion, what must not wait, and the tier."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from voiceloop.server.act.models import Case
from voiceloop.server.understand.models import Annotation

# Points that make a case more urgent. Our choice: a catastrophe, or a threat, is urgent by itself; a serious
# failure is when the customer is angry too.
SEVERITY = {Case.Severity.SLIGHT: 0, Case.Severity.SERIOUS: 2, Case.Severity.CATASTROPHIC: 4}
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
    said = case.priority_reason
    if said.get("by"):
        return case.priority, said
    reason = read(case)
    return int(_grade(_points(reason))), reason


def read(case: Case) -> dict[str, Any]:
    """What the case and the labels of its words say."""
    labels = _labels(case)
    emotions = [name for name in EMOTION if name in labels.get("emotion", ())]
    urgencies = [name for name in URGENCY if name in labels.get("urgency", ())]
    return {
        "severity": str(case.severity),
        "emotion": (emotions or [case.emotion])[0],
        "urgency": (urgencies or [""])[0],
        "tier": case.tier,
    }


def settle(case: Case) -> bool:
    """Keep the priority as it now is; whether it changed. The caller holds the case's lock."""
    priority, reason = of(case)
    emotion = reason.get("emotion", "") or case.emotion
    before = case.priority, case.priority_reason, case.emotion
    case.priority, case.priority_reason, case.emotion = priority, reason, emotion
    if before == (priority, reason, emotion):
        return False
    case.save(update_fields=["priority", "priority_reason", "emotion"])
    return before[0] != priority


def sentence(case: Case) -> str:
    """Why it is this urgent, in the reader's language."""
    reason = case.priority_reason
    name = str(case.get_priority_display())
    parts = [str(reason["text"])] if reason.get("text") else []
    if reason.get("by"):
        parts = [_("set by %(name)s") % {"name": reason.get("by_name", "")}, *parts]
    else:
        parts = _parts(reason)
    if not parts:
        return name
    return _("%(priority)s: %(why)s") % {"priority": name, "why": _(", ").join(parts)}


def _parts(reason: dict[str, Any]) -> list[str]:
    named = (
        SEVERITY_NAMES.get(reason.get("severity", "")),
        EMOTION_NAMES.get(reason.get("emotion", "")),
        URGENCY_NAMES.get(reason.get("urgency", "")),
    )
    valued = reason.get("tier", "") if reason.get("tier", "").lower() in VALUED else ""
    return [str(part) for part in (*named, valued) if part]


def _points(reason: dict[str, Any]) -> int:
    return (
        SEVERITY.get(reason["severity"], 0)
        + EMOTION.get(reason["emotion"], 0)
        + URGENCY.get(reason["urgency"], 0)
        + int(reason["tier"].lower() in VALUED)
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
