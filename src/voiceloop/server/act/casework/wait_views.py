"""The page on which it is said how long we wait for customers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from voiceloop.server.act.cases.answers import user_of
from voiceloop.server.act.casework import macros, waiting
from voiceloop.server.act.models import Case, RootCause, WaitRule
from voiceloop.server.core.rights import for_the_company, requires


class WaitRuleForm(forms.ModelForm[WaitRule]):
    class Meta:
        model = WaitRule
        fields = (
            "name", "kind", "channel", "nudge_after", "close_after", "text_zh", "text_en", "root_cause",
        )  # fmt: skip
        labels = {  # as Django has it
            "name": pgettext_lazy("thing", "Name"),
            "kind": gettext_lazy("Kind"),
            "channel": gettext_lazy("Channel"),
            "nudge_after": gettext_lazy("Ask again after days"),
            "close_after": gettext_lazy("Close after as many more days"),
            "text_zh": gettext_lazy("The question in Chinese"),
            "text_en": gettext_lazy("The question in English"),
            "root_cause": gettext_lazy("Root cause of a case that ends like this"),
        }
        widgets = {
            "text_zh": forms.Textarea(attrs={"rows": 3}),
            "text_en": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [("", _("All cases")), *Case.Kind.choices]  # type: ignore[attr-defined]
        self.fields["root_cause"].queryset = RootCause.objects.filter(archived_at=None)  # type: ignore[attr-defined]
        self.fields["channel"].help_text = _("Empty for all.")
        self.fields["close_after"].help_text = _("0 never closes. Catastrophic cases are left alone.")
        places = {"places": " · ".join(f"{{{name}}}" for name in macros.PLACES)}
        ours = _("Empty for our own words. These places are filled in: %(places)s") % places
        self.fields["text_zh"].help_text = ours

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name in ("text_zh", "text_en"):
            if unknown := macros.unknown_places(given.get(name) or ""):
                self.add_error(name, _("Unknown place: %(places)s") % {"places": ", ".join(unknown)})
        if not given.get("nudge_after"):
            self.add_error("nudge_after", _("Wait at least one day."))
        return given


@requires("cases.see")
def wait_list(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    waits = Case.objects.visible_to(user).open().filter(pauses__ended_at=None, pauses__isnull=False)
    context = {
        "rules": WaitRule.objects.live().select_related("root_cause"),
        "n_waiting": waits.count(),
        "edits": user.may("settings.edit"),
        "room": "promises",
    }
    return render(request, "act/casework/waits.html", context)


@for_the_company
@requires("settings.edit")
def wait_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    found = get_object_or_404(WaitRule.objects.live(), pk=pk) if pk else WaitRule()
    form = WaitRuleForm(request.POST or None, instance=found)
    if form.is_valid():
        waiting.save(form.save(commit=False), by=user_of(request))
        messages.success(request, _("Saved."))
        return redirect("waits")
    context = {"form": form, "rule": found, "room": "promises"}
    return render(request, "act/casework/wait_form.html", context, status=422 if form.is_bound else 200)


@require_POST
@for_the_company
@requires("settings.edit")
def wait_archive(request: HttpRequest, pk: int) -> HttpResponse:
    waiting.archive(get_object_or_404(WaitRule.objects.live(), pk=pk), by=user_of(request))
    messages.success(request, _("Taken back."))
    return redirect("waits")
