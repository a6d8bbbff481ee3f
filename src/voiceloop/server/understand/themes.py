"""Themes: what a person makes of those that were found."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.timezone import now

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User
from voiceloop.server.understand.themes_events import ThemeChanged
from voiceloop.server.understand.themes_models import Theme


def changeable_by(user: User) -> QuerySet[Theme]:
    """What serves all branches is changed by those to whom all of them belong."""
    found: QuerySet[Theme] = Theme.objects.changeable_by(user)
    return found


@verb
def rename(theme: Theme, *, by: User, name: str) -> Theme:
    """Call it otherwise; without a name it is called as the run calls it."""
    theme = _locked(theme)
    name = " ".join(name.split())[:120]
    if name != theme.given_name:
        theme.given_name = name
        theme.save(update_fields=["given_name"])
        _tell(theme, "renamed", by)
    return theme


@verb
def merge(theme: Theme, *, by: User, into: Theme) -> Theme:
    """Count its comments with those of another; what was merged into it goes along."""
    theme = _locked(theme)
    if into.unit_id != theme.unit_id or not _may_take(theme, into):
        raise AnalyticsError("A theme cannot be merged into itself.", "主题不能合并到自身。")
    theme.merged_into = into
    theme.save(update_fields=["merged_into"])
    _tell(theme, "merged", by)
    return theme


@verb
def archive(theme: Theme, *, by: User) -> Theme:
    """Show it no more. Its comments stay with it, so that it is not found again as a new one."""
    theme = _locked(theme)
    if theme.archived_at is None:
        theme.archived_at = now()
        theme.save(update_fields=["archived_at"])
        _tell(theme, "archived", by)
    return theme


@verb
def restore(theme: Theme, *, by: User) -> Theme:
    """Undo an archiving or a merger: comments were never moved, so it has them all."""
    theme = _locked(theme)
    if theme.archived_at or theme.merged_into_id:
        theme.archived_at, theme.merged_into = None, None
        theme.save(update_fields=["archived_at", "merged_into"])
        _tell(theme, "restored", by)
    return theme


def homes(themes: QuerySet[Theme]) -> dict[str, Theme]:
    """Of each key the theme under which it is shown; what is archived is shown nowhere."""
    every = {theme.pk: theme for theme in themes}
    found = {}
    for theme in every.values():
        home, seen = theme, {theme.pk}
        while home.merged_into_id in every and home.merged_into_id not in seen:
            home = every[home.merged_into_id]
            seen.add(home.pk)
        if home.archived_at is None and home.merged_into_id is None:
            found[theme.key] = home
    return found


def _locked(theme: Theme) -> Theme:
    found: Theme = Theme.objects.select_for_update().get(pk=theme.pk)
    return found


def _may_take(theme: Theme, into: Theme) -> bool:
    """Whether following the mergers from `into` never leads back."""
    home: Theme | None = into
    while home is not None:
        if home.pk == theme.pk:
            return False
        home = home.merged_into
    return True


def _tell(theme: Theme, what: str, by: User) -> None:
    record(ThemeChanged(theme=theme.pk, what=what, name=str(theme)), by=by, unit=theme.unit)
