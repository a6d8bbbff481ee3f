"""What a person says when they merge, link, split or put off a case."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import get_current_timezone, localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from voiceloop.server.act.casework import finding
from voiceloop.server.act.models import Case, CaseLink, Note, Post
from voiceloop.server.core.models import User

MORNING = time(9)
REPLY, AT = "reply", "at"


def moments(at: datetime | None = None) -> dict[str, datetime]:
    """The moments that are offered, by name: later today, tomorrow morning, next Monday morning."""
    here = localtime(at or now())
    morning = datetime.combine(here.date(), MORNING, get_current_timezone())
    found = {
        "2": here + timedelta(hours=2),
        "4": here + timedelta(hours=4),
        "tomorrow": morning + timedelta(days=1),
        "monday": morning + timedelta(days=7 - here.weekday()),
    }
    # On a Sunday they are the same morning.
    return {name: when for name, when in found.items() if name != "monday" or when != found["tomorrow"]}


NAMES = {
    "2": gettext_lazy("In 2 hours"),
    "4": gettext_lazy("In 4 hours"),
    "tomorrow": gettext_lazy("Tomorrow morning"),
    "monday": gettext_lazy("Next Monday"),
}


class SnoozeForm(forms.Form):
    """`cleaned_data` holds the verb's one argument: until when, or None for until the customer writes."""

    when = forms.ChoiceField(
        label=gettext_lazy("Bring it back"), widget=forms.RadioSelect, initial="tomorrow"
    )
    at = forms.DateTimeField(
        label=gettext_lazy("Date and time"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="snooze-%s")
        offered = [
            (name, f"{NAMES[name]} · {date_format(localtime(when), 'SHORT_DATETIME_FORMAT')}")
            for name, when in moments().items()
        ]
        last = [(REPLY, _("When the customer writes")), (AT, _("At a time of my own"))]
        self.fields["when"].choices = offered + last  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        wanted = given.get("when", "")
        if wanted == AT and (given.get("at") is None or given["at"] <= now()):
            self.add_error("at", _("Choose a moment that is still to come."))
        until = given.get("at") if wanted == AT else moments().get(wanted)
        return {"until": None if wanted == REPLY else until}


class OtherForm(forms.Form):
    """Another case, among those that the person may see."""

    other = forms.ModelChoiceField(
        queryset=Case.objects.none(),
        error_messages={"required": gettext_lazy("Choose the other case first.")},
    )

    def __init__(self, data: Any = None, *, case: Case, user: User) -> None:
        super().__init__(data)
        self.fields["other"].queryset = finding.others(case, user)  # type: ignore[attr-defined]


class MergeForm(OtherForm):
    """Which of the two stays."""

    stays = forms.ChoiceField(choices=[("other", ""), ("this", "")], initial="other")


class LinkForm(OtherForm):
    """`child` is a parent seen from below."""

    kind = forms.ChoiceField(choices=[*CaseLink.Kind.choices, ("child", "")])


LINKS = {
    "related": pgettext_lazy("link", "Related"),
    "duplicate": pgettext_lazy("link", "The same thing, told twice"),
    "parent": pgettext_lazy("link", "It is part of this case"),
    "child": pgettext_lazy("link", "This case is part of it"),
}


class SplitForm(forms.Form):
    """The notes and messages that go to the new case, and what that is about."""

    summary = forms.CharField(
        label=gettext_lazy("What the new case is about"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    notes = forms.ModelMultipleChoiceField(queryset=Note.objects.none(), required=False)
    posts = forms.ModelMultipleChoiceField(queryset=Post.objects.none(), required=False)

    def __init__(self, data: Any = None, *, case: Case) -> None:
        super().__init__(data, auto_id="split-%s")
        self.fields["notes"].queryset = case.notes.all()  # type: ignore[attr-defined]
        self.fields["posts"].queryset = Post.objects.filter(thread__case=case)  # type: ignore[attr-defined]

    @property
    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "summary": given["summary"],
            "notes": [one.pk for one in given["notes"]],
            "posts": [one.pk for one in given["posts"]],
        }
