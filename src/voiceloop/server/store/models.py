"""What the lake must forget."""

from __future__ import annotations

from django.db import models

from voiceloop.server.core.fields import TransactionIdField


class Tombstone(models.Model):
    """A deleted row; written by a database trigger in the deleting transaction."""

    table = models.CharField(max_length=64)
    key = models.BigIntegerField()
    xid = TransactionIdField()
