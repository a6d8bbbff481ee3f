"""What a person says about a care task."""

from __future__ import annotations

from django import forms

from voiceloop.server.act.models import CareTask


class CareForm(forms.Form):
    result = forms.ChoiceField(choices=CareTask.Result.choices)
    note = forms.CharField(required=False, max_length=4000)
