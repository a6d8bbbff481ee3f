"""Conditions of a playbook: a tree of all/any over facts, as data that people change on a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from voiceloop.server.act.playbooks.facts import FACTS, Fact

GROUPS = {"all": gettext_lazy("all of these"), "any": gettext_lazy("at least one of these")}
COMPARISONS: dict[str, dict[str, Any]] = {
    "number": {
        "at_least": gettext_lazy("is at least"),
        "at_most": gettext_lazy("is at most"),
        "equals": gettext_lazy("is exactly"),
    },
    "choice": {"one_of": gettext_lazy("is one of"), "none_of": gettext_lazy("is none of")},
    "many": {"has": gettext_lazy("has one of"), "has_not": gettext_lazy("has none of")},
    "unit": {"below": gettext_lazy("is at or below"), "not_below": gettext_lazy("is not at or below")},
    "yes": {"true": gettext_lazy("is so"), "false": gettext_lazy("is not so")},
}
Tree = Mapping[str, Any]
# Deeper than anybody reads; an imported file cannot make the server recurse without end.
DEEPEST = 4


def holds(tree: Tree, facts: Mapping[str, Any]) -> bool:
    """Whether a tree holds for these facts. A group without rules asks nothing of anybody."""
    kind = group_of(tree)
    if not kind:
        return not tree or holds_one(tree, facts)
    parts = tree[kind]
    if not parts:
        return True
    return (all if kind == "all" else any)(holds(part, facts) for part in parts)


def holds_one(rule: Tree, facts: Mapping[str, Any]) -> bool:
    """One rule. What is not known is not at least, not at most, and is none of anything."""
    fact = FACTS.get(str(rule.get("fact")))
    if fact is None:
        return False
    known, how, value = facts.get(fact.code), rule.get("is"), rule.get("value")
    if fact.kind == "number":
        return known is not None and value is not None and _compare(known, str(how), float(value))
    if fact.kind == "yes":
        return bool(known) == (how == "true")
    wanted = set(value or ())
    if fact.kind == "unit":
        found = bool(wanted & set(known or ()))
    else:
        found = bool(wanted & (set(known or ()) if fact.kind == "many" else {known}))
    return found == (how in ("one_of", "has", "below"))


def _compare(known: float, how: str, value: float) -> bool:
    return {"at_least": known >= value, "at_most": known <= value, "equals": known == value}.get(how, False)


def leaves(tree: Tree, path: str = "c") -> Iterator[tuple[str, Tree]]:
    """Every rule of a tree with the path by which the page names it."""
    kind = group_of(tree)
    if kind:
        for number, part in enumerate(tree[kind]):
            yield from leaves(part, f"{path}-{number}")
    elif tree:
        yield path, tree


def without(tree: Tree, path: str, at: str = "c") -> dict[str, Any]:
    """The tree less one of its rules."""
    kind = group_of(tree)
    if not kind:
        return dict(tree)
    parts = ((f"{at}-{number}", part) for number, part in enumerate(tree[kind]))
    return {kind: [without(part, path, here) for here, part in parts if here != path]}


def group_of(tree: Tree) -> str:
    return next((kind for kind in GROUPS if kind in tree), "")


def faults(tree: Tree, path: str = "c", depth: int = 0) -> Iterator[tuple[str, str]]:
    """What keeps the conditions from being used, by path."""
    if depth > DEEPEST:
        yield path, _("Conditions may be nested at most %(n)s deep.") % {"n": DEEPEST}
        return
    kind = group_of(tree)
    if kind:
        if depth and not tree[kind]:
            yield path, _("This group is empty: add a condition to it or take it away.")
        for number, part in enumerate(tree[kind]):
            yield from faults(part, f"{path}-{number}", depth + 1)
    elif tree:
        yield from ((path, words) for words in _faults_of(tree))


def _faults_of(rule: Tree) -> Iterator[str]:
    fact = FACTS.get(str(rule.get("fact")))
    if fact is None:
        yield _("Choose what is looked at.")
    elif rule.get("is") not in COMPARISONS[fact.kind]:
        yield _("Choose how it is compared.")
    elif fact.kind == "number":
        if not isinstance(rule.get("value"), int | float):
            yield _("Enter a number.")
        elif not fact.low <= rule["value"] <= fact.high:
            yield _("Enter a number from %(low)g to %(high)g.") % {"low": fact.low, "high": fact.high}
    elif fact.kind != "yes" and not rule.get("value"):
        yield _("Choose at least one value.")


def in_words(tree: Tree) -> str:
    """The conditions as one sentence in the reader's language."""
    kind = group_of(tree)
    if not kind:
        return rule_in_words(tree) if tree else ""
    parts = [in_words(part) for part in tree[kind]]
    nested = [f"({one})" if group_of(part) else one for part, one in zip(tree[kind], parts, strict=True)]
    return (_(" and ") if kind == "all" else _(" or ")).join(filter(None, nested))


def rule_in_words(rule: Tree) -> str:
    fact = FACTS.get(str(rule.get("fact")))
    if fact is None:
        return "…"
    how = str(COMPARISONS[fact.kind].get(str(rule.get("is")), "…"))
    return " ".join(filter(None, (str(fact.label), how, _value_in_words(fact, rule.get("value")))))


def _value_in_words(fact: Fact, value: Any) -> str:
    if fact.kind == "yes":
        return ""
    if fact.kind == "number":
        return f"{value:g}" if isinstance(value, int | float) else "…"
    names = dict(fact.options())
    return _(", ").join(str(names.get(one, one)) for one in value or ()) or "…"
