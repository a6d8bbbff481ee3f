"""What a person may say in a crisis; each form's fields are one verb's arguments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.crisis import people
from voiceloop.server.act.models import Crisis, CrisisTemplate, CrisisWatch
from voiceloop.server.act.models.crisis import Chart
from voiceloop.server.collect.models import Touchpoint
from voiceloop.server.core.models import Unit, User


def _area(label: Any, *, rows: int = 4, required: bool = True, help: Any = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=4000, widget=area, help_text=help)


def _moment(label: Any, help: Any = "") -> forms.DateTimeField:
    local = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, required=False, widget=local, help_text=help)


class OpenCrisisForm(forms.Form):
    title = forms.CharField(label=_("What happens"), max_length=200)
    unit = forms.ModelChoiceField(label=_("Where"), queryset=Unit.objects.none(), empty_label=None)
    touchpoint = forms.ChoiceField(label=_("Touchpoint"), required=False)
    since = _moment(_("Since when"), _("Empty: from now on."))
    level = forms.TypedChoiceField(
        label=_("Level"), coerce=int, choices=Crisis.Level.choices, initial=Crisis.Level.LOCAL
    )
    note = _area(_("What is known"), required=False)

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data, initial={"unit": user.unit})
        fields: dict[str, Any] = self.fields
        fields["unit"].queryset = Unit.objects.visible_to(user).in_tree_order()
        points = Touchpoint.objects.visible_to(user).order_by("code")
        fields["touchpoint"].choices = [("", _("All")), *((one.code, str(one)) for one in points)]


class OwnerForm(forms.Form):
    to = forms.ModelChoiceField(label=_("Who leads it"), queryset=User.objects.none(), empty_label=None)

    def __init__(self, data: Any = None, *, crisis: Crisis) -> None:
        super().__init__(data, initial={"to": crisis.owner_id})
        self.fields["to"].queryset = people.leaders(crisis.unit)  # type: ignore[attr-defined]  # a choice field


class LevelForm(forms.Form):
    level = forms.TypedChoiceField(label=_("Level"), coerce=int, choices=Crisis.Level.choices)


class NameForm(forms.Form):
    title = forms.CharField(label=_("What happens"), max_length=200, required=False)


class CrisisNoteForm(forms.Form):
    text = forms.CharField(label=_("Write into the log"), max_length=2000)


class WhyForm(forms.Form):
    note = forms.CharField(label=_("Why"), max_length=500, required=False)


class StatementForm(forms.Form):
    text_zh = _area(_("In Chinese"), rows=5, required=False)
    text_en = _area(_("In English"), rows=5, required=False)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not (given.get("text_zh", "").strip() or given.get("text_en", "").strip()):
            raise forms.ValidationError(_("Say it in at least one language."))
        return given


class TaskForm(forms.Form):
    text = forms.CharField(label=_("What is to be done"), max_length=300)
    owner = forms.ModelChoiceField(
        label=_("Who"), required=False, queryset=User.objects.none(), empty_label=_("Nobody yet")
    )
    due_at = _moment(_("Until"))

    def __init__(self, data: Any = None, *, crisis: Crisis, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        around = User.objects.filter(is_active=True, unit__in=crisis.unit.ancestors_and_self())
        below = User.objects.filter(is_active=True, unit__path__startswith=crisis.unit.path)
        several = (around | below).distinct().order_by("name")
        self.fields["owner"].queryset = several  # type: ignore[attr-defined]  # a choice field


class ReviewForm(forms.Form):
    what_happened = _area(_("What happened"), help=_("Facts and times, no guilt."))
    why = _area(_("Why could it happen"), help=_("Ask why until a rule, a device or a habit is the answer."))
    what_changes = _area(_("What changes"), help=_("Becomes the goal of an initiative with one click."))


class CrisisTemplateForm(forms.Form):
    name = forms.CharField(label=_("Name in Chinese"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)
    text_zh = _area(_("In Chinese"), rows=8)
    text_en = _area(_("In English"), rows=8, required=False)

    def __init__(self, data: Any = None, *, template: CrisisTemplate) -> None:
        kept = {name: getattr(template, name) for name in ("name", "name_en", "text_zh", "text_en")}
        super().__init__(data, initial=kept)
        if template.kind == CrisisTemplate.Kind.CHECKLIST:
            self.fields["text_zh"].help_text = _("One step a line. “30 | …” is due after 30 minutes.")


class WatchForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("When a spike is found"), choices=CrisisWatch.Answer.choices, widget=forms.RadioSelect
    )
    false_a_year = forms.FloatField(
        label=_("False alarms a year at most"),
        min_value=0.1,
        max_value=52,
        help_text=_(
            "In all charts, units and touchpoints together. Fewer means that small spikes are missed."
        ),
    )
    at_least = forms.IntegerField(label=_("At least so many"), min_value=3, max_value=1000)
    times = forms.FloatField(
        label=_("At least so many times the usual"),
        min_value=1,
        max_value=20,
        help_text=_("What is surely more need not be much more."),
    )
    charts = forms.MultipleChoiceField(
        label=_("What is counted"), choices=Chart.choices, widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(
        label=_("Crisis words"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One a line, Chinese and English. A comment that holds one of them counts."),
    )

    def __init__(self, data: Any = None, *, watch: CrisisWatch) -> None:
        names = ("answer", "false_a_year", "at_least", "times", "charts")
        kept = {name: getattr(watch, name) for name in names}
        super().__init__(data, initial={**kept, "words": "\n".join(watch.words)})

    def clean_words(self) -> list[str]:
        lines = (line.strip() for line in self.cleaned_data["words"].splitlines())
        # A single letter would count every comment.
        return list(dict.fromkeys(line for line in lines if len(line) > 1))
