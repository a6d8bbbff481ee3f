"""Surveys: edited as a draft beside a live preview, checked, published, exported and taken in again."""

from __future__ import annotations

import json
from typing import Any

from csp.decorators import csp_replace, csp_update
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from voiceloop.server.collect import builder, surveys
from voiceloop.server.collect.models import Programme, Survey
from voiceloop.server.collect.questions import InvalidQuestions, read
from voiceloop.server.collect.reader import reader
from voiceloop.server.collect.survey_visit import CSP, Visit, language_of, page
from voiceloop.server.core.models import User
from voiceloop.server.core.rights import requires


class SurveyForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name (Chinese)"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("Name (English)"), max_length=120, required=False)
    code = forms.SlugField(label=gettext_lazy("Code"), max_length=64, help_text=gettext_lazy("Never changes"))
    file = forms.FileField(
        label=gettext_lazy("From a file"), required=False, help_text=gettext_lazy("An exported survey (JSON)")
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programmes = Programme.objects.visible_to(user).filter(closed_at=None)
        self.fields["programme"] = forms.ModelChoiceField(programmes, label=_("Programme"))
        choices = [(code, _in_language(t["name"])) for code, t in surveys.templates().items()]
        self.fields["template"] = forms.ChoiceField(choices=choices, label=_("Start from"), required=False)
        self.order_fields(["programme", "name", "name_en", "code", "template", "file"])

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if Survey.objects.filter(code=code).exists():
            raise forms.ValidationError(_("There is a survey with this code."))
        return code

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if not file:
            return None
        try:
            content = json.load(file)["content"]
            read(content)
        except (ValueError, KeyError, TypeError) as error:
            raise forms.ValidationError(
                _("This is not an exported survey: %(why)s") % {"why": error}
            ) from error
        return content


@requires("measure.see")
def survey_list(request: HttpRequest) -> HttpResponse:
    rows = Survey.objects.visible_to(reader(request)).select_related("programme").prefetch_related("versions")
    return render(request, "collect/surveys.html", {"surveys": rows.order_by("programme", "pk")})


@requires("programmes.edit")
def survey_new(request: HttpRequest) -> HttpResponse:
    form = SurveyForm(
        reader(request), request.POST or None, request.FILES or None, initial=request.GET.dict()
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        content = values.pop("file")
        made = surveys.create(by=reader(request), content=content, **values)
        return redirect("survey", pk=made.pk)
    templates = [
        {"code": code, "name": _in_language(t["name"]), "about": _in_language(t["about"])}
        for code, t in surveys.templates().items()
    ]
    context = {"form": form, "templates": templates, "room": "surveys"}
    return render(request, "collect/survey_new.html", context)


@requires("measure.see")
def survey(request: HttpRequest, pk: int) -> HttpResponse:
    """The builder; those who may not edit read it."""
    found = get_object_or_404(Survey.objects.visible_to(reader(request)), pk=pk)
    return render(request, "collect/survey_build.html", _building(found))


@requires("programmes.edit")
@require_POST
def survey_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Survey.objects.changeable_by(reader(request)), pk=pk)
    draft = found.newest
    if draft is None:
        raise Http404
    content = builder.move(builder.content_in(request.POST, draft.content), request.POST.get("do", ""))
    try:
        surveys.edit(survey=found, content=content, by=reader(request))
    except InvalidQuestions as error:
        messages.error(request, str(error))
    return _rebuilt(request, found) if request.htmx else redirect("survey", pk=pk)  # type: ignore[attr-defined]


def _rebuilt(request: HttpRequest, found: Survey) -> HttpResponse:
    """The preview alone while somebody types; the questions too when a button moved them."""
    context = _building(found)
    if request.headers.get("HX-Trigger-Name") == "texts":
        return render(request, "collect/survey_build.html#state", context)
    questions = render_to_string("collect/survey_build.html#builder", context, request)
    preview = render_to_string("collect/survey_build.html#state", {**context, "out_of_band": True}, request)
    return HttpResponse(questions + preview)


@requires("programmes.edit")
@require_POST
def survey_publish(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Survey.objects.changeable_by(reader(request)), pk=pk)
    try:
        version = surveys.publish(survey=found, by=reader(request))
        messages.success(request, _("Version %(number)s is published.") % {"number": version.number})
    except InvalidQuestions as error:
        n = len(error.problems)
        found_n = ngettext(
            "%(n)s thing keeps it from being published.", "%(n)s things keep it from being published.", n
        )
        messages.error(request, found_n % {"n": n})
    return redirect("survey", pk=pk)


@requires("programmes.edit")
@require_POST
def survey_duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Survey.objects.visible_to(reader(request)), pk=pk)
    made = surveys.duplicate(
        survey=found,
        code=_free_code(found.code),
        name=_("%(name)s (copy)") % {"name": found.name},
        by=reader(request),
    )
    return redirect("survey", pk=made.pk)


@requires("measure.see")
def survey_export(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Survey.objects.visible_to(reader(request)), pk=pk)
    response = JsonResponse(surveys.exported(found), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="survey-{found.pk}.json"'
    return response


@requires("measure.see")
@csp_update(CSP)
@csp_replace({"frame-ancestors": ["'self'"]})  # type: ignore[arg-type]  # its stub knows no arguments
@xframe_options_sameorigin
def survey_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The page as customers will see it; nothing it does is recorded."""
    found = get_object_or_404(Survey.objects.visible_to(reader(request)), pk=pk)
    number = request.GET.get("version", "")
    chosen = (
        found.versions.filter(number=int(number))
        if number.isdecimal()
        else found.versions.order_by("-number")
    )
    version = chosen.first()
    if version is None:
        raise Http404
    questionnaire = read(version.content)
    if not questionnaire.questions or not questionnaire.questions[0].is_score:
        return render(request, "collect/survey_preview_none.html", {})
    visit = Visit(questionnaire, found.unit_id, request.path, preview=True)
    with translation.override(language_of(request, translation.get_language() or "")):
        return HttpResponse(page(request, visit))


def _building(found: Survey) -> dict[str, Any]:
    draft = found.newest
    questionnaire = read(draft.content) if draft else None
    return {
        "survey": found,
        "draft": draft,
        "live": found.live,
        "q": questionnaire,
        "cards": builder.cards(questionnaire) if questionnaire else [],
        "problems": builder.problems_in(draft.content) if draft else [],
        "versions": found.versions.order_by("-number"),
        "kinds": builder.KINDS,
        "preview": reverse("survey_preview", args=[found.pk]),
        "room": "surveys",
    }


def _in_language(text: dict[str, str]) -> str:
    return builder.in_language(text["zh"], text["en"])


def _free_code(code: str) -> str:
    stem = code[:56]
    taken = set(Survey.objects.filter(code__startswith=stem).values_list("code", flat=True))
    return next(c for n in range(2, len(taken) + 3) if (c := f"{stem}-{n}") not in taken)
