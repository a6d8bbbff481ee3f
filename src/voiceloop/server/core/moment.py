"""What a fact keeps of its moment: the dimensions that are frozen when it happens."""

from __future__ import annotations

from django.db import models

from voiceloop.server.core.fields import TransactionIdField

DIMENSIONS = (
    "programme",
    "survey",
    "touchpoint",
    "stage",
    "channel",
    "source",
    "segment",
    "tier",
    "region",
    "team",
    "agent",
    "language",
)


class Moment(models.Model):
    """Codes copied, not referenced: a later move of an agent or a store must not rewrite history."""

    programme = models.CharField(max_length=64, blank=True)
    survey = models.CharField(max_length=64, blank=True)
    touchpoint = models.CharField(max_length=64, blank=True)
    stage = models.CharField(max_length=64, blank=True)
    channel = models.CharField(max_length=64, blank=True)
    source = models.CharField(max_length=64, blank=True)
    segment = models.CharField(max_length=64, blank=True)
    tier = models.CharField(max_length=64, blank=True)
    region = models.CharField(max_length=64, blank=True)
    team = models.CharField(max_length=64, blank=True)
    agent = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=16, blank=True)

    class Meta:
        abstract = True

    def moment(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in DIMENSIONS}


class Synced(models.Model):
    """A row that the lake follows: `xid` is moved by a database trigger at every change."""

    created_xid = TransactionIdField(db_index=False)
    xid = TransactionIdField()

    class Meta:
        abstract = True
