"""Merge, split, link, snooze, undo, macros and mentions for programs: the same verbs as the pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema
from ninja.errors import HttpError
from ninja.pagination import LimitOffsetPagination, paginate
from ninja.responses import codes_4xx

from voiceloop.server.act.cases import page
from voiceloop.server.act.cases.api import CaseOut, CaseProblem
from voiceloop.server.act.casework import (
    linking,
    macros,
    mentions,
    merging,
    presence,
    snoozing,
    undoing,
    waiting,
)
from voiceloop.server.act.casework.macro_forms import MacroForm
from voiceloop.server.act.casework.wait_views import WaitRuleForm
from voiceloop.server.act.knowledge import phrases
from voiceloop.server.act.models import Case, CaseLink, Deed, Macro, RootCause, WaitRule
from voiceloop.server.core.rights import allowed, user_of

router = Router(tags=["act"])
CASE = {200: CaseOut, codes_4xx: CaseProblem}


class CaseMergeIn(Schema):
    into: int = Field(description="The case that stays")


class CaseLinkIn(Schema):
    other: int
    kind: Literal["related", "duplicate", "parent"] = "related"


class CaseLinkOut(Schema):
    id: int
    case: int = Field(alias="case_id")
    other: int = Field(alias="other_id")
    kind: str
    at: datetime
    ended_at: datetime | None


class CaseSplitIn(Schema):
    summary: str = Field(min_length=1, max_length=300)
    notes: list[int] = []
    posts: list[int] = []


class CaseSnoozeIn(Schema):
    until: datetime | None = Field(None, description="None: until the customer writes")


class CaseDeedOut(Schema):
    id: int
    case: int = Field(alias="case_id")
    name: str
    at: datetime
    undone_at: datetime | None


class MacroOut(Schema):
    id: int
    name: str
    name_en: str
    personal: bool
    unit: str = Field(alias="unit.code")
    actions: dict[str, str]

    @staticmethod
    def resolve_personal(macro: Any) -> bool:
        return macro.owner_id is not None


class MacroIn(Schema):
    name: str = Field(min_length=1, max_length=80)
    name_en: str = Field(default="", max_length=80)
    whose: Literal["mine", "team", "all"] = "mine"
    actions: dict[str, str] = Field(description="severity, assign, note, reply, pause, snooze, resolve")


class MacroLineOut(Schema):
    action: str
    words: str
    text: str
    problem: str
    stays: bool


class MentionOut(Schema):
    id: int
    case: int = Field(alias="case_id")
    by: str | None = Field(None, alias="event.by.username")
    text: str = Field(alias="event.note")
    at: datetime
    seen_at: datetime | None


class ColleagueOut(Schema):
    username: str
    name: str
    also: list[str]

    @staticmethod
    def resolve_name(user: Any) -> str:
        return str(user)

    @staticmethod
    def resolve_also(user: Any) -> list[str]:
        return [one for one in (user.name, user.name_en) if one]


class PresenceOut(Schema):
    username: str
    name: str
    types: bool


class PhraseOut(Schema):
    situation: str
    instead_zh: str
    say_zh: str
    instead_en: str
    say_en: str


class WaitRuleOut(Schema):
    id: int
    name: str
    kind: str
    channel: str
    nudge_after: int
    close_after: int
    text_zh: str
    text_en: str
    root_cause: str = Field(alias="root_cause.code")


class WaitRuleIn(Schema):
    name: str = Field(min_length=1, max_length=80)
    kind: Literal["", "recovery", "request", "complaint"] = ""
    channel: str = Field(default="", max_length=64)
    nudge_after: int = Field(default=3, ge=1, le=365)
    close_after: int = Field(default=4, ge=0, le=365)
    text_zh: str = Field(default="", max_length=4000)
    text_en: str = Field(default="", max_length=4000)
    root_cause: str


@router.put("/cases/{int:pk}/merge", response=CASE)
def merge_case(request: HttpRequest, pk: int, body: CaseMergeIn) -> Any:
    """Everything of this case goes over to another; the answer is the one that stays."""
    case, into = _works(request, pk), _works(request, body.into)
    try:
        _kept(request, case, "merge", lambda: merging.merge(case, into=into, by=user_of(request)))
    except merging.Refused as refused:
        raise HttpError(409, str(refused)) from refused
    return _case(request, into.pk)


@router.delete("/cases/{int:pk}/merge", response=CASE)
def unmerge_case(request: HttpRequest, pk: int) -> Any:
    """Two cases again."""
    merging.unmerge(_works(request, pk), by=user_of(request))
    return _case(request, pk)


@router.post("/cases/{int:pk}/split", response=CASE)
def split_case(request: HttpRequest, pk: int, body: CaseSplitIn) -> Any:
    """A new case with some of the notes and messages; the answer is the new one."""
    made = linking.split(_works(request, pk), by=user_of(request), **body.dict())
    return _case(request, made.pk)


@router.get("/cases/{int:pk}/links", response={200: list[CaseLinkOut], codes_4xx: CaseProblem})
def case_links(request: HttpRequest, pk: int) -> Any:
    allowed(request, "cases.see")
    return list(CaseLink.objects.visible_to(user_of(request)).live().of(_case(request, pk)).order_by("pk"))


@router.post("/cases/{int:pk}/links", response={200: CaseLinkOut, codes_4xx: CaseProblem})
def link_case(request: HttpRequest, pk: int, body: CaseLinkIn) -> Any:
    """Of a parent, the case of the address is the parent."""
    case, other = _works(request, pk), _works(request, body.other)
    if case.pk == other.pk:
        raise HttpError(422, "a case is not linked with itself")
    return linking.link(case, other=other, kind=body.kind, by=user_of(request))


@router.delete("/links/{int:pk}", response={200: CaseLinkOut, codes_4xx: CaseProblem})
def unlink_case(request: HttpRequest, pk: int) -> Any:
    allowed(request, "cases.work")
    found = get_object_or_404(CaseLink.objects.visible_to(user_of(request)), pk=pk)
    return linking.unlink(found, by=user_of(request))


@router.put("/cases/{int:pk}/snooze", response=CASE)
def snooze_case(request: HttpRequest, pk: int, body: CaseSnoozeIn) -> Any:
    """Out of the lists until a moment, or until the customer writes."""
    case = _works(request, pk)
    by = user_of(request)
    _kept(request, case, "snooze", lambda: snoozing.snooze(case, by=by, until=body.until))
    return _case(request, pk)


@router.delete("/cases/{int:pk}/snooze", response=CASE)
def wake_case(request: HttpRequest, pk: int) -> Any:
    case = _works(request, pk)
    _kept(request, case, "wake", lambda: snoozing.wake(case, by=user_of(request)))
    return _case(request, pk)


@router.get("/cases/{int:pk}/deeds", response={200: list[CaseDeedOut], codes_4xx: CaseProblem})
def case_deeds(request: HttpRequest, pk: int) -> Any:
    """Your own steps on the case that can still be taken back, the newest first."""
    allowed(request, "cases.see")
    last = undoing.last(_case(request, pk), by=user_of(request))
    return [last] if last else []


@router.post("/deeds/{int:pk}/undo", response=CASE)
def undo_deed(request: HttpRequest, pk: int) -> Any:
    """Take a step of yours back; 409 when somebody went on from there."""
    allowed(request, "cases.work")
    mine = Deed.objects.visible_to(user_of(request)).filter(by=user_of(request))
    try:
        return _case(request, undoing.undo(get_object_or_404(mine, pk=pk), by=user_of(request)).pk)
    except undoing.Changed as changed:
        raise HttpError(409, str(changed)) from changed


@router.get("/cases/{int:pk}/colleagues", response={200: list[ColleagueOut], codes_4xx: CaseProblem})
def case_colleagues(request: HttpRequest, pk: int) -> Any:
    """Who may see the case, and so may be named in its notes."""
    allowed(request, "cases.see")
    return list(mentions.colleagues(_case(request, pk))[:200])


@router.get("/cases/{int:pk}/presence", response={200: list[PresenceOut], codes_4xx: CaseProblem})
def case_presence(request: HttpRequest, pk: int) -> Any:
    """Colleagues who have the case before them now."""
    allowed(request, "cases.see")
    found = presence.others(_case(request, pk), user=user_of(request))
    return [{"username": o.user.username, "name": str(o.user), "types": o.types} for o in found]


@router.get("/mentions", response={200: list[MentionOut], codes_4xx: CaseProblem})
@paginate(LimitOffsetPagination)
def list_mentions(request: HttpRequest) -> Any:
    """Notes in which you are named, the newest first."""
    allowed(request, "cases.see")
    return mentions.of(user_of(request))


@router.post("/mentions/seen", response={200: int, codes_4xx: CaseProblem})
def see_mentions(request: HttpRequest) -> Any:
    """You have read them all; how many were new."""
    allowed(request, "cases.see")
    return mentions.see(user_of(request))


@router.get("/phrases", response={200: list[PhraseOut], codes_4xx: CaseProblem})
def list_phrases(request: HttpRequest, q: str = "", situation: str = "") -> Any:
    """Instead of what one blurts out, what an upset customer can hear."""
    return phrases.found(q, situation)


@router.get("/macros", response={200: list[MacroOut], codes_4xx: CaseProblem})
def list_macros(request: HttpRequest) -> Any:
    allowed(request, "cases.work")
    return list(Macro.objects.visible_to(user_of(request)).live().select_related("unit"))


@router.post("/macros", response={200: MacroOut, codes_4xx: CaseProblem})
def save_macro(request: HttpRequest, body: MacroIn) -> Any:
    allowed(request, "cases.work")
    return _saved_macro(request, Macro(), body)


@router.put("/macros/{int:pk}", response={200: MacroOut, codes_4xx: CaseProblem})
def change_macro(request: HttpRequest, pk: int, body: MacroIn) -> Any:
    return _saved_macro(request, _my_macro(request, pk), body)


@router.delete("/macros/{int:pk}", response={200: MacroOut, codes_4xx: CaseProblem})
def archive_macro(request: HttpRequest, pk: int) -> Any:
    return macros.archive(_my_macro(request, pk), by=user_of(request))


@router.get("/cases/{int:pk}/macros/{int:macro}", response={200: list[MacroLineOut], codes_4xx: CaseProblem})
def preview_macro(request: HttpRequest, pk: int, macro: int) -> Any:
    """What it would do to the case."""
    case = _works(request, pk)
    return macros.preview(_macro(request, macro), case, by=user_of(request))


@router.post("/cases/{int:pk}/macros/{int:macro}", response=CASE)
def run_macro(request: HttpRequest, pk: int, macro: int) -> Any:
    """All of it or nothing."""
    case = _works(request, pk)
    try:
        macros.run(_macro(request, macro), case=case, by=user_of(request))
    except ValueError as refused:
        raise HttpError(409, str(refused)) from refused
    return _case(request, pk)


@router.get("/wait-rules", response={200: list[WaitRuleOut], codes_4xx: CaseProblem})
def list_wait_rules(request: HttpRequest) -> Any:
    """How long we wait for customers before we ask again, and before we close."""
    allowed(request, "cases.see")
    return list(WaitRule.objects.live().select_related("root_cause"))


@router.post("/wait-rules", response={200: WaitRuleOut, codes_4xx: CaseProblem})
def save_wait_rule(request: HttpRequest, body: WaitRuleIn) -> Any:
    _company(request)
    return _saved_rule(request, WaitRule(), body)


@router.put("/wait-rules/{int:rule}", response={200: WaitRuleOut, codes_4xx: CaseProblem})
def change_wait_rule(request: HttpRequest, rule: int, body: WaitRuleIn) -> Any:
    _company(request)
    return _saved_rule(request, get_object_or_404(WaitRule.objects.live(), pk=rule), body)


@router.delete("/wait-rules/{int:rule}", response={200: WaitRuleOut, codes_4xx: CaseProblem})
def archive_wait_rule(request: HttpRequest, rule: int) -> Any:
    _company(request)
    return waiting.archive(get_object_or_404(WaitRule.objects.live(), pk=rule), by=user_of(request))


def _saved_macro(request: HttpRequest, macro: Macro, body: MacroIn) -> Macro:
    given = body.dict()
    form = MacroForm({**given.pop("actions"), **given}, macro=macro, user=user_of(request))
    if not form.is_valid():
        raise HttpError(422, form.errors.as_text())
    return macros.save(form.filled(), by=user_of(request))


def _saved_rule(request: HttpRequest, rule: WaitRule, body: WaitRuleIn) -> WaitRule:
    cause = RootCause.objects.filter(code=body.root_cause, archived_at=None).first()
    form = WaitRuleForm({**body.dict(), "root_cause": cause.pk if cause else ""}, instance=rule)
    if not form.is_valid():
        raise HttpError(422, form.errors.as_text())
    return waiting.save(form.save(commit=False), by=user_of(request))


def _my_macro(request: HttpRequest, pk: int) -> Macro:
    found = _macro(request, pk)
    if not macros.may_change(found, user_of(request)):
        raise PermissionError("macro")
    return found


def _macro(request: HttpRequest, pk: int) -> Macro:
    allowed(request, "cases.work")
    found: Macro = get_object_or_404(
        Macro.objects.visible_to(user_of(request)).live().select_related("unit"), pk=pk
    )
    return found


def _kept(request: HttpRequest, case: Case, name: str, act: Any) -> None:
    undoing.do(case, by=user_of(request), name=name, act=act)


def _works(request: HttpRequest, pk: int) -> Case:
    allowed(request, "cases.work")
    return _case(request, pk)


def _company(request: HttpRequest) -> None:
    allowed(request, "settings.edit")


def _case(request: HttpRequest, pk: int) -> Case:
    found: Case = get_object_or_404(page.for_rows(Case.objects.visible_to(user_of(request))), pk=pk)
    return found
