"""What people say when they keep a view or have it mailed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.models import User
from voiceloop.server.measure.models import Schedule
from voiceloop.server.measure.saved_views import LONGEST

WEEKDAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
# The last days of a month do not come in every month.
LAST_DAY = 28


class ViewForm(forms.Form):
    name = forms.CharField(label=_("Name of the view"), max_length=LONGEST)
    is_shared = forms.BooleanField(label=_("Share it with my unit"), required=False)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=4000)
    page = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)

    def clean_page(self) -> str:
        return str(self.cleaned_data["page"] or "explore")


class ScheduleForm(forms.Form):
    every = forms.ChoiceField(
        label=_("How often"), choices=Schedule.Every.choices, initial=Schedule.Every.WEEK
    )
    weekday = forms.TypedChoiceField(
        label=_("Weekday, if weekly"), choices=list(enumerate(WEEKDAYS)), coerce=int, initial=0
    )
    day = forms.IntegerField(
        label=_("Day of the month, if monthly"), min_value=1, max_value=LAST_DAY, initial=1
    )
    clock = forms.TimeField(
        label=_("Time"), initial="08:00", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    receivers = forms.ModelMultipleChoiceField(
        label=_("To whom"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, by: User, **more: Any) -> None:
        super().__init__(data, **more)
        people = User.objects.visible_to(by).filter(is_active=True).order_by("name", "username")
        self.fields["receivers"].queryset = people  # type: ignore[attr-defined]  # a choice of rows

    def arguments(self) -> dict[str, Any]:
        """What the verb takes: of the two days only the one that counts."""
        said = self.cleaned_data
        day = {"week": said["weekday"], "month": said["day"]}.get(said["every"], 0)
        minute = said["clock"].hour * 60 + said["clock"].minute
        return {"every": said["every"], "day": day, "minute": minute, "receivers": list(said["receivers"])}


class AddressForm(forms.Form):
    email = forms.EmailField(label=_("My e-mail address"))
