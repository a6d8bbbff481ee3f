"""Targets that somebody promised, and the names that a company gives its codes."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now
from django.utils.translation import get_language

from voiceloop.server.core.models import Scoped
from voiceloop.server.core.models.unit import SharedQuerySet


class Target(Scoped):
    metric = models.CharField(max_length=64)
    value = models.FloatField()
    owner = models.ForeignKey("core.User", models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=now)

    objects = SharedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "metric"], name="one_target_a_metric")]

    def __str__(self) -> str:
        return f"{self.metric} {self.value}"


class Label(models.Model):
    """What people call a code of a dimension: `segment` `office` is 上班族, Office workers."""

    dimension = models.CharField(max_length=64)
    code = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dimension", "code"], name="one_label_a_code")]

    def __str__(self) -> str:
        return self.name_en if self.name_en and get_language() == "en" else self.name
