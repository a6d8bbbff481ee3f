"""Cases, callbacks and customers for programs: the same verbs as the pages, the same rights."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, QueryDict
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema
from ninja.errors import HttpError
from ninja.pagination import LimitOffsetPagination, paginate
from ninja.responses import codes_4xx

from voiceloop.server.act import routing
from voiceloop.server.act.cases import callbacks, cases, contacts, page, remedies
from voiceloop.server.act.cases.filters import CaseFilter
from voiceloop.server.act.cases.forms import form_of
from voiceloop.server.act.models import Callback, Case, Remedy, RootCause
from voiceloop.server.act.playbooks import checklist
from voiceloop.server.act.threads import threads
from voiceloop.server.collect import invitations
from voiceloop.server.collect.models import Customer, Response
from voiceloop.server.core.models import Event
from voiceloop.server.core.rights import allowed, user_of

router = Router(tags=["act"])
Text = Field(default="", max_length=4000)


class CaseProblem(Schema):
    detail: Any


class CaseOut(Schema):
    id: int
    kind: str
    severity: str
    state: str
    playbook: str
    summary: str
    customer: int | None = Field(None, alias="customer_id")
    response: int | None = Field(None, alias="response_id")
    unit: str = Field(alias="unit.code")
    owner: str | None = Field(None, alias="owner.username")
    opened_at: datetime
    first_contact_due_at: datetime | None
    first_contact_at: datetime | None
    resolved_at: datetime | None = Field(None, alias="resolution.at")
    root_cause: str | None = Field(None, alias="resolution.root_cause.code")
    outcome: str | None = Field(None, alias="outcome.code")


class CallbackOut(Schema):
    id: int
    case: int = Field(alias="case_id")
    round: int
    step: int = Field(description="Hours after the solution")
    due_at: datetime
    done_at: datetime | None
    cancelled_at: datetime | None
    result: str
    note: str


class StepOut(Schema):
    step: str
    label: str
    done_at: datetime | None


class CaseEventOut(Schema):
    id: int
    type: str
    at: datetime
    by: str | None = Field(None, alias="by.username")
    sentence: str
    note: str


class CauseOut(Schema):
    code: str
    group: str
    name: str
    name_en: str


class CustomerOut(Schema):
    id: int
    number: str | None
    name: str
    phone: str = Field(alias="masked_phone")
    unit: str = Field(alias="unit.code")
    segment: str
    tier: str
    opted_out_at: datetime | None

    @staticmethod
    def resolve_name(customer: Any) -> str:
        return str(customer)


class ContactOut(Schema):
    phone: str | None
    email: str | None


class CaseIn(Schema):
    customer: int
    kind: Literal["recovery", "request", "complaint"] = "request"
    severity: Literal["slight", "serious", "catastrophic"] = "slight"
    summary: str = Field(min_length=1, max_length=300)


class ContactIn(Schema):
    channel: Literal["phone", "wechat", "sms", "email", "visit"] = "phone"
    result: Literal["reached", "no_reply"]
    note: str = Text


class NoteIn(Schema):
    text: str = Field(min_length=1, max_length=4000)


class ResolutionIn(Schema):
    root_cause: str
    note: str = Text


class ReasonIn(Schema):
    reason: str = Text


class AssignmentIn(Schema):
    to: str = Field(description="Username")
    reason: str = Field(default="", max_length=200)


class ResultIn(Schema):
    result: Literal["solved", "not_solved", "no_reply"]
    note: str = Text


class DecisionIn(Schema):
    approved: bool


class StepIn(Schema):
    params: dict[str, str | float | bool] = {}


class RemedyOut(Schema):
    id: int
    case: int = Field(alias="case_id")
    kind: str
    amount: Decimal
    approved_at: datetime | None
    declined_at: datetime | None


CASE = {200: CaseOut, codes_4xx: CaseProblem}


@router.get("/cases", response={200: list[CaseOut], codes_4xx: CaseProblem})
@paginate(LimitOffsetPagination)
def list_cases(
    request: HttpRequest, state: str = "", owner: str = "", cause: str = "", unit: str = ""
) -> Any:
    """The cases you may see, newest first."""
    allowed(request, "cases.see")
    given = QueryDict(mutable=True)
    given.update({"state": state, "owner": owner, "cause": cause, "unit": unit})
    rows = CaseFilter(given, user=user_of(request)).of(Case.objects.visible_to(user_of(request)))
    return page.for_rows(rows).order_by("-opened_at", "-pk")


@router.post("/cases", response=CASE)
def open_case(request: HttpRequest, body: CaseIn) -> Any:
    """Open a case by hand."""
    allowed(request, "cases.work")
    given = body.dict()
    customer = get_object_or_404(_customers(request), pk=given.pop("customer"))
    return _case(request, cases.open(customer, by=user_of(request), **given).pk)


@router.put("/responses/{int:pk}/case", response=CASE)
def open_case_of_response(request: HttpRequest, pk: int) -> Any:
    """The case of a response: the one it has, or one opened now that is the caller's."""
    allowed(request, "cases.work")
    response = get_object_or_404(Response.objects.visible_to(user_of(request)), pk=pk)
    return _case(request, cases.take_up(response, by=user_of(request)).pk)


