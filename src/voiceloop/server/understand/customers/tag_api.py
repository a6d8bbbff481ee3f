"""Tags and their rules for programs: the same verbs as the pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from voiceloop.server.collect.models import Customer
from voiceloop.server.core.models import User
from voiceloop.server.core.problem import Problem
from voiceloop.server.core.rights import allowed
from voiceloop.server.understand.customers import tag_conditions, tag_rules, tag_starter, tags
from voiceloop.server.understand.customers.tag_fields import COMPARISONS, FIELDS
from voiceloop.server.understand.tag_models import CustomerTag, TagRule, TagRuleRun

router = Router(tags=["understand"])
PROBLEMS = {403: Problem, 404: Problem, 422: Problem}


class CustomerTagOut(Schema):
    id: int
    customer_id: int
    name: str
    rule_id: int | None
    since: datetime
    expires_on: date | None
    why: str
    ended_at: datetime | None
    ended_because: str


class CustomerTagIn(Schema):
    name: str = Field(max_length=200)
    expires_on: date | None = None
    why: str = Field("", max_length=200)


class CustomersTagIn(Schema):
    customers: list[int] = Field(max_length=tags.MOST_AT_ONCE)
    name: str = Field(max_length=200)
    expires_on: date | None = None


class TaggedOut(Schema):
    n: int


class TagNameOut(Schema):
    name: str
    n: int


class TagConditionIn(Schema):
    field: str
    comparison: str = Field(alias="is")
    value: Any = None
    more: Any = None


class TagRuleIn(Schema):
    name: str = Field(max_length=200)
    conditions: list[TagConditionIn] = Field(max_length=tag_conditions.MOST)
    keep_days: int = Field(0, ge=0, le=tag_rules.MOST_KEEP_DAYS)


class TagRuleOut(Schema):
    id: int
    name: str
    conditions: list[dict[str, Any]]
    said: str
    keep_days: int
    state: str
    archived_at: datetime | None
    is_tried: bool

    @staticmethod
    def resolve_said(rule: TagRule) -> str:
        return tag_conditions.in_words(rule.conditions)

    @staticmethod
    def resolve_is_tried(rule: TagRule) -> bool:
        return tag_rules.is_tried(rule)


class TagDryRunOut(Schema):
    n: int
    of: int
    given: int
    taken: int
    kept: int
    would_get: list[int]
    would_lose: list[int]


class TagRuleRunOut(Schema):
    id: int
    rule_id: int
    at: datetime
    n: int
    given: int
    taken: int
    kept: int


class TagFieldOut(Schema):
    code: str
    label: str
    kind: str
    more: str
    comparisons: list[str]
    values: list[str]


class JobQueuedOut(Schema):
    is_new: bool


@router.get("/tags", response={200: list[TagNameOut], 403: Problem})
def list_tag_names(request: HttpRequest) -> Any:
    """The names in use on customers whom the caller may see, and how many have each."""
    return tags.names(allowed(request, "customers.see"))


@router.get("/customers/{int:pk}/tags", response={200: list[CustomerTagOut], 403: Problem, 404: Problem})
def list_tags_of(request: HttpRequest, pk: int) -> Any:
    return tags.of(_customer(allowed(request, "customers.see"), pk))


@router.post("/customers/{int:pk}/tags", response={200: CustomerTagOut, **PROBLEMS})
def give_tag(request: HttpRequest, pk: int, body: CustomerTagIn) -> Any:
    user = allowed(request, "cases.work")
    return _done(tags.tag, _customer(user, pk), by=user, **body.dict())


@router.post("/customers/tags", response={200: TaggedOut, **PROBLEMS})
def give_tag_to_many(request: HttpRequest, body: CustomersTagIn) -> Any:
    user = allowed(request, "cases.work")
    visible = Customer.objects.visible_to(user).select_related("unit")
    chosen = visible.filter(pk__in=body.customers)
    done = _done(tags.tag_many, chosen, by=user, name=body.name, expires_on=body.expires_on)
    return {"n": done} if isinstance(done, int) else done


@router.delete("/customer-tags/{int:pk}", response={200: CustomerTagOut, 403: Problem, 404: Problem})
def take_tag(request: HttpRequest, pk: int) -> Any:
    user = allowed(request, "cases.work")
    return tags.untag(_tag(user, pk), by=user)


@router.post("/customer-tags/{int:pk}/restore", response={200: CustomerTagOut, **PROBLEMS})
def give_tag_back(request: HttpRequest, pk: int) -> Any:
    user = allowed(request, "cases.work")
    return _done(tags.restore, _tag(user, pk), by=user)


@router.get("/tag-fields", response={200: list[TagFieldOut], 403: Problem})
def list_tag_fields(request: HttpRequest) -> Any:
    """What a rule can look at, how it is compared, and with which values of all branches."""
    allowed(request, "settings.edit")
    return [
        {
            "code": one.code,
            "label": str(one.label),
            "kind": one.kind,
            "more": one.more,
            "comparisons": list(COMPARISONS[one.kind]),
            "values": [code for code, _name in one.options()] if one.options and one.kind != "unit" else [],
        }
        for one in FIELDS.values()
    ]


@router.get("/tag-rules", response={200: list[TagRuleOut], 403: Problem})
def list_tag_rules(request: HttpRequest) -> Any:
    allowed(request, "customers.see")
    return TagRule.objects.filter(archived_at=None)


@router.post("/tag-rules", response={200: TagRuleOut, **PROBLEMS})
def add_tag_rule(request: HttpRequest, body: TagRuleIn) -> Any:
    return _save(request, None, body)


@router.put("/tag-rules/{int:pk}", response={200: TagRuleOut, **PROBLEMS})
def change_tag_rule(request: HttpRequest, pk: int, body: TagRuleIn) -> Any:
    allowed(request, "settings.edit")
    return _save(request, get_object_or_404(TagRule, pk=pk, archived_at=None), body)


@router.post("/tag-rules/{int:pk}/dry-run", response={200: TagDryRunOut, **PROBLEMS})
def try_tag_rule(request: HttpRequest, pk: int) -> Any:
    """Whom it would tag and untag now; it tags nobody, and is asked for before a rule is put in force."""
    allowed(request, "settings.edit")
    rule = tag_rules.dry_run(get_object_or_404(TagRule, pk=pk))
    told = rule.tried["samples"]
    return {**rule.tried, "would_get": told["given"], "would_lose": told["taken"]}


@router.post("/tag-rules/{int:pk}/activate", response={200: TagRuleOut, **PROBLEMS})
def activate_tag_rule(request: HttpRequest, pk: int) -> Any:
    user = allowed(request, "settings.edit")
    return _done(tag_rules.activate, get_object_or_404(TagRule, pk=pk, archived_at=None), by=user)


@router.post("/tag-rules/{int:pk}/pause", response={200: TagRuleOut, **PROBLEMS})
def pause_tag_rule(request: HttpRequest, pk: int) -> Any:
    user = allowed(request, "settings.edit")
    return _done(tag_rules.pause, get_object_or_404(TagRule, pk=pk, archived_at=None), by=user)


@router.delete("/tag-rules/{int:pk}", response={200: TagRuleOut, **PROBLEMS})
def archive_tag_rule(request: HttpRequest, pk: int) -> Any:
    user = allowed(request, "settings.edit")
    return _done(tag_rules.archive, get_object_or_404(TagRule, pk=pk, archived_at=None), by=user)


@router.post("/tag-rules/{int:pk}/restore", response={200: TagRuleOut, **PROBLEMS})
def restore_tag_rule(request: HttpRequest, pk: int) -> Any:
    user = allowed(request, "settings.edit")
    return _done(
        tag_rules.restore, get_object_or_404(TagRule.objects.exclude(archived_at=None), pk=pk), by=user
    )


@router.post("/tag-rules/run", response={202: JobQueuedOut, 403: Problem})
def run_tag_rules(request: HttpRequest) -> Any:
    allowed(request, "settings.edit")
    return Status(202, {"is_new": tag_rules.queue()})


@router.post("/tag-rules/start", response={200: list[TagRuleOut], 403: Problem})
def start_tag_rules(request: HttpRequest) -> Any:
    """The three that come with the product, as drafts, where they are missing."""
    allowed(request, "settings.edit")
    return tag_starter.rules(active=False)


@router.get("/tag-rules/{int:pk}/runs", response={200: list[TagRuleRunOut], 403: Problem, 404: Problem})
def list_tag_runs(request: HttpRequest, pk: int) -> Any:
    allowed(request, "customers.see")
    return TagRuleRun.objects.filter(rule=get_object_or_404(TagRule, pk=pk)).order_by("-pk")[:100]


def _save(request: HttpRequest, rule: TagRule | None, body: TagRuleIn) -> Any:
    user = allowed(request, "settings.edit")
    told = [one.dict(by_alias=True) for one in body.conditions]
    return _done(tag_rules.save, rule, by=user, name=body.name, conditions_=told, keep_days=body.keep_days)


def _customer(user: User, pk: int) -> Customer:
    found: Customer = get_object_or_404(Customer.objects.visible_to(user).select_related("unit"), pk=pk)
    return found


def _tag(user: User, pk: int) -> CustomerTag:
    return get_object_or_404(CustomerTag.objects.visible_to(user).select_related("customer__unit"), pk=pk)


def _done(verb: Any, *noun: Any, **arguments: Any) -> Any:
    """What the verb gives, or in one sentence why it cannot be done."""
    try:
        return verb(*noun, **arguments)
    except tags.Refused as refused:
        return Status(422, {"detail": str(refused)})
