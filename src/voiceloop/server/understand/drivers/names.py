"""What people call a driver, a kind, a lever, a step."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from voiceloop.analytics.drivers.result import KINDS
from voiceloop.server.measure.labels import label

FACTS: dict[str, Any] = {
    "wait_minutes": _("Minutes waited"),
    "minutes_late": _("Minutes later than promised"),
    "amount": _("Amount of the purchase"),
    "contacts": _("Contacts in the 14 days before"),
    "wait_seconds": _("Seconds on hold"),
}
QUESTIONS: dict[str, Any] = {
    "fcr": _("Solved at once"),
    "servqual_reliability": _("Reliability"),
    "servqual_responsiveness": _("Responsiveness"),
    "servqual_assurance": _("Assurance"),
    "servqual_empathy": _("Empathy"),
    "servqual_tangibles": _("Tangibles"),
    "expected_speed": _("Speed expected"),
    "expected_taste": _("Taste expected"),
    "expected_price": _("Price expected"),
    "got_speed": _("Speed as it was"),
    "got_taste": _("Taste as it was"),
    "got_price": _("Price as it was"),
}
STEPS: dict[str, Any] = {
    "prep_minutes": _("Preparing"),
    "handover_minutes": _("Hand-over and sorting"),
    "ride_minutes": _("Riding"),
}
SOURCES: dict[str, Any] = {"reason": _("reason"), "rating": _("rating"), "fact": _("fact")}
LEVERS: dict[str, Any] = {
    "fewer_detractors": _("Fewer detractors"),
    "more_promoters": _("More promoters"),
}


def driver_name(code: str) -> str:
    source, _colon, name = code.partition(":")
    if source == "reason":
        return label("reason", name)
    known = FACTS.get(name) if source == "fact" else QUESTIONS.get(name)
    return str(known or name or code)


def source_name(code: str) -> str:
    return str(SOURCES.get(code.partition(":")[0], ""))


def kind_name(kind: str) -> str:
    zh, en = KINDS.get(kind, KINDS[""])
    return en if get_language() == "en" else zh


def step_name(code: str) -> str:
    return str(STEPS.get(code, code.removesuffix("_minutes")))


def said(sentences: tuple[str, str]) -> str:
    """(English, Chinese) in the reader's language."""
    return sentences[0] if get_language() == "en" else sentences[1]
