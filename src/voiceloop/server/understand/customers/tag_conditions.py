"""Conditions of a tag rule: checked, said in words, and asked of all customers in one query."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from voiceloop.server.collect.models import Customer
from voiceloop.server.core.models import Unit
from voiceloop.server.understand.customers.tag_fields import COMPARISONS, FIELDS, Condition, Field

MOST = 12
MOST_DAYS = 3650
LONGEST_WORD = 200


def matching(conditions: list[dict[str, Any]]) -> QuerySet[Any]:
    """The customers for whom all of the conditions hold; what is not known never holds."""
    rows = Customer.objects.order_by()
    for number, condition in enumerate(conditions):
        field, name = FIELDS[condition["field"]], f"looked_at_{number}"
        rows = rows.annotate(**{name: field.expression(condition)}).filter(_holds(field, condition, name))
    return rows


def _holds(field: Field, condition: Condition, name: str) -> Q:
    how, value = condition["is"], condition.get("value")
    if field.kind == "number":
        lookup = {"at_least": "gte", "at_most": "lte", "equals": "exact"}[how]
        return Q(**{f"{name}__{lookup}": value})
    if field.kind == "date":
        return Q(**{f"{name}__{'lt' if how == 'before' else 'gte'}": value})
    if field.kind == "attribute":
        return _attribute(str(condition.get("more")), str(value), how, name)
    if field.kind == "unit":
        return _below(value or [], how, name)
    one_of = Q(**{f"{name}__in": value})
    return one_of if how == "one_of" else Q(**{f"{name}__isnull": True}) | ~one_of


def _attribute(key: str, value: str, how: str, name: str) -> Q:
    """An import may have kept a number as a number or as its digits."""
    equal = Q(**{f"{name}__contains": {key: value}})
    as_number = number(value)
    if as_number is not None:
        equal |= Q(**{f"{name}__contains": {key: as_number}})
    return equal if how == "equals" else Q(**{f"{name}__has_key": key}) & ~equal


def _below(codes: list[str], how: str, name: str) -> Q:
    inside = Q(pk__in=[])
    for path in Unit.objects.filter(code__in=codes).values_list("path", flat=True):
        inside |= Q(**{f"{name}__startswith": path})
    return inside if how == "below" else ~inside


def faults(conditions: Any) -> Iterator[str]:
    """What keeps the conditions from being used, each in one sentence."""
    if not isinstance(conditions, list) or not conditions:
        yield _("Add at least one condition.")
        return
    if len(conditions) > MOST:
        yield _("At most %(n)s conditions.") % {"n": MOST}
    for condition in conditions:
        yield from _faults_of(condition)


def _faults_of(condition: Any) -> Iterator[str]:
    known = condition if isinstance(condition, dict) else {}
    field = FIELDS.get(str(known.get("field")))
    if field is None:
        yield _("Choose what is looked at.")
        return
    if known.get("is") not in COMPARISONS[field.kind]:
        yield _in(field, _("Choose how it is compared."))
    said = _VALUES[field.kind](known.get("value"))
    if said:
        yield _in(field, said)
    if field.more == "days" and not _is_days(known.get("more")):
        yield _in(field, _("Enter a number of days from 1 to %(n)s.") % {"n": MOST_DAYS})
    if field.more == "name" and not _is_word(known.get("more")):
        yield _in(field, _("Enter the name of the attribute."))


def _in(field: Field, said: str) -> str:
    return f"{field.label}: {said}"


def _is_days(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST_DAYS


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_WORD and "\0" not in value


def _no_number(value: Any) -> str:
    right = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15
    return "" if right else _("Enter a number.")


def _no_choice(value: Any) -> str:
    right = isinstance(value, list) and value and all(_is_word(one) for one in value)
    return "" if right else _("Choose at least one value.")


def _no_date(value: Any) -> str:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return _("Enter a date.")
    return ""


def _no_word(value: Any) -> str:
    return "" if _is_word(value) else _("Enter a value.")


_VALUES = {
    "number": _no_number, "choice": _no_choice, "unit": _no_choice, "date": _no_date, "attribute": _no_word,
}  # fmt: skip


def plain(conditions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Only what a condition has, so that two ways of writing one are one."""
    found = []
    for one in conditions:
        kept = {name: one.get(name) for name in ("field", "is", "value")}
        more = {"more": one.get("more")} if FIELDS[one["field"]].more else {}
        found.append(kept | more)
    return found


def in_words(conditions: list[dict[str, Any]]) -> str:
    """The conditions as one sentence in the reader's language."""
    return _("; ").join(_one_in_words(one) for one in conditions)


def _one_in_words(condition: Condition) -> str:
    field = FIELDS.get(str(condition.get("field")))
    if field is None:
        return "…"
    how = str(COMPARISONS[field.kind].get(str(condition.get("is")), "…"))
    return " ".join((_looked_at(field, condition), how, _value(field, condition.get("value"))))


def _looked_at(field: Field, condition: Condition) -> str:
    if field.more == "days":
        return _("%(field)s (%(n)s days)") % {"field": field.label, "n": condition.get("more")}
    return str(condition.get("more")) if field.more == "name" else str(field.label)


def _value(field: Field, value: Any) -> str:
    if field.kind == "number":
        return f"{value:g}" if isinstance(value, int | float) else "…"
    if isinstance(value, list):
        names = dict(field.options()) if field.options else {}
        return _(", ").join(str(names.get(one, one)) for one in value)
    return str(value)


def number(value: str) -> int | float | None:
    try:
        found = float(value)
    except ValueError:
        return None
    if found in (float("inf"), float("-inf")) or found != found:
        return None
    return int(found) if found.is_integer() else found
