"""What became of an order or a case, whether its customer was told, by which words and at which hours."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.models.case import Case
from voiceloop.server.act.status.kinds import CHOICES, KINDS, Kind
from voiceloop.server.core.models import Scoped, ScopedQuerySet

WAITS = Q(told_at=None, held_back_by="", due_at__isnull=False)


class MilestoneQuerySet(ScopedQuerySet):
    def live(self) -> Self:
        return self.filter(withdrawn_at=None)

    def waiting(self) -> Self:
        return self.filter(WAITS)

    def in_order(self) -> Self:
        return self.order_by("at", "pk")


class Milestone(Scoped):
    """One thing that became of one order or case. It is the queue of its own message as well."""

    class Held(models.TextChoices):
        OFF = "off", _("This message is switched off")
        NO_CUSTOMER = "no_customer", _("Nobody is known for it")
        LATE = "late", _("Became known too late")
        SUPERSEDED = "superseded", _("Something newer was known")
        REFUSED = "refused", _("The customer wants no such messages")
        ANSWERED = "answered", _("Was said in the conversation already")
        NO_ADDRESS = "no_address", _("No address")
        BOUNCED = "bounced", _("Messages to this address came back")
        WITHDRAWN = "withdrawn", _("Taken back before it left")

    order = models.ForeignKey(
        "collect.Transaction", models.CASCADE, null=True, blank=True, related_name="milestones"
    )
    case = models.ForeignKey(Case, models.CASCADE, null=True, blank=True, related_name="milestones")
    customer = models.ForeignKey(
        "collect.Customer", models.CASCADE, null=True, blank=True, related_name="milestones"
    )
    kind = models.CharField(max_length=16, choices=CHOICES)
    at = models.DateTimeField(default=now)
    # Of a delay: by when it comes now.
    new_time = models.DateTimeField(null=True, blank=True)
    # One happening has one row, however often it is reported.
    key = models.CharField(max_length=160, unique=True)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(default=now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # From when on it is to be told; the message, or why there is none.
    due_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    message = models.ForeignKey(
        "collect.Message", models.SET_NULL, null=True, blank=True, related_name="milestones"
    )
    held_back_by = models.CharField(max_length=16, blank=True, choices=Held.choices)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(order=None, case__isnull=False) | Q(order__isnull=False, case=None),
                name="milestone_of_one_thing",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="milestone_waits", condition=WAITS),
            models.Index(fields=["unit", "-recorded_at"], name="milestone_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.get_kind_display()}"

    @property
    def what(self) -> Kind:
        return KINDS[self.kind]

    @property
    def number(self) -> str:
        """What the customer knows it by."""
        return str(self.order) if self.order_id else str(self.case_id)

    @property
    def state(self) -> str:
        """waiting, outbox, sent, failed, or held."""
        if self.held_back_by:
            return "held"
        if self.told_at is None:
            return "waiting"
        message = self.message
        if message is None or message.sent_at:
            return "sent"
        return "failed" if message.held_back_by == "failed" else "outbox"


class StatusRules(Scoped):
    """One version of what a unit and those below it tell. What it leaves open is as it is above."""

    number = models.PositiveIntegerField()
    # {"delayed": {"on": true, "zh": "…", "en": "…"}}: a null or "" is as above.
    events = models.JSONField(default=dict, blank=True)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    # Minutes for which a delay waits for something newer before it is told.
    hold_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "number"], name="one_status_rules_a_number")]

    def __str__(self) -> str:
        return f"{self.unit} · {self.number}"


class RefusalQuerySet(models.QuerySet[Any]):
    def live(self) -> Self:
        return self.filter(ended_at=None)


class StatusRefusal(models.Model):
    """A customer wants no messages about where their orders and cases stand, until they want them again."""

    customer = models.ForeignKey("collect.Customer", models.CASCADE, related_name="status_refusals")
    at = models.DateTimeField(default=now)
    # Nobody: the customer said it on their own page.
    by = models.ForeignKey("core.User", models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RefusalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer"], condition=Q(ended_at=None), name="refused_once")
        ]
