"""The playbooks that an organisation begins with: 快 · 准 · 稳, and one for those who may leave."""

from __future__ import annotations

from typing import Any

from voiceloop.server.act.models import Playbook, PlaybookVersion
from voiceloop.server.core.events import verb


def _steps(*given: tuple[Any, ...]) -> list[dict[str, Any]]:
    """(action, its clock in working minutes, what is special), each its own key."""
    return [
        {"key": action, "action": action, "minutes": minutes} | dict(*special)
        for action, minutes, *special in given
    ]


SOLVE = (("find_cause", 720), ("fix", 2160), ("call_back", 0))
MAKE_GOOD = (("apologise", 30), ("listen", 120), ("remedy", 240), *SOLVE)
BY_ITSELF = {"mode": "auto"}

# The clocks are our choice: sorry within half an hour, a talk within the two hours of the first promise.
BOOKS: dict[str, dict[str, Any]] = {
    "fast": {
        "trigger": "detractor",
        "name": "快",
        "name_en": "Fast",
        "motto": "马上回应，先道歉，再补救。",
        "motto_en": "Answer at once, say sorry, make it good.",
        "steps": _steps(*MAKE_GOOD),
    },
    "precise": {
        "trigger": "passive",
        "name": "准",
        "name_en": "Precise",
        "motto": "找到缺的那一件事。",
        "motto_en": "Find the one thing that was missing.",
        "steps": _steps(("care", 0, BY_ITSELF), ("listen", 1440), *SOLVE),
    },
    "steady": {
        "trigger": "promoter",
        "name": "稳",
        "name_en": "Steady",
        "motto": "感谢、守信，让他们愿意告诉别人。",
        "motto_en": "Thank them, keep the promise, let them tell others.",
        "steps": _steps(("thank", 0, BY_ITSELF), ("listen", 1440), *SOLVE[1:]),
    },
    # Not of an answer: for customers who may leave without a word.
    "keep": {
        "trigger": "at_risk",
        "name": "留",
        "name_en": "Keep",
        "motto": "在客户离开之前联系：问清缺了什么，并把它做好。",
        "motto_en": "Call before they leave: ask what is missing, and put it right.",
        "steps": _steps(("listen", 720), *SOLVE),
    },
    "hand": {
        "trigger": "by_hand",
        "name": "接",
        "name_en": "Taken up",
        "motto": "有人开口，就有人负责到底。",
        "motto_en": "Somebody asked, so somebody sees it through.",
        "steps": _steps(*MAKE_GOOD),
    },
}


@verb
def starter() -> list[Playbook]:
    """Those of the shipped playbooks that are missing; what somebody changed or archived stays."""
    known = set(Playbook.objects.values_list("code", flat=True))
    missing = [code for code in BOOKS if code not in known]
    return [_make(code, position) for position, code in enumerate(BOOKS, 1) if code in missing]


def version_of(code: str) -> PlaybookVersion:
    """What was shipped under this code, for an installation that has no rows yet; it is not saved."""
    known = code if code in BOOKS else "fast"
    book = Playbook(code=known)
    return PlaybookVersion(playbook=book, state=PlaybookVersion.State.ACTIVE, **BOOKS[known])


def _make(code: str, position: int) -> Playbook:
    book = Playbook.objects.create(code=code, position=position)
    PlaybookVersion.objects.create(
        playbook=book, state=PlaybookVersion.State.ACTIVE, activated_at=book.created_at, **BOOKS[code]
    )
    return book
