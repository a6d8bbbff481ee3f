"""Surveys: drafts that are edited, versions that are published and never change again."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Max
from django.utils.timezone import now

from voiceloop.server.collect import questions
from voiceloop.server.collect.events import SurveyPublished
from voiceloop.server.collect.models import Programme, Survey, SurveyVersion
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import Unit, User

_TEMPLATES = Path(__file__).parent / "survey_templates"


@cache
def templates() -> dict[str, dict[str, Any]]:
    """Surveys to start from: every file of the folder is one."""
    return {path.stem: json.loads(path.read_text()) for path in sorted(_TEMPLATES.glob("*.json"))}


@verb
def create(
    *,
    programme: Programme,
    code: str,
    name: str,
    by: User | None,
    name_en: str = "",
    template: str = "nps_service",
    content: Any = None,
) -> Survey:
    """A survey with a first draft, from a template or from an exported file."""
    survey = Survey.objects.create(
        programme=programme, unit=_home(programme, by), code=code, name=name, name_en=name_en
    )
    draft = templates()[template]["content"] if content is None else content
    edit(survey=survey, content=draft, by=by)
    return survey


def _home(programme: Programme, by: User | None) -> Unit:
    """A branch that asks under the company's programme has the survey for itself."""
    below = by.unit if by else None
    return below if below and (below.path or "").startswith(programme.unit.path or "") else programme.unit


@verb
def edit(*, survey: Survey, content: Any, by: User | None) -> SurveyVersion:
    """Change the draft; a published version stays as it is and the change begins the next one.

    A draft may have mistakes that keep it from being published, but not another shape.
    """
    tidy = questions.read(content).model_dump(mode="json")
    Survey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
    draft = survey.newest
    if draft is None or draft.published_at:
        number = (survey.versions.aggregate(n=Max("number"))["n"] or 0) + 1
        return SurveyVersion.objects.create(survey=survey, number=number, content=tidy)
    draft.content = tidy
    draft.save(update_fields=["content"])
    return draft


@verb
def publish(*, survey: Survey, by: User | None) -> SurveyVersion:
    """Freeze the draft; from now on customers see it. Raises `InvalidQuestions` with all that is wrong."""
    Survey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
    draft = survey.newest
    if draft is None:
        raise SurveyVersion.DoesNotExist
    if draft.published_at is None:
        questions.checked(draft.content)
        draft.published_at = now()
        draft.save(update_fields=["published_at"])
        record(SurveyPublished(survey=survey.pk, number=draft.number), by=by, unit=survey.unit)
    return draft


@verb
def duplicate(*, survey: Survey, code: str, name: str, by: User | None) -> Survey:
    newest = survey.newest
    content = newest.content if newest else None
    return create(
        programme=survey.programme, code=code, name=name, name_en=survey.name_en, by=by, content=content
    )


def exported(survey: Survey) -> dict[str, Any]:
    """The survey as a file that another installation can read."""
    newest = survey.newest
    return {
        "voiceloop": "survey",
        "code": survey.code,
        "name": survey.name,
        "name_en": survey.name_en,
        "content": newest.content if newest else None,
    }
