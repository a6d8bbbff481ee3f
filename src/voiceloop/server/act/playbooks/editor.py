"""The editor of a playbook as the page shows it: a tree of rules and a list of steps with their choices."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from voiceloop.server.act.cases.actions import actions
from voiceloop.server.act.models import PlaybookVersion
from voiceloop.server.act.playbooks import editing, reading, rules, steps
from voiceloop.server.act.playbooks.facts import FACTS
from voiceloop.server.act.playbooks.steps import Step
from voiceloop.server.act.playbooks.writing import faults_at
from voiceloop.server.core.models import Role, Unit

Faults = dict[str, list[str]]


def context(draft: PlaybookVersion) -> dict[str, Any]:
    found = editing.faults(draft)
    places = faults_at(found)
    units = list(Unit.objects.in_tree_order())
    return {
        "draft": draft,
        "playbook": draft.playbook,
        "tree": node(draft.conditions or {"all": []}, "c", places),
        "steps": [_step(step, n, places, units) for n, step in enumerate(steps.read(draft.steps))],
        "actions": [(code, one.label) for code, one in actions().items()],
        "triggers": PlaybookVersion.Trigger.choices,
        "faults": places,
        "n_faults": len(found),
        "when": rules.in_words(draft.conditions),
        "counted": editing.dry_run_of(draft),
        "groups": rules.GROUPS.items(),
        "facts": [(fact.code, fact.label) for fact in FACTS.values()],
    }


def node(tree: rules.Tree, path: str, faults: Faults) -> dict[str, Any]:
    """One group with its parts, or one rule with what it can be compared with."""
    kind = rules.group_of(tree)
    said: dict[str, Any] = {"path": path, "faults": faults.get(path, [])}
    if kind:
        parts = [node(part, f"{path}-{n}", faults) for n, part in enumerate(tree[kind])]
        return said | {"group": kind, "parts": parts}
    fact = FACTS.get(str(tree.get("fact")))
    value = tree.get("value")
    chosen = set(value) if isinstance(value, list) else set()
    return said | {
        "fact": fact,
        "is": tree.get("is"),
        "comparisons": rules.COMPARISONS[fact.kind].items() if fact else (),
        "value": value,
        "options": [(code, name, code in chosen) for code, name in fact.options()] if fact else [],
        "said": rules.rule_in_words(tree),
    }


def _step(step: Step, number: int, faults: Faults, units: list[Unit]) -> dict[str, Any]:
    path = f"s-{number}"
    doing = step.doing
    return {
        "path": path,
        "step": step,
        "words": reading.in_words(step),
        "hours": f"{step.minutes / 60:g}" if step.minutes else "",
        "delay": f"{step.delay / 60:g}" if step.delay else "",
        "can_run": bool(doing and doing.is_automatic),
        "params": _params(step),
        "modes": steps.MODES.items(),
        "who": steps.WHO.items(),
        "after": [(code, name) for code, name in steps.AFTER.items() if number or code == "start"],
        "roles": Role.choices,
        "units": [(unit.code, "　" * max(unit.depth, 0) + str(unit)) for unit in units],
        "faults": faults.get(path, []),
        "is_first": number == 0,
    }


def _params(step: Step) -> list[dict[str, Any]]:
    doing = step.doing
    return [
        {
            "name": one.name,
            "label": one.metadata.get("label", one.name),
            "value": step.params.get(one.name, ""),
            "choices": one.metadata.get("choices", ()),
            "short": bool(one.metadata.get("short")) or not isinstance(one.default, str),
        }
        for one in (fields(doing.Params) if doing else ())
    ]
