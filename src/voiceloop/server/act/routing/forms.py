"""What a lead says of somebody, and what the company says of the green channel."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.models import AgentProfile, BusinessCalendar, Case, GreenRule
from voiceloop.server.act.routing import explain, skills


class StatusForm(forms.Form):
    status = forms.ChoiceField(choices=AgentProfile.Status.choices)


class ProfileForm(forms.Form):
    """One level for each skill, as `skill-seat:phone`."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"), required=False, widget=forms.CheckboxSelectMultiple
    )
    capacity = forms.IntegerField(
        label=_("Room for new cases"),
        min_value=1,
        max_value=500,
        help_text=_("In cases nobody has spoken about yet; one that waits for others counts a quarter."),
    )
    is_senior = forms.BooleanField(label=_("Senior: takes the green channel"), required=False)
    calendar = forms.ModelChoiceField(
        BusinessCalendar.objects.filter(archived_at=None),
        label=_("Working hours"),
        required=False,
        empty_label=_("Whenever they say that they are there"),
    )
    video_url = forms.URLField(
        label=_("Link of their video room"), required=False, max_length=300, assume_scheme="https",
        help_text=_("Elsewhere: opened in a window of its own when a customer wants to see somebody."),
    )  # fmt: skip

    def __init__(self, *args: Any, profile: AgentProfile, **kwargs: Any) -> None:
        initial = {name: getattr(profile, name) for name in _PLAIN}
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.groups = skills.groups()
        languages: Any = self.fields["languages"]
        languages.choices = [(code, skills.language_name(code)) for code in skills.LANGUAGES]
        for group in self.groups:
            for code, name in group.skills.items():
                self.fields[f"skill-{code}"] = forms.TypedChoiceField(
                    label=name,
                    choices=list(skills.LEVELS.items()),
                    coerce=int,
                    empty_value=None,
                    required=False,
                    initial=profile.skills.get(code, 0),
                )

    @property
    def plain(self) -> list[Any]:
        return [self[name] for name in _PLAIN]

    @property
    def levels(self) -> list[tuple[str, list[Any]]]:
        """The skills' fields, in their groups."""
        return [(group.name, [self[f"skill-{code}"] for code in group.skills]) for group in self.groups]

    @property
    def values(self) -> dict[str, Any]:
        given = self.cleaned_data
        levels = {name[6:]: level for name, level in given.items() if name.startswith("skill-") and level}
        return {name: given[name] for name in _PLAIN} | {"skills": levels}


class GreenForm(forms.Form):
    tiers = forms.MultipleChoiceField(label=_("Tiers"), required=False, widget=forms.CheckboxSelectMultiple)
    severities = forms.MultipleChoiceField(
        label=_("Severity"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=Case.Severity.choices,
    )
    reopenings = forms.IntegerField(
        label=_("Reopened so often"), min_value=0, max_value=20, help_text=_("0: never for this reason.")
    )
    minutes = forms.IntegerField(label=_("First contact within (minutes)"), min_value=1, max_value=10_080)

    def __init__(self, *args: Any, rule: GreenRule, **kwargs: Any) -> None:
        names = ("tiers", "severities", "reopenings", "minutes")
        super().__init__(*args, **{"initial": {name: getattr(rule, name) for name in names}, **kwargs})
        tiers: Any = self.fields["tiers"]
        tiers.choices = tier_choices(rule.tiers)


def tier_choices(chosen: list[str]) -> list[tuple[str, str]]:
    """The tiers that have a name, and those that were chosen before."""
    from voiceloop.server.measure.models import Label

    known = list(Label.objects.filter(dimension="tier").order_by("pk").values_list("code", flat=True))
    codes = dict.fromkeys([*known, *chosen])
    return [(code, explain.tier_name(code)) for code in codes]


_PLAIN = ("languages", "capacity", "is_senior", "calendar", "video_url")
