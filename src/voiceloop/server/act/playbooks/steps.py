"""The steps of a playbook as data: what is done, by whom, until when, and what it waits for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from voiceloop.server.act.cases.actions import Action, actions
from voiceloop.server.act.cases.forms import form_of
from voiceloop.server.core.models import Role, Unit

MODES = {"manual": gettext_lazy("A person does it"), "auto": gettext_lazy("By itself")}
WHO = {
    "owner": gettext_lazy("The case's owner"),
    "role": gettext_lazy("Somebody of a role"),
    "unit": gettext_lazy("Another department"),
}
AFTER = {"start": gettext_lazy("At once"), "previous": gettext_lazy("When the step before is done")}
# A month of working days: a step that takes longer is an initiative.
LONGEST = 31 * 24 * 60
MOST = 20


@dataclass(frozen=True)
class Step:
    """`minutes` is its clock in working time, 0 for none; `delay` is waited before it opens."""

    key: str
    action: str
    mode: str = "manual"
    who: str = "owner"
    role: str = ""
    unit: str = ""
    minutes: int = 0
    after: str = "start"
    delay: int = 0
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def is_automatic(self) -> bool:
        return self.mode == "auto"

    @property
    def doing(self) -> Action | None:
        return actions().get(self.action)


def read(rows: Sequence[Mapping[str, Any]]) -> list[Step]:
    """Steps from a version's rows; what this version of the product does not know is left out."""
    known = {one.name for one in fields(Step)}
    return [Step(**{name: value for name, value in row.items() if name in known}) for row in rows]


def write(steps: Sequence[Step]) -> list[dict[str, Any]]:
    return [asdict(step) for step in steps]


def fresh_key(action: str, taken: set[str]) -> str:
    """A key that stays with a step when it is moved: the action's code, numbered from the second on."""
    number = 2
    key = action[:28]
    while key in taken:
        key, number = f"{action[:28]}-{number}", number + 1
    return key


def faults(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """What keeps the steps from being used, by path."""
    found = read(rows)
    if not found:
        yield "s", _("A playbook needs at least one step.")
    if len(found) > MOST:
        yield "s", _("A playbook has at most %(n)s steps.") % {"n": MOST}
    keys = [step.key for step in found]
    for number, step in enumerate(found):
        path = f"s-{number}"
        if keys.count(step.key) > 1:
            yield path, _("Two steps have the same key %(key)s.") % {"key": step.key}
        yield from ((path, words) for words in _faults_of(step, number))


def _faults_of(step: Step, number: int) -> Iterator[str]:
    action = step.doing
    if action is None:
        yield _("Choose what is done.")
        return
    if step.mode not in MODES or (step.is_automatic and not action.is_automatic):
        yield _("This can only be done by a person.")
    if step.who == "unit" and not Unit.objects.filter(code=step.unit).exists():
        yield _("Choose the department.")
    if step.who == "role" and step.role not in Role.values:
        yield _("Choose the role.")
    if step.who not in WHO or step.after not in AFTER:
        yield _("Choose who does it and when.")
    if not 0 <= step.minutes <= LONGEST or not 0 <= step.delay <= LONGEST:
        yield _("A step takes and waits at most a month.")
    if number == 0 and step.after == "previous":
        yield _("There is no step before the first one.")
    yield from _faults_of_params(action, step)


def _faults_of_params(action: Action, step: Step) -> Iterator[str]:
    """Parameters of a step that runs by itself must be complete; a person may still fill them in."""
    form = form_of(action.Params)(step.params)
    if form.fields and not form.is_valid() and (step.is_automatic or step.params):
        for name, errors in form.errors.items():
            yield f"{form.fields[name].label}: {errors[0]}"


def params_of(step: Step) -> Any:
    """The typed parameters that a step runs with."""
    action = step.doing
    assert action is not None, step.action
    form = form_of(action.Params)({**_defaults(action), **step.params})
    return action.Params(**form.cleaned_data) if form.is_valid() else action.Params()


def _defaults(action: Action) -> dict[str, Any]:
    return {one.name: one.default for one in fields(action.Params)}
