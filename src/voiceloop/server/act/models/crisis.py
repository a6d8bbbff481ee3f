"""A crisis: the alarms that opened it, who leads it, what is said and done, and what was learned."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.models import Scoped, ScopedQuerySet
from voiceloop.server.core.models.unit import Reader, SharedQuerySet
from voiceloop.server.measure.labels import label


class Chart(models.TextChoices):
    """What is counted per hour and per day."""

    NEGATIVE = "negative", _("Negative comments")
    COMPLAINTS = "complaints", _("Complaint cases")
    SEVERE = "severe", _("Grave cases")
    WORDS = "words", _("Crisis words")


def all_charts() -> list[str]:
    return [str(code) for code in Chart.values]


def first_words() -> list[str]:
    """What nobody wants to read twice in one hour; a company adds its own. Our choice."""
    return [
        "食物中毒", "中毒", "拉肚子", "呕吐", "住院", "急诊", "受伤", "烫伤", "过敏", "异物", "玻璃", "蟑螂",
        "报警", "起诉", "律师", "12315", "曝光", "媒体", "盗刷", "重复扣款", "信息泄露", "诈骗",
        "poison", "hospital", "injured", "allergic", "cockroach", "glass in", "police", "lawyer", "sue you",
        "charged twice", "data leak", "fraud",
    ]  # fmt: skip


class CrisisWatch(models.Model):
    """How the counts are watched: one row for the company."""

    class Answer(models.TextChoices):
        OPEN = "open", _("Open a crisis")
        PROPOSE = "propose", _("Propose one to the leads")

    answer = models.CharField(max_length=8, choices=Answer.choices, default=Answer.OPEN)
    # How many alarms a year chance may raise in all charts together.
    false_a_year = models.FloatField(default=2.0)
    at_least = models.PositiveSmallIntegerField(default=5)
    # How many times the usual number it must be: what is sure need not be much.
    times = models.FloatField(default=2.0)
    charts = models.JSONField(default=all_charts)
    words = models.JSONField(default=first_words)
    looked_at = models.DateTimeField(null=True, blank=True)

    @classmethod
    def current(cls) -> CrisisWatch:
        """As set, or as it is before anybody set it."""
        return cls.objects.order_by("pk").first() or cls()


class CrisisQuerySet(ScopedQuerySet):
    @staticmethod
    def scope(user: Reader) -> Q:
        """Below one's own unit, and above it: a crisis of the company is every store's."""
        return SharedQuerySet.scope(user)

    def led_by(self, user: Reader) -> Self:
        return self.filter(ScopedQuerySet.scope(user))

    def live(self) -> Self:
        return self.filter(closed_at=None, dismissed_at=None)

    def open(self) -> Self:
        return self.live().exclude(confirmed_at=None)

    def proposed(self) -> Self:
        return self.live().filter(confirmed_at=None)

    def over(self) -> Self:
        return self.exclude(closed_at=None, dismissed_at=None)


class Crisis(Scoped):
    class Level(models.IntegerChoices):
        GRAVE = 1, _("Grave")
        SERIOUS = 2, _("Serious")
        LOCAL = 3, _("Local")

    touchpoint = models.CharField(max_length=64, blank=True)
    # Which count left its limits; "" when a person saw it first.
    chart = models.CharField(max_length=16, blank=True, choices=Chart.choices)
    title = models.CharField(max_length=200, blank=True)
    level = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.LOCAL)
    owner = models.ForeignKey("core.User", models.PROTECT, null=True, blank=True, related_name="+")
    # The first alarm's chart, place and time: one spike opens one crisis, in whatever process.
    key = models.CharField(max_length=200, unique=True)
    # From the first hour of the spike to the end of the last one.
    since = models.DateTimeField()
    until = models.DateTimeField()
    opened_at = models.DateTimeField(default=now, db_index=True)
    opened_by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    dismissed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = CrisisQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["opened_at"], name="crisis_live", condition=Q(closed_at=None, dismissed_at=None)
            )
        ]

    def __str__(self) -> str:
        if self.title:
            return self.title
        point = label("touchpoint", self.touchpoint) if self.touchpoint else ""
        return " · ".join(str(part) for part in (self.get_chart_display(), self.unit, point) if part)

    @property
    def is_live(self) -> bool:
        return self.closed_at is None and self.dismissed_at is None

    @property
    def is_open(self) -> bool:
        return self.is_live and self.confirmed_at is not None

    @property
    def state(self) -> str:
        if self.dismissed_at:
            return "dismissed"
        if self.closed_at:
            return "closed"
        return "open" if self.confirmed_at else "proposed"


class CrisisAlarm(models.Model):
    """One hour or day of one chart beyond its limit; it belongs to one crisis."""

    class Grain(models.TextChoices):
        HOUR = "hour", _("Hour")
        DAY = "day", _("Day")

    crisis = models.ForeignKey(Crisis, models.CASCADE, related_name="alarms")
    chart = models.CharField(max_length=16, choices=Chart.choices)
    grain = models.CharField(max_length=4, choices=Grain.choices)
    # Codes, "" for all.
    place = models.CharField(max_length=64, blank=True)
    touchpoint = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    n = models.PositiveIntegerField()
    usual = models.FloatField()
    limit = models.PositiveIntegerField()
    p_value = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["chart", "grain", "place", "touchpoint", "at"], name="one_alarm_a_bin"
            )
        ]


class CrisisTemplate(models.Model):
    """What to say or to do first, prepared on a calm day."""

    class Kind(models.TextChoices):
        STATEMENT = "statement", _("Holding statement")
        CHECKLIST = "checklist", _("Checklist")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    # A statement's words, or one step a line ("30 | …": due after so many minutes).
    text_zh = models.TextField()
    text_en = models.TextField(blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["kind", "pk"]

    def __str__(self) -> str:
        return self.name_en if self.name_en and get_language() == "en" else self.name


class Statement(models.Model):
    """What we say while we do not know more; nobody says it before somebody approved it."""

    crisis = models.ForeignKey(Crisis, models.CASCADE, related_name="statements")
    text_zh = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    by = models.ForeignKey("core.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    approved_by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text

    @property
    def is_usable(self) -> bool:
        return self.approved_at is not None and self.withdrawn_at is None

    @property
    def text(self) -> str:
        return self.in_language(get_language() or "")

    def in_language(self, language: str) -> str:
        """The other language's words are better than none."""
        first, second = (
            (self.text_en, self.text_zh) if language.startswith("en") else (self.text_zh, self.text_en)
        )
        return first or second


