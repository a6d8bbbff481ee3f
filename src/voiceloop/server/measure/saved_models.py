"""Questions that somebody keeps, and the mails that answer them at their time."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.models import Scoped, ScopedQuerySet
from voiceloop.server.core.models.unit import Reader, SharedQuerySet


class SavedViewQuerySet(ScopedQuerySet):
    """A view is its owner's; shared, it is also of the owner's unit and of those above and below."""

    @staticmethod
    def scope(user: Reader) -> Q:
        return (SharedQuerySet.scope(user) & Q(is_shared=True)) | Q(owner_id=user.pk)

    def kept(self) -> Self:
        return self.filter(removed_at=None)

    def changeable_by(self, user: Reader) -> Self:
        return self.filter(owner_id=user.pk)


class SavedView(Scoped):
    """A question of a page under a name; `query` is that page's address after the `?`."""

    name = models.CharField(max_length=120)
    owner = models.ForeignKey("core.User", models.CASCADE, related_name="saved_views")
    is_shared = models.BooleanField(default=False)
    # The page whose question it is.
    page = models.CharField(max_length=16, default="explore")
    query = models.TextField(blank=True)
    created_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = SavedViewQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class ScheduleQuerySet(ScopedQuerySet):
    """The mails of a view concern whoever set them up and whoever receives them."""

    @staticmethod
    def scope(user: Reader) -> Q:
        if user.pk is None:
            return Q(pk__in=[])
        return Q(by_id=user.pk) | Q(pk__in=Receiver.objects.filter(user_id=user.pk).values("schedule"))

    def running(self) -> Self:
        return self.filter(ended_at=None, view__removed_at=None)


class Schedule(models.Model):
    """When a view is mailed: `day` is a weekday from Monday 0, or a day of the month; `minute` of the day."""

    class Every(models.TextChoices):
        DAY = "day", _("Every day")
        WEEK = "week", _("Every week")
        MONTH = "month", _("Every month")

    view = models.ForeignKey(SavedView, models.CASCADE, related_name="schedules")
    by = models.ForeignKey("core.User", models.CASCADE, related_name="+")
    every = models.CharField(max_length=8, choices=Every.choices, default=Every.WEEK)
    day = models.IntegerField(default=0)
    minute = models.IntegerField(default=8 * 60)
    next_at = models.DateTimeField(db_index=True)
    created_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ScheduleQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.view} {self.every}"

    @property
    def clock(self) -> str:
        return f"{self.minute // 60:02}:{self.minute % 60:02}"


class Receiver(models.Model):
    """Somebody with an account, whose rights bound what the mail says."""

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="receivers")
    user = models.ForeignKey("core.User", models.CASCADE, related_name="+")
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["schedule", "user"], name="one_receiver")]

    def __str__(self) -> str:
        return str(self.user)


class MailRun(models.Model):
    """One mail to one person at one time, and what became of it."""

    class State(models.TextChoices):
        DUE = "due", _("Waiting")
        WRITTEN = "written", _("Written")
        REFUSED = "refused", _("Not sent")

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="runs")
    user = models.ForeignKey("core.User", models.CASCADE, related_name="+")
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.DUE)
    why_not = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    letter = models.TextField(blank=True)
    picture = models.BinaryField(null=True, blank=True)
    paper = models.BinaryField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["schedule", "user", "due_at"], name="one_mail_a_run")]

    def __str__(self) -> str:
        return f"{self.schedule} {self.due_at:%Y-%m-%d %H:%M}"


__all__ = ["MailRun", "Receiver", "SavedView", "Schedule"]
