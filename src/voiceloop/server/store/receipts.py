"""A receipt as people read it: what every table and every score lost, and when the bytes are gone."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from voiceloop.analytics.lake import RETENTION_HOURS
from voiceloop.analytics.scales import CLASS_LABELS
from voiceloop.server.store.models import Erasure

TABLES: dict[str, Any] = {
    "responses": _("Responses"),
    "answers": _("Answers"),
    "annotations": _("Labels on words"),
    "invitations": _("Invitations"),
    "cases": _("Cases"),
    "conversations": _("Conversations"),
    "reviews": _("Quality reviews"),
    "events": _("Events"),
    "transactions": _("Orders"),
}

# What stands for a person's data in the database; the rest only holds it together.
ROWS: dict[str, Any] = {
    "collect.Response": _("Responses"),
    "collect.Answer": _("Answers"),
    "collect.Verbatim": _("Comments"),
    "collect.Invitation": _("Invitations"),
    "collect.Message": _("Messages"),
    "collect.Transaction": _("Orders"),
    "collect.Preference": _("Preferences"),
    "collect.Conversation": _("Conversations"),
    "collect.ImportedTicket": _("Imported tickets"),
    "act.Case": _("Cases"),
    "act.Contact": _("Contacts"),
    "act.Note": _("Notes"),
    "core.Event": _("Events"),
}


def context(receipt: Erasure) -> dict[str, Any]:
    taken = receipt.taken or {}
    return {
        "receipt": receipt,
        "lost": [_lost(name, taken[name], receipt) for name in TABLES if name in taken],
        "scores": [_score(row) for row in receipt.scores],
        "rows": _rows(receipt),
        "hours": RETENTION_HOURS,
    }


def _lost(name: str, months: dict[str, int], receipt: Erasure) -> dict[str, Any]:
    before, *after = receipt.versions.get(name, [None])
    return {
        "name": TABLES.get(name, name),
        "months": sorted(months.items()),
        "n": sum(months.values()),
        "before": before,
        "after": after[0] if after else None,
    }


def _score(row: dict[str, Any]) -> dict[str, Any]:
    zh, en = CLASS_LABELS[row["score_class"]]
    return {**row, "score_class": en if get_language() == "en" else zh}


def _rows(receipt: Erasure) -> list[tuple[Any, int]]:
    named = [(words, receipt.rows[label]) for label, words in ROWS.items() if label in receipt.rows]
    others = sum(n for label, n in receipt.rows.items() if label not in ROWS)
    return [*named, (_("Other records"), others)] if others else named
