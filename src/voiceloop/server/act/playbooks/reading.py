"""What the pages of playbooks show: the list, one of them with its runs, and the figures of a dry run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from voiceloop.server.act.models import (
    Playbook,
    PlaybookRun,
    PlaybookVersion,
    StepRun,
)
from voiceloop.server.act.playbooks import rules, shipped, steps
from voiceloop.server.act.playbooks.naming import title
from voiceloop.server.act.playbooks.steps import Step
from voiceloop.server.core.models import Role, Unit, User

_NAMES: dict[str, Any] = {
    "name": gettext_lazy("Name of the playbook"),
    "name_en": gettext_lazy("Name in English"),
    "motto": gettext_lazy("In one sentence"),
    "motto_en": gettext_lazy("In one sentence, in English"),
    "trigger": gettext_lazy("Begins when"),
    "conditions": gettext_lazy("Conditions"),
}


def books() -> QuerySet[Any]:
    rows: QuerySet[Any] = Playbook.objects.prefetch_related("versions").order_by("position", "pk")
    return rows


def listed(user: User) -> list[dict[str, Any]]:
    """Each playbook in the order in which it is asked, with its conditions as a sentence."""
    counts = {
        row["version__playbook"]: row
        for row in PlaybookRun.objects.visible_to(user)
        .values("version__playbook")
        .annotate(n=Count("pk"), n_running=Count("pk", filter=Q(state="running")))
    }
    return [_line(book, counts.get(book.pk, {})) for book in books()] or _of_the_shop()


def _line(book: Playbook, count: Mapping[str, Any]) -> dict[str, Any]:
    shown = book.active or book.draft
    return {
        "book": book,
        "version": shown,
        "when": rules.in_words(shown.conditions) if shown else "",
        "steps": [title(one.action, one.params) for one in steps.read(shown.steps)] if shown else [],
        "n": count.get("n", 0),
        "n_running": count.get("n_running", 0),
    }


def _of_the_shop() -> list[dict[str, Any]]:
    """What is shipped, while nobody has answered yet."""
    versions = (shipped.version_of(code) for code in shipped.BOOKS)
    return [
        {"book": one.playbook, "version": one, "when": "", "n": 0, "n_running": 0,
         "steps": [title(step.action, step.params) for step in steps.read(one.steps)]}
        for one in versions
    ]  # fmt: skip


def runs(user: User, playbook: Playbook, state: str = "") -> QuerySet[Any]:
    """Those who follow it, newest first; `failed` has a step that could not be done."""
    rows = PlaybookRun.objects.visible_to(user).filter(version__playbook=playbook)
    if state == "failed":
        rows = rows.filter(pk__in=StepRun.objects.filter(state="failed").values("run"))
    elif state:
        rows = rows.filter(state=state)
    found: QuerySet[Any] = rows.select_related("version", "case", "response", "customer", "unit").order_by(
        "-pk"
    )
    return found.prefetch_related("steps__by", "steps__unit", "steps__owner")


def figures(user: User, version: PlaybookVersion) -> list[dict[str, Any]]:
    """Each step of a version: how often it was opened, done, left out, late, failed, and how long it took."""
    rows = StepRun.objects.visible_to(user).filter(run__version=version)
    late = Q(due_at__isnull=False, done_at__gt=F("due_at"))
    taken = Avg(F("done_at") - F("opened_at"), filter=Q(state="done", opened_at__isnull=False))
    counted = rows.values("key").annotate(
        n=Count("pk"),
        done=Count("pk", filter=Q(state="done")),
        skipped=Count("pk", filter=Q(state="skipped")),
        failed=Count("pk", filter=Q(state="failed")),
        late=Count("pk", filter=late),
        took=taken,
    )
    known = {row["key"]: row for row in counted}
    return [in_words(step) | {"count": known.get(step.key)} for step in steps.read(version.steps)]


def in_words(step: Step) -> dict[str, Any]:
    """One step as a reader sees it."""
    return {
        "key": step.key,
        "label": title(step.action, step.params),
        "icon": step.doing.icon if step.doing else "point",
        "is_automatic": step.is_automatic,
        "who": who_in_words(step),
        "minutes": step.minutes,
        "clock": minutes_in_words(step.minutes),
        "begins": begins_in_words(step),
    }


def who_in_words(step: Step) -> str:
    if step.is_automatic:
        return _("By itself")
    if step.who == "unit":
        return str(Unit.objects.filter(code=step.unit).first() or step.unit)
    if step.who == "role":
        return Role.name_of(step.role)
    return _("The case's owner")


def begins_in_words(step: Step) -> str:
    said = str(steps.AFTER.get(step.after, step.after))
    return f"{said} + {minutes_in_words(step.delay)}" if step.delay else said


def minutes_in_words(minutes: int) -> str:
    if not minutes:
        return ""
    return _("%(n)g h") % {"n": minutes / 60} if minutes >= 60 else _("%(n)s min") % {"n": minutes}


def differences(old: PlaybookVersion | None, new: PlaybookVersion) -> list[tuple[str, str, str]]:
    """What a version changed: the place, how it was, how it is."""
    if old is None:
        return []
    said = [(str(name), _said(old, key), _said(new, key)) for key, name in _NAMES.items()]
    changed = [(name, before, after) for name, before, after in said if before != after]
    return changed + _steps_changed(old, new)


def _said(version: PlaybookVersion, key: str) -> str:
    if key == "trigger":
        return str(version.get_trigger_display())
    return rules.in_words(version.conditions) if key == "conditions" else str(getattr(version, key))


def _steps_changed(old: PlaybookVersion, new: PlaybookVersion) -> list[tuple[str, str, str]]:
    before = {step.key: (number, step) for number, step in enumerate(steps.read(old.steps), 1)}
    after = {step.key: (number, step) for number, step in enumerate(steps.read(new.steps), 1)}
    found = []
    for key in dict.fromkeys([*before, *after]):
        was, now_is = (_step_said(*side[key]) if key in side else "—" for side in (before, after))
        if was != now_is:
            name = title((after.get(key) or before[key])[1].action, (after.get(key) or before[key])[1].params)
            found.append((_("Step: %(name)s") % {"name": name}, was, now_is))
    return found


def _step_said(number: int, step: Step) -> str:
    words = in_words(step)
    own = "; ".join(str(value) for value in step.params.values() if value)
    parts = (f"{number}.", words["who"], words["begins"], words["clock"], own)
    return " · ".join(part for part in parts if part)
