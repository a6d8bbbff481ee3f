"""Playbooks change as drafts: written, counted on history, put into use, archived. The verbs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.db.models import Max
from django.utils.text import slugify
from django.utils.timezone import now
from django.utils.translation import gettext as _

from voiceloop.server.act.models import DryRun, Playbook, PlaybookVersion
from voiceloop.server.act.playbooks import book, rules, shipped, steps
from voiceloop.server.act.playbooks.events import (
    PlaybookActivated,
    PlaybookArchived,
    PlaybookDrafted,
    PlaybookRestored,
    PlaybooksOrdered,
)
from voiceloop.server.core.events import EventType, record, verb
from voiceloop.server.core.models import User

State, Trigger = PlaybookVersion.State, PlaybookVersion.Trigger
SAID = ("name", "name_en", "motto", "motto_en", "trigger", "conditions", "steps")
LONGEST = {"name": 80, "name_en": 80, "motto": 200, "motto_en": 200}


class NotReady(ValueError):
    """A draft with faults, or one that nobody has counted on history, is not put into use."""


@verb
def new(*, by: User, name: str, name_en: str = "", trigger: str = Trigger.DETRACTOR) -> PlaybookVersion:
    """A playbook with an empty draft."""
    shipped.starter()
    return _add(by, {"name": name, "name_en": name_en, "trigger": trigger, "conditions": {"all": []}})


@verb
def begin_draft(playbook: Playbook, *, by: User) -> PlaybookVersion:
    """The draft of a playbook: the one that is there, else a copy of what is in use."""
    _lock(playbook)
    draft: PlaybookVersion | None = playbook.versions.filter(state=State.DRAFT).first()
    if draft:
        return draft
    newest = playbook.versions.order_by("-number").first()
    said = {name: getattr(newest, name) for name in SAID} if newest else {"name": playbook.code}
    return _draft(playbook, by, said)


@verb
def save(draft: PlaybookVersion, *, by: User, said: Mapping[str, Any]) -> PlaybookVersion:
    """Keep what was written, finished or not; faults only keep it from being put into use."""
    draft.refresh_from_db(from_queryset=PlaybookVersion.objects.select_for_update())
    if draft.state != State.DRAFT:
        raise NotReady(_("Only a draft can be changed."))
    for name in SAID:
        if name in said:
            value = said[name]
            setattr(draft, name, value[: LONGEST[name]] if name in LONGEST else value)
    draft.by, draft.at = by, now()
    draft.save()
    return draft


@verb
def discard(draft: PlaybookVersion, *, by: User) -> None:
    """Throw a draft away; a playbook that has never been in use goes with it."""
    draft.refresh_from_db(from_queryset=PlaybookVersion.objects.select_for_update())
    if draft.state == State.DRAFT:
        playbook = draft.playbook
        draft.delete()
        if not playbook.versions.exists():
            playbook.delete()


@verb
def activate(draft: PlaybookVersion, *, by: User) -> PlaybookVersion:
    """Put a draft into use: new cases follow it, running ones keep the version they began with."""
    _lock(draft.playbook)
    draft.refresh_from_db()
    if draft.state == State.ACTIVE:
        return draft
    if draft.state != State.DRAFT or faults(draft):
        raise NotReady(_("The draft has faults; they are named beside its conditions and steps."))
    counted = dry_run_of(draft)
    if counted is None:
        raise NotReady(_("Count the draft on history first: it shows whom it would have caught."))
    PlaybookVersion.objects.filter(playbook=draft.playbook, state=State.ACTIVE).update(
        state=State.RETIRED, retired_at=now()
    )
    draft.state, draft.activated_at, draft.activated_by = State.ACTIVE, now(), by
    draft.save(update_fields=["state", "activated_at", "activated_by"])
    _record(PlaybookActivated, draft, by, caught=counted.result.get("n_caught"), days=counted.days)
    return draft


@verb
def archive(playbook: Playbook, *, by: User) -> Playbook:
    """No new case follows it; those that do go on."""
    _lock(playbook)
    if playbook.archived_at is None:
        playbook.archived_at = now()
        playbook.save(update_fields=["archived_at"])
        _record(PlaybookArchived, _newest(playbook), by)
    return playbook


@verb
def restore(playbook: Playbook, *, by: User) -> Playbook:
    _lock(playbook)
    if playbook.archived_at is not None:
        playbook.archived_at = None
        playbook.save(update_fields=["archived_at"])
        _record(PlaybookRestored, _newest(playbook), by)
    return playbook


@verb
def copy(version: PlaybookVersion, *, by: User) -> PlaybookVersion:
    """A playbook of its own that begins with the same words."""
    said = {name: getattr(version, name) for name in SAID}
    mark = {"name": _("%(name)s (copy)") % {"name": version.name}}
    return _add(by, said | {key: value[: LONGEST[key]] for key, value in mark.items()})


@verb
def bring(*, by: User, content: Any) -> PlaybookVersion:
    """A draft from an exported file; what it says is checked like anything that is written by hand."""
    return _add(by, _read(content))


@verb
def rewrite(draft: PlaybookVersion, *, by: User, content: Any) -> PlaybookVersion:
    """A draft anew from such content."""
    return save(draft, by=by, said=_read(content))


def _read(content: Any) -> dict[str, Any]:
    if not isinstance(content, Mapping) or not str(content.get("name", "")).strip():
        raise NotReady(_("This is not the file of a playbook."))
    said = {name: content[name] for name in SAID if name in content}
    for name in LONGEST:
        said[name] = str(said.get(name, ""))[: LONGEST[name]]
    if said.get("trigger") not in Trigger.values:
        raise NotReady(_("The file names no event that begins it."))
    if not _is_tree(said.get("conditions", {})) or not _is_list_of_steps(said.get("steps", [])):
        raise NotReady(_("The file's conditions or steps cannot be read."))
    return said


@verb
def move(playbook: Playbook, *, by: User, up: bool) -> None:
    """One place up or down in the order in which playbooks are asked."""
    rows = list(Playbook.objects.select_for_update().filter(archived_at=None).order_by("position", "pk"))
    at = next((n for n, row in enumerate(rows) if row.pk == playbook.pk), None)
    to = None if at is None else at - 1 if up else at + 1
    if at is None or to is None or not 0 <= to < len(rows):
        return
    rows[at], rows[to] = rows[to], rows[at]
    for position, row in enumerate(rows, 1):
        Playbook.objects.filter(pk=row.pk).update(position=position)
    record(PlaybooksOrdered(order=", ".join(row.code for row in rows)), by=by, unit=by.unit)


def faults(version: PlaybookVersion) -> list[tuple[str, str]]:
    """All that keeps a draft from being put into use, by the place on the page where it is."""
    found = [] if version.name.strip() else [("name", _("Give it a name."))]
    if version.trigger not in Trigger.values:
        found.append(("trigger", _("Choose what begins it.")))
    return [*found, *rules.faults(version.conditions), *steps.faults(version.steps)]


def dry_run_of(version: PlaybookVersion) -> DryRun | None:
    """The newest count of exactly these conditions."""
    rows = DryRun.objects.filter(version=version, state=DryRun.State.DONE, digest=book.digest(version))
    return rows.order_by("-pk").first()


def exported(version: PlaybookVersion) -> dict[str, Any]:
    return {"format": "voiceloop.playbook", **{name: getattr(version, name) for name in SAID}}


def _add(by: User, said: dict[str, Any]) -> PlaybookVersion:
    last = Playbook.objects.aggregate(last=Max("position"))["last"] or 0
    code = _fresh_code(said.get("name_en") or said["name"])
    return _draft(Playbook.objects.create(code=code, position=last + 1), by, said)


def _draft(playbook: Playbook, by: User, said: dict[str, Any]) -> PlaybookVersion:
    last = playbook.versions.aggregate(last=Max("number"))["last"] or 0
    draft = PlaybookVersion.objects.create(playbook=playbook, number=last + 1, by=by, **said)
    _record(PlaybookDrafted, draft, by)
    return draft


def _fresh_code(name: str) -> str:
    wanted = slugify(name).replace("-", "_")[:24] or "playbook"
    taken = set(Playbook.objects.filter(code__startswith=wanted).values_list("code", flat=True))
    return next(c for c in (wanted, *(f"{wanted}_{n}" for n in range(2, 1000))) if c not in taken)


def _is_tree(tree: Any, depth: int = 0) -> bool:
    if not isinstance(tree, Mapping) or depth > rules.DEEPEST:
        return False
    kind = rules.group_of(tree)
    return not kind or (
        isinstance(tree[kind], list) and all(_is_tree(part, depth + 1) for part in tree[kind])
    )


def _is_list_of_steps(rows: Any) -> bool:
    """Keys become parts of addresses, numbers are counted with: what an outsider wrote is looked at."""
    texts = ("key", "action", "mode", "who", "role", "unit", "after")
    return isinstance(rows, list) and all(
        isinstance(row, Mapping)
        and re.fullmatch(r"[\w-]{1,32}", str(row.get("key", "")), re.ASCII)
        and all(isinstance(row.get(name, ""), str) for name in texts)
        and all(type(row.get(name, 0)) is int for name in ("minutes", "delay"))
        and isinstance(row.get("params", {}), Mapping)
        for row in rows
    )


def _newest(playbook: Playbook) -> PlaybookVersion:
    found: PlaybookVersion = playbook.versions.order_by("-number")[0]
    return found


def _lock(playbook: Playbook) -> None:
    playbook.refresh_from_db(from_queryset=Playbook.objects.select_for_update())


def _record(event: type[EventType], version: PlaybookVersion, by: User, **more: Any) -> None:
    said = event(playbook=version.playbook_id, name=version.name, number=version.number, **more)  # type: ignore[call-arg]  # an event of a playbook
    record(said, by=by, unit=by.unit)
