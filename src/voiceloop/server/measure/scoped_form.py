"""What forms about a number in a part of the business share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from voiceloop.server.measure.targets import SCOPES


class ScopedForm(forms.Form):
    """A form with a day on which something is due and a field for each of `SCOPES`."""

    def clean_due_on(self) -> Any:
        day = self.cleaned_data["due_on"]
        if day and "due_on" in self.changed_data and day < localdate():
            raise forms.ValidationError(_("This day is over."))
        return day

    @property
    def arguments(self) -> dict[str, Any]:
        """The verb's arguments: the chosen codes become the scope."""
        given = dict(self.cleaned_data)
        scope = {name: [code] for name in SCOPES if (code := given.pop(name))}
        return {**given, "scope": scope}
