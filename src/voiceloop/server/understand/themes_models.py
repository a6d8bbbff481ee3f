"""Themes that were found in what customers wrote, what people made of them, and the runs that found them."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import now

from voiceloop.server.core.models import Scoped
from voiceloop.server.core.models.unit import Reader, SharedQuerySet, unit_of
from voiceloop.server.understand.job_models import Job


class ThemeQuerySet(SharedQuerySet):
    def visible_to(self, user: Reader) -> Self:
        """Themes of one's company; who sees a branch of it sees those that its own customers speak of."""
        from voiceloop.server.understand.models import Annotation

        unit = unit_of(user)
        shared = self.filter(self.scope(user))
        if unit is None or unit.parent_id is None:
            return shared
        own = Annotation.objects.filter(
            kind=Annotation.Kind.THEME,
            label=OuterRef("key"),
            verbatim__response__unit__path__startswith=unit.path or "",
        )
        return shared.filter(Q(Exists(own)) | Q(unit__path__startswith=unit.path))

    def in_use(self) -> Self:
        return self.filter(archived_at=None, merged_into=None, gone_at=None)


class Theme(Scoped):
    """One theme. `key` is its label on comments and never changes; the name may."""

    key = models.CharField(max_length=24, unique=True)
    # What the run calls it, and what a person calls it instead.
    name = models.CharField(max_length=120)
    given_name = models.CharField(max_length=120, blank=True)
    phrases = models.JSONField(default=list)
    # {word: weight}: how comments are given to it, and how the next run knows it again.
    words = models.JSONField(default=dict)
    # Of the last run: comments, place on the map, whether it is new or rose in the last seven days.
    n = models.PositiveIntegerField(default=0)
    x = models.FloatField(default=0)
    y = models.FloatField(default=0)
    is_new = models.BooleanField(default=False)
    rises = models.BooleanField(default=False)
    g2 = models.FloatField(default=0)
    born_at = models.DateTimeField(default=now)
    archived_at = models.DateTimeField(null=True, blank=True)
    # Too few comments in the last run.
    gone_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="merged")
    split_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")

    objects = ThemeQuerySet.as_manager()

    def __str__(self) -> str:
        return self.given_name or self.name


class ThemeRun(Job, Scoped):
    """Finds the themes of a company, then gives each of its comments to one, batch by batch."""

    # The comments of so many days are looked at.
    days = models.PositiveIntegerField(default=180)
    fitted_at = models.DateTimeField(null=True, blank=True)
    # The id of the last comment whose theme is committed.
    cursor = models.BigIntegerField(default=0)
    n_total = models.BigIntegerField(default=0)
    n_done = models.BigIntegerField(default=0)
    # Share of comments in a theme, and the words that count with their rarity.
    coverage = models.FloatField(null=True)
    idf = models.JSONField(default=dict)
    # Comments of earlier transactions have been looked at.
    xid = models.BigIntegerField(default=0)

    objects: Any = SharedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["unit", "-id"], name="theme_run_newest")]

    def __str__(self) -> str:
        return f"themes {self.n_done}/{self.n_total}"
