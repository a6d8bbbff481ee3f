"""What somebody says about a customer's preference."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from voiceloop.server.collect.models import Preference
from voiceloop.server.collect.models.preference import LONGEST
from voiceloop.server.understand.customers import preferences


class PreferenceForm(forms.Form):
    kind = forms.ChoiceField(label=pgettext_lazy("preference", "Kind"), choices=Preference.Kind.choices)
    words = forms.CharField(label=pgettext_lazy("preference", "What"), max_length=LONGEST)
    source = forms.ChoiceField(
        label=pgettext_lazy("preference", "How we know"),
        choices=[one for one in Preference.Source.choices if one[0] != Preference.Source.BROUGHT],
    )
    consent = forms.ChoiceField(
        label=_("Consent"), choices=Preference.Consent.choices, required=False,
        help_text=_("An allergy is kept only with consent."),
    )  # fmt: skip
    expires_on = forms.DateField(
        label=_("Valid until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors:
            asked = {name: given[name] for name in ("kind", "words", "consent", "expires_on")}
            try:
                preferences.checked(**asked)
            except preferences.NotKept as error:
                raise forms.ValidationError(str(error)) from error
        return given
