"""What people call the kinds of labels on a comment."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

KIND_WORDS = {
    "voice": _("Kind of comment"),
    "sentiment": _("Feeling"),
    "reason": _("Reason"),
    "emotion": _("Emotion"),
    "urgency": _("Urgency"),
    "severity": _("Severity"),
    "need": _("Wish"),
    "theme": _("Theme"),
    "language": _("Language"),
}


def kind_word(kind: str) -> str:
    return str(KIND_WORDS.get(kind, kind))
