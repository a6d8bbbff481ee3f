"""What a person says of a rule, of a dry run, and of a proposal that they dismiss."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from voiceloop.server.act.anticipation import kinds, trials
from voiceloop.server.act.anticipation.rules import LONGEST_DAYS, MOST_A_DAY
from voiceloop.server.act.models import AnticipationRule, OutreachProposal
from voiceloop.server.core.models import Unit, User


class AnticipationRuleForm(forms.Form):
    """Its fields are the arguments of `rules.save`; a kind's own numbers come in between."""

    name = forms.CharField(label=pgettext_lazy("thing", "Name"), max_length=80)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80, required=False)
    unit = forms.ModelChoiceField(
        label=gettext_lazy("For the customers of"), queryset=Unit.objects.none(), empty_label=None,
        help_text=gettext_lazy("And of all units below it."),
    )  # fmt: skip
    keep_days = forms.IntegerField(
        label=gettext_lazy("Days that a proposal is kept"), min_value=1, max_value=LONGEST_DAYS,
        help_text=gettext_lazy("After so many days it expires; a customer who waits longer has written."),
    )  # fmt: skip
    most_a_day = forms.IntegerField(
        label=gettext_lazy("At most a day"), min_value=1, max_value=MOST_A_DAY,
        help_text=gettext_lazy("The worst first; more than the team can call helps nobody."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, rule: AnticipationRule, user: User) -> None:
        self.rule, self.parameters = rule, kinds.of(rule.kind).PARAMETERS
        values = kinds.values(rule.kind, rule.parameters)
        kept = {name: getattr(rule, name) for name in ("name", "name_en", "keep_days", "most_a_day")}
        super().__init__(data, initial=values | kept | {"unit": rule.unit_id}, auto_id="rule-%s")
        self.fields["unit"].queryset = Unit.objects.visible_to(user).in_tree_order()  # type: ignore[attr-defined]
        for one in self.parameters:
            self.fields[one.name] = forms.IntegerField(
                label=one.label, min_value=one.low, max_value=one.high, help_text=one.unit
            )
        self.order_fields(("name", "name_en", *(one.name for one in self.parameters)))

    @property
    def arguments(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        parameters = {one.name: given.pop(one.name) for one in self.parameters}
        return given | {"parameters": parameters, "kind": self.rule.kind}


class DaysForm(forms.Form):
    """How many days of the past a dry run looks at."""

    days = forms.TypedChoiceField(
        label=gettext_lazy("Days of history"), coerce=int, initial=90,
        choices=[(days, days) for days in trials.DAYS],
    )  # fmt: skip


class DismissalForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Why no talk?"), choices=OutreachProposal.Reason.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(label=gettext_lazy("In a few words"), max_length=300, required=False)
