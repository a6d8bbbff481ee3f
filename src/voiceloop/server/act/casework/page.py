"""What the page of a case shows of merges, links, snoozes, steps to take back and colleagues beside one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from voiceloop.server.act.casework import forms, guard, linking, presence, undoing
from voiceloop.server.act.models import Case, CaseLink, Post
from voiceloop.server.core.models import User

POSTS = 50


@dataclass(frozen=True)
class Linked:
    """Another case as seen from this one."""

    link: CaseLink
    other: Case
    label: Any


def context(case: Case, user: User) -> dict[str, Any]:
    works = user.may("cases.work")
    snooze = case.snoozes.filter(ended_at=None).select_related("by").first()
    return {
        "merged": case.merged.select_related("customer").order_by("pk"),
        "linked": linked(case, user),
        "snooze": snooze,
        "deed": undoing.last(case, by=user) if works else None,
        "version": guard.version(case),
        "others": presence.others(case, user=user),
        "beat": presence.BEAT,
        **(_dialogs(case) if works else {}),
    }


def linked(case: Case, user: User) -> list[Linked]:
    rows = CaseLink.objects.visible_to(user).live().of(case).order_by("pk")
    return [_seen_from(case, row) for row in rows.select_related("case__customer", "other__customer")]


def _seen_from(case: Case, row: CaseLink) -> Linked:
    above = row.case_id == case.pk
    other = row.other if above else row.case
    name = row.kind if row.kind != CaseLink.Kind.PARENT or above else "child"
    return Linked(row, other, forms.LINKS[name])


def _dialogs(case: Case) -> dict[str, Any]:
    if not case.is_open:
        return {}
    return {"snooze_form": forms.SnoozeForm(), "link_kinds": forms.LINKS.items()}


def of_split(case: Case, form: forms.SplitForm | None = None) -> dict[str, Any]:
    """Notes and messages to choose from."""
    posts = Post.objects.filter(thread__case=case).select_related("thread", "by").order_by("at", "pk")
    return {
        "case": case,
        "form": form or forms.SplitForm(case=case),
        "notes": case.notes.select_related("by").order_by("pk"),
        "posts": posts[:POSTS],
        "can_split": linking.is_divisible(case),
    }
