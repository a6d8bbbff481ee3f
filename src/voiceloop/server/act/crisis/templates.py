"""Templates for the first words and the first steps, prepared on a calm day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.timezone import now

from voiceloop.server.act.crisis.events import (
    CrisisTemplateArchived,
    CrisisTemplateRestored,
    CrisisTemplateSaved,
)
from voiceloop.server.act.crisis.first_words import CHECKLISTS, STATEMENTS
from voiceloop.server.act.models import CrisisTemplate
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User

Kind = CrisisTemplate.Kind


@dataclass(frozen=True)
class Line:
    """A step in both languages, and after how many minutes it is due."""

    zh: str
    en: str = ""
    minutes: int = 0


@verb
def ensure() -> None:
    """What a company begins with; afterwards its templates are its own."""
    if CrisisTemplate.objects.exists():
        return
    for kind, several in ((Kind.STATEMENT, STATEMENTS), (Kind.CHECKLIST, CHECKLISTS)):
        for name, name_en, zh, en in several:
            CrisisTemplate.objects.create(kind=kind, name=name, name_en=name_en, text_zh=zh, text_en=en)


@verb
def save(
    template: CrisisTemplate | None,
    *,
    by: User,
    kind: str,
    name: str,
    name_en: str = "",
    text_zh: str = "",
    text_en: str = "",
) -> CrisisTemplate:
    ensure()
    kept = template or CrisisTemplate(kind=kind)
    kept.name, kept.name_en, kept.text_zh, kept.text_en = name, name_en, text_zh, text_en
    kept.save()
    record(CrisisTemplateSaved(crisis_template=kept.pk, title=str(kept)), by=by, unit=by.unit)
    return kept


@verb
def archive(template: CrisisTemplate, *, by: User) -> CrisisTemplate:
    return _keep(template, now(), CrisisTemplateArchived, by)


@verb
def restore(template: CrisisTemplate, *, by: User) -> CrisisTemplate:
    return _keep(template, None, CrisisTemplateRestored, by)


def first_checklist() -> CrisisTemplate | None:
    ensure()
    return CrisisTemplate.objects.filter(kind=Kind.CHECKLIST, archived_at=None).order_by("pk").first()


def of_kind(kind: str) -> list[CrisisTemplate]:
    """Those in use."""
    return list(CrisisTemplate.objects.filter(kind=kind, archived_at=None))


def archived_of(kind: str) -> list[CrisisTemplate]:
    return list(CrisisTemplate.objects.filter(kind=kind).exclude(archived_at=None))


def lines(template: CrisisTemplate) -> list[Line]:
    """One step a line, "30 | …" when it is due after half an hour; the English lines stand beside."""
    zh, en = _steps(template.text_zh), _steps(template.text_en)
    long = zh or en
    return [
        Line(text, en[i][1] if zh and i < len(en) else "" if zh else text, minutes)
        for i, (minutes, text) in enumerate(long)
    ]


def _steps(text: str) -> list[tuple[int, str]]:
    return [_step(line.strip()) for line in text.splitlines() if line.strip()]


def _step(line: str) -> tuple[int, str]:
    minutes, bar, words = line.partition("|")
    return (int(minutes), words.strip()) if bar and minutes.strip().isdigit() else (0, line)


def _keep(template: CrisisTemplate, at: Any, event: Any, by: User) -> CrisisTemplate:
    if bool(template.archived_at) != bool(at):
        template.archived_at = at
        template.save(update_fields=["archived_at"])
        record(event(crisis_template=template.pk, title=str(template)), by=by, unit=by.unit)
    return template
