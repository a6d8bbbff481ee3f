"""What the lake must forget, what was erased, and when the lake was last looked after."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils.timezone import now

from voiceloop.analytics.lake import RETENTION_HOURS
from voiceloop.server.core.fields import TransactionIdField
from voiceloop.server.core.models import Scoped, ScopedQuerySet


class Tombstone(models.Model):
    """A deleted row; written by a database trigger in the deleting transaction."""

    table = models.CharField(max_length=64)
    key = models.BigIntegerField()
    xid = TransactionIdField()


class Upkeep(models.Model):
    """The last run of a periodic job on the lake."""

    job = models.CharField(max_length=32, unique=True)
    at = models.DateTimeField()
    # Tables made smaller, files removed.
    n = models.IntegerField(default=0)

    def __str__(self) -> str:
        return self.job


class ErasureQuerySet(ScopedQuerySet):
    def waiting(self) -> Self:
        """Deleted from the database, still in the lake."""
        return self.filter(lake_at=None)

    def undead(self) -> Self:
        """Whose bytes may still lie in files that no version needs."""
        return self.filter(bytes_gone_at=None)


class Erasure(Scoped):
    """The receipt of a customer's erasure: what every number lost by it, and no word of who it was."""

    customer_key = models.BigIntegerField()
    by = models.ForeignKey("core.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    reason = models.CharField(max_length=200, blank=True)
    xid = TransactionIdField()
    # Rows deleted from the database: {"collect.Answer": 3, …}
    rows = models.JSONField(default=dict)
    # Rows deleted from the lake: {"answers": {"2026-08": 3}, …}; null until they are counted.
    taken = models.JSONField(null=True)
    # What the scores lost: [{"month", "question", "scale", "score_class", "n", "total"}, …]
    scores = models.JSONField(default=list)
    # Of each table of the lake that held them, the versions before and after: {"answers": [41, 42], …}
    versions = models.JSONField(default=dict)
    lake_at = models.DateTimeField(null=True)
    bytes_gone_at = models.DateTimeField(null=True)

    objects = ErasureQuerySet.as_manager()

    def __str__(self) -> str:
        return f"erasure {self.pk}"

    @property
    def bytes_due_at(self) -> datetime | None:
        """Until then readers of an older version may still hold the files; then they are removed."""
        return self.lake_at + timedelta(hours=RETENTION_HOURS) if self.lake_at else None

    @property
    def n_taken(self) -> int:
        return sum(n for months in (self.taken or {}).values() for n in months.values())
