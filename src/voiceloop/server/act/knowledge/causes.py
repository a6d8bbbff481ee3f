"""Root causes: the company's own list of why things fail. The verbs that change it."""

from __future__ import annotations

from uuid import uuid4

from django.utils.text import slugify
from django.utils.timezone import now

from voiceloop.server.act.knowledge.events import CauseAdded, CauseArchived, CauseRenamed, CauseRestored
from voiceloop.server.act.models import RootCause
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User


@verb
def add(*, by: User, group: str, name: str, name_en: str = "") -> RootCause:
    """A new cause; who adds one that exists gets that one."""
    known = RootCause.objects.filter(group=group, name=name, archived_at=None).first()
    if known:
        return known
    cause = RootCause.objects.create(code=_code(name_en), group=group, name=name, name_en=name_en)
    record(CauseAdded(root_cause=cause.pk, name=name), by=by, unit=by.unit)
    return cause


@verb
def rename(cause: RootCause, *, by: User, name: str, name_en: str = "", group: str = "") -> RootCause:
    """Another name, or another of the three groups; the code, by which figures know it, stays."""
    before, wanted = cause.name, (name, name_en, group or cause.group)
    if (cause.name, cause.name_en, cause.group) != wanted:
        cause.name, cause.name_en, cause.group = wanted
        cause.save()
        record(CauseRenamed(root_cause=cause.pk, before=before, name=name), by=by, unit=by.unit)
    return cause


@verb
def archive(cause: RootCause, *, by: User) -> RootCause:
    """No longer offered; the cases that had it keep it."""
    if cause.archived_at is None:
        cause.archived_at = now()
        cause.save(update_fields=["archived_at"])
        record(CauseArchived(root_cause=cause.pk, name=cause.name), by=by, unit=by.unit)
    return cause


@verb
def restore(cause: RootCause, *, by: User) -> RootCause:
    if cause.archived_at is not None:
        cause.archived_at = None
        cause.save(update_fields=["archived_at"])
        record(CauseRestored(root_cause=cause.pk, name=cause.name), by=by, unit=by.unit)
    return cause


def _code(name_en: str) -> str:
    """Readable where there is an English name, and never taken."""
    code = slugify(name_en).replace("-", "_")[:50] or f"cause_{uuid4().hex[:8]}"
    return f"{code}_{uuid4().hex[:4]}" if RootCause.objects.filter(code=code).exists() else code
