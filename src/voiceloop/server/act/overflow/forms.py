"""What a lead may say about a busy queue."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from voiceloop.server.act.models import OverflowRule, SelfServicePage
from voiceloop.server.core.models import Unit

ON = [
    ("", gettext_lazy("As above")),
    ("yes", pgettext_lazy("switch", "On")),
    ("no", pgettext_lazy("switch", "Off")),
]


class OverflowForm(forms.Form):
    """For each channel: on, off or as above, and from how many waiting on."""

    def __init__(self, *args: Any, unit: Unit, **options: Any) -> None:
        super().__init__(*args, **options)
        own = {one.channel: one for one in OverflowRule.objects.filter(unit=unit)}
        for channel in OverflowRule.Channel:
            said = own.get(channel.value)
            self.fields[f"on_{channel}"] = forms.ChoiceField(
                label=channel.label,
                choices=ON,
                required=False,
                initial="" if said is None else "yes" if said.is_on else "no",
            )
            self.fields[f"threshold_{channel}"] = forms.IntegerField(
                label=_("When more wait than"),
                required=False,
                min_value=0,
                max_value=10_000,
                initial=said.threshold if said else None,
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for channel in OverflowRule.Channel.values:
            if given.get(f"on_{channel}") == "yes" and given.get(f"threshold_{channel}") is None:
                self.add_error(f"threshold_{channel}", _("Say from how many on."))
        return given

    @property
    def channels(self) -> dict[str, tuple[bool, int] | None]:
        return {channel: self._said(channel) for channel in OverflowRule.Channel.values}

    def _said(self, channel: str) -> tuple[bool, int] | None:
        on, n = (self.cleaned_data[f"{name}_{channel}"] for name in ("on", "threshold"))
        return None if on == "" else (on == "yes", 10 if n is None else n)


class PageForm(forms.ModelForm[SelfServicePage]):
    class Meta:
        model = SelfServicePage
        fields = ("title", "title_en", "address", "address_en")
        labels = {  # as Django has it
            "title": gettext_lazy("Title in Chinese"),
            "title_en": gettext_lazy("Title in English"),
            "address": gettext_lazy("Address"),
            "address_en": gettext_lazy("Address of the English page"),
        }
        help_texts = {  # as Django has it
            "address": gettext_lazy("Begins with https:// or http://."),
            "address_en": gettext_lazy("Empty: the same."),
        }

    @property
    def arguments(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
