"""What people type into the pages of tag rules and tiers, read into data; rows come and go without script."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from voiceloop.server.understand.customers.tag_conditions import MOST, number
from voiceloop.server.understand.customers.tag_fields import COMPARISONS, FIELDS, Condition, Field
from voiceloop.server.understand.tag_models import LONGEST_NAME

STEP = ("code", "name", "name_en", "by", "at", "benefits")
# More options than these are a list to choose from, not boxes to tick.
MOST_BOXES = 12


class TagForm(forms.Form):
    name = forms.CharField(label=_("Tag"), max_length=4 * LONGEST_NAME)
    expires_on = forms.DateField(label=_("Until"), required=False)
    why = forms.CharField(label=_("Why"), max_length=200, required=False)


class HoldForm(forms.Form):
    tier = forms.CharField(label=_("Tier"), max_length=64, required=False)
    until = forms.DateField(label=_("Until"))
    why = forms.CharField(label=_("Why"), max_length=200)


def first_fault(form: forms.Form) -> str:
    """The first thing that is wrong with a short form, in one sentence."""
    name, errors = next(iter(form.errors.items()))
    return f"{form.fields[name].label}: {errors[0]}" if name in form.fields else str(errors[0])


def conditions_of(post: QueryDict) -> list[dict[str, Any]]:
    """The rows of the rule as they stand on the page, after the button that was pressed."""
    do = post.get("do", "")
    rows = [_condition(post, n) for n in range(MOST) if post.get(f"field-{n}") and do != f"drop-{n}"]
    new = FIELDS.get(post.get("new", "")) if do == "add" else None
    if new and len(rows) < MOST:
        rows.append({"field": new.code, "is": next(iter(COMPARISONS[new.kind])), "value": None, "more": None})
    return rows


def _condition(post: QueryDict, n: int) -> dict[str, Any]:
    field = FIELDS.get(post.get(f"field-{n}", ""))
    kind = field.kind if field else ""
    typed = post.get(f"value-{n}", "").strip()
    value: Any = post.getlist(f"value-{n}") if kind in ("choice", "unit") else typed
    more: Any = post.get(f"more-{n}", "").strip()
    if kind == "number":
        value = typed if number(typed) is None else number(typed)
    if field and field.more == "days":
        more = int(more) if more.isascii() and more.isdigit() and len(more) < 6 else more
    return {"field": post[f"field-{n}"], "is": post.get(f"is-{n}", ""), "value": value, "more": more}


def rows(conditions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each condition with what its line on the page needs."""
    known = ((n, one, FIELDS[one["field"]]) for n, one in enumerate(conditions) if one["field"] in FIELDS)
    return [_row(n, condition, field) for n, condition, field in known]


def _row(n: int, condition: Condition, field: Field) -> dict[str, Any]:
    options = field.options() if field.options else []
    return {
        "n": n,
        "field": field,
        "is": condition.get("is"),
        "value": "" if condition.get("value") is None else condition["value"],
        "more": condition.get("more") or "",
        "comparisons": list(COMPARISONS[field.kind].items()),
        "options": options,
        "boxes": len(options) <= MOST_BOXES,
        "type": {"number": "text", "date": "date"}.get(field.kind, "text"),
    }


def steps_of(post: QueryDict) -> list[dict[str, Any]]:
    """The tiers as they stand on the page, after the button that was pressed."""
    do, found = post.get("do", ""), []
    for n in range(20):
        if f"code-{n}" not in post or do == f"drop-{n}":
            continue
        step: dict[str, Any] = {name: post.get(f"{name}-{n}", "").strip() for name in STEP}
        at = number(step["at"].rstrip("%").replace(",", ""))
        found.append({**step, "at": step["at"] if at is None else at})
    if do == "add":
        found.append({name: "" for name in STEP} | {"by": "amount"})
    return found
