"""Anticipation for programs: the same lists, the same verbs and the same rights as the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal, TypeVar

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError

from voiceloop.server.act.anticipation import kinds, listing, page, proposals, results, rules, trials
from voiceloop.server.act.anticipation.kinds import Refused
from voiceloop.server.act.models import AnticipationRule, AnticipationTrial, OutreachProposal
from voiceloop.server.core.models import Unit, User
from voiceloop.server.core.problem import Problem
from voiceloop.server.core.rights import allowed

router = Router(tags=["anticipation"])
WRONG = {403: Problem, 404: Problem, 422: Problem}
MOST = 500
Kind = Literal["late_order", "bad_again", "broken_promise", "unheard", "same_topic", "risk_silent"]
R = TypeVar("R")


class AnticipationProposalOut(Schema):
    id: int
    rule: int = Field(alias="rule_id")
    kind: str = Field(alias="rule.kind")
    customer: int = Field(alias="customer_id")
    unit: str = Field(alias="unit.code")
    why: str = Field(alias="sentence")
    happened_at: datetime
    proposed_at: datetime
    expires_at: datetime
    state: str
    decided_at: datetime | None
    decided_by: str | None = Field(None, alias="decided_by.username")
    reason: str
    note: str
    case: int | None = Field(None, alias="case_id")


class AnticipationAcceptIn(Schema):
    proposals: list[int] = Field(max_length=proposals.MOST_AT_ONCE)


class AnticipationAcceptedOut(Schema):
    cases: list[int]
    n_late: int = Field(description="The customer was faster, or somebody had decided")


class AnticipationDismissIn(Schema):
    reason: Literal["not_needed", "already_done", "wrong_facts", "not_wanted", "no_time", "other"]
    note: str = Field("", max_length=300)


class AnticipationRuleOut(Schema):
    id: int
    kind: str
    name: str
    name_en: str
    unit: str = Field(alias="unit.code")
    parameters: dict[str, int]
    keep_days: int
    most_a_day: int
    is_on: bool
    archived_at: datetime | None

    @staticmethod
    def resolve_parameters(one: AnticipationRule) -> dict[str, int]:
        return kinds.values(one.kind, one.parameters)


class AnticipationRuleIn(Schema):
    kind: Kind
    name: str = Field(min_length=1, max_length=80)
    name_en: str = Field("", max_length=80)
    unit: str
    parameters: dict[str, int] = {}
    keep_days: int = Field(3, ge=1, le=rules.LONGEST_DAYS)
    most_a_day: int = Field(20, ge=1, le=rules.MOST_A_DAY)


class AnticipationSwitchIn(Schema):
    on: bool


class AnticipationTrialIn(Schema):
    days: Literal[30, 90, 180, 365] = 90


class AnticipationTrialOut(Schema):
    id: int
    rule: int = Field(alias="rule_id")
    days: int
    state: str
    at: datetime
    ended_at: datetime | None
    result: dict[str, Any]
    verdict: str = Field(description="more, less or same; few while too few stand behind it; empty before")

    @staticmethod
    def resolve_verdict(one: AnticipationTrial) -> str:
        return page.verdict(one.result) if one.result else ""


@router.get("/anticipation/proposals", response={200: list[AnticipationProposalOut], 403: Problem})
def list_proposals(
    request: HttpRequest,
    state: Literal["open", "accepted", "dismissed", "expired", "overtaken"] = "open",
    rule: int | None = None,
    kind: str = "",
    unit: str = "",
) -> Any:
    user = allowed(request, "cases.see")
    return listing.rows(user, listing.Asked(state, rule, kind, unit))[:MOST]


@router.post("/anticipation/proposals/acceptance", response={200: AnticipationAcceptedOut, 403: Problem})
def accept(request: HttpRequest, body: AnticipationAcceptIn) -> Any:
    """A case for each customer; ids that you may not see are passed over."""
    user = allowed(request, "cases.work")
    chosen = OutreachProposal.objects.visible_to(user).filter(pk__in=body.proposals).order_by("expires_at")
    done = proposals.accept_all(chosen, by=user)
    return {"cases": [case.pk for case in done.cases], "n_late": done.n_late}


@router.post("/anticipation/proposals/{int:pk}/dismissal", response={200: AnticipationProposalOut, **WRONG})
def dismiss(request: HttpRequest, pk: int, body: AnticipationDismissIn) -> Any:
    user = allowed(request, "cases.work")
    return _or_problem(proposals.dismiss, _proposal(user, pk), by=user, **body.dict())


@router.delete("/anticipation/proposals/{int:pk}/dismissal", response={200: AnticipationProposalOut, **WRONG})
def restore(request: HttpRequest, pk: int) -> Any:
    user = allowed(request, "cases.work")
    return _or_problem(proposals.restore, _proposal(user, pk), by=user)


@router.get("/anticipation/results", response={200: dict[str, Any], 403: Problem})
def get_results(request: HttpRequest, days: Literal[30, 90, 180, 365] = 90, rule: int | None = None) -> Any:
    """Accepted against dismissed and expired; people chose who is in which, so a difference is no effect."""
    return results.results(allowed(request, "cases.see"), days=days, rule=rule)


@router.get("/anticipation/rules", response={200: list[AnticipationRuleOut], 403: Problem})
def list_rules(request: HttpRequest) -> Any:
    return listing.rules_of(allowed(request, "cases.see")).live()


@router.post("/anticipation/rules", response={201: AnticipationRuleOut, **WRONG})
def write_rule(request: HttpRequest, body: AnticipationRuleIn) -> Any:
    """Switched off: make a trial, then switch it on."""
    user = allowed(request, "settings.edit")
    return Status(201, _saved(user, None, body))


@router.post("/anticipation/rules/shipped", response={201: list[AnticipationRuleOut], 403: Problem})
def ship_rules(request: HttpRequest) -> Any:
    """Those of the shipped rules that are missing, switched off."""
    user = allowed(request, "settings.edit")
    assert user.unit is not None, "who may edit the settings has a unit"
    return Status(201, rules.starter(user.unit, by=user))


@router.put("/anticipation/rules/{int:pk}", response={200: AnticipationRuleOut, **WRONG})
def change_rule(request: HttpRequest, pk: int, body: AnticipationRuleIn) -> Any:
    user = allowed(request, "settings.edit")
    return _saved(user, _rule(user, pk), body)


@router.put("/anticipation/rules/{int:pk}/switch", response={200: AnticipationRuleOut, **WRONG})
def switch_rule(request: HttpRequest, pk: int, body: AnticipationSwitchIn) -> Any:
    user = allowed(request, "settings.edit")
    return _or_problem(rules.switch, _rule(user, pk), by=user, on=body.on)


@router.delete("/anticipation/rules/{int:pk}", response={200: AnticipationRuleOut, **WRONG})
def archive_rule(request: HttpRequest, pk: int) -> Any:
    user = allowed(request, "settings.edit")
    return rules.archive(_rule(user, pk), by=user)


@router.post("/anticipation/rules/{int:pk}/trials", response={202: AnticipationTrialOut, **WRONG})
def try_rule(request: HttpRequest, pk: int, body: AnticipationTrialIn) -> Any:
    user = allowed(request, "settings.edit")
    return Status(202, trials.start(_rule(user, pk), by=user, days=body.days))


@router.get("/anticipation/rules/{int:pk}/trials", response={200: list[AnticipationTrialOut], **WRONG})
def list_trials(request: HttpRequest, pk: int) -> Any:
    """Newest first."""
    return _rule(allowed(request, "cases.see"), pk).trials.order_by("-pk")[:50]


def _saved(user: User, rule: AnticipationRule | None, body: AnticipationRuleIn) -> AnticipationRule:
    given = body.dict()
    given["unit"] = get_object_or_404(Unit.objects.visible_to(user), code=body.unit)
    return _or_problem(rules.save, rule, by=user, **given)


def _proposal(user: User, pk: int) -> OutreachProposal:
    rows = OutreachProposal.objects.visible_to(user).select_related("rule", "customer", "unit")
    found: OutreachProposal = get_object_or_404(rows, pk=pk)
    return found


def _rule(user: User, pk: int) -> AnticipationRule:
    found: AnticipationRule = get_object_or_404(listing.rules_of(user), pk=pk)
    return found


def _or_problem(verb: Callable[..., R], *about: Any, **given: Any) -> R:
    try:
        return verb(*about, **given)
    except Refused as refused:
        raise HttpError(422, str(refused)) from None
