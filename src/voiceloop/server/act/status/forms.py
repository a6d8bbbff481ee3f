"""What a person may say about an order, and about what is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from voiceloop.server.act.models import StatusRules
from voiceloop.server.act.status import words
from voiceloop.server.act.status.kinds import KINDS, OF_ORDERS
from voiceloop.server.act.status.milestones import AHEAD, Report

ON = [("", gettext_lazy("As above")), ("yes", gettext_lazy("Tell")), ("no", gettext_lazy("Do not tell"))]
MOMENT = "%Y-%m-%dT%H:%M"


class ReportForm(forms.Form):
    kind = forms.ChoiceField(
        label=pgettext_lazy("occurrence", "What happened"),
        choices=[(code, KINDS[code].label) for code in OF_ORDERS],
    )
    at = forms.DateTimeField(
        label=pgettext_lazy("occurrence", "When"),
        required=False,
        input_formats=[MOMENT],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        help_text=gettext_lazy("Empty: now."),
    )
    new_time = forms.DateTimeField(
        label=gettext_lazy("It now comes by"),
        required=False,
        input_formats=[MOMENT],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        help_text=gettext_lazy("Of a delay only."),
    )
    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["at"] = given.get("at") or now()
        if fault := fault_of(given.get("kind", ""), given["at"], given.get("new_time")):
            self.add_error(*fault)
        return given

    @property
    def report(self) -> Report:
        given = self.cleaned_data
        new_time = given["new_time"] if given["kind"] == "delayed" else None
        return Report(given["kind"], given["at"], new_time, f"form:{given['key']}" if given["key"] else "")


def fault_of(kind: str, at: Any, new_time: Any) -> tuple[str, str] | None:
    """The field that is wrong and why: the same for the form and for programs."""
    if at > now() + AHEAD:
        return "at", _("That has not happened yet.")
    if kind == "delayed" and new_time is None:
        return "new_time", _("Say by when it comes now.")
    if kind == "delayed" and new_time <= at:
        return "new_time", _("The new time is before the delay itself.")
    return None


class RulesForm(forms.Form):
    """One choice and two texts for each thing; what is left empty is as above."""

    quiet_from = forms.TimeField(
        label=gettext_lazy("Quiet from"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("What happens in quiet hours is told when they end, if it is still news."),
    )
    quiet_until = forms.TimeField(
        label=gettext_lazy("Quiet until"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("Twice the same time: no quiet hours."),
    )
    hold_minutes = forms.IntegerField(
        label=gettext_lazy("A delay waits for something newer (minutes)"),
        required=False,
        min_value=0,
        max_value=120,
        help_text=gettext_lazy("Delivered meanwhile: the delay is not told."),
    )

    def __init__(self, *args: Any, version: StatusRules | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial = _initial(version)
        for code in KINDS:
            self.fields[f"on_{code}"] = forms.ChoiceField(label=_("Tell it?"), choices=ON, required=False)
            for language, label in (("zh", _("In Chinese")), ("en", _("In English"))):
                self.fields[f"{language}_{code}"] = forms.CharField(
                    label=label,
                    required=False,
                    max_length=words.LONGEST,
                    widget=forms.Textarea(attrs={"rows": 3}),
                )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if (given.get("quiet_from") is None) != (given.get("quiet_until") is None):
            self.add_error("quiet_until", _("Say both, or neither."))
        for code in KINDS:
            for language in words.LANGUAGES:
                self._check(f"{language}_{code}", code)
        return given

    def _check(self, name: str, code: str) -> None:
        try:
            words.check(self.cleaned_data.get(name) or "", code)
        except ValidationError as error:
            self.add_error(name, error)

    @property
    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        choice = {"yes": True, "no": False}
        events = {
            code: {
                "on": choice.get(given[f"on_{code}"]), "zh": given[f"zh_{code}"], "en": given[f"en_{code}"],
            }
            for code in KINDS
        }  # fmt: skip
        return {"events": events} | {k: given[k] for k in ("quiet_from", "quiet_until", "hold_minutes")}


def soon() -> dict[str, Any]:
    """What the form begins with: half an hour from now as the new time."""
    return {"new_time": localtime(now() + timedelta(minutes=30))}


def _initial(version: StatusRules | None) -> dict[str, Any]:
    if version is None:
        return {}
    found: dict[str, Any] = {k: getattr(version, k) for k in ("quiet_from", "quiet_until", "hold_minutes")}
    for code, said in version.events.items():
        if "on" in said:
            found[f"on_{code}"] = "yes" if said["on"] else "no"
        found |= {f"{language}_{code}": said.get(language, "") for language in words.LANGUAGES}
    return found
