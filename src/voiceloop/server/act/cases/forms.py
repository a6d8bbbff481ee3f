"""What a person may say about a case; each form's fields are one verb's arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, fields
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from voiceloop.server.act import routing
from voiceloop.server.act.models import Callback, Case, Contact, RootCause
from voiceloop.server.core.models import Unit, User

CHANNELS = [
    ("phone", _("Phone")),
    ("wechat", _("WeChat")),
    ("sms", _("SMS")),
    ("email", _("E-mail")),
    ("visit", _("In person")),
]


def _words(label: Any, *, required: bool = False, first: bool = False) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3, "data-sends": ""} | ({"autofocus": True} if first else {}))
    return forms.CharField(label=label, required=required, max_length=4000, widget=area)


class OfCase(forms.Form):
    """Knows its case, so that choices can depend on it; ids are its own on a page of several forms."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, case: Case, **options: Any) -> None:
        super().__init__(data, auto_id=f"{type(self).__name__.lower()}-%s", **options)
        self.case = case
        self.prepare()

    def prepare(self) -> None:
        """Narrow the choices to the case."""


class ContactForm(OfCase):
    channel = forms.ChoiceField(label=_("How"), choices=CHANNELS, initial="phone")
    result = forms.ChoiceField(
        label=_("Result"), choices=Contact.Result.choices, initial="reached", widget=forms.RadioSelect
    )
    note = _words(_("What was said"), first=True)


class NoteForm(OfCase):
    """Where an @ offers the colleagues who may see the case."""

    text = _words(pgettext_lazy("case", "Note"), required=True, first=True)

    def prepare(self) -> None:
        colleagues = f"/api/cases/{self.case.pk}/colleagues"
        self.fields["text"].widget.attrs.update({"data-phrases": "", "data-mentions": colleagues})


class ResolveForm(OfCase):
    root_cause = forms.ModelChoiceField(
        label=_("Root cause"),
        queryset=RootCause.objects.filter(archived_at=None),
        empty_label=_("Choose the cause"),
        widget=forms.Select(attrs={"autofocus": True}),
    )
    note = _words(_("What was done"))

    def prepare(self) -> None:
        self.fields["root_cause"].choices = grouped_causes()  # type: ignore[attr-defined]  # a choice field


class ReopenForm(OfCase):
    reason = _words(_("Why it is not solved"), first=True)


class AssignForm(OfCase):
    to = forms.ModelChoiceField(
        label=_("To"), queryset=User.objects.none(), widget=forms.Select(attrs={"autofocus": True})
    )
    reason = forms.CharField(label=_("Why"), required=False, max_length=200)

    def prepare(self) -> None:
        self.fields["to"].queryset = routing.candidates(self.case.unit)  # type: ignore[attr-defined]


class EscalateForm(OfCase):
    reason = _words(_("What they should know who take it over"), first=True)

    def prepare(self) -> None:
        self.above = routing.next_above(self.case.unit, self.case.owner)

    def clean(self) -> dict[str, Any]:
        if self.above is None:
            raise forms.ValidationError(_("Nobody stands above the person who has this case."))
        return self.cleaned_data


class PauseForm(OfCase):
    reason = forms.CharField(
        label=_("What we wait for"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )


class GradeForm(OfCase):
    severity = forms.ChoiceField(label=_("Severity"), choices=Case.Severity.choices)
    urgency = forms.TypedChoiceField(
        label=_("Priority"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("Read from severity, emotion and tier")), *Case.Priority.choices],
    )
    reason = forms.CharField(label=_("Why"), max_length=200)

    def prepare(self) -> None:
        by_hand = self.case.priority_reason.get("by")
        self.initial = {
            "severity": self.case.severity,
            "urgency": self.case.priority if by_hand else "",
        }


class CallbackForm(forms.Form):
    result = forms.ChoiceField(choices=Callback.Result.choices)
    note = forms.CharField(required=False, max_length=4000)


class OpenForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=Case.Kind.choices, initial="request")
    severity = forms.ChoiceField(label=_("Severity"), choices=Case.Severity.choices)
    summary = forms.CharField(
        label=_("What it is about"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class BulkForm(forms.Form):
    """Many cases to one person."""

    to = forms.ModelChoiceField(queryset=User.objects.none())
    case = forms.ModelMultipleChoiceField(queryset=Case.objects.none())

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        self.fields["to"].queryset = takers(user)  # type: ignore[attr-defined]
        self.fields["case"].queryset = Case.objects.visible_to(user)  # type: ignore[attr-defined]


def takers(user: User) -> QuerySet[User]:
    """Who may be given a case by this person: people of the branch, below and beside."""
    people: QuerySet[User] = User.objects.visible_to(user).who_take_cases().select_related("unit")
    return people.order_by("name")


def grouped_causes() -> list[tuple[str, Any]]:
    """Problem, process, people: the causes in their groups."""
    causes: dict[str, list[tuple[int, str]]] = {}
    for cause in RootCause.objects.filter(archived_at=None):
        causes.setdefault(str(cause.get_group_display()), []).append((cause.pk, str(cause)))
    order = [str(label) for _, label in RootCause.Group.choices]
    return [("", str(_("Choose the cause"))), *((group, causes[group]) for group in order if group in causes)]


def form_of(params: Any) -> type[forms.Form]:
    """The form of an action's typed `Params`."""
    return type("ParamsForm", (forms.Form,), {field.name: _field(field) for field in fields(params)})


def _field(field: Field[Any]) -> forms.Field:
    label, initial = field.metadata.get("label", field.name), field.default
    if "choices" in field.metadata:
        return forms.ChoiceField(label=label, initial=initial, choices=field.metadata["choices"])
    if isinstance(initial, Decimal):
        return forms.DecimalField(
            label=label, initial=initial, min_value=0, max_value=100_000, decimal_places=2
        )
    if isinstance(initial, bool):
        return forms.BooleanField(label=label, initial=initial, required=False)
    if field.metadata.get("short"):
        return forms.CharField(label=label, max_length=200)
    return _words(label, required=bool(field.metadata.get("needed")))


def unit_choices(user: User) -> QuerySet[Unit]:
    return Unit.objects.visible_to(user).in_tree_order()
