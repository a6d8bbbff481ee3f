"""Invitations: whom to ask, who would be spared and why, what became of each, and the outbox."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages as toasts
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from voiceloop.server.collect import channels, invitations, letters, messages
from voiceloop.server.collect.models import (
    Customer,
    Invitation,
    Message,
    Programme,
    Survey,
    Touchpoint,
    Transaction,
)
from voiceloop.server.collect.reader import reader
from voiceloop.server.core.models import Unit, User
from voiceloop.server.core.rights import requires

PAGE = 50
# One sending is one transaction; more people than this are asked in several, or by a sample.
MOST = 5000
STATES = {
    "queued": gettext_lazy("Waiting"),
    "sent": gettext_lazy("Sent"),
    "started": gettext_lazy("Started"),
    "answered": gettext_lazy("Answered"),
    "suppressed": gettext_lazy("Not asked"),
    "expired": gettext_lazy("Expired"),
    "revoked": gettext_lazy("Taken back"),
    "failed": gettext_lazy("Failed"),
}
_ASKED = Q(suppressed_by="", revoked_at=None)
_IN_STATE = {
    "queued": _ASKED & Q(sent_at=None, started_at=None, failed_at=None),
    "sent": _ASKED & Q(sent_at__isnull=False, started_at=None, answered_at=None),
    "started": _ASKED & Q(started_at__isnull=False, answered_at=None),
    "answered": Q(answered_at__isnull=False),
    "suppressed": ~Q(suppressed_by=""),
    "revoked": Q(revoked_at__isnull=False),
    "failed": Q(failed_at__isnull=False),
}


class AskForm(forms.Form):
    """Whom to ask, with what, and how many at most."""

    number = forms.CharField(
        label=gettext_lazy("One customer"),
        required=False,
        help_text=gettext_lazy("Number, phone or e-mail; empty: all who fit below"),
    )
    last_order_days = forms.IntegerField(
        label=gettext_lazy("Ordered within days"), required=False, min_value=1, max_value=3650
    )
    at_most = forms.IntegerField(
        label=gettext_lazy("At most"),
        required=False,
        min_value=1,
        max_value=MOST,
        help_text=gettext_lazy("Empty: everybody. Those left out are written down."),
    )
    order = forms.ChoiceField(
        label=gettext_lazy("If not all"),
        required=False,
        choices=[
            ("value", gettext_lazy("Core customers first (orders of 12 months)")),
            ("random", gettext_lazy("At random")),
        ],
    )

    def __init__(self, user: User, *args: Any) -> None:
        super().__init__(*args)
        self.user = user
        published = Survey.objects.visible_to(user).filter(versions__published_at__isnull=False).distinct()
        touchpoints = Touchpoint.objects.visible_to(user).order_by("code")
        units = Unit.objects.visible_to(user).in_tree_order()
        fields = {
            "survey": forms.ModelChoiceField(published, label=_("Survey")),
            "channel": forms.ChoiceField(
                choices=[(c.code, c.label) for c in channels.ready()],
                label=_("Channel"),
                initial=channels.preferred().code,
            ),
            "touchpoint": forms.ModelChoiceField(
                touchpoints, label=_("Touchpoint"), required=False, to_field_name="code"
            ),
            "unit": forms.ModelChoiceField(units, label=_("Unit"), required=False),
            "segment": self._known("segment", _("Segment")),
            "tier": self._known("tier", _("Tier")),
        }
        self.fields.update(fields)
        self.order_fields(
            ["survey", "channel", "touchpoint", "number", "unit", "segment", "tier", "last_order_days"]
        )

    def _known(self, column: str, label: str) -> forms.ChoiceField:
        rows = Customer.objects.visible_to(self.user).exclude(**{column: ""})
        values = rows.values_list(column, flat=True).distinct().order_by(column)[:100]
        return forms.ChoiceField(
            choices=[("", _("all")), *((v, v) for v in values)], label=label, required=False
        )

    def customers(self) -> list[Customer]:
        values = self.cleaned_data
        rows = Customer.objects.visible_to(self.user)
        if values["number"]:
            return list(rows.found_by(values["number"])[:2])
        for column in ("segment", "tier"):
            rows = rows.filter(**{column: values[column]}) if values[column] else rows
        if values["unit"]:
            rows = rows.filter(unit__path__startswith=values["unit"].path)
        if values["last_order_days"]:
            since = now() - timedelta(days=values["last_order_days"])
            bought = Transaction.objects.filter(at__gte=since, customer__isnull=False)
            rows = rows.filter(pk__in=bought.values("customer"))
        return list(rows.select_related("unit").order_by("pk")[: MOST + 1])

    def plan(self) -> dict[str, Any]:
        values = self.cleaned_data
        return {
            "survey": values["survey"],
            "channel": values["channel"],
            "at_most": values["at_most"],
            "order": values["order"] or "value",
        }


@requires("measure.see")
def invitation_list(request: HttpRequest) -> HttpResponse:
    rows = Invitation.objects.visible_to(reader(request))
    programme, state = request.GET.get("programme", ""), request.GET.get("state", "")
    rows = rows.filter(programme=programme) if programme else rows
    counts = rows.aggregate(**{name: Count("pk", filter=which) for name, which in _IN_STATE.items()})
    rows = rows.filter(_IN_STATE[state]) if state in _IN_STATE else rows
    page = Paginator(rows.select_related("customer").order_by("-pk"), PAGE).get_page(request.GET.get("page"))
    for row in page:
        row.label = STATES[row.state]
    context = {
        "page": page,
        "states": [(name, label, counts[name]) for name, label in STATES.items() if name in counts],
        "state": state,
        "programme": programme,
        "programmes": Programme.objects.visible_to(reader(request)),
    }
    return render(request, "collect/invitations.html", context)


@requires("programmes.edit")
def invitation_new(request: HttpRequest) -> HttpResponse:
    """Choose, look at what would happen, send. The first two are GETs and write nothing."""
    form = AskForm(reader(request), request.POST or request.GET or None)
    context: dict[str, Any] = {"form": form, "room": "invitations", "most": MOST}
    if form.is_bound and form.is_valid():
        people = form.customers()
        if len(people) > MOST:
            form.add_error(None, _("More than %(n)s customers: narrow them down.") % {"n": MOST})
        elif request.method == "POST":
            return _sent(request, form, people)
        else:
            context["choice"] = invitations.choose(customers=people, **form.plan())
    return render(request, "collect/invitation_new.html", context)


def _sent(request: HttpRequest, form: AskForm, people: list[Customer]) -> HttpResponse:
    touchpoint = form.cleaned_data["touchpoint"]
    code = touchpoint.code if touchpoint else ""
    rows = invitations.send(customers=people, by=reader(request), touchpoint=code, **form.plan())
    asked = sum(not row.suppressed_by for row in rows)
    toasts.success(
        request, _("%(asked)s asked, %(spared)s not asked") % {"asked": asked, "spared": len(rows) - asked}
    )
    return redirect("invitations")


@requires("measure.see")
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    link = letters.personal_link(found) if found.survey_version_id and found.is_answerable else ""
    context = {
        "invitation": found,
        "link": link,
        "state": STATES[found.state],
        "messages_sent": found.messages.order_by("pk"),
        "room": "invitations",
    }
    return render(request, "collect/invitation.html", context)


@requires("programmes.edit")
@require_POST
def invitation_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    invitations.revoke(invitation=_visible(request, pk), by=reader(request))
    return redirect("invitation", pk=pk)


@requires("programmes.edit")
@require_POST
def invitation_remind(request: HttpRequest, pk: int) -> HttpResponse:
    if invitations.remind(invitation=_visible(request, pk), by=reader(request)) is None:
        toasts.info(request, _("No reminder: answered, ended, or reminded twice already."))
    return redirect("invitation", pk=pk)


@requires("measure.see")
def outbox(request: HttpRequest) -> HttpResponse:
    rows = (
        Message.objects.visible_to(reader(request)).select_related("customer", "invitation").order_by("-pk")
    )
    if request.GET.get("state") == "waiting":
        rows = rows.filter(sent_at=None)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    for row in page:
        row.shown_to, row.label, row.tone = masked(row.to or ""), *_state_of(row)
    context = {"page": page, "waiting": request.GET.get("state") == "waiting", "room": "invitations"}
    return render(request, "collect/outbox.html", context)


@requires("measure.see")
def message(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Message.objects.visible_to(reader(request)), pk=pk)
    label, tone = _state_of(found)
    context = {
        "message": found,
        "shown_to": masked(found.to or ""),
        "label": label,
        "tone": tone,
        "by_hand": not channels.channel(found.channel).delivers,
        "room": "invitations",
    }
    return render(request, "collect/outbox_message.html", context)


@requires("cases.work")
@require_POST
def message_hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Message.objects.visible_to(reader(request)), pk=pk)
    messages.hand_over(message=found, by=reader(request))
    return redirect("message", pk=pk)


@requires("programmes.edit")
@require_POST
def message_again(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Message.objects.visible_to(reader(request)), pk=pk)
    messages.try_again(message=found, by=reader(request))
    return redirect("message", pk=pk)


def masked(address: str) -> str:
    """Enough of an address to recognise it, not enough to use it."""
    name, at, host = address.partition("@")
    if at:
        return f"{name[:2]}***@{host}"
    return f"{address[:3]}****{address[-4:]}" if len(address) >= 8 else address


def _state_of(message: Message) -> tuple[Any, str]:
    """What became of a message, and the tone of its chip."""
    if message.sent_at:
        return _("Sent"), "pos"
    if message.held_back_by:
        return messages.HELD_BACK.get(message.held_back_by, message.held_back_by), "warn"
    if message.error:
        return _("Will be tried again"), "warn"
    return (_("Unclear whether it left"), "neg") if message.n_tries else (_("Waiting"), "info")


def _visible(request: HttpRequest, pk: int) -> Invitation:
    rows = Invitation.objects.visible_to(reader(request)).select_related("customer", "survey_version__survey")
    return get_object_or_404(rows, pk=pk)  # type: ignore[no-any-return]  # ScopedQuerySet is untyped
