"""Programmes with their plans, surveys, touchpoints and links, and what became of their invitations."""

from __future__ import annotations

from csp.decorators import csp_update
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from voiceloop.server.collect import funnel, links, programmes
from voiceloop.server.collect.models import Programme, PublicLink, Survey, Touchpoint
from voiceloop.server.collect.reader import reader
from voiceloop.server.collect.survey_visit import CSP, company_of, frame
from voiceloop.server.core.models import Unit, User
from voiceloop.server.core.rights import requires

PART_LABELS = {
    "source": pgettext_lazy("plan", "Source"),
    "definition": gettext_lazy("Definition"),
    "method": gettext_lazy("Method"),
    "cycle": gettext_lazy("Cycle"),
    "population": gettext_lazy("Population"),
}


class Units(forms.ModelChoiceField):  # type: ignore[type-arg]
    def __init__(self, user: User) -> None:
        super().__init__(Unit.objects.visible_to(user).in_tree_order(), label=_("Unit"), initial=user.unit)


class PlanForm(forms.Form):
    source = forms.CharField(label=PART_LABELS["source"], widget=forms.Textarea({"rows": 2}), required=False)
    definition = forms.CharField(
        label=PART_LABELS["definition"], widget=forms.Textarea({"rows": 3}), required=False
    )
    method = forms.CharField(label=PART_LABELS["method"], widget=forms.Textarea({"rows": 2}), required=False)
    cycle = forms.CharField(label=PART_LABELS["cycle"], max_length=120, required=False)
    population = forms.CharField(
        label=PART_LABELS["population"], widget=forms.Textarea({"rows": 2}), required=False
    )


