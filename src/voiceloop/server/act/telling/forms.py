"""What is told to whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from voiceloop.server.act.models import RootCause, Telling
from voiceloop.server.core.models import User
from voiceloop.server.measure.labels import label
from voiceloop.server.understand.models import Theme
from voiceloop.server.understand.reasons import book


class TellingForm(forms.Form):
    about = forms.ChoiceField(label=gettext_lazy("What they spoke of"))
    since = forms.DateField(
        label=gettext_lazy("Since"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=gettext_lazy("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    rest_days = forms.IntegerField(
        label=gettext_lazy("Not who heard from us in so many days"), min_value=0, max_value=365, initial=30
    )
    said = forms.CharField(label=gettext_lazy("You said (Chinese)"), max_length=200)
    said_en = forms.CharField(label=gettext_lazy("You said (English)"), max_length=200, required=False)
    did = forms.CharField(
        label=gettext_lazy("We did (Chinese)"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    did_en = forms.CharField(
        label=gettext_lazy("We did (English)"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["about"].choices = subjects(user)  # type: ignore[attr-defined]  # a choice field
        self.fields["until"].initial = localdate()
        self.fields["since"].initial = localdate() - timedelta(days=90)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("since") and said.get("until") and said["since"] > said["until"]:
            self.add_error("until", _("The end is before the beginning."))
        return said

    @property
    def arguments(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        kind, _colon, subject = said.pop("about").partition(":")
        return {**said, "kind": kind, "subject": subject}


def subjects(user: User) -> list[tuple[str, list[tuple[str, str]]]]:
    """Reasons, themes and root causes, each by its name."""
    reasons = [(f"reason:{one.code}", label("reason", one.code)) for one in book.in_use().reasons]
    themes = Theme.objects.visible_to(user).in_use().order_by("-n")[:100]
    causes = RootCause.objects.filter(archived_at=None)
    found = [
        (_("Reasons"), reasons),
        (_("Themes"), [(f"theme:{one.key}", str(one)) for one in themes]),
        (_("Root causes"), [(f"cause:{one.code}", str(one)) for one in causes]),
    ]
    return [(name, rows) for name, rows in found if rows]


def name_of(telling: Telling) -> str:
    """What a telling is about, in the reader's language."""
    if telling.kind == Telling.Subject.CAUSE:
        return str(RootCause.objects.filter(code=telling.subject).first() or telling.subject)
    if telling.kind == Telling.Subject.THEME:
        return str(Theme.objects.filter(key=telling.subject).first() or telling.subject)
    return label("reason", telling.subject)
