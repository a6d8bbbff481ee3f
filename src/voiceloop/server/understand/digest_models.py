"""Who answers for what customers name, what is done about it, and whom the weekly digest is mailed to."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.models import Scoped, ScopedQuerySet
from voiceloop.server.core.models.unit import Reader, SharedQuerySet


class SubjectOwner(Scoped):
    """Who answers for a subject in a unit and below: `reason:waiting`, `touchpoint:hotline`."""

    subject = models.CharField(max_length=96)
    owner = models.ForeignKey("core.User", models.CASCADE, related_name="+")
    set_by = models.ForeignKey("core.User", models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=now)

    objects = SharedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "subject"], name="one_owner_a_subject")]

    def __str__(self) -> str:
        return f"{self.subject}: {self.owner}"


class DigestNote(Scoped):
    """What somebody says is done about a subject of a week's digest."""

    week = models.DateField()
    subject = models.CharField(max_length=96)
    text = models.CharField(max_length=500)
    by = models.ForeignKey("core.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    objects = SharedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["unit", "week"], name="digest_note_of_week")]

    def __str__(self) -> str:
        return self.text[:60]


class SubscriptionQuerySet(ScopedQuerySet):
    """A subscription is of whoever receives it."""

    @staticmethod
    def scope(user: Reader) -> Q:
        return Q(user_id=user.pk) if user.pk else Q(pk__in=[])

    def running(self) -> Self:
        return self.filter(ended_at=None)


class DigestSubscription(Scoped):
    """The digest of a unit, mailed to one person on a weekday at a minute of the day, in a language."""

    user = models.ForeignKey("core.User", models.CASCADE, related_name="digests")
    weekday = models.PositiveSmallIntegerField(default=0)
    minute = models.PositiveSmallIntegerField(default=8 * 60)
    language = models.CharField(max_length=10, default="zh-hans")
    next_at = models.DateTimeField(db_index=True)
    made_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "unit"], condition=Q(ended_at=None), name="one_digest_a_person_and_unit"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.unit}"

    @property
    def clock(self) -> str:
        return f"{self.minute // 60:02}:{self.minute % 60:02}"


class DigestMail(models.Model):
    """One mail of a week's digest to one person, and what became of it."""

    class State(models.TextChoices):
        DUE = "due", _("Waiting")
        WRITTEN = "written", _("Written")
        REFUSED = "refused", _("Not sent")

    subscription = models.ForeignKey(DigestSubscription, models.CASCADE, related_name="mails")
    week = models.DateField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.DUE)
    why_not = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    letter = models.TextField(blank=True)
    paper = models.BinaryField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscription", "week"], name="one_digest_a_week")]

    def __str__(self) -> str:
        return f"{self.subscription} {self.week}"