class CrisisTask(models.Model):
    """A line of the checklist: who does it by when, and who did."""

    crisis = models.ForeignKey(Crisis, models.CASCADE, related_name="tasks")
    position = models.PositiveSmallIntegerField(default=0)
    text_zh = models.CharField(max_length=300, blank=True)
    text_en = models.CharField(max_length=300, blank=True)
    owner = models.ForeignKey("core.User", models.PROTECT, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        first, second = (
            (self.text_en, self.text_zh) if get_language() == "en" else (self.text_zh, self.text_en)
        )
        return first or second

    @property
    def is_late(self) -> bool:
        return self.done_at is None and self.due_at is not None and self.due_at < now()


class CrisisCase(models.Model):
    """A case that belongs to the crisis because somebody says so, or because it was opened for it."""

    crisis = models.ForeignKey(Crisis, models.CASCADE, related_name="links")
    case = models.ForeignKey("act.Case", models.CASCADE, related_name="crisis_links")
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["crisis", "case"], name="one_link_a_case")]


class CrisisRun(models.Model):
    """Something done for all who are affected: cases opened, or a statement sent."""

    class Kind(models.TextChoices):
        CASES = "cases", _("Cases for all")
        MESSAGE = "message", _("Message to all")

    crisis = models.ForeignKey(Crisis, models.CASCADE, related_name="runs")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    statement = models.ForeignKey(Statement, models.PROTECT, null=True, related_name="runs")
    by = models.ForeignKey("core.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    # The last customer or response done, so that whoever dies in between goes on there.
    last = models.BigIntegerField(default=0)
    n_done = models.PositiveIntegerField(default=0)
    # Why the others were left out: {"opted_out": 3, "no_address": 2}.
    left_out = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True, blank=True)


class CrisisReview(models.Model):
    """What was learned; a crisis without one is not closed."""

    crisis = models.OneToOneField(Crisis, models.CASCADE, related_name="review")
    what_happened = models.TextField()
    why = models.TextField()
    what_changes = models.TextField()
    by = models.ForeignKey("core.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    def lines(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("what_happened", "why", "what_changes")}
