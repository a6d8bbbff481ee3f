"""The append-only log of what happened, and how far each reaction has read it."""

from __future__ import annotations

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.functional import cached_property
from django.utils.timezone import now

from voiceloop.server.core.fields import TransactionIdField
from voiceloop.server.core.models.unit import ScopedQuerySet


class EventQuerySet(ScopedQuerySet):
    def about(self, noun: str, pk: int) -> Self:
        return self.filter(about__contains=[f"{noun}:{pk}"])

    def newest_first(self) -> Self:
        return self.select_related("by", "unit").order_by("-id")


class Event(models.Model):
    """One thing that happened. Never changed, never deleted but by the erasure of a person."""

    type = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(default=now, db_index=True)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey("core.Unit", models.PROTECT, null=True, related_name="+")
    about = ArrayField(models.CharField(max_length=48), default=list)
    data = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    xid = TransactionIdField()

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [GinIndex(fields=["about"], name="event_about")]

    def __str__(self) -> str:
        return f"{self.type} {self.about}"

    @cached_property
    def typed(self) -> Any:
        from voiceloop.server.core.events import load

        return load(self)

    @property
    def sentence(self) -> str:
        return str(self.typed.sentence_for(self))

    @property
    def icon(self) -> str:
        return str(self.typed.icon)


class ReactionMark(models.Model):
    """All events before this transaction id have been handled by the reaction."""

    reaction = models.CharField(max_length=120, unique=True)
    xid = TransactionIdField(db_index=False)


class ReactionReceipt(models.Model):
    """The reaction has handled this event; written in the transaction of its effect."""

    reaction = models.CharField(max_length=120)
    event = models.ForeignKey("core.Event", models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reaction", "event"], name="one_receipt")]


class ReactionFailure(models.Model):
    """The reaction could not handle this event and will try again."""

    reaction = models.CharField(max_length=120)
    event = models.ForeignKey("core.Event", models.CASCADE, related_name="+")
    error = models.TextField()
    n_tries = models.IntegerField(default=1)
    next_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reaction", "event"], name="one_failure")]
