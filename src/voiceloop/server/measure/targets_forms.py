"""What a person may say about a target; each field is an argument of the verb."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from voiceloop.analytics import registry
from voiceloop.server.core.models import Unit, User
from voiceloop.server.measure import numbers
from voiceloop.server.measure.cards import metric_label
from voiceloop.server.measure.labels import dimension_label, label
from voiceloop.server.measure.models import Target
from voiceloop.server.measure.scoped_form import ScopedForm
from voiceloop.server.measure.slices import PERIODS, Slice
from voiceloop.server.measure.targets import SCOPES

FIELDS = ("metric", "value", "threshold", "unit", "owner", "due_on", "days", "note")


class TargetForm(ScopedForm):
    metric = forms.ChoiceField(label=_("Metric"))
    value = forms.FloatField(
        label=_("Target"), help_text=_("In the unit of the number, for example 40 or 85.")
    )
    threshold = forms.FloatField(
        label=_("Alarm threshold"),
        required=False,
        help_text=_("The owner is told once when the whole interval lies beyond it."),
    )
    unit = forms.ModelChoiceField(
        label=_("Part of the company"), queryset=Unit.objects.none(), empty_label=None
    )
    owner = forms.ModelChoiceField(label=_("Owner"), queryset=User.objects.none(), empty_label=None)
    due_on = forms.DateField(
        label=_("Due on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    days = forms.TypedChoiceField(
        label=_("Period"),
        coerce=int,
        choices=[(days, _("Last %(days)s days") % {"days": days}) for days in PERIODS],
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, user: User, target: Target | None = None, **more: Any) -> None:
        super().__init__(data, initial=_initial(target, user) | more.pop("initial", {}), **more)
        fields: dict[str, Any] = self.fields
        self.target = target
        fields["metric"].choices = [(name, metric_label(one)) for name, one in registry.metrics().items()]
        fields["days"].choices = [(days, _("Last %(days)s days") % {"days": days}) for days in PERIODS]
        fields["unit"].queryset = Unit.objects.visible_to(user).in_tree_order()
        fields["owner"].queryset = User.objects.visible_to(user).filter(is_active=True).order_by("name")
        for name in SCOPES:
            fields[name] = forms.ChoiceField(
                label=dimension_label(name), required=False, choices=_codes(user, name, target)
            )
        self.order_fields(["metric", "unit", *SCOPES, "value", "threshold", "owner", "due_on", "days"])


def _initial(target: Target | None, user: User) -> dict[str, Any]:
    if target is None:
        return {"metric": "nps", "unit": user.unit, "owner": user, "days": 90}
    scope = {name: (codes or [""])[0] for name, codes in target.scope.items()}
    return {name: getattr(target, name) for name in FIELDS} | scope


def _codes(user: User, dimension: str, target: Target | None) -> list[tuple[str, Any]]:
    """The codes that facts within the person's rights have, and the one already chosen."""
    rows = numbers.result("nps", Slice.of(user, {"days": "365"}), by=(dimension,)).rows
    codes = {str(row.key[dimension]) for row in rows if row.key[dimension] is not None}
    codes |= set(target.scope.get(dimension, [])) if target else set()
    return [("", _("All")), *sorted(((code, label(dimension, code)) for code in codes), key=lambda c: c[1])]
