"""Targets: the number somebody promised, and who."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now

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
