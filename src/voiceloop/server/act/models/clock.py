"""What is promised to a customer, in which hours, and the clocks that run on a case."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.models.case import Case


def every_day() -> list[list[list[int]]]:
    """What a restaurant chain begins with: nine to nine, every day, holidays too."""
    return [[[9 * 60, 21 * 60]] for _ in range(7)]


class BusinessCalendar(models.Model):
    """The hours in which a promise runs: a week, a country's holidays, and days of our own."""

    name = models.CharField(max_length=80, unique=True)
    name_en = models.CharField(max_length=80, blank=True)
    zone = models.CharField(max_length=64, default="Asia/Shanghai")
    # Seven lists of [start, end] in minutes after midnight, Monday first.
    week = models.JSONField(default=every_day)
    # Country code whose public holidays are closed and whose make-up workdays are worked; "" for none.
    country = models.CharField(max_length=8, blank=True)
    # {"2026-12-24": []} is closed, {"2026-12-24": [[540, 720]]} has hours of its own.
    days = models.JSONField(default=dict, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name_en if self.name_en and get_language() == "en" else self.name


class ServicePromiseQuerySet(models.QuerySet[Any]):
    def open(self) -> Self:
        return self.filter(archived_at=None)


class ServicePromise(models.Model):
    """How long a customer waits at most, for which cases. An empty condition holds for all."""

    class Clock(models.TextChoices):
        FIRST_CONTACT = "first_contact", _("First contact")
        NEXT_REPLY = "next_reply", _("Next reply")
        SOLUTION = "solution", _("Solution")

    class OnBreach(models.TextChoices):
        TELL = "tell", _("Tell the owner and the lead")
        ESCALATE = "escalate", _("Hand the case to the lead")
        REASSIGN = "reassign", _("Give the case to somebody who is free")

    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    clock = models.CharField(max_length=16, choices=Clock.choices)
    minutes = models.PositiveIntegerField()
    calendar = models.ForeignKey(BusinessCalendar, models.PROTECT, related_name="promises")
    kind = models.CharField(max_length=16, blank=True, choices=Case.Kind.choices)
    severity = models.CharField(max_length=16, blank=True, choices=Case.Severity.choices)
    tier = models.CharField(max_length=64, blank=True)
    channel = models.CharField(max_length=64, blank=True)
    priority = models.PositiveSmallIntegerField(null=True, blank=True, choices=Case.Priority.choices)
    # At this share of the time the owner is warned.
    warn_percent = models.PositiveSmallIntegerField(default=75)
    on_breach = models.CharField(max_length=16, choices=OnBreach.choices, default=OnBreach.TELL)
    # At this share of the time a case that is still not answered goes to the manager; 0 for never.
    second_percent = models.PositiveSmallIntegerField(default=200)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = ServicePromiseQuerySet.as_manager()

    class Meta:
        ordering = ["clock", "minutes", "name"]

    def __str__(self) -> str:
        return self.name_en if self.name_en and get_language() == "en" else self.name

    @property
    def within(self) -> str:
        """The time in hours of work: a day of twelve hours is not a day of the clock on the wall."""
        if self.minutes % 60:
            return ngettext("%(n)s minute", "%(n)s minutes", self.minutes) % {"n": self.minutes}
        return ngettext("%(n)s hour", "%(n)s hours", self.minutes // 60) % {"n": self.minutes // 60}


class Pause(models.Model):
    """We wait for the customer: nobody's clock runs meanwhile."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="pauses")
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="one_pause_at_a_time"),
        ]


class ClockQuerySet(models.QuerySet[Any]):
    def running(self) -> Self:
        return self.filter(state="running")

    def to_be_warned(self) -> Self:
        return self.running().filter(warned_at=None, broken_at=None, warn_at__lte=now())

    def to_be_told(self) -> Self:
        return self.running().filter(told_at=None, due_at__lt=now())

    def to_go_up(self) -> Self:
        return self.running().filter(second_told_at=None, second_at__lte=now())


class Clock(models.Model):
    """One promise on one case, as its history last read. The history is the truth: this can be read anew."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="clocks")
    kind = models.CharField(max_length=16, choices=ServicePromise.Clock.choices)
    promise = models.ForeignKey(ServicePromise, models.PROTECT, related_name="clocks")
    state = models.CharField(max_length=8)
    # Working seconds that had passed when it was last read.
    spent = models.FloatField(default=0)
    warn_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    met_at = models.DateTimeField(null=True, blank=True)
    broken_at = models.DateTimeField(null=True, blank=True)
    n_runs = models.PositiveSmallIntegerField(default=0)
    n_broken = models.PositiveSmallIntegerField(default=0)
    # In this run: when its owner was warned, and when its breach was told.
    warned_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    # When it goes up to the manager, and when it did.
    second_at = models.DateTimeField(null=True, blank=True)
    second_told_at = models.DateTimeField(null=True, blank=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "kind"], name="one_clock_of_a_kind")]
        indexes = [
            models.Index(fields=["due_at"], name="clock_due", condition=Q(state="running")),
            models.Index(fields=["warn_at"], name="clock_warn", condition=Q(state="running", warned_at=None)),
            models.Index(
                fields=["second_at"], name="clock_second", condition=Q(state="running", second_told_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.kind}"

    @property
    def is_broken(self) -> bool:
        """Whether it broke in this run, also since it was last read."""
        if self.broken_at is not None:
            return True
        return self.state == "running" and self.due_at is not None and self.due_at < now()