@router.get("/cases/{int:pk}", response=CASE)
def get_case(request: HttpRequest, pk: int) -> Any:
    allowed(request, "cases.see")
    return _case(request, pk)


@router.get("/cases/{int:pk}/events", response={200: list[CaseEventOut], codes_4xx: CaseProblem})
def case_events(request: HttpRequest, pk: int) -> Any:
    """What happened to the case, newest first, in sentences."""
    allowed(request, "cases.see")
    case = _case(request, pk)
    return list(Event.objects.visible_to(user_of(request)).about("case", case.pk).newest_first()[:200])


@router.post("/cases/{int:pk}/contacts", response=CASE)
def contact_customer(request: HttpRequest, pk: int, body: ContactIn) -> Any:
    """A talk with the customer, or the attempt; reaching them stops the first-contact clock."""
    return _do(request, pk, threads.talk, **body.dict())


@router.post("/cases/{int:pk}/notes", response=CASE)
def write_note(request: HttpRequest, pk: int, body: NoteIn) -> Any:
    return _do(request, pk, cases.note, text=body.text)


@router.put("/cases/{int:pk}/resolution", response=CASE)
def resolve_case(request: HttpRequest, pk: int, body: ResolutionIn) -> Any:
    """End the case with its root cause; three callbacks are promised."""
    cause = RootCause.objects.filter(code=body.root_cause, archived_at=None).first()
    if cause is None:
        raise HttpError(422, f"unknown root cause {body.root_cause!r}")
    return _do(request, pk, cases.resolve, root_cause=cause, note=body.note)


@router.post("/cases/{int:pk}/reopenings", response=CASE)
def reopen_case(request: HttpRequest, pk: int, body: ReasonIn) -> Any:
    return _do(request, pk, cases.reopen, reason=body.reason)


@router.post("/cases/{int:pk}/assignments", response=CASE)
def assign_case(request: HttpRequest, pk: int, body: AssignmentIn) -> Any:
    allowed(request, "cases.assign")
    to = routing.candidates(_case(request, pk).unit).filter(username=body.to).first()
    if to is None:
        raise HttpError(422, f"{body.to!r} does not answer for this case's branch")
    return _do(request, pk, cases.assign, to=to, reason=body.reason)


@router.post("/cases/{int:pk}/claim", response=CASE)
def claim_case(request: HttpRequest, pk: int) -> Any:
    """Take a case that nobody owns; 409 says who was first."""
    case = _do(request, pk, cases.claim)
    if case.owner != user_of(request):
        assert case.owner is not None
        raise HttpError(409, f"{case.owner.username} was first")
    return case


@router.post("/cases/{int:pk}/escalations", response=CASE)
def escalate_case(request: HttpRequest, pk: int, body: ReasonIn) -> Any:
    """Hand the case up to the nearest lead, or from a lead to the manager; 409 where nobody is above."""
    allowed(request, "cases.work")
    case = _case(request, pk)
    if routing.next_above(case.unit, case.owner) is None:
        raise HttpError(409, "nobody stands above the person who has this case")
    return _do(request, pk, cases.escalate, reason=body.reason)


@router.get("/cases/{int:pk}/steps", response={200: list[StepOut], codes_4xx: CaseProblem})
def case_steps(request: HttpRequest, pk: int) -> Any:
    """The playbook's steps and which of them are done."""
    allowed(request, "cases.see")
    items = checklist.items(_case(request, pk))
    return [{"step": i.key, "label": i.label, "done_at": i.done_at} for i in items]


