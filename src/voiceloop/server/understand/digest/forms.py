"""What people say when they subscribe, name who answers, or note what is done."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.models import Unit, User
from voiceloop.server.measure.saved_forms import WEEKDAYS

LANGUAGES = (("zh-hans", "中文"), ("en", "English"))


class SubscriptionForm(forms.Form):
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), to_field_name="code")
    weekday = forms.TypedChoiceField(
        label=_("Weekday"), choices=list(enumerate(WEEKDAYS)), coerce=int, initial=0
    )
    clock = forms.TimeField(
        label=_("Time"), initial="08:00", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)

    def __init__(self, data: Any = None, *, by: User, **more: Any) -> None:
        super().__init__(data, **more)
        units = Unit.objects.visible_to(by).in_tree_order()
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]  # a choice of rows

    def arguments(self) -> dict[str, Any]:
        said = self.cleaned_data
        minute = said["clock"].hour * 60 + said["clock"].minute
        names = ("unit", "weekday", "language")
        return {**{name: said[name] for name in names}, "minute": minute}


class OwnerForm(forms.Form):
    subject = forms.CharField(max_length=96, widget=forms.HiddenInput)
    owner = forms.ModelChoiceField(label=_("Answers for it"), queryset=User.objects.none(), required=False)

    def __init__(self, data: Any = None, *, by: User, **more: Any) -> None:
        super().__init__(data, **more)
        people = User.objects.visible_to(by).filter(is_active=True).order_by("name", "username")
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]  # a choice of rows


class NoteForm(forms.Form):
    subject = forms.CharField(max_length=96, widget=forms.HiddenInput)
    text = forms.CharField(label=_("What is done about it"), max_length=500)
