"""What a person found when they looked into a suspicion."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now

from voiceloop.server.core.models import Scoped, ScopedQuerySet


class GuardReview(Scoped):
    """A suspicion that somebody looked into: it is not raised again until `until`, or until undone."""

    check_name = models.CharField(max_length=32)
    subject = models.CharField(max_length=64)
    why = models.TextField()
    by = models.ForeignKey("core.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    until = models.DateField()
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.check_name} {self.subject}"
