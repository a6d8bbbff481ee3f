"""What a case shows of a crisis it belongs to: the room, and the words that may be said."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from voiceloop.server.act.models import Case, Crisis, Statement
from voiceloop.server.core.models import User

MOST = 3


def context(case: Case, user: User) -> dict[str, Any]:
    """The customer's language first: that is what goes into the reply."""
    found = crises_of(case, user)
    language = case.customer.language if case.customer else ""
    usable = Statement.objects.filter(crisis__in=found, withdrawn_at=None).exclude(approved_at=None)
    words = [one.in_language(language or "zh") for one in usable.order_by("-pk")[:MOST]] if found else []
    return {"case_crises": found, "holding_words": words}


def crises_of(case: Case, user: User) -> list[Crisis]:
    """Open ones that it is linked to, or in whose place and time it was opened."""
    here = Q(unit__in=case.unit.ancestors_and_self(), since__lte=case.opened_at)
    here &= Q(touchpoint="") | Q(touchpoint=case.touchpoint)
    mine = Crisis.objects.visible_to(user).open().filter(Q(links__case=case) | here).distinct()
    return list(mine.select_related("unit").order_by("level", "-opened_at")[:MOST])
