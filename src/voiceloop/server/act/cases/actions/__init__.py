"""What a playbook can ask for: one file an action, the folder is the registry."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from voiceloop.server.act.models import Case
    from voiceloop.server.collect.models import Response
    from voiceloop.server.core.models import User


class NotYet(Exception):
    """What the step waits for has not happened; it is tried again later, and nothing went wrong."""


@dataclass(frozen=True)
class NoParams:
    """Nothing to choose."""


class Action:
    """Subclass it with a `label`, the `help` an agent reads, its `Params`, and what it does.

    `proof` finds when the case itself shows that the step was done (a contact, a resolution), so that
    nobody has to tick what the log already says. `perform` acts for a customer; it runs inside the
    transaction of the step, and an action that only a person can do leaves it alone.
    """

    code: ClassVar[str]
    label: ClassVar[Any]
    help: ClassVar[Any] = ""
    icon: ClassVar[str] = "check"
    # The dialog of the case page in which the step is done; "" when the step has its own form.
    dialog: ClassVar[str] = ""
    Params: ClassVar[Any] = NoParams
    # False when the rows that `perform` makes are proof enough, or may be declined and made again.
    is_ticked: ClassVar[bool] = True
    # Whether it may run by itself, and whether it can be done for an answer that has no case.
    is_automatic: ClassVar[bool] = False
    of_answers: ClassVar[bool] = False

    @property
    def is_proven(self) -> bool:
        """Whether the case itself can show that it was done."""
        return type(self).proof is not Action.proof

    def proof(self, case: Case) -> datetime | None:
        return None

    def waits(self, case: Case) -> bool:
        """It was asked for and somebody else has to say yes."""
        return False

    def perform(self, case: Case, *, by: User | None, params: Any) -> None:
        """Do it; nobody (`by` None) when it runs by itself."""

    def perform_on_answer(self, response: Response, *, params: Any) -> None:
        """Do it for an answer that has no case."""


def _discover() -> dict[str, Action]:
    found = {}
    for module in pkgutil.iter_modules(__path__):
        action: Action = importlib.import_module(f"{__name__}.{module.name}").ACTION
        found[action.code] = action
    return found


ACTIONS: dict[str, Action] = {}


def actions() -> dict[str, Action]:
    if not ACTIONS:
        ACTIONS.update(_discover())
    return ACTIONS
