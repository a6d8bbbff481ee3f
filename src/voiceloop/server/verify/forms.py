"""What a person may say about an improvement; each form's fields are one verb's arguments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from voiceloop.analytics import registry
from voiceloop.server.act.models import RootCause
from voiceloop.server.core.models import Unit, User
from voiceloop.server.measure import numbers
from voiceloop.server.measure.cards import metric_label
from voiceloop.server.measure.labels import dimension_label, label
from voiceloop.server.measure.scoped_form import ScopedForm
from voiceloop.server.measure.slices import Slice
from voiceloop.server.measure.targets import SCOPES
from voiceloop.server.verify.models import Initiative, Step


class PlanForm(ScopedForm):
    title = forms.CharField(label=_("What we want to change"), max_length=200)
    root_cause = forms.ModelChoiceField(
        label=_("Root cause"),
        required=False,
        queryset=RootCause.objects.filter(archived_at=None),
        empty_label=_("None"),
    )
    goal = forms.CharField(
        label=_("Goal and how we get there"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    metric = forms.ChoiceField(
        label=_("The number it should move"),
        help_text=_("Measured now as the baseline, over the last 90 days."),
    )
    unit = forms.ModelChoiceField(
        label=_("Part of the company"), queryset=Unit.objects.none(), empty_label=None
    )
    target = forms.FloatField(
        label=_("Target"), required=False, help_text=_("In the unit of the number, for example 40 or 85.")
    )
    owner = forms.ModelChoiceField(label=_("Owner"), queryset=User.objects.none(), empty_label=None)
    due_on = forms.DateField(
        label=_("Due on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: Any = None, *, user: User, initiative: Initiative | None = None, **more: Any):
        super().__init__(data, initial=_initial(initiative, user) | more.pop("initial", {}), **more)
        fields: dict[str, Any] = self.fields
        self.measured_is_fixed = initiative is not None and initiative.stage != Step.Stage.PLAN
        fields["metric"].choices = [(name, metric_label(one)) for name, one in registry.metrics().items()]
        fields["unit"].queryset = Unit.objects.visible_to(user).in_tree_order()
        people = User.objects.visible_to(user).filter(is_active=True).order_by("name")
        fields["owner"].queryset = people
        for name in SCOPES:
            fields[name] = forms.ChoiceField(
                label=dimension_label(name), required=False, choices=_codes(user, name, initiative)
            )
        self.order_fields(["title", "root_cause", "goal", "metric", "unit", *SCOPES])
        for name in ("metric", "unit", *SCOPES):
            self.fields[name].disabled = self.measured_is_fixed


def _initial(initiative: Initiative | None, user: User) -> dict[str, Any]:
    if initiative is None:
        return {"metric": "nps", "unit": user.unit, "owner": user}
    names = ("title", "root_cause", "goal", "metric", "unit", "target", "owner", "due_on")
    scope = {name: (codes or [""])[0] for name, codes in initiative.scope.items()}
    return {name: getattr(initiative, name) for name in names} | scope


def _codes(user: User, dimension: str, initiative: Initiative | None) -> list[tuple[str, Any]]:
    """The codes that facts within the person's rights have, and the one already chosen."""
    rows = numbers.result("nps", Slice.of(user, {"days": "365"}), by=(dimension,)).rows
    codes = {str(row.key[dimension]) for row in rows if row.key[dimension] is not None}
    codes |= set(initiative.scope.get(dimension, [])) if initiative else set()
    return [("", _("All")), *sorted(((code, label(dimension, code)) for code in codes), key=lambda c: c[1])]


class StepForm(forms.Form):
    note = forms.CharField(
        label=_("What was done, what was seen"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class StandardForm(forms.Form):
    note = forms.CharField(
        label=_("What is the rule now"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    training = forms.CharField(
        label=_("What the front line must learn"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Shown to everyone of the unit and below it under Knowledge."),
    )


class TrainingForm(forms.Form):
    title = forms.CharField(label=_("What is to be learned"), max_length=200)
    text = forms.CharField(
        label=_("In a few sentences"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )
    due_on = forms.DateField(
        label=_("Due on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class CauseForm(forms.Form):
    group = forms.ChoiceField(label=_("Group"), choices=RootCause.Group.choices)
    name = forms.CharField(label=pgettext_lazy("thing", "Name"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)
