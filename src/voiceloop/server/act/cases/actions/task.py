"""A task in words: for the owner, or for another department."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.cases.actions import Action


@dataclass(frozen=True)
class What:
    what: str = field(default="", metadata={"label": _("What is to be done"), "short": True})


class Task(Action):
    code = "task"
    label = _("A task in your words")
    help = _("Whoever it is for ticks it off; another department sees it in its own list.")
    icon = "checkbox"
    Params = What


ACTION = Task()
