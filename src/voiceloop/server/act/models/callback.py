"""The promised calls after a solution: did it hold?"""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.models import ScopedQuerySet
from voiceloop.server.core.moment import Synced


class CallbackQuerySet(ScopedQuerySet):
    @staticmethod
    def scope(user: object) -> Q:
        unit = getattr(user, "unit", None)
        return Q(case__unit__path__startswith=unit.path) if unit else Q(pk__in=[])

    def waiting(self) -> Self:
        return self.filter(done_at=None, cancelled_at=None)

    def due(self) -> Self:
        return self.waiting().filter(due_at__lte=now())

    def later(self) -> Self:
        return self.waiting().filter(due_at__gt=now())

    def done(self) -> Self:
        return self.filter(done_at__isnull=False)


class Callback(Synced):
    class Result(models.TextChoices):
        SOLVED = "solved", _("Solved")
        NOT_SOLVED = "not_solved", _("Not solved")
        NO_REPLY = "no_reply", _("No reply")

    case = models.ForeignKey("act.Case", models.CASCADE, related_name="callbacks")
    # Which solution it follows: 1 for the first, 2 after a reopening.
    round = models.PositiveSmallIntegerField(default=1)
    # The hours after the solution at which it was promised: 1, 24 or 72.
    step = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField(db_index=True)
    done_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    result = models.CharField(max_length=16, blank=True, choices=Result.choices)
    note = models.TextField(blank=True)
    # Calls that nobody took; after the second one the callback counts as done.
    n_missed = models.PositiveSmallIntegerField(default=0)

    objects = CallbackQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "round", "step"], name="one_callback_a_step"),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="callback_waits", condition=Q(done_at=None, cancelled_at=None)
            ),
            models.Index(
                fields=["case"], name="callback_waits_for", condition=Q(done_at=None, cancelled_at=None)
            ),
            models.Index(fields=["-done_at"], name="callback_done", condition=Q(done_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.case} +{self.step} h"

    @property
    def is_due(self) -> bool:
        return self.done_at is None and self.cancelled_at is None and self.due_at <= now()
