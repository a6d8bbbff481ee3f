"""The optional language model: where it is, what it may cost, and that it was asked."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.fields import EncryptedTextField


class AssistantSetting(models.Model):
    """The one row of it. Off until an admin says otherwise."""

    is_on = models.BooleanField(default=False)
    base_url = models.CharField(max_length=300, blank=True)
    model = models.CharField(max_length=120, blank=True)
    key = EncryptedTextField(null=True, blank=True)
    seconds = models.PositiveSmallIntegerField(default=30)
    calls_a_day = models.PositiveIntegerField(default=200)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.base_url


class AssistantCall(models.Model):
    """One question to it: counts, never words."""

    class Use(models.TextChoices):
        TRIAL = "trial", _("Trial")
        SUMMARY = "summary", _("Summary")
        REPLY = "reply", _("Reply draft")

    use = models.CharField(max_length=12, choices=Use.choices)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now, db_index=True)
    # "ok", or the name of what went wrong in `assistant.faults`.
    outcome = models.CharField(max_length=20)
    n_comments = models.PositiveIntegerField(default=0)
    n_sent = models.PositiveIntegerField(default=0)
    n_received = models.PositiveIntegerField(default=0)
    milliseconds = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.use} {self.outcome}"
