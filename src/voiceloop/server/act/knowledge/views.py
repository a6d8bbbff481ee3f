"""What an agent needs to know today: phrases, playbooks, causes, and what was made the standard."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from voiceloop.server.act.knowledge import phrases
from voiceloop.server.act.models import RootCause
from voiceloop.server.act.playbooks import book as playbooks
from voiceloop.server.act.playbooks import shipped, steps
from voiceloop.server.act.playbooks.naming import title
from voiceloop.server.core.models import Event
from voiceloop.server.core.models.unit import Reader, SharedQuerySet

STANDARDS = 20
# Said by the room of initiatives, which stands above this one: known here by its name only.
STANDARD = "initiative.standardised"


def knowledge(request: HttpRequest) -> HttpResponse:
    words, situation = request.GET.get("q", ""), request.GET.get("situation", "")
    context = {
        "q": words,
        "situation": situation,
        "situations": phrases.SITUATIONS.items(),
        "phrases": [_phrase(phrase) for phrase in phrases.found(words, situation)],
        "books": _books(),
        "groups": _causes(),
        "standards": standards(request.user),
    }
    return render(request, "act/knowledge/knowledge.html", context)


def standards(user: Reader) -> QuerySet[Any]:
    """What was learned at one's own unit, below it, or above it: a company's rule is every store's."""
    rows: QuerySet[Any] = Event.objects.filter(SharedQuerySet.scope(user), type=STANDARD)
    return rows.select_related("by", "unit").order_by("-id")[:STANDARDS]


def _phrase(phrase: phrases.Phrase) -> dict[str, Any]:
    """The reader's language first; the other one stands beside it for customers who speak it."""
    zh = {"lang": "zh-CN", "instead": phrase.instead_zh, "say": phrase.say_zh}
    en = {"lang": "en", "instead": phrase.instead_en, "say": phrase.say_en}
    both = [en, zh] if get_language() == "en" else [zh, en]
    return {"situation": phrases.SITUATIONS[phrase.situation], "both": both}


def _books() -> list[dict[str, Any]]:
    """What is in use; before anybody has looked, what is shipped."""
    found = playbooks.in_use() or [shipped.version_of(code) for code in shipped.BOOKS]
    return [
        {
            "book": version,
            "steps": [
                (title(one.action, one.params), one.doing) for one in steps.read(version.steps) if one.doing
            ],
        }
        for version in found
    ]


def _causes() -> list[tuple[Any, list[RootCause]]]:
    known = list(RootCause.objects.filter(archived_at=None))
    return [(name, [c for c in known if c.group == code]) for code, name in RootCause.Group.choices]
