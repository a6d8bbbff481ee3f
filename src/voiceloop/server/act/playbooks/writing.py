"""What a person wrote in the editor, read back into conditions and steps; unfinished is kept as it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

from django.http import QueryDict

from voiceloop.server.act.cases.actions import actions
from voiceloop.server.act.models import PlaybookVersion
from voiceloop.server.act.playbooks import rules, steps
from voiceloop.server.act.playbooks.facts import FACTS
from voiceloop.server.act.playbooks.steps import Step

NEW_RULE = {"fact": "", "is": "", "value": None}


def read(post: QueryDict) -> dict[str, Any]:
    """The whole draft as the form says it, after the button that was pressed has had its way."""
    tree, found = _tree(post, "c"), [_step(post, f"s-{n}") for n in _numbers(post, "s")]
    do, _, where = post.get("do", "save").partition(":")
    where = where or post.get("add", "")
    if do in TREE:
        tree = TREE[do](tree, where)
    elif do in STEPS:
        found = STEPS[do](found, where)
    trigger = post.get("trigger", "")
    return {
        "name": post.get("name", "").strip(),
        "name_en": post.get("name_en", "").strip(),
        "motto": post.get("motto", "").strip(),
        "motto_en": post.get("motto_en", "").strip(),
        "trigger": trigger if trigger in PlaybookVersion.Trigger.values else "detractor",
        "conditions": tree,
        "steps": steps.write(found),
    }  # fmt: skip


def _numbers(post: QueryDict, path: str) -> list[int]:
    """The numbers that stand behind a path in the names of the fields."""
    heads = (name[len(path) + 1 :].partition("-")[0] for name in post if name.startswith(f"{path}-"))
    return sorted({int(head) for head in heads if head.isdigit() and len(head) < 4})


def _tree(post: QueryDict, path: str) -> dict[str, Any]:
    if f"{path}-group" in post:
        kind = post[f"{path}-group"]
        kind = kind if kind in rules.GROUPS else "all"
        return {kind: [_tree(post, f"{path}-{n}") for n in _numbers(post, path)]}
    return _rule(post, path) if f"{path}-fact" in post else {"all": []}


def _rule(post: QueryDict, path: str) -> dict[str, Any]:
    """A rule whose fact was just changed loses what no longer belongs to it."""
    fact = FACTS.get(post.get(f"{path}-fact", ""))
    if fact is None:
        return dict(NEW_RULE)
    how = post.get(f"{path}-is", "")
    known = rules.COMPARISONS[fact.kind]
    return {
        "fact": fact.code,
        "is": how if how in known else next(iter(known)),
        "value": _value(fact.kind, post.getlist(f"{path}-value")),
    }


def _value(kind: str, given: list[str]) -> Any:
    if kind == "number":
        try:
            return float(given[0]) if given and given[0].strip() else None
        except ValueError:
            return None
    return None if kind == "yes" else [one for one in given if one]


def _step(post: QueryDict, path: str) -> Step:
    said = {
        name: post.get(f"{path}-{name}", "")
        for name in ("key", "action", "mode", "who", "role", "unit", "after")
    }
    doing = actions().get(said["action"])
    params = {}
    for one in fields(doing.Params) if doing else ():
        value = post.get(f"{path}-p-{one.name}", "").strip()
        if value:
            params[one.name] = value
    if not doing or not doing.is_automatic:
        said["mode"] = "manual"
    minutes, delay = _minutes(post, f"{path}-minutes"), _minutes(post, f"{path}-delay")
    return Step(**said, params=params, minutes=minutes, delay=delay)


def _minutes(post: QueryDict, name: str) -> int:
    """Hours on the page, minutes in the data; what is no number is told as too long."""
    text = post.get(name, "").strip()
    try:
        return round(float(text) * 60) if text else 0
    except (ValueError, OverflowError):
        return steps.LONGEST + 1


def _add_rule(tree: dict[str, Any], where: str) -> dict[str, Any]:
    return _into(tree, where, dict(NEW_RULE))


def _add_group(tree: dict[str, Any], where: str) -> dict[str, Any]:
    return _into(tree, where, {"any": [dict(NEW_RULE)]})


def _into(tree: dict[str, Any], where: str, part: dict[str, Any], at: str = "c") -> dict[str, Any]:
    kind = rules.group_of(tree)
    if not kind:
        return tree
    parts = [_into(one, where, part, f"{at}-{n}") for n, one in enumerate(tree[kind])]
    return {kind: [*parts, part] if at == where else parts}


def _remove(tree: dict[str, Any], where: str) -> dict[str, Any]:
    return rules.without(tree, where)


def _add_step(found: list[Step], where: str) -> list[Step]:
    action = where if where in actions() else "task"
    key = steps.fresh_key(action, {step.key for step in found})
    return [*found, Step(key=key, action=action, minutes=24 * 60)]


def _moved(found: list[Step], where: str, by: int) -> list[Step]:
    at = _at(where, found)
    if at is None or not 0 <= at + by < len(found):
        return found
    rows = list(found)
    rows[at], rows[at + by] = rows[at + by], rows[at]
    return _led(rows)


def _drop_step(found: list[Step], where: str) -> list[Step]:
    at = _at(where, found)
    return _led([step for n, step in enumerate(found) if n != at])


def _at(where: str, found: list[Step]) -> int | None:
    number = where.rpartition("-")[2]
    return int(number) if number.isdigit() and int(number) < len(found) else None


def _order(found: list[Step], where: str) -> list[Step]:
    """The order in which they were dropped, by key; whoever is not named stays at the end."""
    wanted = {key: n for n, key in enumerate(where.split(","))}
    rows = sorted(found, key=lambda step: wanted.get(step.key, len(wanted)))
    return _led(rows)


def _led(rows: list[Step]) -> list[Step]:
    """The first has nobody before it to wait for."""
    return [replace(row, after="start") if n == 0 else row for n, row in enumerate(rows)]


def faults_at(found: Iterator[tuple[str, str]] | list[tuple[str, str]]) -> dict[str, list[str]]:
    """The faults by the place on the page."""
    places: dict[str, list[str]] = {}
    for path, words in found:
        places.setdefault(path, []).append(words)
    return places


TREE = {"add-rule": _add_rule, "add-group": _add_group, "remove": _remove}
STEPS = {
    "add-step": _add_step,
    "up": lambda found, where: _moved(found, where, -1),
    "down": lambda found, where: _moved(found, where, 1),
    "drop": _drop_step,
    "order": _order,
}
