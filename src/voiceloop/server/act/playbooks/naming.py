"""What a step is called: a task by its own words, everything else by what it does."""

from __future__ import annotations

from typing import Any

from voiceloop.server.act.cases.actions import actions
from voiceloop.server.act.models import StepRun


def title(action: str, params: dict[str, Any]) -> str:
    """In the reader's language, where the product brings the words."""
    own = str(params.get("what", "")).strip()
    known = actions().get(action)
    return own or (str(known.label) if known else action)


def name_of(pk: int, action: str) -> str:
    """The name of a step that was run, also when it is no longer there."""
    step = StepRun.objects.filter(pk=pk).only("action", "params").first()
    return title(step.action, step.params) if step else title(action, {})
