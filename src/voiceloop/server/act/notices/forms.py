"""What a person may choose about notices, and what a robot is made of."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.models import BusinessCalendar, Notice, Robot
from voiceloop.server.act.notices import outgoing
from voiceloop.server.act.notices.choices import Ways, choices_of, hours_of
from voiceloop.server.core.models import Unit, User

HOURS = [(hour, f"{hour}:00") for hour in range(24)]


class ChoicesForm(forms.Form):
    """A row of ways for each kind, then when and in which language."""

    digest_hour = forms.TypedChoiceField(label=_("Daily e-mail at"), choices=HOURS, coerce=int)
    calendar = forms.ModelChoiceField(
        label=_("My working hours"),
        queryset=BusinessCalendar.objects.filter(archived_at=None),
        required=False,
        empty_label=_("I may be told at any time"),
        help_text=_("Outside these hours no e-mail is sent at once and no robot names you."),
    )
    language = forms.ChoiceField(label=_("Language of e-mails"), choices=settings.LANGUAGES)

    def __init__(self, data: Any = None, *, user: User) -> None:
        hours = hours_of(user)
        initial = {"digest_hour": hours.digest_hour, "calendar": hours.calendar_id}
        super().__init__(data, initial=initial | {"language": user.language or settings.LANGUAGE_CODE})
        for kind, ways in choices_of(user).items():
            self.fields[f"{kind}-in_app"] = forms.BooleanField(required=False, initial=ways.in_app)
            self.fields[f"{kind}-mail"] = forms.ChoiceField(
                required=False, choices=Notice.Mail.choices, initial=ways.mail
            )
            self.fields[f"{kind}-robot"] = forms.BooleanField(required=False, initial=ways.robot)

    def rows(self) -> list[tuple[str, Any, Any, Any]]:
        return [
            (str(label), self[f"{kind}-in_app"], self[f"{kind}-mail"], self[f"{kind}-robot"])
            for kind, label in Notice.Kind.choices
        ]

    def when(self) -> list[Any]:
        return [self["digest_hour"], self["calendar"], self["language"]]

    @property
    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        ways = {
            kind: Ways(given[f"{kind}-in_app"], given[f"{kind}-mail"], given[f"{kind}-robot"])
            for kind in Notice.Kind.values
        }
        return {"ways": ways} | {name: given[name] for name in ("digest_hour", "calendar", "language")}


class RobotForm(forms.Form):
    name = forms.CharField(label=_("Name of the robot"), max_length=80)
    flavour = forms.ChoiceField(label=_("Group chat"), choices=Robot.Flavour.choices)
    unit = forms.ModelChoiceField(label=_("Team"), queryset=Unit.objects.none())
    address = forms.CharField(
        label=_("Address"), max_length=500, required=False, widget=forms.PasswordInput(render_value=False)
    )
    secret = forms.CharField(
        label=_("Secret"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(render_value=False),
        help_text=_("Only where the group chat asks for a signature: Feishu and DingTalk."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Told to the whole team"),
        choices=Notice.Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whatever else it says, each person chose for themselves."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    per_hour = forms.IntegerField(
        label=_("Messages an hour at most"),
        min_value=1,
        max_value=600,
        help_text=_("What is more waits and is said in one summary."),
    )

    def __init__(self, data: Any = None, *, robot: Robot, user: User) -> None:
        names = ("name", "flavour", "kinds", "language", "per_hour")
        initial = {name: getattr(robot, name) for name in names} | {"unit": robot.unit_id or user.unit_id}
        super().__init__(data, initial=initial)
        self.robot = robot
        unit: Any = self.fields["unit"]
        unit.queryset = Unit.objects.visible_to(user).in_tree_order()
        kept = _("It is kept encrypted and never shown again; leave it empty to keep it.")
        self.fields["address"].help_text = (
            kept if robot.pk else _("As the group chat gives it, with its key.")
        )
        self.fields["address"].required = not robot.pk

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"]).strip()
        if address:
            try:
                outgoing.checked(address)
            except outgoing.Refused as error:
                raise forms.ValidationError(str(error)) from error
        return address

    def applied(self) -> Robot:
        """The robot as it shall be; what was left empty of its secrets stays."""
        given, robot = self.cleaned_data, self.robot
        for name in ("name", "flavour", "unit", "kinds", "language", "per_hour"):
            setattr(robot, name, given[name])
        for name in ("address", "secret"):
            if given[name]:
                setattr(robot, name, given[name])
        return robot
