"""What a person says about a care task, and about what was said of us."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from voiceloop.server.act.models import CareTask, WordOfMouth
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.models import Unit, User

MOST_REACH = 2_000_000_000


class CareForm(forms.Form):
    result = forms.ChoiceField(choices=CareTask.Result.choices)
    note = forms.CharField(required=False, max_length=4000)


class WordForm(forms.Form):
    side = forms.ChoiceField(label=gettext_lazy("Side"), choices=WordOfMouth.Side.choices)
    place = forms.ChoiceField(label=gettext_lazy("Where it was said"), choices=WordOfMouth.Place.choices)
    said_on = forms.DateField(
        label=gettext_lazy("Said on"), initial=localdate, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    unit = forms.ModelChoiceField(label=gettext_lazy("About"), queryset=Unit.objects.none())
    customer = forms.CharField(
        label=gettext_lazy("Who said it"), required=False, max_length=120,
        help_text=gettext_lazy("Number, phone, mail or whole name of a customer; empty when nobody knows."),
    )  # fmt: skip
    reach = forms.IntegerField(
        label=gettext_lazy("Reach"), required=False, min_value=1, max_value=MOST_REACH,
        help_text=gettext_lazy("How many people could hear or read it."),
    )  # fmt: skip
    link = forms.URLField(label=gettext_lazy("Link"), required=False, max_length=500, assume_scheme="https")
    words = forms.CharField(
        label=gettext_lazy("The words said"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, user: User, **more: Any) -> None:
        super().__init__(*args, **more)
        self.user = user
        self.fields["unit"].queryset = Unit.objects.visible_to(user).in_tree_order()  # type: ignore[attr-defined]
        self.fields["unit"].initial = user.unit_id

    def clean_said_on(self) -> Any:
        day = self.cleaned_data["said_on"]
        if day > localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    def clean_customer(self) -> Customer | None:
        words = self.cleaned_data["customer"].strip()
        if not words:
            return None
        found: list[Customer] = list(
            Customer.objects.visible_to(self.user).select_related("unit").found_by(words)[:2]
        )
        if not found:
            raise forms.ValidationError(_("No customer is known by this."))
        if len(found) > 1:
            raise forms.ValidationError(_("Several customers are known by this: give the number."))
        return found[0]
