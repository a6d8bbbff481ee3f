"""What is measured, where and how: touchpoints, programmes with their plans, surveys with their versions."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now
from django.utils.translation import get_language

from voiceloop.server.core.models import Scoped
from voiceloop.server.core.models.unit import SharedQuerySet


class Named(models.Model):
    code = models.SlugField(max_length=64, unique=True, allow_unicode=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name_en if self.name_en and get_language() == "en" else self.name


class Touchpoint(Named, Scoped):
    stage = models.CharField(max_length=64, blank=True)

    objects = SharedQuerySet.as_manager()


class Programme(Named, Scoped):
    """A measurement kept in one series, whatever surveys ask it."""

    closed_at = models.DateTimeField(null=True, blank=True)
    # Days during which a customer is not asked again by any survey.
    rest_days = models.PositiveIntegerField(default=30)
    created_at = models.DateTimeField(default=now)

    objects = SharedQuerySet.as_manager()

    @property
    def plan(self) -> Plan | None:
        return self.plans.order_by("-number").first()


class Plan(models.Model):
    """One version of the measurement plan; every response names the one it was asked under."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="plans")
    number = models.PositiveIntegerField()
    source = models.TextField(blank=True)
    definition = models.TextField(blank=True)
    method = models.TextField(blank=True)
    cycle = models.CharField(max_length=120, blank=True)
    population = models.TextField(blank=True)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "number"], name="one_plan_a_number")]

    def __str__(self) -> str:
        return f"{self.programme.code} v{self.number}"


class Survey(Named, Scoped):
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="surveys")
    created_at = models.DateTimeField(default=now)

    objects = SharedQuerySet.as_manager()

    @property
    def live(self) -> SurveyVersion | None:
        return self.versions.filter(published_at__isnull=False).order_by("-number").first()

    @property
    def newest(self) -> SurveyVersion | None:
        return self.versions.order_by("-number").first()


class SurveyVersion(models.Model):
    """The questions as they were asked; never changed once published."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    # The declaration that collect/questions.py checks and renders.
    content = models.JSONField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "number"], name="one_version_a_number")]

    def __str__(self) -> str:
        return f"{self.survey.code} v{self.number}"
