"""The outbox: every message to a customer, sent, waiting or held back with its reason."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now

from voiceloop.server.core.fields import EncryptedTextField
from voiceloop.server.core.models import Scoped, ScopedQuerySet


class Message(Scoped):
    customer = models.ForeignKey("collect.Customer", models.CASCADE, null=True, related_name="messages")
    invitation = models.ForeignKey("collect.Invitation", models.CASCADE, null=True, related_name="messages")
    about = models.CharField(max_length=48, blank=True, db_index=True)
    # One effect has one message, however often its reaction runs.
    key = models.CharField(max_length=120, unique=True)
    channel = models.CharField(max_length=32)
    to = EncryptedTextField(null=True, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    created_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True, blank=True)
    held_back_by = models.CharField(max_length=120, blank=True)
    error = models.TextField(blank=True)
    n_tries = models.IntegerField(default=0)

    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return self.subject or self.body[:40]