class ProgrammeForm(PlanForm):
    code = forms.SlugField(label=gettext_lazy("Code"), max_length=64, help_text=gettext_lazy("Never changes"))
    name = forms.CharField(label=gettext_lazy("Name (Chinese)"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("Name (English)"), max_length=120, required=False)
    rest_days = forms.IntegerField(
        label=gettext_lazy("Rest days"),
        min_value=0,
        max_value=3650,
        initial=30,
        help_text=gettext_lazy("Nobody is asked again by any survey within these days"),
    )
    field_order = ("name", "name_en", "code", "rest_days")

    def __init__(self, user: User, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.fields["unit"] = Units(user)

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if Programme.objects.filter(code=code).exists():
            raise forms.ValidationError(_("There is a programme with this code."))
        return code


class TouchpointForm(forms.Form):
    code = forms.SlugField(label=gettext_lazy("Code"), max_length=64)
    name = forms.CharField(label=gettext_lazy("Name (Chinese)"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("Name (English)"), max_length=120, required=False)
    stage = forms.CharField(label=gettext_lazy("Journey stage"), max_length=64, required=False)


class LinkForm(forms.Form):
    name = forms.CharField(
        label=pgettext_lazy("thing", "Name"),
        max_length=120,
        help_text=gettext_lazy("Where it hangs or is printed"),
    )
    touchpoint = forms.ModelChoiceField(
        Touchpoint.objects.none(), label=gettext_lazy("Touchpoint"), required=False, to_field_name="code"
    )

    def __init__(self, user: User, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        surveys = Survey.objects.visible_to(user)
        self.fields["survey"] = forms.ModelChoiceField(surveys, label=_("Survey"))
        self.fields["touchpoint"].queryset = Touchpoint.objects.visible_to(user)  # type: ignore[attr-defined]
        self.fields["unit"] = Units(user)


@requires("measure.see")
def programme_list(request: HttpRequest) -> HttpResponse:
    rows = Programme.objects.visible_to(reader(request)).prefetch_related("plans", "surveys").order_by("pk")
    funnels = funnel.by_programme(reader(request))
    listed = [(programme, funnels.get(programme.code, funnel.Funnel())) for programme in rows]
    return render(request, "collect/programmes.html", {"programmes": listed})


@requires("measure.see")
def programme(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Programme.objects.visible_to(reader(request)), pk=pk)
    plans = list(found.plans.select_related("by").order_by("-number"))
    older = [*plans[1:], None]
    context = {
        "programme": found,
        "plan": plans[0] if plans else None,
        "parts": [(label, getattr(found.plan, part, "")) for part, label in PART_LABELS.items()],
        "touchpoint_form": TouchpointForm(),
        "versions": [(plan, _named(plan, before)) for plan, before in zip(plans, older, strict=True)],
        "surveys": found.surveys.prefetch_related("versions").order_by("pk"),
        "touchpoints": Touchpoint.objects.visible_to(reader(request)).order_by("stage", "code"),
        "links": PublicLink.objects.visible_to(reader(request)).filter(survey__programme=found),
        "funnel": funnel.by_programme(reader(request)).get(found.code, funnel.Funnel()),
        "room": "programmes",
    }
    return render(request, "collect/programme.html", context)


def _named(plan: object, before: object) -> list[tuple[object, str, str]]:
    return [(PART_LABELS[part], old, new) for part, old, new in programmes.changes(before, plan)]  # type: ignore[arg-type]


@requires("programmes.edit")
def programme_new(request: HttpRequest) -> HttpResponse:
    form = ProgrammeForm(reader(request), request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = programmes.create(by=reader(request), **form.cleaned_data)
        return redirect("programme", pk=made.pk)
    return render(request, "collect/programme_new.html", {"form": form, "room": "programmes"})


@requires("programmes.edit")
def plan_change(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Programme.objects.changeable_by(reader(request)), pk=pk)
    initial = {part: getattr(found.plan, part, "") for part in programmes.PARTS}
    form = PlanForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        programmes.change_plan(programme=found, by=reader(request), **form.cleaned_data)
        return redirect("programme", pk=pk)
    return render(
        request, "collect/programme_plan.html", {"form": form, "programme": found, "room": "programmes"}
    )


@requires("programmes.edit")
@require_POST
def touchpoint_new(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Programme.objects.changeable_by(reader(request)), pk=pk)
    form = TouchpointForm(request.POST)
    if form.is_valid() and not Touchpoint.objects.filter(code=form.cleaned_data["code"]).exists():
        programmes.add_touchpoint(unit=found.unit, by=reader(request), **form.cleaned_data)
    else:
        messages.error(request, _("A touchpoint needs a name and a code of its own."))
    return redirect("programme", pk=pk)


@requires("measure.see")
def link_list(request: HttpRequest) -> HttpResponse:
    rows = PublicLink.objects.visible_to(reader(request)).select_related("survey", "unit").order_by("-pk")
    return render(
        request,
        "collect/links.html",
        {"links": rows, "form": LinkForm(reader(request)), "room": "programmes"},
    )


@requires("programmes.edit")
@require_POST
def link_new(request: HttpRequest) -> HttpResponse:
    form = LinkForm(reader(request), request.POST)
    if not form.is_valid():
        rows = PublicLink.objects.visible_to(reader(request)).select_related("survey", "unit").order_by("-pk")
        return render(request, "collect/links.html", {"links": rows, "form": form, "room": "programmes"})
    values = form.cleaned_data
    touchpoint = values.pop("touchpoint")
    made = links.open(by=reader(request), touchpoint=touchpoint.code if touchpoint else "", **values)
    return redirect("link", pk=made.pk)


@requires("measure.see")
def link(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(PublicLink.objects.visible_to(reader(request)).select_related("survey"), pk=pk)
    context = {"link": found, "address": links.address_of(found), "room": "programmes"}
    return render(request, "collect/link.html", context)


@requires("measure.see")
@csp_update(CSP)  # type: ignore[arg-type]  # its stub knows views without arguments only
def link_print(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(PublicLink.objects.visible_to(reader(request)), pk=pk)
    context = {**frame(company_of(found.unit_id)), "link": found, "address": links.address_of(found)}
    return render(request, "collect/link_print.html", context)


@requires("measure.see")
def link_qr(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(PublicLink.objects.visible_to(reader(request)), pk=pk)
    return HttpResponse(links.qr_of(found), content_type="image/svg+xml")


@requires("programmes.edit")
@require_POST
def link_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(PublicLink.objects.visible_to(reader(request)), pk=pk)
    links.revoke(link=found, by=reader(request))
    return redirect("link", pk=pk)
