"""Links between cases, and a new case out of part of another."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.timezone import now

from voiceloop.server.act.cases import cases, clocks
from voiceloop.server.act.casework.events import CaseLinked, CaseSplit, CaseUnlinked
from voiceloop.server.act.models import Case, CaseLink, Note, Post, Thread
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User


@verb
def link(case: Case, *, other: Case, kind: str, by: User) -> CaseLink:
    """Of a parent, `case` is the parent. Related cases have no direction: the lower number comes first."""
    if kind != CaseLink.Kind.PARENT and other.pk < case.pk:
        case, other = other, case
    made, is_new = CaseLink.objects.get_or_create(
        case=case, other=other, kind=kind, ended_at=None, defaults={"by": by}
    )
    if is_new:
        _record(CaseLinked, made, by)
    return made


@verb
def unlink(link: CaseLink, *, by: User) -> CaseLink:
    if CaseLink.objects.filter(pk=link.pk, ended_at=None).update(ended_at=now()):
        _record(CaseUnlinked, link, by)
    link.refresh_from_db()
    return link


@verb
def split(
    case: Case, *, by: User, summary: str, notes: Iterable[int] = (), posts: Iterable[int] = ()
) -> Case:
    """A new case of the same customer, with the chosen notes and messages; both say where the other is."""
    cases.lock(case)
    made = cases.open(
        case.customer, by=by, kind=case.kind, severity=case.severity, summary=summary, unit=case.unit
    )
    Note.objects.filter(case=case, pk__in=list(notes)).update(case=made)
    _move_posts(case, made, list(posts))
    clocks.wind(made)
    CaseLink.objects.create(case=case, other=made, kind=CaseLink.Kind.PARENT, by=by)
    record(CaseSplit(case=case.pk, customer=case.customer_id, other=made.pk), by=by, unit=case.unit)
    return made


def _move_posts(case: Case, made: Case, chosen: list[int]) -> None:
    """Messages hang on threads: those of each thread go to a twin of it that belongs to the new case."""
    for old in Thread.objects.filter(case=case, posts__in=chosen).distinct():
        twin = Thread.objects.get(pk=old.pk)
        twin.pk, twin.case, twin.conversation, twin._state.adding = None, made, None, True
        twin.save()
        Post.objects.filter(thread=old, pk__in=chosen).update(thread=twin)


def _record(event: type[CaseLinked] | type[CaseUnlinked], link: CaseLink, by: User) -> None:
    one = link.case
    said = event(case=one.pk, customer=one.customer_id, other=link.other_id, kind=link.kind)
    record(said, by=by, unit=one.unit)


def is_divisible(case: Case) -> bool:
    """Whether there is anything that could go to a case of its own."""
    return case.notes.exists() or any(thread.posts.exists() for thread in case.threads.all())
