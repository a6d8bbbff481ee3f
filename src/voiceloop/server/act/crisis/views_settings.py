"""The settings of the watch with their preview, and the templates."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.server.act.crisis import forms, settings, templates
from voiceloop.server.act.crisis.doors import user_of
from voiceloop.server.act.crisis.watching import place_name
from voiceloop.server.act.models import CrisisTemplate, CrisisWatch
from voiceloop.server.core.rights import for_the_company, requires


@for_the_company
@requires("settings.edit")
def watch(request: HttpRequest) -> HttpResponse:
    """ "Preview" tries the settings on the last ninety days, "Save" keeps them."""
    kept = CrisisWatch.current()
    form = forms.WatchForm(request.POST or None, watch=kept)
    tried = kept
    if form.is_valid():
        if "preview" not in request.POST:
            settings.save(by=user_of(request), **form.cleaned_data)
            messages.success(request, _("Saved. The next look follows it."))
            return redirect("crisis_watch")
        tried = CrisisWatch(**form.cleaned_data)
    days = settings.preview(tried)
    context = {
        "form": form,
        "days": [(day, place_name(day.rarest)) for day in days],
        "n_days": settings.PREVIEW_DAYS,
        "is_tried": tried is not kept,
        "watch": kept,
        "room": "crises",
    }
    return render(request, "act/crisis/watch.html", context, status=422 if form.errors else 200)


@requires("cases.assign")
def template_list(request: HttpRequest) -> HttpResponse:
    several = [
        (kind, name, templates.of_kind(kind), templates.archived_of(kind))
        for kind, name in CrisisTemplate.Kind.choices
    ]
    context = {"several": several, "edits": user_of(request).may("settings.edit"), "room": "crises"}
    return render(request, "act/crisis/templates.html", context)


@for_the_company
@requires("settings.edit")
def template_new(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in CrisisTemplate.Kind.values:
        raise Http404
    return _edited(request, CrisisTemplate(kind=kind))


@for_the_company
@requires("settings.edit")
def template_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _edited(request, get_object_or_404(CrisisTemplate, pk=pk))


@require_POST
@for_the_company
@requires("settings.edit")
def template_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """The same button takes a template out of use and back."""
    found = get_object_or_404(CrisisTemplate, pk=pk)
    (templates.restore if found.archived_at else templates.archive)(found, by=user_of(request))
    return redirect("crisis_templates")


def _edited(request: HttpRequest, template: CrisisTemplate) -> HttpResponse:
    form = forms.CrisisTemplateForm(request.POST or None, template=template)
    if form.is_valid():
        templates.save(template, by=user_of(request), kind=template.kind, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("crisis_templates")
    context = {"form": form, "template": template, "room": "crises"}
    return render(request, "act/crisis/template.html", context, status=422 if form.is_bound else 200)
