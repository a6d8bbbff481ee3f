"""A macro as one form: each action has its field, an empty one does nothing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from voiceloop.server.act.cases.forms import grouped_causes, takers
from voiceloop.server.act.casework import macros
from voiceloop.server.act.models import Case, Macro, RootCause
from voiceloop.server.core.models import User

NOTHING = ("", gettext_lazy("Leave as it is"))
MINE, TEAM, ALL = "mine", "team", "all"
SNOOZES = [
    NOTHING,
    ("2", gettext_lazy("In 2 hours")),
    ("24", gettext_lazy("In a day")),
    ("72", gettext_lazy("In three days")),
    (macros.UNTIL_REPLY, gettext_lazy("When the customer writes")),
]


def _text(label: Any) -> forms.CharField:
    """A text in which phrases and places can be put."""
    area = forms.Textarea(attrs={"rows": 3, "data-phrases": ""})
    return forms.CharField(label=label, required=False, max_length=4000, widget=area)


class MacroForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("thing", "Name"), max_length=80)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80, required=False)
    whose = forms.ChoiceField(label=gettext_lazy("For whom"), widget=forms.RadioSelect)
    severity = forms.ChoiceField(
        label=gettext_lazy("Severity"), required=False, choices=[NOTHING, *Case.Severity.choices]
    )
    assign = forms.ChoiceField(label=gettext_lazy("Assign to"), required=False)
    note = _text(gettext_lazy("Internal note"))
    reply = _text(gettext_lazy("Reply to the customer"))
    pause = forms.CharField(label=gettext_lazy("Pause: what we wait for"), required=False, max_length=300)
    snooze = forms.ChoiceField(label=gettext_lazy("Bring it back"), required=False, choices=SNOOZES)
    resolve = forms.ChoiceField(label=gettext_lazy("Resolve with the cause"), required=False)
    resolve_note = forms.CharField(label=gettext_lazy("What was done"), required=False, max_length=1000)

    def __init__(self, data: Any = None, *, macro: Macro, user: User) -> None:
        super().__init__(data, initial=_initial(macro, user))
        self.macro, self.user = macro, user
        people = [(one.username, str(one)) for one in takers(user)]
        causes = [("", str(NOTHING[1])), *grouped_causes()[1:]]
        self._choose("assign", [NOTHING, (macros.ME, _("Whoever runs it")), *people])
        self._choose("whose", list(_scopes(user)))
        self._choose("resolve", [_by_code(*pair) for pair in causes])
        self.fields["reply"].help_text = _("These places are filled in: %(places)s") % {
            "places": " · ".join(f"{{{name}}} {label}" for name, label in macros.PLACES.items())
        }

    def _choose(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        for name in ("note", "reply", "pause", "resolve_note"):
            if unknown := macros.unknown_places(given.get(name) or ""):
                wrong = ", ".join(f"{{{one}}}" for one in unknown)
                self.add_error(name, _("Unknown place: %(places)s") % {"places": wrong})
        if not any(given.get(name) for name in macros.ORDER):
            raise forms.ValidationError(_("A macro does at least one thing."))
        if given.get("pause") and given.get("resolve"):
            self.add_error("resolve", _("A case that is resolved does not wait for the customer."))
        return given

    def filled(self) -> Macro:
        """The macro as the form says."""
        given, macro = self.cleaned_data, self.macro
        macro.name, macro.name_en = given["name"], given["name_en"]
        kept = (*macros.ORDER, "resolve_note")
        macro.actions = {name: given[name] for name in kept if given.get(name)}
        macro.owner = self.user if given["whose"] == MINE else None
        macro.unit = _root(self.user) if given["whose"] == ALL else _place(self.user)
        return macro


def _initial(macro: Macro, user: User) -> dict[str, Any]:
    whose = MINE
    if macro.pk and macro.owner_id is None:
        whose = ALL if macro.unit.parent_id is None else TEAM
    return {"name": macro.name, "name_en": macro.name_en, "whose": whose, **macro.actions}


def _scopes(user: User) -> list[tuple[str, str]]:
    """A lead shares with their team, the company's people with everybody."""
    found = [(MINE, _("Only me"))]
    if user.may("cases.assign") and not user.is_of_the_company:
        found.append((TEAM, _("My team: %(unit)s and all below it") % {"unit": user.unit}))
    if user.may("settings.edit"):
        found.append((ALL, _("Everybody")))
    return found


def _by_code(key: Any, value: Any) -> tuple[Any, Any]:
    """The causes by their codes, which stay the same on every installation."""
    if isinstance(value, list):
        codes = dict(RootCause.objects.filter(pk__in=[pk for pk, _name in value]).values_list("pk", "code"))
        return key, [(codes[pk], name) for pk, name in value]
    return key, value


def _place(user: User) -> Any:
    assert user.unit is not None, "a person without a unit sees no case"
    return user.unit


def _root(user: User) -> Any:
    return _place(user).ancestors_and_self().first()
