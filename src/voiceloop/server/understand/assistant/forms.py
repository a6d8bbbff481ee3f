"""The settings of the language model."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.understand.assistant.asking import MOST_CALLS, MOST_SECONDS
from voiceloop.server.understand.assistant.client import checked


class SettingForm(forms.Form):
    is_on = forms.BooleanField(label=_("Switched on"), required=False)
    base_url = forms.CharField(
        label=_("Address"),
        max_length=300,
        required=False,
        widget=forms.URLInput(attrs={"placeholder": "https://…/v1"}),
        help_text=_("Of any service that speaks as OpenAI does, also one in your own network."),
    )
    model = forms.CharField(label=_("Name of the model"), max_length=120, required=False)
    key = forms.CharField(
        label=_("Key"),
        max_length=400,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Kept encrypted and never shown. Left empty, it stays what it is."),
    )
    forget_key = forms.BooleanField(label=_("Forget the key"), required=False)
    seconds = forms.IntegerField(label=_("Seconds to wait"), min_value=1, max_value=MOST_SECONDS)
    calls_a_day = forms.IntegerField(label=_("Questions a day"), min_value=0, max_value=MOST_CALLS)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("is_on") and not given.get("model"):
            self.add_error("model", _("A service needs to know which of its models to ask."))
        try:
            if given.get("is_on") or given.get("base_url"):
                checked(given.get("base_url", ""))
        except AnalyticsError:
            self.add_error("base_url", _("The address must begin with http:// or https:// and name a host."))
        return given

    @property
    def arguments(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        forget = given.pop("forget_key")
        return given | {"key": "" if forget else given["key"] or None}
