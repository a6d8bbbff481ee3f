"""What a person may say about promises and hours."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.cases.calendars import countries
from voiceloop.server.act.models import BusinessCalendar, ServicePromise

WEEKDAYS = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
)  # fmt: skip
COUNTRIES = {"CN": _("China"), "HK": _("Hong Kong"), "TW": _("Taiwan"), "SG": _("Singapore")}
DAY = 24 * 60

_SPAN = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~～至到]\s*(\d{1,2})[:：](\d{2})")
_LINE = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})\s*(.*)")


class PromiseForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only for the checker
    class Meta:
        model = ServicePromise
        fields = (
            "name", "name_en", "clock", "minutes", "calendar", "kind", "severity", "priority", "tier",
            "channel", "warn_percent", "on_breach", "second_percent",
        )  # fmt: skip
        labels = {
            "name": _("Name"),
            "name_en": _("Name in English"),
            "clock": _("What is promised"),
            "minutes": _("Within minutes of working time"),
            "calendar": _("Hours"),
            "kind": _("Only cases of this kind"),
            "severity": _("Only cases this severe"),
            "priority": _("Only cases this urgent"),
            "tier": _("Only customers of this tier"),
            "channel": _("Only this channel"),
            "warn_percent": _("Warn at this share of the time (%)"),
            "on_breach": _("When it breaks"),
            "second_percent": _("To the manager at this share of the time (%)"),
        }
        help_texts = {
            "tier": _("Code of the tier, empty for all."),
            "channel": _("Code, empty for all."),
            "second_percent": _("200: as long again as was promised. 0: never."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["minutes"] = forms.IntegerField(
            label=fields["minutes"].label, min_value=1, max_value=366 * DAY, initial=fields["minutes"].initial
        )
        fields["warn_percent"] = forms.IntegerField(
            label=fields["warn_percent"].label, min_value=1, max_value=99, initial=75
        )
        fields["calendar"].queryset = BusinessCalendar.objects.filter(archived_at=None)
        fields["calendar"].empty_label = None
        fields["second_percent"] = forms.IntegerField(
            label=fields["second_percent"].label,
            help_text=fields["second_percent"].help_text,
            min_value=0,
            max_value=1000,
            initial=200,
        )
        for name in ("kind", "severity", "priority"):
            fields[name].choices = [("", _("All")), *(c for c in fields[name].choices if c[0])]

    def clean_second_percent(self) -> int:
        """The manager comes after the breach, not before it."""
        percent: int = self.cleaned_data["second_percent"]
        if 0 < percent <= 100:
            raise ValidationError(_now("More than 100, or 0 for never."))
        return percent

    def _post_clean(self) -> None:
        """The verb sets the values and checks them; the form's own copy stays as it is."""

    @property
    def arguments(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class CalendarForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=80, required=False)
    zone = forms.ChoiceField(label=_("Time zone"))
    country = forms.ChoiceField(
        label=_("Public holidays"),
        required=False,
        help_text=_("Closed on the holidays of this country, open on its make-up workdays."),
    )
    days = forms.CharField(
        label=_("Days of our own"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "2026-12-24 9:00-12:00\n2026-12-31"}),
        help_text=_("One a line: a date alone is closed, a date with hours has those hours."),
    )

    def __init__(self, data: Any = None, *, calendar: BusinessCalendar, **more: Any) -> None:
        super().__init__(data, initial=_initial(calendar), **more)
        fields: dict[str, Any] = self.fields
        self.calendar = calendar
        fields["zone"].choices = [(name, name) for name in sorted(available_timezones())]
        known = [(code, COUNTRIES.get(code, code)) for code in sorted(countries(), key=_chinese_first)]
        fields["country"].choices = [("", _("None")), *known]
        for number, weekday in enumerate(WEEKDAYS):
            fields[f"week_{number}"] = forms.CharField(
                label=weekday,
                required=False,
                max_length=200,
                widget=forms.TextInput(attrs={"placeholder": _("Closed")}),
            )
        self.order_fields(["name", "name_en", *(f"week_{n}" for n in range(7)), "zone", "country", "days"])

    def clean(self) -> dict[str, Any]:
        for number in range(7):
            self._spans(f"week_{number}", self.cleaned_data.get(f"week_{number}", ""))
        self.cleaned_data["days"] = self._own_days(self.cleaned_data.get("days", ""))
        return self.cleaned_data

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if BusinessCalendar.objects.filter(name=name).exclude(pk=self.calendar.pk).exists():
            raise ValidationError(_now("There are hours of this name."))
        return name

    @property
    def arguments(self) -> dict[str, Any]:
        week = [self.cleaned_data[f"week_{number}"] for number in range(7)]
        return {name: self.cleaned_data[name] for name in ("name", "name_en", "zone", "country", "days")} | {
            "week": week
        }

    def _spans(self, field: str, text: str) -> None:
        try:
            self.cleaned_data[field] = spans_of(text)
        except ValidationError as error:
            self.add_error(field, error)

    def _own_days(self, text: str) -> dict[str, list[list[int]]]:
        found: dict[str, list[list[int]]] = {}
        for line in filter(str.strip, text.splitlines()):
            try:
                day, hours = _line(line.strip())
                found[day.isoformat()] = hours
            except ValueError:
                self.add_error("days", _now("Not a day: %(line)s") % {"line": line.strip()[:60]})
            except ValidationError as error:
                self.add_error("days", error)
        return found


def spans_of(text: str) -> list[list[int]]:
    """9:00-12:00, 13:00-18:00 as minutes after midnight."""
    found = []
    for part in filter(None, (part.strip() for part in re.split(r"[,，;；、]", text))):
        match = _SPAN.fullmatch(part)
        if not match:
            raise ValidationError(_now("Write hours as 9:00-12:00, 13:00-18:00: %(part)s") % {"part": part})
        hours = [int(group) for group in match.groups()]
        start, end = 60 * hours[0] + hours[1], 60 * hours[2] + hours[3]
        if not (start < DAY and 0 < end <= DAY and hours[1] < 60 and hours[3] < 60 and start != end):
            raise ValidationError(_now("There is no such time: %(part)s") % {"part": part})
        found.append([start, end])
    return found


def in_words(spans: list[list[int]]) -> str:
    """Minutes after midnight as 9:00-12:00, 13:00-18:00."""
    return ", ".join(f"{a // 60}:{a % 60:02}-{b // 60}:{b % 60:02}" for a, b in spans)


def _line(line: str) -> tuple[date, list[list[int]]]:
    match = _LINE.fullmatch(line)
    if not match:
        raise ValueError(line)
    year, month, day = (int(part) for part in match[1].split("-"))
    return date(year, month, day), spans_of(match[2])


def _initial(calendar: BusinessCalendar) -> dict[str, Any]:
    week = {f"week_{number}": in_words(spans) for number, spans in enumerate(calendar.week or [[]] * 7)}
    days = "\n".join(f"{day} {in_words(spans)}".strip() for day, spans in sorted(calendar.days.items()))
    names = {"name": calendar.name, "name_en": calendar.name_en}
    return names | {"zone": calendar.zone, "country": calendar.country, "days": days} | week


def _chinese_first(code: str) -> tuple[int, str]:
    order = list(COUNTRIES)
    return (order.index(code) if code in order else len(order)), code
