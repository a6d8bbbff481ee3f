"""What people do with cases: merge, link, put off, take back, nudge. Each is a row that says who and when."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.models.case import Case
from voiceloop.server.act.models.clock import Pause
from voiceloop.server.core.models import Scoped, ScopedQuerySet
from voiceloop.server.core.models.unit import Reader, SharedQuerySet, unit_of


class OfCaseQuerySet(ScopedQuerySet):
    """Rows that belong to a case are seen by those who see the case."""

    @staticmethod
    def scope(user: Reader) -> Q:
        unit = unit_of(user)
        return Q(case__unit__path__startswith=unit.path) if unit else Q(pk__in=[])


class Merge(models.Model):
    """This case was told in another one as well; from now on it is answered there."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="merges")
    into = models.ForeignKey(Case, models.CASCADE, related_name="absorbed")
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now)
    # What went over, by model: {"Note": [1, 2]}; and what the other case was like before.
    moved = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(undone_at=None), name="merged_into_one"),
        ]


class LinkQuerySet(ScopedQuerySet):
    @staticmethod
    def scope(user: Reader) -> Q:
        """A link says something of both its cases, so both must be visible."""
        unit = unit_of(user)
        if unit is None:
            return Q(pk__in=[])
        return Q(case__unit__path__startswith=unit.path, other__unit__path__startswith=unit.path)

    def live(self) -> Self:
        return self.filter(ended_at=None)

    def of(self, case: Case) -> Self:
        return self.filter(Q(case=case) | Q(other=case))


class CaseLink(models.Model):
    """Two cases that have to do with each other. Of a `parent`, `case` is it and `other` the child."""

    class Kind(models.TextChoices):
        RELATED = "related", _("Related")
        DUPLICATE = "duplicate", _("Told twice")
        PARENT = "parent", _("Part of a larger case")

    case = models.ForeignKey(Case, models.CASCADE, related_name="links_out")
    other = models.ForeignKey(Case, models.CASCADE, related_name="links_in")
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.RELATED)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "other", "kind"], condition=Q(ended_at=None), name="linked_once"
            ),
            models.CheckConstraint(condition=~Q(case=F("other")), name="no_link_to_itself"),
        ]


class SnoozeQuerySet(OfCaseQuerySet):
    def live(self) -> Self:
        return self.filter(ended_at=None)

    def over(self) -> Self:
        return self.live().filter(until__lte=now())


class Snooze(models.Model):
    """Out of the lists until a moment, or, without one, until the customer writes."""

    class Ended(models.TextChoices):
        TIME = "time", _("The time has come")
        REPLY = "reply", _("The customer wrote")
        PERSON = "person", _("Taken up again")

    case = models.ForeignKey(Case, models.CASCADE, related_name="snoozes")
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now)
    until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=16, blank=True, choices=Ended.choices)

    objects = SnoozeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="one_snooze_at_a_time"),
        ]
        indexes = [models.Index(fields=["until"], name="snooze_over", condition=Q(ended_at=None))]


class DeedQuerySet(OfCaseQuerySet):
    def undone(self) -> Self:
        return self.exclude(undone_at=None)

    def standing(self) -> Self:
        return self.filter(undone_at=None)


class Deed(models.Model):
    """One step of a person on a case, with what it changed, so that it can be taken back."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="deeds")
    by = models.ForeignKey("core.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    name = models.CharField(max_length=32)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = DeedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["by", "case", "-at"], name="deed_of", condition=Q(undone_at=None))]


class MacroQuerySet(SharedQuerySet):
    def visible_to(self, user: Reader) -> Self:
        """One's own, those of one's team, and those of the units above."""
        shared = Q(owner=None) & SharedQuerySet.scope(user)
        return self.filter(shared | Q(owner=getattr(user, "pk", None), owner__isnull=False))

    def live(self) -> Self:
        return self.filter(archived_at=None)


class Macro(Scoped):
    """Several actions under one name. Personal with an owner; else everybody's at its unit and below."""

    owner = models.ForeignKey("core.User", models.CASCADE, null=True, blank=True, related_name="macros")
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    # {"severity": "serious", "note": "…", "reply": "…", "assign": "me", "resolve": "recipe", …}
    actions = models.JSONField(default=dict)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = MacroQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name_en if self.name_en and get_language() == "en" else self.name


class Presence(models.Model):
    """Somebody has this case before them now; a row whose moment is past says nothing."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="presences")
    user = models.ForeignKey("core.User", models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(default=now)
    typed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="present_once")]
        indexes = [models.Index(fields=["seen_at"], name="presence_seen")]


class Mention(models.Model):
    """A colleague named in an internal note."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="mentions")
    event = models.ForeignKey("core.Event", models.CASCADE, related_name="+")
    user = models.ForeignKey("core.User", models.CASCADE, related_name="mentions")
    at = models.DateTimeField(default=now)
    seen_at = models.DateTimeField(null=True, blank=True)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "user"], name="mentioned_once_a_note")]
        indexes = [models.Index(fields=["user", "-at"], name="mentions_of")]


class WaitRuleQuerySet(models.QuerySet[Any]):
    def live(self) -> Self:
        return self.filter(archived_at=None)


class WaitRule(models.Model):
    """How long we wait for a customer before we ask again, and before we close. Empty holds for all."""

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=16, blank=True, choices=Case.Kind.choices)
    channel = models.CharField(max_length=64, blank=True)
    # Calendar days of the pause; then as many again without a word close the case. 0 closes nothing.
    nudge_after = models.PositiveSmallIntegerField(default=3)
    close_after = models.PositiveSmallIntegerField(default=4)
    text_zh = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    root_cause = models.ForeignKey("act.RootCause", models.PROTECT, related_name="+")
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = WaitRuleQuerySet.as_manager()

    class Meta:
        ordering = ["nudge_after", "name"]

    def __str__(self) -> str:
        return self.name


class Nudge(models.Model):
    """The friendly question in a pause; once a pause. `closed_at` when nothing came of it."""

    pause = models.OneToOneField(Pause, models.CASCADE, related_name="nudge")
    case = models.ForeignKey(Case, models.CASCADE, related_name="nudges")
    rule = models.ForeignKey(WaitRule, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = OfCaseQuerySet.as_manager()
