"""What a person is told, by which ways they want it, and the robots that tell a team."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.models.case import Case
from voiceloop.server.act.models.playbook import StepRun
from voiceloop.server.core.fields import EncryptedTextField
from voiceloop.server.core.models import Scoped, ScopedQuerySet


class NoticeQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """One's own, and of those what one may still see: asked again at every reading."""
        unit = getattr(user, "unit", None)
        if unit is None:
            return self.none()
        of_case = Q(case__unit__path__startswith=unit.path)
        of_none = Q(event__unit=None) | Q(event__unit__path__startswith=unit.path)
        of_step = Q(kind=Notice.Kind.STEP, step__in=StepRun.objects.visible_to(user).values("pk"))
        # A department sees the step that it was handed and not the case.
        step = Cast(KeyTextTransform("step", "event__data"), models.BigIntegerField())
        rows = self.filter(user=user).alias(step=step)
        return rows.filter(of_case | (Q(case=None) & of_none) | of_step)

    def shown(self) -> Self:
        return self.filter(is_shown=True)

    def unread(self) -> Self:
        return self.shown().filter(seen_at=None)


class Notice(models.Model):
    """One person is told of one event, once for each reason there is to tell them."""

    class Kind(models.TextChoices):
        ASSIGNED = "assigned", _("A case is given to me")
        MENTION = "mention", _("Somebody mentions me")
        REPLY = "reply", _("A customer of mine wrote")
        WARNING = "warning", _("A promise is due soon")
        BREACH = "breach", _("A promise was broken")
        APPROVAL = "approval", _("A remedy waits for my decision")
        DECISION = "decision", _("My remedy was decided")
        STEP = "step", _("A step waits for my department")
        GREEN = "green", _("A case goes through the green channel")
        AWOKE = "awoke", _("A case that was put off is back")
        CRISIS = "crisis", _("A crisis opened")
        REPORT = "report", _("A report is ready")
        VISIT = "visit", _("A customer with preferences has ordered")

    class Mail(models.TextChoices):
        NONE = "", _("No e-mail")
        NOW = "now", _("E-mail at once")
        DAILY = "daily", _("In the daily e-mail")

    user = models.ForeignKey("core.User", models.CASCADE, related_name="notices")
    event = models.ForeignKey("core.Event", models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    # What it leads to; the lines of one case are shown as one.
    case = models.ForeignKey(Case, models.CASCADE, null=True, blank=True, related_name="notices")
    at = models.DateTimeField(default=now)
    seen_at = models.DateTimeField(null=True, blank=True)
    # How the person wanted it when it came.
    is_shown = models.BooleanField(default=True)
    mail = models.CharField(max_length=8, blank=True, choices=Mail.choices)
    mail_due_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "event", "kind"], name="told_once")]
        indexes = [
            models.Index(fields=["user", "-at"], name="notice_newest"),
            models.Index(fields=["user"], name="notice_unread", condition=Q(seen_at=None, is_shown=True)),
            models.Index(
                fields=["mail_due_at"],
                name="notice_to_mail",
                condition=Q(mailed_at=None, mail_due_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.event.sentence


class NoticeChoice(models.Model):
    """How one person wants to hear of one kind; without a row the house's choice holds."""

    user = models.ForeignKey("core.User", models.CASCADE, related_name="notice_choices")
    kind = models.CharField(max_length=16, choices=Notice.Kind.choices)
    in_app = models.BooleanField(default=True)
    mail = models.CharField(max_length=8, blank=True, choices=Notice.Mail.choices)
    robot = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="one_choice_a_kind")]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_kind_display()}"


class NoticeHours(models.Model):
    """When one person may be reached: the hour of the daily e-mail, and the hours outside which all waits."""

    user = models.OneToOneField("core.User", models.CASCADE, related_name="notice_hours")
    digest_hour = models.PositiveSmallIntegerField(default=8)
    digested_on = models.DateField(null=True, blank=True)
    calendar = models.ForeignKey(
        "act.BusinessCalendar", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.user} · {self.digest_hour}:00"


class RobotQuerySet(ScopedQuerySet):
    def working(self) -> Self:
        return self.filter(archived_at=None)


class Robot(Scoped):
    """A robot in a team's group chat; its address lets anybody speak there, so it is kept encrypted."""

    class Flavour(models.TextChoices):
        WECOM = "wecom", _("WeCom")
        FEISHU = "feishu", _("Feishu")
        DINGTALK = "dingtalk", _("DingTalk")
        SLACK = "slack", _("Slack")

    name = models.CharField(max_length=80)
    flavour = models.CharField(max_length=16, choices=Flavour.choices)
    address = EncryptedTextField()
    secret = EncryptedTextField(null=True, blank=True)
    # What is told to the whole team, whoever it is about.
    kinds = models.JSONField(default=list, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    per_hour = models.PositiveSmallIntegerField(default=20)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = RobotQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class RobotPost(models.Model):
    """One event as a robot tells it: at most once, alone or in a summary."""

    robot = models.ForeignKey(Robot, models.CASCADE, related_name="posts")
    event = models.ForeignKey("core.Event", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16, choices=Notice.Kind.choices)
    # People whom it names because they want to hear of it here.
    names = models.JSONField(default=list, blank=True)
    at = models.DateTimeField(default=now)
    said_at = models.DateTimeField(null=True, blank=True)
    in_summary = models.BooleanField(default=False)
    n_tries = models.PositiveSmallIntegerField(default=0)
    failed_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["robot", "event"], name="said_once")]
        indexes = [
            models.Index(
                fields=["robot", "at"], name="robot_waiting", condition=Q(said_at=None, failed_at=None)
            ),
            models.Index(fields=["robot", "said_at"], name="robot_said"),
        ]

    def __str__(self) -> str:
        return f"{self.robot} · {self.event}"