@router.post("/cases/{int:pk}/steps/{slug:code}", response=CASE)
def do_step(request: HttpRequest, pk: int, code: str, body: StepIn) -> Any:
    """Do a step of the playbook, with its parameters."""
    allowed(request, "cases.work")
    case = _case(request, pk)
    item = next((one for one in checklist.items(case) if one.key == code), None)
    if item is None:
        raise Http404
    params = item.action.Params
    form = form_of(params)({**item.step.params, **body.params})
    if not form.is_valid():
        raise HttpError(422, form.errors.as_text())
    return _do(request, pk, checklist.do, step=code, params=params(**form.cleaned_data))


@router.get("/callbacks", response={200: list[CallbackOut], codes_4xx: CaseProblem})
@paginate(LimitOffsetPagination)
def list_callbacks(request: HttpRequest, tab: str = "due") -> Any:
    """Those that are `due`, come `later` or are `done`."""
    allowed(request, "cases.see")
    if tab not in ("due", "later", "done"):
        raise HttpError(422, f"unknown tab {tab!r}")
    return getattr(Callback.objects.visible_to(user_of(request)), tab)().order_by("due_at", "pk")


@router.put("/callbacks/{int:pk}/result", response={200: CallbackOut, codes_4xx: CaseProblem})
def record_callback(request: HttpRequest, pk: int, body: ResultIn) -> Any:
    """What the customer said; "not_solved" reopens the case, a first "no_reply" is tried again."""
    allowed(request, "cases.work")
    callback = get_object_or_404(Callback.objects.visible_to(user_of(request)), pk=pk)
    return callbacks.record(callback, by=user_of(request), result=body.result, note=body.note)


@router.put("/remedies/{int:pk}/decision", response={200: RemedyOut, codes_4xx: CaseProblem})
def decide_remedy(request: HttpRequest, pk: int, body: DecisionIn) -> Any:
    """Approve or decline a remedy above the agent's limit."""
    allowed(request, "cases.assign")
    remedy = get_object_or_404(Remedy.objects.visible_to(user_of(request)), pk=pk)
    return remedies.decide(remedy, by=user_of(request), approved=body.approved)


@router.get("/root-causes", response={200: list[CauseOut], codes_4xx: CaseProblem})
def root_causes(request: HttpRequest) -> Any:
    allowed(request, "cases.see")
    return RootCause.objects.filter(archived_at=None)


@router.get("/customers", response={200: list[CustomerOut], codes_4xx: CaseProblem})
@paginate(LimitOffsetPagination)
def list_customers(request: HttpRequest, q: str = "") -> Any:
    """By a whole phone number, address, customer number or name; without one, the newest."""
    rows = _customers(request).select_related("unit").order_by("-pk")
    return rows.found_by(q[:120]) if q else rows  # type: ignore[attr-defined]  # CustomerQuerySet


@router.get("/customers/{int:pk}", response={200: CustomerOut, codes_4xx: CaseProblem})
def get_customer(request: HttpRequest, pk: int) -> Any:
    return get_object_or_404(_customers(request), pk=pk)


@router.post("/customers/{int:pk}/contact", response={200: ContactOut, codes_4xx: CaseProblem})
def show_contact(request: HttpRequest, pk: int) -> Any:
    """The phone number and address in full; that you looked is written down."""
    allowed(request, "cases.work")
    return contacts.show(get_object_or_404(_customers(request), pk=pk), by=user_of(request))


@router.post("/customers/{int:pk}/opt-out", response={200: CustomerOut, codes_4xx: CaseProblem})
def opt_out(request: HttpRequest, pk: int) -> Any:
    """Send no more surveys to this customer."""
    allowed(request, "cases.work")
    return invitations.opt_out(customer=get_object_or_404(_customers(request), pk=pk))


def _do(request: HttpRequest, pk: int, verb: Any, **given: Any) -> Case:
    allowed(request, "cases.work")
    verb(_case(request, pk), by=user_of(request), **given)
    return _case(request, pk)


def _case(request: HttpRequest, pk: int) -> Case:
    found: Case = get_object_or_404(page.for_rows(Case.objects.visible_to(user_of(request))), pk=pk)
    return found


def _customers(request: HttpRequest) -> QuerySet[Any]:
    allowed(request, "customers.see")
    rows: QuerySet[Any] = Customer.objects.visible_to(user_of(request))
    return rows
