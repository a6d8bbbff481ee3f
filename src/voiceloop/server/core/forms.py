"""What an admin says about people and units; each form's fields are one verb's arguments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from voiceloop.server.core import rights
from voiceloop.server.core.models import Role, Unit, User

_CODE = RegexValidator(r"^[\w.@+-]+$", _("Letters, digits and . @ + - _ only."))
_UNIT_CODE = RegexValidator(r"^[\w.-]+$", _("Letters, digits and . - _ only."))


class PersonForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=80, required=False)
    role = forms.ChoiceField(label=_("Role"))
    unit = forms.ModelChoiceField(
        label=pgettext_lazy("organisation", "Unit"), queryset=Unit.objects.none(), empty_label=None
    )

    def __init__(self, data: Any = None, *, by: User, **options: Any) -> None:
        super().__init__(data, **options)
        fields: dict[str, Any] = self.fields
        fields["role"].choices = [
            (role, label) for role, label in Role.choices if rights.OF_ROLE[role] <= rights.OF_ROLE[by.role]
        ]
        fields["unit"].queryset = Unit.objects.visible_to(by).in_tree_order()


class NewPersonForm(PersonForm):
    username = forms.CharField(
        label=_("User name"),
        max_length=64,
        validators=[_CODE],
        help_text=_("For signing in. It is also the code under which figures know this person; it stays."),
    )
    field_order = ("username", "name", "name_en", "role", "unit")

    def clean_username(self) -> str:
        name = str(self.cleaned_data["username"])
        if User.objects.filter(username__iexact=name).exists() or User.objects.filter(code=name).exists():
            raise forms.ValidationError(_("This user name is taken."))
        return name


class KeyForm(forms.Form):
    name = forms.CharField(label=_("What the key is for"), max_length=80)


class UnitForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("thing", "Name"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)


class NewUnitForm(UnitForm):
    parent = forms.ModelChoiceField(label=_("Below"), queryset=Unit.objects.none(), empty_label=None)
    code = forms.CharField(
        label=_("Code"),
        max_length=64,
        validators=[_UNIT_CODE],
        help_text=_("Figures and imports know the unit by it; it stays."),
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[
            ("store", _("Store")),
            ("region", _("Region")),
            ("team", _("Team")),
            ("company", _("Company")),
        ],
    )
    field_order = ("parent", "code", "name", "name_en", "kind")

    def __init__(self, data: Any = None, *, by: User, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["parent"].queryset = Unit.objects.visible_to(by).in_tree_order()  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if Unit.objects.filter(code=code).exists():
            raise forms.ValidationError(_("This code is taken."))
        return code
