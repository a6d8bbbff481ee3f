"""The words for the codes in a figure's key: what people call a touchpoint, a store, a class."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.core.cache import cache
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from voiceloop.analytics.scales import CLASS_LABELS
from voiceloop.analytics.text.taxonomy import taxonomy
from voiceloop.server.collect.models import Programme, Survey, Touchpoint
from voiceloop.server.core.models import Unit, User
from voiceloop.server.measure.models import Label

DIMENSIONS: dict[str, Any] = {
    "touchpoint": _("Touchpoint"),
    "segment": _("Segment"),
    "tier": _("Tier"),
    "channel": _("Channel"),
    "unit": _("Unit"),
    "region": _("Region"),
    "team": _("Team"),
    "agent": _("Agent"),
    "stage": _("Journey stage"),
    "programme": _("Programme"),
    "survey": _("Survey"),
    "source": _("Source"),
    "language": _("Language"),
}

# What rows of one table can be cut by besides; those of other tables have no such column.
OF_A_TABLE: dict[str, dict[str, Any]] = {
    "conversations": {"topic": _("Topic"), "kind": _("Kind"), "outcome": _("Outcome")},
    "cases": {
        "kind": _("Kind"),
        "priority": _("Priority"),
        "severity": _("Severity"),
        "root_cause": _("Root cause"),
        "outcome": _("Outcome"),
    },
    "transactions": {"kind": _("Kind")},
}

# What only some metrics can be grouped by.
FURTHER: dict[str, Any] = {"question": _("Question")}

# Codes that come with the product; a company's own codes are shown as they are.
KNOWN: dict[str, dict[str, Any]] = {
    "channel": {
        "wechat": _("WeChat"),
        "sms": _("SMS"),
        "email": _("E-mail"),
        "link": _("Link"),
        "app": _("App"),
        "phone": _("Phone"),
        "web": _("Web"),
        "chat": _("Web chat"),
        "qr": _("QR code"),
        "import": _("Import"),
    },
    "language": {"zh": _("Chinese"), "en": _("English"), "other": _("Other")},
    "voice": {"praise": _("Praise"), "problem": _("Problem"), "suggestion": _("Suggestion")},
    "sentiment": {
        "positive": _("Positive"),
        "neutral": _("Neutral"),
        "negative": _("Negative"),
        "unknown": pgettext_lazy("label", "Not understood"),
    },
    "emotion": {
        "angry": _("Angry"),
        "disappointed": _("Disappointed"),
        "understanding": _("Understanding"),
        "none": _("No strong emotion"),
    },
    "severity": {
        "slight": _("Slight"),
        "serious": _("Serious"),
        "catastrophic": _("Catastrophic"),
    },
    "urgency": {
        "self_harm": _("Danger to themselves"),
        "safety": _("Safety"),
        "legal": pgettext_lazy("label", "Law"),
        "authority": _("Authorities"),
        "media": _("Publicity"),
        "churn": _("About to leave"),
        "pressing": _("In haste"),
    },
    "need": {"wish": _("A wish")},
}
NAMED: dict[str, Any] = {"touchpoint": Touchpoint, "programme": Programme, "survey": Survey}
SECONDS = 20
# What rooms further on call the codes of a dimension of theirs: {"theme": () -> {code: name}}.
NAMERS: dict[str, Callable[[], dict[str, str]]] = {}


def label(dimension: str, code: Any) -> str:
    """What people call a code; a code nobody named is its own name."""
    if code is None:
        return str(_("(unknown)"))
    # What somebody told others stands under the class of their answer (`metrics/told_good.py`).
    if dimension == "score_class" or (dimension == "question" and code in CLASS_LABELS):
        zh, en = CLASS_LABELS[code]
        return en if get_language() == "en" else zh
    known = KNOWN.get(dimension, {}).get(code)
    return names(dimension).get(code) or str(known or code)


def names(dimension: str) -> Mapping[str, str]:
    """Code to name of everything a dimension has had a name for."""
    key = f"names:{dimension}:{get_language()}"
    found: Mapping[str, str] | None = cache.get(key)
    if found is None:
        found = _names(dimension)
        cache.set(key, found, SECONDS)
    return found


def _names(dimension: str) -> dict[str, str]:
    given = {label.code: str(label) for label in Label.objects.filter(dimension=dimension)}
    return _of_the_product(dimension) | given


def _of_the_product(dimension: str) -> dict[str, str]:
    if dimension in ("unit", "region", "team"):
        return {unit.code: str(unit) for unit in Unit.objects.all()}
    if dimension == "agent":
        return {str(user.code): str(user) for user in User.objects.exclude(code=None)}
    if dimension in NAMERS:
        return NAMERS[dimension]()
    if dimension in NAMED:
        return {row.code: str(row) for row in NAMED[dimension].objects.all()}
    if dimension == "reason":
        english = get_language() == "en"
        return {reason.code: reason.label_en if english else reason.label_zh for reason in taxonomy()}
    return {}


def dimension_label(name: str) -> str:
    own = next((names[name] for names in OF_A_TABLE.values() if name in names), None)
    return str(DIMENSIONS.get(name) or own or FURTHER.get(name) or name.removeprefix("attributes."))
