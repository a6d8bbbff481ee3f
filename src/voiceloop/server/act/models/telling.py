"""“You said, we did”: what was changed, told to those who had raised it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.models import Scoped, ScopedQuerySet


class Telling(Scoped):
    """One message to everybody who spoke of one subject in one period."""

    class Subject(models.TextChoices):
        REASON = "reason", _("Reason")
        THEME = "theme", _("Theme")
        CAUSE = "cause", _("Root cause")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")

    kind = models.CharField(max_length=8, choices=Subject.choices)
    # The reason's or cause's code, or the theme's key.
    subject = models.CharField(max_length=64)
    since = models.DateField()
    until = models.DateField()
    # What they said and what we did, in the customer's language.
    said = models.CharField(max_length=200)
    said_en = models.CharField(max_length=200, blank=True)
    did = models.TextField(max_length=1000)
    did_en = models.TextField(max_length=1000, blank=True)
    # Days in which a customer hears from us at most once.
    rest_days = models.PositiveSmallIntegerField(default=30)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    n_total = models.PositiveIntegerField(default=0)
    # The last customer whose letter is committed.
    cursor = models.BigIntegerField(default=0)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["unit", "-id"], name="telling_newest")]

    def __str__(self) -> str:
        return self.said


class Told(models.Model):
    """Whether one customer was told, and if not, why."""

    class Held(models.TextChoices):
        OPTED_OUT = "opted_out", _("Does not want to be written to")
        RESTED = "rested", _("Heard from us not long ago")
        NO_ADDRESS = "no_address", _("No address")

    telling = models.ForeignKey(Telling, models.CASCADE, related_name="told")
    customer = models.ForeignKey("collect.Customer", models.CASCADE, related_name="told")
    message = models.ForeignKey("collect.Message", models.SET_NULL, null=True, related_name="+")
    held_back_by = models.CharField(max_length=12, blank=True, choices=Held.choices)
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["telling", "customer"], name="told_a_customer_once")]
        indexes = [models.Index(fields=["customer", "-at"], name="told_lately", condition=Q(held_back_by=""))]
